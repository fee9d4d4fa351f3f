"""The gate's counter: numbers the gate's messages across restarts and power cuts."""

from sqlite_utils import Database

from shared.mending import Shape
from shared.outbox import Outbox


class Sequence:
    """A counter in the gate's own SQLite file. Belongs to one thread, with its own connection."""

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


def _make(db: Database) -> None:
    """Make the tables of the gate's file."""
    Outbox(db)
    Sequence(db)


FILE_SHAPE = Shape(make=_make)
