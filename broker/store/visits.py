"""Visits and the line as pages and rules look them up: rows that follow the events."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from broker.journal.hub_file import Remembered, Row, later, waits, when_forgetting
from broker.rules.events import ClockSet, Event
from broker.rules.facts import RECEPTIONS_AT_MOST, Keys, Reception, Registration
from broker.rules.line import Note
from broker.store.moments import move_moments, utc_text
from broker.store.visit_row import CHANGES, VisitRow
from shared.database import Database, NotFoundError
from shared.messages import CheckIn

LATEST_RECEPTIONS = 50
"""Of how many of today's receptions the usual length is taken: a long day costs no more."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A place in the line (轮序); ``note`` says what keeps them from a call, or sets them first."""

    consultant_id: str
    note: Note | None = None


class Visits:
    """The rows of ``visits`` and ``rotation``.

    A visit's row follows the rules' events. What the rules do not know has methods of its own.
    The rows of late are kept in memory, until the hub's file forgets.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recent: Remembered[VisitRow | None] = Remembered(db)
        self._line: tuple[LineRow, ...] | None = None
        when_forgetting(db, self._forget_line)

    def _forget_line(self) -> None:
        self._line = None

    def note(self, event: Event) -> None:
        """Keep what ``event`` changes of its visit, or of all when the clock is set."""
        if isinstance(event, ClockSet):
            for column in ("opened_at", "claimed_at", "finished_at"):
                move_moments(self._db, "visits", column, event)
            self._recent.forget()
            return
        visit_id = getattr(event, "visit_id", None)
        change = CHANGES.get(type(event))
        if change is None or visit_id is None:
            return
        known = self.find(visit_id) or VisitRow(visit_id, utc_text(event.at))
        self._save(replace(known, **change(event, known)))

    def tie_to_car(self, visit_id: str, arrival_id: str) -> None:
        """Note the arrival that began the visit; the rules know only the plate."""
        self._save(replace(self.get(visit_id), arrival_id=arrival_id))

    def tie_to_check_in(self, visit_id: str, check_in_id: str, at: datetime) -> None:
        """Note the check-in of the visit, which is opened at ``at`` if it is new.

        It says which tablet is told the host; the rules get the answers themselves.
        """
        known = self.find(visit_id) or VisitRow(visit_id, utc_text(at))
        self._save(replace(known, check_in_id=check_in_id))

    def expect(self, visit_id: str, registration: Registration | None) -> None:
        """Note the customer whom the car's plate suggests, to tell their owner; None: nobody.

        This is no decision: the rules look for the owner when the visitor checks in.
        """
        visit = self.get(visit_id)
        if registration is None:
            self._save(replace(visit, owner_id=None))
            return
        surname, salutation = registration.surname, registration.salutation
        named = replace(visit, surname=surname, salutation=salutation)
        self._save(replace(named, owner_id=registration.consultant_id))

    def hear_name(self, visit_id: str, surname: str, salutation: str | None) -> None:
        """Note the name that a post heard; it finds no owner and decides nothing."""
        visit = self.get(visit_id)
        self._save(replace(visit, surname=surname, salutation=salutation))

    def _save(self, visit: VisitRow) -> None:
        later(self._db, "visits", self._statement(visit), {visit.visit_id: _values(visit)})
        self._recent.keep(visit.visit_id, visit)

    def _statement(self, visit: VisitRow) -> str:
        """Without the columns that have an index if they stay: SQLite would write each anew."""
        was = self.find(visit.visit_id)
        is_found_alike = was is not None and _found_by(was) == _found_by(visit)
        if is_found_alike and not waits(self._db, "visits", _SAVE, visit.visit_id):
            return _SAVE_REST
        return _SAVE

    def get(self, visit_id: str) -> VisitRow:
        """The visit of this id.

        Raises:
            NotFoundError: there is none.
        """
        visit = self.find(visit_id)
        if visit is None:
            raise NotFoundError(visit_id)
        return visit

    def find(self, visit_id: str) -> VisitRow | None:
        """The visit of this id; None if there is none."""
        return self._recent.get(visit_id, self._read_visit)

    def _read_visit(self, visit_id: str) -> VisitRow | None:
        return self._first("visit_id = ?", [visit_id])

    def of_check_in(self, check_in_id: str) -> VisitRow | None:
        """The visit that this check-in belongs to."""
        return self._first("check_in_id = ?", [check_in_id])

    def of_arrival(self, arrival_id: str) -> VisitRow | None:
        """The visit that this car opened."""
        return self._first("arrival_id = ?", [arrival_id])

    def waiting_for(self, check_in: CheckIn, since: datetime) -> VisitRow | None:
        """The car's visit that this check-in completes: by its arrival or its plate."""
        if check_in.arrival_id is None and check_in.plate is None:
            return None
        # By the indexes of arrivals and plates: many visits are opened in a busy hour.
        return self._first(
            "finished_at is null and +opened_at >= ? "
            "and (arrival_id = ? or check_in_id is null and plate = ?)",
            [utc_text(since), check_in.arrival_id, check_in.plate],
        )

    def latest_receptions(self, since: datetime) -> tuple[timedelta, ...]:
        """How long the latest receptions took that have begun and ended since then."""
        asked = (
            "select claimed_at, finished_at from visits where opened_at >= ? "
            "and claimed_at is not null and finished_at is not null order by opened_at desc limit ?"
        )
        parse = datetime.fromisoformat
        rows = self._db.conn.execute(asked, [utc_text(since), LATEST_RECEPTIONS])
        return tuple(parse(ended) - parse(began) for began, ended in rows)

    def receptions(self, keys: Keys) -> tuple[Reception, ...]:
        """The latest decided visits with this phone or plate, and this visit; latest last."""
        if not (keys.visit_id or keys.phone or keys.plates):
            return ()
        plates = ",".join("?" * len(keys.plates))
        found = (
            "select rowid, visit_id, opened_at, owner_id, host_id, phone, plate, surname "
            "from visits where rule is not null and "
        )
        # A search for each index: with `or` SQLite would read the visits of all years.
        rows = self._db.conn.execute(
            f"""{found} visit_id = ? union select * from ({found} phone = ?
            union {found} plate in ({plates}) order by opened_at desc, rowid desc limit ?)
            order by opened_at, rowid""",
            [keys.visit_id, keys.phone, *keys.plates, RECEPTIONS_AT_MOST],
        )
        return tuple(
            Reception(
                visit_id=visit_id,
                arrived_at=datetime.fromisoformat(at),
                owner_id=owner_id,
                host_id=host_id,
                phone=phone,
                plate=plate,
                surname=surname,
            )
            for _, visit_id, at, owner_id, host_id, phone, plate, surname in rows
        )

    def line(self) -> tuple[LineRow, ...]:
        """The line as it stands, next first."""
        if self._line is None:
            rows = self._db.conn.execute("select consultant_id, note from rotation order by place")
            self._line = tuple(
                LineRow(consultant_id, Note(note) if note else None) for consultant_id, note in rows
            )
        return self._line

    def save_line(self, line: tuple[LineRow, ...]) -> None:
        """Keep the line."""
        if line == self.line():
            return
        was, places = _places(self.line()), _places(line)
        if gone := was.keys() - places.keys():
            self._db.conn.executemany(
                "delete from rotation where consultant_id = ?", [(key,) for key in gone]
            )
        changed = {key: row for key, row in places.items() if was.get(key) != row}
        later(self._db, "rotation", _SAVE_PLACE, changed)
        self._line = line

    def _first(self, where: str, values: list[Any]) -> VisitRow | None:
        found = self._db.conn.execute(
            f"select {_COLUMNS} from visits where {where} order by +opened_at desc limit 1", values
        ).fetchone()
        return visit_from(dict(zip(_NAMES, found, strict=True))) if found else None


