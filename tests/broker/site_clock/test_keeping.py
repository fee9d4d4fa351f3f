"""What the clock keeps in its file, who bears witness, and how a time server is asked."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from broker.site_clock.clock_file import FILE_NAME, ClockFile, read_kept
from broker.site_clock.keeper import opened_clock
from broker.site_clock.reckoning import Held
from broker.site_clock.time_source import ASK_EVERY_S, TimeSource, kernel_says
from broker.site_clock.witnesses import Witnesses
from tests.fakes import NINE, FakeClock
from tests.waiting import eventually

YEAR = timedelta(days=365)


def test_the_file_is_written_only_when_it_is_worth_it(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    file = ClockFile(path, "a")
    file.keep(Held(NINE, 10.0, since=NINE))
    written = path.read_bytes()
    file.keep(Held(NINE + timedelta(seconds=3600), 3610.0, since=NINE))
    assert path.read_bytes() == written
    file.keep(Held(NINE + timedelta(seconds=3602), 3610.0, since=NINE))
    kept = read_kept(path)
    assert kept is not None
    assert kept.at == NINE + timedelta(seconds=3602)


@pytest.mark.parametrize("left", [b"", b"{", b'{"boot": 3}', b"\xff"])
def test_a_damaged_file_costs_nothing_but_the_note(tmp_path: Path, left: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(left)
    clock = FakeClock()
    assert opened_clock(tmp_path, clock, clock.running_s, "a", NINE)() >= NINE


def test_a_full_disk_costs_nothing_but_the_note(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ClockFile(tmp_path / "gone" / FILE_NAME, "a").keep(Held(NINE, 0.0, since=NINE))
    assert "cannot be written" in caplog.text


def hear(witnesses: Witnesses, clock: FakeClock, *machines: str | None) -> None:
    """Three heartbeats of each of these machines, whose clocks are right."""
    for _ in range(3):
        witnesses.look(clock(), clock.running_s())
        for machine in machines:
            witnesses.hear(machine, clock(), clock.running_s())
        clock.pass_s(10)


@pytest.mark.parametrize(
    ("machines", "is_enough"),
    [
        (("b", "c"), True),
        (("b",), False),
        (("b", "b"), False),
        (("b", "a"), False),
        (("b", None), False),
    ],
)
def test_two_other_machines_bear_witness(machines: tuple[str | None, ...], is_enough: bool) -> None:
    clock, witnesses = FakeClock(), Witnesses("a")
    hear(witnesses, clock, *machines)
    assert witnesses.agree(clock.running_s()) is is_enough
    clock.pass_s(60)
    assert not witnesses.agree(clock.running_s())


def test_an_old_status_that_the_mqtt_server_kept_bears_no_witness() -> None:
    clock, witnesses = FakeClock(), Witnesses("a")
    witnesses.look(clock(), clock.running_s())
    for machine in ("b", "c"):
        witnesses.hear(machine, clock(), clock.running_s())
    assert not witnesses.agree(clock.running_s())


@pytest.mark.parametrize(("said", "is_followed"), [("yes", True), ("no", False), ("", False)])
def test_the_machine_says_whether_it_follows_a_time_server(said: str, is_followed: bool) -> None:
    clock = FakeClock()
    source = TimeSource(clock.running_s, lambda: None, (sys.executable, "-c", f"print({said!r})"))
    assert not source.is_followed()
    assert eventually(lambda: not source.is_asking())
    assert source.is_followed() is is_followed


def test_a_machine_that_cannot_say_follows_none() -> None:
    clock = FakeClock()
    source = TimeSource(clock.running_s, lambda: None, ("/nonexistent/timedatectl",))
    for _ in range(3):
        assert not source.is_followed()
        clock.pass_s(ASK_EVERY_S)


@pytest.mark.parametrize("said", [True, False])
def test_what_the_kernel_says_counts_first(said: bool) -> None:
    clock = FakeClock()
    assert TimeSource(clock.running_s, lambda: said, ("/nonexistent",)).is_followed() is said
    assert kernel_says() in (True, False, None)
