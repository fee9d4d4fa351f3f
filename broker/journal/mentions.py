"""Which entries of the journal name a phone, a plate or a visit: one person's are found at once."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from shared.plate import PROVINCES
from shared.privacy import PHONE

_PLATE = re.compile(rf"(?:WJ)?[{''.join(PROVINCES)}使][A-Z][A-Z0-9]{{4,6}}[挂学警港澳领使应急]?")
_IDS = frozenset({"visit_id", "check_in_id", "arrival_id", "registration_id"})
_GIVEN = frozenset({"phone", "plate", "plates", "was_phone", "was_plate"})
_SHORTEST_PLATE = 7


def mentioned(body: str) -> set[str]:
    """Phones, plates and ids in the JSON ``body``, also inside sentences: by what it is found."""
    held = msgspec.json.decode(body)
    return {*PHONE.findall(body), *_PLATE.findall(body), *_members(held, _IDS | _GIVEN)}


def given(body: str) -> tuple[set[str], set[str]]:
    """The phones and plates that somebody gave or a camera read; not what a plate may also be."""
    held = set(_members(msgspec.json.decode(body), _GIVEN))
    phones = {one for one in held if PHONE.fullmatch(one)}
    # A pseudonym is ASCII, a plate never.
    return phones, {one for one in held if len(one) >= _SHORTEST_PLATE and not one.isascii()}


def note(db: Database, seq: int, body: str) -> None:
    """Enter what the journal's entry ``seq`` names."""
    db.conn.executemany(
        "insert or ignore into mentions values (?, ?)", [(one, seq) for one in mentioned(body)]
    )


def entries_that_mention(db: Database, names: Iterable[str]) -> list[int]:
    """The numbers of the entries that name one of them, in order."""
    found: set[int] = set()
    for name in names:
        rows = db.conn.execute("select seq from mentions where name = ?", [name])
        found.update(seq for (seq,) in rows)
    return sorted(found)


def forget(db: Database, seq: int, names: Iterable[str]) -> None:
    """The journal's entry ``seq`` names them no more."""
    pairs = [(one, seq) for one in names]
    db.conn.executemany("delete from mentions where name = ? and seq = ?", pairs)


def fill(db: Database) -> None:
    """Enter what an older file's journal names."""
    for seq, body in db.conn.execute("select seq, body from journal order by seq").fetchall():
        try:
            note(db, seq, body)
        except msgspec.DecodeError:
            continue  # damaged: `verify` tells


def _members(value: Any, names: frozenset[str]) -> Iterator[str]:
    """Every text under one of these names, however deep."""
    if isinstance(value, list):
        for one in value:
            yield from _members(one, names)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one) if name in names else _members(one, names)


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one
