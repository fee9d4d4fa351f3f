"""``yingbin person``: finds, copies or erases a person in a running hub, which notes each use."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from broker.journal import mentions
from broker.journal.entries import open_read_only
from broker.local.local_socket import ask
from broker.local.questions import PersonRequest, Purpose
from broker.personal import dossier as dossiers
from broker.personal.dossier import Dossier
from broker.settings import hub_file, hub_parser
from shared.clock import now
from shared.command_line import Terminal
from shared.database import Database
from shared.errors import OperatorError
from shared.ids import new_id
from shared.privacy import mask_phone, mask_plate
from shared.words import Sentence

_OURS = frozenset({"page_key", "rowid", "name_key"})


def main(words: list[str], terminal: Terminal) -> int:
    """Do what ``words`` ask for, and tell at ``terminal`` what was found.

    Raises:
        OperatorError: no hub is running, or nothing is kept of this person.
    """
    asked = _parser(terminal).parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    request = PersonRequest(
        request_id=new_id(),
        purpose=Purpose(asked.purpose),
        asked_at=now(),
        phone=asked.phone,
        plate=asked.plate,
    )
    found = _found(path, request)
    ask(path.parent, request)
    shown = mask_phone(request.phone) if request.phone else mask_plate(request.plate or "")
    if not found.dossier.ids and not found.entries:
        raise OperatorError("error.no_person", shown=shown)
    for line in _DONE[request.purpose](path, request, found):
        terminal.tell(line)
    return 0


class Found(msgspec.Struct, frozen=True):
    """What the hub's file holds of a person, before the request is carried out."""

    dossier: Dossier
    entries: int
    """How many journal entries name them."""
    copy: dict[str, Any]


def _found(path: Path, request: PersonRequest) -> Found:
    with closing(open_read_only(path)) as connection:
        db = Database(connection)
        if request.phone is not None:
            dossier = dossiers.of_phone(db, request.phone)
        else:
            dossier = dossiers.of_plate(db, request.plate or "")
        keys = dossier.keys | {request.phone or request.plate or ""}
        seqs = mentions.entries_that_mention(db, dossier.ids | keys)
        return Found(dossier, len(seqs), _copy(db, dossier))


def _copy(db: Database, dossier: Dossier) -> dict[str, Any]:
    """Everything of this person, in the file's words."""
    check_ins = [visit["check_in_id"] for visit in dossier.visits if visit["check_in_id"]]
    arrivals = [visit["arrival_id"] for visit in dossier.visits if visit["arrival_id"]]
    return {
        "phones": sorted(dossier.phones),
        "plates": sorted(dossier.plates),
        "shared_with_others": sorted(dossier.shared),
        "visits": dossier.visits,
        "registrations": [_without_ours(row) for row in dossier.registrations],
        "check_ins": _bodies(db, "check_ins", "check_in_id", check_ins),
        "arrivals": _bodies(db, "arrivals", "arrival_id", arrivals),
        "looked_up": [
            row
            for key in sorted(dossier.keys)
            for row in db.query("select * from look_ups where phone = ? or plate = ?", [key, key])
        ],
    }


def _bodies(db: Database, table: str, column: str, ids: list[str]) -> list[dict[str, Any]]:
    rows = [
        row
        for row_id in ids
        for row in db.query(f"select body from {table} where {column} = ?", [row_id])
    ]
    messages = [msgspec.json.decode(row["body"], type=dict[str, Any]) for row in rows]
    return [_without_ours(message) for message in messages]


def _without_ours(row: dict[str, Any]) -> dict[str, Any]:
    """What is the person's, without what only this program makes of it."""
    return {key: value for key, value in row.items() if key not in _OURS}


def _shown(_path: Path, _request: PersonRequest, found: Found) -> Iterator[str]:
    """What there is, with phones and plates masked."""
    dossier = found.dossier
    keys = [mask_phone(key) if key.isascii() else mask_plate(key) for key in sorted(dossier.keys)]
    yield " ".join([*keys, *sorted(dossier.names)])
    for visit in dossier.visits:
        yield Sentence(
            "person.visit",
            at=_minute(visit["opened_at"]),
            visit_id=visit["visit_id"],
            host_id=visit["host_id"],
        )
    for registration in dossier.registrations:
        at, consultant_id = _minute(registration["registered_at"]), registration["consultant_id"]
        yield Sentence("person.registration", at=at, consultant_id=consultant_id)
    looked_up = len(found.copy["looked_up"])
    yield Sentence("person.journal", entries=found.entries, look_ups=looked_up)
    if dossier.shared:
        yield Sentence("person.shared", count=len(dossier.shared))


def _exported(_path: Path, _request: PersonRequest, found: Found) -> Iterator[str]:
    text = msgspec.json.format(msgspec.json.encode(found.copy), indent=2)
    yield text.decode()


def _erased(path: Path, request: PersonRequest, found: Found) -> Iterator[str]:
    with closing(open_read_only(path)) as db:
        row = db.execute(
            "select done_at from erasures where erasure_id = ?", [request.request_id]
        ).fetchone()
    if row and row[0]:
        visits = len(found.dossier.visits)
        yield Sentence("person.erased", visits=visits, entries=found.entries)
    else:
        yield Sentence("person.later")
    for place in _still_named(path, found.dossier):
        yield Sentence("person.still_named", path=place)


def _still_named(path: Path, dossier: Dossier) -> Iterator[Path]:
    """Files that still name the person and that somebody must edit by hand: ``site.toml``."""
    for file in (path.parent.parent / "config" / "site.toml", Path("/etc/yingbin/site.toml")):
        if file.is_file() and any(key in file.read_text(encoding="utf-8") for key in dossier.keys):
            yield file


def _minute(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"


_DONE: dict[Purpose, Callable[[Path, PersonRequest, Found], Iterator[str]]] = {
    Purpose.FIND: _shown,
    Purpose.EXPORT: _exported,
    Purpose.ERASE: _erased,
}


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    parser = hub_parser(terminal, "yingbin person", "help.person")
    parser.add_argument("purpose", choices=[purpose.value for purpose in Purpose])
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--phone", metavar="NUMBER")
    whom.add_argument("--plate", metavar="PLATE")
    return parser
