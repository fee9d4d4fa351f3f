"""The gate's own file: what waits for the hub, and the counter; usable whatever became of it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from gate.settings import GateSettings
from shared.clock import Clock
from shared.disk import disk_trouble, read_into_memory
from shared.in_use import hold
from shared.mending import PROBLEM, Shape
from shared.outbox import Outbox, open_database
from shared.own_file import open_own


class Sequence:
    """Numbers the gate's messages across restarts and power cuts.

    A counter in the gate's own SQLite file. Belongs to one thread, with its own connection. While
    the disk takes nothing it counts on in memory.
    """

    def __init__(self, db: Database, refused: Path | None = None) -> None:
        """``refused``: the file that the disk refuses to open; ``db`` is a copy of it in memory."""
        self._db, self._refused = db, refused
        db.execute("create table if not exists counter (name text primary key, value integer)")
        found = db.execute("select value from counter where name = 'seq'").fetchone()
        self._last = int(found[0]) if found else 0

    def next(self) -> int:
        """The next number, from 1. Where the disk takes it, no number comes twice."""
        self._last += 1
        try:
            self._save()
        except (OSError, sqlite3.Error) as error:
            path = self._refused or Path(self._db.execute("pragma database_list").fetchone()[2])
            if disk_trouble(error, path.parent) is None:
                raise
        return self._last

    def _save(self) -> None:
        if self._refused is not None:
            self._db, self._refused = Sequence(open_database(self._refused))._db, None
        with self._db.atomic():
            self._db.execute("insert or replace into counter values ('seq', ?)", [self._last])


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What the gate keeps in its file."""

    outbox: Outbox
    next_number: Callable[[], int]
    problem: str | None
    """What was wrong with the file; None: nothing."""


def open_own_file(settings: GateSettings, clock: Clock) -> OwnFile:
    """The gate's file, mended if it had to be.

    Raises:
        OperatorError: another gate runs on this folder.
    """
    path = settings.database_path
    hold(path.parent, "gate")
    own = open_own(path, FILE_SHAPE, clock())
    # The counter is of another thread than the outbox.
    counted = read_into_memory(path) if own.refused else open_database(path)
    counter = Sequence(counted, own.refused)
    return OwnFile(Outbox(own.db, own.refused), counter.next, PROBLEM if own.mended else None)


def _make(db: Database) -> None:
    """Make the tables of the gate's file."""
    Outbox(db)
    Sequence(db)


FILE_SHAPE = Shape(make=_make)
