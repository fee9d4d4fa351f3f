"""The rows of duties (岗位任务), a JSON text each, and for which day they were planned."""

import math
from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from broker.journal.hub_file import when_forgetting
from broker.rules.duties import Duty, DutyAct, DutyStep, after
from shared.database import Database

PLANNED, STEPPED, TAKEN_BACK = "duties_planned", "duty", "duties_taken_back"
"""The kinds of the journal's entries."""
_TOLD = (
    "select kind, subject_id, at, body from journal "
    f"where kind in ('{PLANNED}', '{STEPPED}', '{TAKEN_BACK}') order by seq"
)
_PLANNINGS = f"select 1 from journal where kind = '{PLANNED}'"


class PlannedDuties(msgspec.Struct, frozen=True):
    """An entry: what was planned for a day."""

    on: date
    duties: tuple[Duty, ...]


class SteppedDuty(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry: a step of a duty."""

    act: DutyAct
    by: str | None
    rung: int
    scene_id: str | None = None

    def step(self, at: datetime) -> DutyStep:
        """The step, taken at that moment."""
        return DutyStep(self.act, at, self.by, self.rung, self.scene_id)


class Duties:
    """Keeps them, finds them again."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.planned_for: object = None
        """The day and the table that the rows were last planned by; None: look again."""
        self.looked_at: datetime | None = None
        when_forgetting(db, self._forget)

    def find(self, duty_id: str) -> Duty | None:
        """The duty of this id."""
        return next(self._read("duty_id = ?", duty_id), None)

    def of_day(self, on: date) -> Iterator[Duty]:
        """Those of this day, the earliest first."""
        return duties_of_day(self._db, on)

    def switched_by(self, scene_id: str, on: date) -> Duty | None:
        """The duty of this day for which a device was given this command."""
        is_its = "on_day = ? and body ->> '$.scene_id' = ?"
        return next(self._read(is_its, on.isoformat(), scene_id), None)

    def after_day(self, on: date) -> Iterator[Duty]:
        """Those of later days, which a clock that was ahead had planned."""
        return self._read("on_day > ?", on.isoformat())

    def due(self, now: datetime) -> Iterator[Duty]:
        """Those for which time may bring something about, the earliest first."""
        return self._read("next_at <= ? order by next_at, duty_id", now.timestamp())

    def until_due_s(self, now: datetime) -> float:
        """How long until time brings something about; infinite: it never does."""
        asked = "select min(next_at) from duties where next_at > ?"
        (next_at,) = self._db.conn.execute(asked, [now.timestamp()]).fetchone()
        return math.inf if next_at is None else float(next_at - now.timestamp())

    @property
    def is_begun(self) -> bool:
        """Whether any day was ever planned."""
        return bool(self._db.conn.execute(f"select exists ({_PLANNINGS})").fetchone()[0])

    def is_planned(self, on: date) -> bool:
        """Whether this day was planned, and its plan not taken back."""
        asked = (
            f"select exists ({_PLANNINGS} and subject_id = ? and seq > "
            f"(select ifnull(max(seq), 0) from journal where kind = '{TAKEN_BACK}'))"
        )
        return bool(self._db.conn.execute(asked, [on.isoformat()]).fetchone()[0])

    def save(self, duty: Duty, next_at: datetime | None) -> None:
        """Keep the duty as it is now; ``next_at``: when something may be due for it."""
        body = msgspec.json.encode(duty).decode()
        moment = next_at and next_at.timestamp()
        self._db.conn.execute(
            "insert or replace into duties values (?, ?, ?, ?)",
            (duty.duty_id, duty.on.isoformat(), moment, body),
        )

    def delete(self, duty: Duty) -> None:
        """Forget a duty of a day that has not come."""
        self._db.conn.execute("delete from duties where duty_id = ?", [duty.duty_id])

    def _read(self, where: str, *values: object) -> Iterator[Duty]:
        return _read(self._db, where, *values)

    def _forget(self) -> None:
        self.planned_for = None


def duties_told(db: Database) -> dict[str, Duty]:
    """Every duty as the journal's entries make it, by id: what the rows are the fold of."""
    found: dict[str, Duty] = {}
    for kind, duty_id, at, body in db.conn.execute(_TOLD):
        if kind == PLANNED:
            planned = msgspec.json.decode(body, type=PlannedDuties).duties
            found |= {duty.duty_id: duty for duty in planned}
        elif kind == TAKEN_BACK:
            for early in msgspec.json.decode(body)["duty_ids"]:
                found.pop(early, None)
        elif duty_id in found:
            step = msgspec.json.decode(body, type=SteppedDuty).step(datetime.fromisoformat(at))
            found[duty_id] = after(found[duty_id], step)
    return found


def make_good(db: Database) -> None:
    """Write the rows that the journal tells of and the file lacks."""
    rows = Duties(db)
    for duty in duties_told(db).values():
        if rows.find(duty.duty_id) is None:
            rows.save(duty, duty.due_at if duty.is_open else None)


def duties_of_day(db: Database, on: date) -> Iterator[Duty]:
    """The duties of this day, the earliest first."""
    return _read(db, "on_day = ? order by body ->> '$.due_at', duty_id", on.isoformat())


def _read(db: Database, where: str, *values: object) -> Iterator[Duty]:
    rows = db.conn.execute(f"select body from duties where {where}", values)
    for (body,) in rows.fetchall():
        yield msgspec.json.decode(body, type=Duty)
