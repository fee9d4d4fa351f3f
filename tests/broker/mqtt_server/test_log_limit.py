"""The log stays short when a client or the doctor is refused a thousand times."""

from broker.mqtt_server.log_limit import Sparing


class Clock:
    """Seconds that a test lets pass."""

    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_so_many_lines_a_minute_are_written_and_the_others_counted() -> None:
    clock = Clock()
    sparing = Sparing(most=3, clock_s=clock)
    written = [line for number in range(10) for line in sparing.lines(f"denied {number}")]
    assert written == ["denied 0", "denied 1", "denied 2"]
    clock.at_s = 60
    assert sparing.lines("denied again") == ["… and 7 more refusals like these", "denied again"]


def test_a_quiet_minute_tells_of_nothing() -> None:
    clock = Clock()
    sparing = Sparing(most=3, clock_s=clock)
    assert sparing.lines("one") == ["one"]
    clock.at_s = 60
    assert sparing.lines("two") == ["two"]
