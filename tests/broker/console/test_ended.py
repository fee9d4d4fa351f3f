"""Log-ins that ended stay ended, also after a restart, and are forgotten once they are old."""

from datetime import timedelta
from pathlib import Path

from broker.console.ended import Ended
from tests.broker.console.fake_site import NINE, StandingClock


def test_what_was_ended_stays_ended_after_a_restart(tmp_path: Path) -> None:
    clock, path = StandingClock(), tmp_path / "log_ins.sqlite3"
    assert Ended(clock, path).end("session a", NINE + timedelta(hours=1))
    again = Ended(clock, path)
    assert again.has("session a")
    assert not again.end("session a", NINE + timedelta(hours=1))
    assert not again.has("session b")


def test_what_would_be_over_anyway_is_forgotten(tmp_path: Path) -> None:
    clock, path = StandingClock(), tmp_path / "log_ins.sqlite3"
    ended = Ended(clock, path)
    ended.end("session a", NINE + timedelta(hours=1))
    clock.forward(3601)
    ended.end("session b", NINE + timedelta(hours=9))
    assert (ended.has("session a"), ended.has("session b")) == (False, True)
    assert not Ended(clock, path).has("session a")
