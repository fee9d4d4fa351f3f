"""Which customers other projects of the group know too: a file that the shipper writes anew."""

import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from shared.database import Database
from shared.file_check import file_of
from shared.sealed_file import connect, sqlite3

FILE_NAME = "known_elsewhere.sqlite3"
"""Beside the hub's file, and encrypted as it is."""


class KnownAt(NamedTuple):
    """A project that knows the customer, and since when."""

    site: str
    since: date


Known = Mapping[str, tuple[KnownAt, ...]]
"""By registration."""


def write_known(folder: Path, known: Known) -> None:
    """Keep what head office answered, also that it is nobody."""
    fresh = folder / f"{FILE_NAME}.fresh"
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    rows = [(name, at.site, at.since.isoformat()) for name, ats in known.items() for at in ats]
    with closing(connect(fresh)) as db, db:
        db.execute("create table known (registration text, site text, since text)")
        db.executemany("insert into known values (?, ?, ?)", rows)
    os.replace(fresh, folder / FILE_NAME)


def forget_known(folder: Path) -> None:
    """Keep nothing of it."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def told_of(known: Known, registrations: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Who knows the customer of these registrations, each with the day since when."""
    found = (one for name in registrations for one in known.get(name, ()))
    return tuple(sorted({(one.site, one.since.isoformat()) for one in found}))


def known_beside(db: Database) -> Known:
    """What is kept beside this file."""
    path = file_of(db.conn)
    if path is None:
        return {}
    known = dict[str, tuple[KnownAt, ...]]()
    try:
        with closing(connect(path.with_name(FILE_NAME), "ro")) as beside:
            for name, site, since in beside.execute("select * from known"):
                at = KnownAt(site, date.fromisoformat(since))
                known[name] = (*known.get(name, ()), at)
    except (sqlite3.Error, ValueError):
        return {}  # not told, or half of it: it is written anew within the hour
    return known
