"""Finds everything that the hub's file keeps of the person with a phone, plate or check-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from broker.journal import mentions
from shared.database import Database
from shared.errors import OperatorError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person's keys and rows, by which all else is found that is kept of them."""

    phones: frozenset[str]
    """This person's alone. A phone that somebody else gave too is in ``shared``."""
    plates: frozenset[str]
    """This person's alone."""
    shared: frozenset[str]
    """Phones and plates that somebody else gave too."""
    visits: tuple[Row, ...]
    registrations: tuple[Row, ...]
    ids: frozenset[str]
    """The ids of the visits, check-ins, arrivals, registrations and cases."""

    @property
    def keys(self) -> frozenset[str]:
        """Phones and plates together."""
        return self.phones | self.plates

    @property
    def names(self) -> frozenset[str]:
        """What sentences call this person, as ``张女士``."""
        called = [row for row in (*self.visits, *self.registrations) if row["surname"]]
        whole = (f"{row['surname']}{row['salutation'] or ''}" for row in called)
        return frozenset(name for name in whole if len(name) > 1)


def of_phone(db: Database, phone: str) -> Dossier:
    """Everything under this number, and under the plates that came with it."""
    visits = _rows(db, "select * from visits where phone = ?", phone)
    registrations = _rows(db, "select * from registrations where phone = ?", phone)
    found = _gathered(db, visits, registrations, (), asked_for=phone)
    cars = [
        row
        for plate in sorted(found.plates)
        for row in _rows(db, "select * from visits where plate = ?", plate)
        if row["visit_id"] not in found.ids
    ]
    return _gathered(db, [*visits, *cars], registrations, (), asked_for=phone)


def of_plate(db: Database, plate: str) -> Dossier:
    """Everything of the person who has this car.

    Raises:
        OperatorError: several people gave this plate.
    """
    visits = _rows(db, "select * from visits where plate = ?", plate)
    registrations = _registered(db, plate)
    phones = {row["phone"] for row in (*visits, *registrations) if row["phone"]}
    if len(phones) > 1:
        raise OperatorError("error.shared_plate", plate=plate, count=len(phones))
    if phones:
        return of_phone(db, phones.pop())
    return _gathered(db, visits, registrations, (), asked_for=plate)


def of_check_in(db: Database, check_in_id: str) -> Dossier:
    """What came of this check-in: its visit, and the customer who was registered because of it.

    Typing a phone or a plate does not prove that it is one's own. If more is kept under it, that
    is left out, and the phone or plate is in ``shared``.
    """
    visits = _rows(db, "select * from visits where check_in_id = ?", check_in_id)
    registrations = [
        row
        for visit in visits
        for row in _rows(db, "select * from registrations where phone = ?", visit["phone"])
        if row["registered_at"] >= visit["opened_at"]
    ]
    return _gathered(db, visits, registrations, (check_in_id,))


def of_visit(db: Database, visit_id: str) -> Dossier:
    """What came of this visit; a key that anything else is kept under is in ``shared``."""
    return _gathered(db, _rows(db, "select * from visits where visit_id = ?", visit_id), [], ())


def of_registration(db: Database, registration_id: str) -> Dossier:
    """What came of this entry; a key that anything else is kept under is in ``shared``."""
    entered = "select * from registrations where registration_id = ?"
    return _gathered(db, [], _rows(db, entered, registration_id), ())


def _gathered(
    db: Database,
    visits: list[Row],
    registrations: list[Row],
    check_in_ids: tuple[str, ...],
    *,
    asked_for: str | None = None,
) -> Dossier:
    """The dossier of these rows. ``asked_for`` is this person's, even if others gave it too.

    With ``asked_for``, a car that came without a check-in counts as this person's.
    """
    columns = ("visit_id", "check_in_id", "arrival_id")
    found = {row[name] for row in visits for name in columns} | set(check_in_ids)
    ids = {name for name in found if name} | {row["registration_id"] for row in registrations}
    names = ids if asked_for is None else ids | {asked_for}
    phones, plates = _given(db, names, registrations)
    is_known = asked_for is not None
    keys = {key: _is_others(db, key, ids, is_known=is_known) for key in phones | plates}
    own = {key for key, is_others in keys.items() if not is_others} | {asked_for}
    return Dossier(
        phones=frozenset(phones & own),
        plates=frozenset(plates & own),
        shared=frozenset((phones | plates) - own),
        visits=tuple(sorted(visits, key=lambda row: str(row["opened_at"]))),
        registrations=tuple(sorted(registrations, key=lambda row: str(row["registered_at"]))),
        ids=frozenset(ids | _cases(db, phones & own)),
    )


def _given(
    db: Database, names: Iterable[str], registrations: list[Row]
) -> tuple[set[str], set[str]]:
    """Every phone and plate that was ever given together with one of these ids or keys."""
    phones = {row["phone"] for row in registrations if row["phone"]}
    plates: set[str] = set()
    for registration in registrations:
        key = registration["registration_id"]
        rows = _rows(db, "select plate from registered_plates where registration_id = ?", key)
        plates |= {row["plate"] for row in rows}
    for seq in mentions.entries_that_mention(db, names):
        (body,) = db.conn.execute("select body from journal where seq = ?", [seq]).fetchone()
        more_phones, more_plates = mentions.given(body)
        phones |= more_phones
        plates |= more_plates
    return phones, plates


def _cases(db: Database, phones: Iterable[str]) -> set[str]:
    """The cases that were opened under one of these numbers."""
    rows = (
        row
        for phone in phones
        for row in _rows(db, "select case_id from cases where phone = ?", phone)
    )
    return {row["case_id"] for row in rows}


def _is_others(db: Database, key: str, ids: set[str], *, is_known: bool) -> bool:
    """Whether the phone or plate ``key`` is also kept for somebody else."""
    if not is_known and _cases(db, [key]):
        return True  # whoever only typed the number may not take a complaint away
    entered = _rows(db, "select registration_id from registrations where phone = ?", key)
    if any(row["registration_id"] not in ids for row in (*entered, *_registered(db, key))):
        return True
    seen = _rows(db, "select visit_id, phone from visits where phone = :key or plate = :key", key)
    return any(row["visit_id"] not in ids and (row["phone"] or not is_known) for row in seen)


def _registered(db: Database, plate: str) -> list[Row]:
    return _rows(
        db,
        "select registrations.* from registrations join registered_plates using (registration_id) "
        "where plate = ?",
        plate,
    )


def _rows(db: Database, sql: str, value: str | None) -> list[Row]:
    return list(db.query(sql, {"key": value} if ":key" in sql else [value]))
