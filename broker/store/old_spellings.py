"""Keys that an older release kept as they were written: brought into their stored form."""

from collections.abc import Callable

from broker.rules.han import folded
from broker.rules.skeletons import skeletons
from shared.database import Database
from shared.errors import BadValueError
from shared.phone import normalize_phone
from shared.plate import normalize

_HOLD_PHONES = ("registrations", "visits", "look_ups", "own_pages", "erasures")
_HOLD_PLATES = ("visits", "look_ups", "own_pages", "erasures", "arrivals", "registered_plates")


def find_by_name(db: Database) -> None:
    """Let customers be found by their name in traditional and in simplified characters."""
    run, function = db.conn.execute, db.conn.create_function
    function("folded", 1, lambda name: folded(name or ""), deterministic=True)
    function("folded_text", 1, _folded_text, deterministic=True)
    run("alter table registrations add column name_key text")
    run("update registrations set name_key = folded(surname)")
    run("drop index registrations_by_surname")
    run("create index registrations_by_name on registrations (name_key)")
    run("update customer_texts set text = folded_text(text) where folded_text(text) <> text")


def put_keys_into_stored_form(db: Database) -> None:
    """Rewrite the few phones and plates that are written otherwise."""
    for table in _HOLD_PHONES:
        _rewrite(db, table, "phone", stored_phone)
    for table in _HOLD_PLATES:
        changed = _rewrite(db, table, "plate", normalize)
        if table == "registered_plates":
            _index_anew(db, changed)


def _folded_text(text: str) -> str:
    """What is searched for parts of names; ``text`` itself where only capitals would differ."""
    new = " ".join(map(folded, text.split(" ")))
    return text if new == text.casefold() else new


def _rewrite(
    db: Database, table: str, column: str, form: Callable[[str], str]
) -> list[tuple[str, str]]:
    """The keys that were changed: each with what it was before."""
    rows = db.conn.execute(f"select distinct {column} from {table} where {column} is not null")
    stored = ((form(kept), kept) for (kept,) in rows.fetchall())
    changed = [(new, kept) for new, kept in stored if new != kept]
    db.conn.executemany(f"update or replace {table} set {column} = ? where {column} = ?", changed)
    return changed


def _index_anew(db: Database, changed: list[tuple[str, str]]) -> None:
    many = db.conn.executemany
    old = [(skeleton, kept) for _, kept in changed for skeleton in skeletons(kept)]
    new = [(skeleton, plate) for plate, _ in changed for skeleton in skeletons(plate)]
    many("delete from plate_skeletons where skeleton = ? and plate = ?", old)
    many("insert or ignore into plate_skeletons values (?, ?)", new)


def stored_phone(kept: str) -> str:
    """A number in its one form; what is none stays: nobody finds it, but nobody loses it."""
    try:
        return normalize_phone(kept)
    except BadValueError:
        return kept
