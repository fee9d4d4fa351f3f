"""The gate's own file: what waits for the hub, and the counter; usable whatever became of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from gate.passing.vote import PlateVote
from gate.settings import GateSettings
from shared.clock import Clock, Stopwatch, boot_mark, running_s
from shared.disk import disk_trouble, read_into_memory
from shared.edge_outbox import EdgeOutbox, keep_confirmed
from shared.file_check import file_of
from shared.mending import PROBLEM, Shape
from shared.messages import Arrival, Departure
from shared.migrations import Migrations
from shared.outbox import Outbox, open_database
from shared.own_file import open_own
from shared.sealed_file import sqlite3

migrations = Migrations("gate", harmless={"keep_what_was_told", "keep_what_the_hub_confirmed"})


@migrations()
def create_tables(db: Database) -> None:
    """Release 0.1; a file of before 0.5, which kept no list of its steps, has them already."""
    Outbox(db)
    db.conn.execute("create table if not exists counter (name text primary key, value integer)")


@migrations()
def keep_what_was_told(db: Database) -> None:
    """Release 0.5: which plates were told lately."""
    db.conn.execute(
        "create table if not exists told "
        "(plate text primary key, is_out integer, at real, running_s real, boot text)"
    )


@contextmanager
def _the_disk_may_refuse(file: Path | None) -> Iterator[None]:
    """Within it, a write to ``file`` may fail, if the disk is to blame."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if disk_trouble(error, (file or Path()).parent) is None:
            raise


class Sequence:
    """Numbers the gate's messages across restarts and power cuts.

    A counter in the gate's own SQLite file. Belongs to one thread, with its own connection. While
    the disk takes nothing it counts on in memory.
    """

    def __init__(self, db: Database, refused: Path | None = None) -> None:
        """``refused``: the file that the disk refuses to open; ``db`` is a copy of it in memory."""
        self._db, self._refused = db, refused
        migrations.bring_up(db)
        found = db.execute("select value from counter where name = 'seq'").fetchone()
        self._last = int(found[0]) if found else 0

    def next(self) -> int:
        """The next number, from 1. Where the disk takes it, no number comes twice."""
        self._last += 1
        with _the_disk_may_refuse(self._refused or file_of(self._db.conn)):
            self._save()
        return self._last

    def _save(self) -> None:
        if self._refused is not None:
            self._db, self._refused = Sequence(open_database(self._refused))._db, None
        with self._db.atomic():
            self._db.execute("insert or replace into counter values ('seq', ?)", [self._last])


@dataclass(frozen=True, slots=True)
class Told:
    """A plate that an earlier run reported ``ago_s`` seconds ago."""

    plate: str
    is_out: bool
    ago_s: float


class ToldPlates:
    """What was reported lately, so that a restart tells nobody a second time.

    Belongs to one thread, with its own connection.
    """

    def __init__(self, db: Database, clock: Clock, stopwatch: Stopwatch, boot: str | None) -> None:
        self._db, self._clock, self._stopwatch, self._boot = db, clock, stopwatch, boot
        migrations.bring_up(db)

    def note(self, plate: str, *, is_out: bool) -> None:
        """Keep that this plate was reported now, if the disk takes it.

        Else a restart tells it again, which is better than to tell nobody.
        """
        row = (plate, is_out, self._clock().timestamp(), self._stopwatch(), self._boot)
        with _the_disk_may_refuse(file_of(self._db.conn)), self._db.atomic():
            self._db.execute("insert or replace into told values (?, ?, ?, ?, ?)", row)

    def keep(self, message: Arrival | Departure) -> None:
        """Keep that this passage was reported now."""
        self.note(message.plate, is_out=isinstance(message, Departure))

    def recall(self, vote: PlateVote, moment: datetime) -> None:
        """Let ``vote``, whose frames' clock shows ``moment``, know what was reported."""
        for told in self.recent(vote.rules.repeat_after_s):
            at = moment - timedelta(seconds=told.ago_s)
            vote.remember(told.plate, at, is_out=told.is_out)

    def recent(self, within_s: float) -> list[Told]:
        """What was reported within these seconds, and forget the rest.

        The stopwatch tells how long ago it was; if the machine was off, its clock must.
        """
        now_s, clock_s = self._stopwatch(), self._clock().timestamp()
        rows = self._db.execute(
            "select plate, is_out, case when boot = ? then ? - running_s else ? - at end from told",
            [self._boot, now_s, clock_s],
        ).fetchall()
        found = [
            Told(plate, bool(is_out), ago_s)
            for plate, is_out, ago_s in rows
            if 0 <= ago_s < within_s
        ]
        kept = {told.plate for told in found}
        with self._db.atomic():
            for plate, *_ in rows:
                if plate not in kept:
                    self._db.execute("delete from told where plate = ?", [plate])
        return found


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What the gate keeps in its file."""

    outbox: EdgeOutbox
    next_number: Callable[[], int]
    told: ToldPlates
    problem: str | None
    """What was wrong with the file; None: nothing."""


def open_own_file(settings: GateSettings, clock: Clock) -> OwnFile:
    """The gate's file, mended if it had to be; its folder must be held."""
    path = settings.database_path
    own = open_own(path, FILE_SHAPE, clock())
    # The counter and what was told are of another thread than the outbox.
    of_the_watch = Database(read_into_memory(path)) if own.refused else open_database(path)
    # No flush of its own: what it writes before a message is on the disk with that one, in one WAL.
    of_the_watch.conn.execute("pragma synchronous = normal")
    counter = Sequence(of_the_watch, own.refused)
    told = ToldPlates(of_the_watch, clock, running_s, boot_mark())
    outbox = EdgeOutbox(own.db, own.refused)
    return OwnFile(outbox, counter.next, told, PROBLEM if own.mended else None)


@migrations()
def keep_what_the_hub_confirmed(db: Database) -> None:
    """Release 0.5: a restored hub is sent again what it lacks."""
    keep_confirmed(db)


FILE_SHAPE = Shape(make=migrations.bring_up, refuse_newer=migrations.refuse_newer)
