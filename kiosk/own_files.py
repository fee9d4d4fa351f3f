"""The kiosk's own files, usable whatever became of them."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from kiosk.store import Store
from shared.clock import Clock
from shared.edge_outbox import EdgeOutbox
from shared.mending import PROBLEM, Shape, open_whole


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What the kiosk keeps in its files."""

    outbox: EdgeOutbox
    store: Store
    problem: str | None
    """What was wrong with one of them; None: nothing."""


def open_own_files(folder: Path, clock: Clock) -> OwnFiles:
    """The files in ``folder``, which must be held, mended if they had to be."""
    messages, mended = open_whole(folder / "outbox.db", Shape(_make_outbox), clock())
    known, also_mended = open_whole(folder / "kiosk.db", STORE_SHAPE, clock())
    problem = PROBLEM if mended or also_mended else None
    return OwnFiles(EdgeOutbox(messages), Store(known), problem)


def _make_outbox(db: Database) -> None:
    EdgeOutbox(db)


def _make_store(db: Database) -> None:
    Store(db)


STORE_SHAPE = Shape(make=_make_store)