_NAMES = VisitRow.__struct_fields__
_values = attrgetter(*_NAMES)
_COLUMNS = ", ".join(_NAMES)
_INDEXED = ("visit_id", "opened_at", "arrival_id", "check_in_id", "plate", "phone")
_found_by = attrgetter(*_INDEXED)


def _upsert(*changing: str) -> str:
    return (
        f"insert into visits ({_COLUMNS}) values ({', '.join('?' * len(_NAMES))}) "
        f"on conflict do update set {', '.join(f'{name} = excluded.{name}' for name in changing)}"
    )


_SAVE = _upsert(*_NAMES)
_SAVE_PLACE = (
    "insert into rotation (consultant_id, place, note) values (?, ?, ?) "
    "on conflict do update set place = excluded.place, note = excluded.note"
)
_SAVE_REST = _upsert(*(name for name in _NAMES if name not in _INDEXED))


def _places(line: tuple[LineRow, ...]) -> dict[Hashable, Row]:
    """The rows of the line, by their key."""
    rows = ((turn.consultant_id, place, turn.note) for place, turn in enumerate(line))
    return {row[0]: row for row in rows}


def visit_from(row: dict[str, Any]) -> VisitRow:
    """The visit that a row of ``visits`` holds."""
    return VisitRow(**row | {"is_turn_used": bool(row["is_turn_used"])})
