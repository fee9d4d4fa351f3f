"""Which entries of the journal name a phone, a plate or a visit: an index of a person's entries."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from broker.journal.hub_file import later
from shared.database import Database
from shared.phone import MOBILE, PHONE
from shared.plate import PROVINCES

_PLATE = re.compile(rf"(?:WJ)?[{''.join(PROVINCES)}使][A-Z][A-Z0-9]{{4,6}}[挂学警港澳领使应急]?")
_PART_OF_A_PLATE = re.compile(r"[^\x00-\x7f].*[A-Z0-9]|WJ.*[A-Z0-9]")
_KEYS = (("+", ","), ("1", "2"), ("WJ", "WK"), ("\u4e00", "\ua000"))
"""Between what phones and plates stand among the names."""
_PAGE = 200
_IDS = frozenset({"visit_id", "check_in_id", "arrival_id", "registration_id", "shown", "case_id"})
_GIVEN = frozenset({"phone", "plate", "plates", "was_phone", "was_plate"})
_MEMBERS = _IDS | _GIVEN
_NOTE = "insert or ignore into mentions values (?, ?)"
_SHORTEST_PLATE = 7
_CONTAINERS = (dict, list)
_LIKE_A_PHONE = re.compile(rf"{MOBILE}|\+[1-9]")
"""Finds quickly that no phone is in a text: in most entries there is none."""


def mentioned(body: str) -> set[str]:
    """What the JSON ``body`` is found by: phones, plates and ids, also inside sentences."""
    return mentioned_in(msgspec.json.decode(body), body)


def mentioned_in(decoded: Any, body: str) -> set[str]:
    """What the JSON ``body``, also given ``decoded``, is found by."""
    found: set[str] = set()
    _gather(decoded, _MEMBERS, found)
    if _LIKE_A_PHONE.search(body):
        found.update(PHONE.findall(body))
    if not body.isascii():  # a plate never is
        found.update(_PLATE.findall(body))
    return found


def given(body: str) -> tuple[set[str], set[str]]:
    """The phones and plates that somebody gave or a camera read, without a plate's candidates."""
    held: set[str] = set()
    _gather(msgspec.json.decode(body), _GIVEN, held)
    phones = {value for value in held if PHONE.fullmatch(value)}
    # A pseudonym is ASCII; a plate never is.
    return phones, {
        value for value in held if len(value) >= _SHORTEST_PLATE and not value.isascii()
    }


def note(db: Database, seq: int, named: Iterable[str]) -> None:
    """Note what the journal's entry ``seq`` names."""
    rows = [(name, seq) for name in named]
    later(db, "mentions", _NOTE, dict(zip(rows, rows, strict=True)))


def entries_that_mention(db: Database, names: Iterable[str]) -> list[int]:
    """The numbers of the entries that name any of them, in order."""
    found: set[int] = set()
    for name in names:
        rows = db.conn.execute("select seq from mentions where name = ?", [name])
        found.update(seq for (seq,) in rows)
    return sorted(found)


def keys(db: Database) -> Iterator[tuple[str, int]]:
    """Every phone and plate, also a part of one, and the last entry that names it.

    The file may change meanwhile.
    """
    for first, last in _KEYS:
        while page := _page(db, first, last):
            for name, seq in page:
                if PHONE.fullmatch(name) or _PART_OF_A_PLATE.fullmatch(name):
                    yield name, seq
            first = page[-1][0]


def _page(db: Database, after: str, before: str) -> list[tuple[str, int]]:
    return db.conn.execute(
        "select name, max(seq) from mentions where name > ? and name < ? "
        "group by name order by name limit ?",
        [after, before, _PAGE],
    ).fetchall()


def last_entry(db: Database, name: str) -> int | None:
    """The number of the last entry that names it; None: none does."""
    (seq,) = db.conn.execute("select max(seq) from mentions where name = ?", [name]).fetchone()
    return seq if seq is None else int(seq)


def forget(db: Database, seq: int, names: Iterable[str]) -> None:
    """Note that the journal's entry ``seq`` no longer names them."""
    pairs = [(name, seq) for name in names]
    db.conn.executemany("delete from mentions where name = ? and seq = ?", pairs)


def fill(db: Database) -> None:
    """Note what the journal of an older file names."""
    db.conn.executemany(_NOTE, _all_in(db))


def _all_in(db: Database) -> Iterator[tuple[str, int]]:
    for seq, body in db.conn.execute("select seq, body from journal order by seq"):
        try:
            names = mentioned(body)
        except msgspec.DecodeError:
            continue  # damaged: `verify` reports it
        for name in names:
            yield name, seq


def _gather(value: Any, names: frozenset[str], found: set[str]) -> None:
    """Add every text under any of these names, however deep."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in names:
                texts = member if isinstance(member, list) else [member]
                found.update(text for text in texts if isinstance(text, str) and text)
            elif isinstance(member, _CONTAINERS):
                _gather(member, names, found)
    elif isinstance(value, list):
        for member in value:
            _gather(member, names, found)
