"""Which customers other projects of the group know too: a file that the shipper writes anew."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec

from shared.database import Database
from shared.file_check import file_of
from shared.replacing import replace_file

FILE_NAME = "known_elsewhere.json"
"""Beside the hub's file: ids of registrations, names of projects and days, and nobody's data."""


class KnownAt(msgspec.Struct, frozen=True):
    """A project that knows the customer, and since when."""

    site: str
    since: date


Known = Mapping[str, tuple[KnownAt, ...]]
"""By registration."""


def write_known(folder: Path, known: Known) -> None:
    """Keep what head office answered; nothing: no file stays."""
    path = folder / FILE_NAME
    if known:
        replace_file(path, msgspec.json.encode(known))
    else:
        path.unlink(missing_ok=True)


def told_of(known: Known, registrations: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Who knows the customer of these registrations, each with the day since when."""
    found = (one for name in registrations for one in known.get(name, ()))
    return tuple(sorted({(one.site, one.since.isoformat()) for one in found}))


def known_beside(db: Database) -> Known:
    """What is kept beside this file."""
    path = file_of(db.conn)
    if path is None:
        return {}
    try:
        raw = path.with_name(FILE_NAME).read_bytes()
        return msgspec.json.decode(raw, type=dict[str, tuple[KnownAt, ...]])
    except (OSError, msgspec.DecodeError):
        return {}  # not told, or half of it: it is written anew within the hour
