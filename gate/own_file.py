"""The gate's own file: what waits for the hub, and the counter; usable whatever became of it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from gate.settings import GateSettings
from shared.clock import Clock
from shared.in_use import hold
from shared.mending import PROBLEM, Shape, open_whole
from shared.migrations import Migrations
from shared.outbox import Outbox, open_database

migrations = Migrations("gate")


@migrations()
def create_tables(db: Database) -> None:
    """Release 0.1; a file of before 0.5, which kept no list of its steps, has them already."""
    Outbox(db)
    db.conn.execute("create table if not exists counter (name text primary key, value integer)")


class Sequence:
    """Numbers the gate's messages across restarts and power cuts.

    A counter in the gate's own SQLite file. Belongs to one thread, with its own connection.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        migrations.bring_up(db)

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
    db, mended = open_whole(path, FILE_SHAPE, clock())
    counter = Sequence(open_database(path))  # of another thread than the outbox
    return OwnFile(Outbox(db), counter.next, PROBLEM if mended else None)


FILE_SHAPE = Shape(make=migrations.bring_up, refuse_newer=migrations.refuse_newer)
