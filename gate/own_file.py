"""The gate's own file: what waits for the hub, and the counter; usable whatever became of it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from gate.settings import GateSettings
from shared.clock import Clock
from shared.edge_outbox import EdgeOutbox
from shared.mending import PROBLEM, Shape, open_whole
from shared.outbox import open_database


class Sequence:
    """Numbers the gate's messages across restarts and power cuts.

    A counter in the gate's own SQLite file. Belongs to one thread, with its own connection.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        db.execute("create table if not exists counter (name text primary key, value integer)")

    def next(self) -> int:
        """The next number, from 1. It is on disk when this returns, so no number comes twice."""
        with self._db.atomic():
            self._db.execute(
                "insert into counter values ('seq', 1)"
                " on conflict (name) do update set value = value + 1"
            )
            row = self._db.execute("select value from counter where name = 'seq'").fetchone()
        return int(row[0])


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What the gate keeps in its file."""

    outbox: EdgeOutbox
    next_number: Callable[[], int]
    problem: str | None
    """What was wrong with the file; None: nothing."""


def open_own_file(settings: GateSettings, clock: Clock) -> OwnFile:
    """The gate's file, mended if it had to be; its folder must be held."""
    path = settings.database_path
    db, mended = open_whole(path, FILE_SHAPE, clock())
    counter = Sequence(open_database(path))  # of another thread than the outbox
    return OwnFile(EdgeOutbox(db), counter.next, PROBLEM if mended else None)


def _make(db: Database) -> None:
    """Make the tables of the gate's file."""
    EdgeOutbox(db)
    Sequence(db)


FILE_SHAPE = Shape(make=_make)
