"""Rows of the register of customers, as registrations with what other tables have of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from broker.rules.facts import Registration
from shared.database import Database

COLUMNS = (
    "registration_id, consultant_id, registered_at, received_at, entry, phone, surname, "
    "salutation, is_late, is_overruled, is_unreceived, is_held, channel, is_ruling"
)


def registrations_of(db: Database, rows: Iterable[tuple[Any, ...]]) -> tuple[Registration, ...]:
    """The registrations of these rows, whose columns are ``COLUMNS``."""
    known = list(rows)
    if not known:
        return ()
    ids = listed(row[0] for row in known)
    gone = _of_each(db, "key", "overruled_keys", ids)
    plates = _of_each(db, "plate", "registered_plates", ids)
    return tuple(_registration(row, gone, plates) for row in known)


def listed(names: Iterable[str]) -> str:
    """For ``json_each``: any number of them in the same statement."""
    return msgspec.json.encode([*names]).decode()


def _of_each(db: Database, column: str, table: str, ids: str) -> Mapping[str, list[str]]:
    """What the table has of each of these, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = db.conn.execute(
        f"select registration_id, {column} from {table} "
        f"where registration_id in (select value from json_each(?)) order by {column}",
        [ids],
    )
    for name, value in rows:
        found[name].append(value)
    return found


def _registration(
    row: tuple[Any, ...], gone: Mapping[str, list[str]], plates: Mapping[str, list[str]]
) -> Registration:
    name, consultant, registered, received, entry, phone, surname, salutation, *flags = row
    late, overruled, unreceived, held, channel, ruling = flags
    return Registration(
        registration_id=name,
        consultant_id=consultant,
        registered_at=datetime.fromisoformat(registered),
        received_at=datetime.fromisoformat(received),
        entry=entry,
        phone=phone,
        plates=tuple(plates.get(name, ())),
        surname=surname,
        salutation=salutation,
        is_late=bool(late),
        is_overruled=bool(overruled),
        overruled_keys=tuple(gone.get(name, ())),
        is_unreceived=bool(unreceived),
        is_held=bool(held),
        channel=channel,
        is_ruling=bool(ruling),
    )
