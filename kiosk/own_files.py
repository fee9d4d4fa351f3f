"""The kiosk's own files, held for this process and usable whatever became of them."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from kiosk.store import Store
from shared.clock import Clock
from shared.in_use import hold
from shared.mending import PROBLEM, Shape
from shared.outbox import Outbox
from shared.own_file import open_own


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What the kiosk keeps in its files."""

    outbox: Outbox
    store: Store
    problem: str | None
    """What was wrong with one of them; None: nothing."""


def open_own_files(folder: Path, clock: Clock) -> OwnFiles:
    """The files in ``folder``, mended if they had to be.

    Raises:
        OperatorError: another kiosk runs on this folder.
    """
    hold(folder, "kiosk")
    messages = open_own(folder / "outbox.db", Shape(_make_outbox), clock())
    known = open_own(folder / "kiosk.db", STORE_SHAPE, clock())
    problem = PROBLEM if messages.mended or known.mended else None
    outbox, store = Outbox(messages.db, messages.refused), Store(known.db, known.refused)
    return OwnFiles(outbox, store, problem)


def _make_outbox(db: Database) -> None:
    Outbox(db)


def _make_store(db: Database) -> None:
    Store(db)


STORE_SHAPE = Shape(make=_make_store)
