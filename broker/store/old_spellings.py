"""Keys that an older release kept as they were written: brought into their stored form."""

from collections.abc import Callable

from sqlite_utils import Database

from broker.rules.han import folded
from broker.store.register import fill_indexes
from shared.errors import BadValueError
from shared.phone import normalize_phone
from shared.plate import normalize

_HOLD_PHONES = ("registrations", "visits", "look_ups", "own_pages", "erasures")
_HOLD_PLATES = ("visits", "look_ups", "own_pages", "erasures", "arrivals", "registered_plates")


def find_by_name(db: Database) -> None:
    """Let customers be found by their name in traditional and in simplified characters."""
    run = db.conn.execute
    run("alter table registrations add column name_key text")
    db.conn.create_function("folded", 1, lambda name: folded(name or ""), deterministic=True)
    run("update registrations set name_key = folded(surname)")
    run("drop index registrations_by_surname")
    run("create index registrations_by_name on registrations (name_key)")


def put_keys_into_stored_form(db: Database) -> None:
    """Rewrite phones and plates that are written otherwise, and index all customers anew."""
    for table in _HOLD_PHONES:
        _rewrite(db, table, "phone", _stored_phone)
    for table in _HOLD_PLATES:
        _rewrite(db, table, "plate", normalize)
    for table in ("plate_skeletons", "customer_texts"):
        db.conn.execute(f"delete from {table}")
    fill_indexes(db)


def _rewrite(db: Database, table: str, column: str, form: Callable[[str], str]) -> None:
    rows = db.conn.execute(f"select distinct {column} from {table} where {column} is not null")
    changed = [(form(kept), kept) for (kept,) in rows.fetchall() if form(kept) != kept]
    db.conn.executemany(f"update or replace {table} set {column} = ? where {column} = ?", changed)


def _stored_phone(kept: str) -> str:
    """What is no number at all stays: nobody finds it, but nobody loses it."""
    try:
        return normalize_phone(kept)
    except BadValueError:
        return kept
