"""Nights that pass at a hub, and what its file still says of people afterwards."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from broker.handlers.context import Hub
from broker.handlers.table import let_time_pass
from broker.journal.replay import replay as decided_again
from broker.journal.verify import verify
from broker.store.rebuilt import differences
from shared.sealed_file import connect
from tests.fakes import NINE, FakeClock
from tests.rows import everything_in


def night(hub: Hub, clock: FakeClock, day: int) -> None:
    """The nights before and after this day, counted from the first; all that is due is done."""
    for before in (1, 0):
        clock.moment = NINE + timedelta(days=day - before, hours=17)
        let_time_pass(hub)
        while not hub.nightly.is_idle:
            let_time_pass(hub)
    waiting = hub.outbox.waiting(1000)
    hub.outbox.forget([row.row for row in waiting])


def kept(folder: Path, *values: str) -> set[str]:
    """Which of the values the hub's file still says."""
    with closing(connect(folder / "hub.sqlite3")) as db:
        said = everything_in(db)
    return {value for value in values if value in said}


def assert_sound(hub: Hub, folder: Path) -> None:
    """The journal is proved, and decisions and register come out of it the same."""
    hub.journal.seal()
    said: list[str] = []
    assert verify(folder / "hub.sqlite3", said.append) == 0, said
    assert decided_again(folder / "hub.sqlite3", said.append) == 0, said
    assert list(differences(folder / "hub.sqlite3")) == []
