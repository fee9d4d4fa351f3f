from shared.heartbeat import CLOCK_SET_S, Heartbeat
from shared.messages import NodeKind
from shared.node import HEARTBEAT_S, Node
from tests.fakes import SITE, FakeClock, FakeLink


def test_the_hub_hears_at_once_that_a_clock_was_set() -> None:
    link, clock = FakeLink(), FakeClock()
    heartbeat = Heartbeat(Node(SITE, "north", NodeKind.GATE, "test", clock), link)

    def beats_after(seconds: float) -> int:
        clock.pass_s(seconds)
        before = len(link.sent)
        heartbeat.renew(clock.running_s(), lambda: 0)
        return len(link.sent) - before

    assert beats_after(HEARTBEAT_S) == 1
    assert beats_after(1) == 0
    for hour_s in (-3600, 3600):
        clock.is_set(hour_s)
        assert [beats_after(1), beats_after(1)] == [1, 0]
    clock.is_set(CLOCK_SET_S / 2)
    assert beats_after(1) == 0
