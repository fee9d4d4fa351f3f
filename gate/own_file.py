"""The gate's own file: what waits for the hub, and the counter; usable whatever became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from gate.passing.vote import PlateVote
from gate.settings import GateSettings
from shared.clock import Clock, Stopwatch, boot_mark, now, running_s
from shared.in_use import hold
from shared.mending import PROBLEM, Shape, open_whole
from shared.messages import Arrival, Departure
from shared.outbox import Outbox, open_database


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
        db.execute(
            "create table if not exists told "
            "(plate text primary key, is_out integer, at real, running_s real, boot text)"
        )

    def note(self, plate: str, *, is_out: bool) -> None:
        """Keep that this plate was reported now."""
        row = (plate, is_out, self._clock().timestamp(), self._stopwatch(), self._boot)
        with self._db.atomic():
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

    outbox: Outbox
    next_number: Callable[[], int]
    told: ToldPlates
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
    of_the_watch = open_database(path)  # of another thread than the outbox
    told = ToldPlates(of_the_watch, clock, running_s, boot_mark())
    return OwnFile(Outbox(db), Sequence(of_the_watch).next, told, PROBLEM if mended else None)


def _make(db: Database) -> None:
    """Make the tables of the gate's file."""
    Outbox(db)
    Sequence(db)
    ToldPlates(db, now, running_s, boot_mark())


FILE_SHAPE = Shape(make=_make)
