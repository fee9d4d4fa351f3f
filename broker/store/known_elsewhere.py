"""Which customers other projects of the group know too: a file that the shipper writes anew."""

import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from broker.rules.policy import REACHES, Policy
from shared.database import Database
from shared.file_check import file_of
from shared.sealed_file import connect, sqlite3

FILE_NAME = "known_elsewhere.sqlite3"
"""Beside the hub's file, and encrypted as it is."""


class KnownAt(NamedTuple):
    """A project that knows the customer, and since when."""

    site: str
    since: date
    is_company: bool = False
    """Whether it is of this site's company."""

    def protected_through(self, policy: Policy) -> date | None:
        """The last day on which they are protected there as far as that counts here; None: never.

        The day since when they are known is not counted, as at home (R2).
        """
        reach = REACHES.index(policy.protection_reach)
        is_reached = reach == REACHES.index("group") or (self.is_company and reach > 0)
        return self.since + timedelta(days=policy.protection_days) if is_reached else None


Known = Mapping[str, tuple[KnownAt, ...]]
"""By registration."""
ToldElsewhere = tuple[str, str, str]
"""A site, the day since when, and the last protected day, which is empty without protection."""


def write_known(folder: Path, known: Known) -> None:
    """Keep what head office answered, also that it is nobody."""
    fresh = folder / f"{FILE_NAME}.fresh"
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    rows = [
        (name, at.site, at.since.isoformat(), at.is_company)
        for name, ats in known.items()
        for at in ats
    ]
    with closing(connect(fresh)) as db, db:
        db.execute("create table known (registration text, site text, since text, is_company int)")
        db.executemany("insert into known values (?, ?, ?, ?)", rows)
    os.replace(fresh, folder / FILE_NAME)


def forget_known(folder: Path) -> None:
    """Keep nothing of it."""
    (folder / FILE_NAME).unlink(missing_ok=True)


def told_of(
    known: Known, registrations: Iterable[str], policy: Policy, at: datetime
) -> tuple[ToldElsewhere, ...]:
    """Who knows the customer of these registrations."""
    found = {one for name in registrations for one in known.get(name, ())}
    today = policy.local(at).date()
    told = []
    for one in sorted(found):
        through = one.protected_through(policy)
        is_protected = through is not None and through >= today
        told.append((one.site, one.since.isoformat(), f"{through}" if is_protected else ""))
    return tuple(told)


def known_stamp(db: Database) -> object:
    """What changes whenever it is written anew; None: nothing is kept beside this file."""
    path = file_of(db.conn)
    try:
        return path and path.with_name(FILE_NAME).stat().st_mtime_ns
    except OSError:
        return None


def known_beside(db: Database) -> Known:
    """What is kept beside this file."""
    path = file_of(db.conn)
    if path is None:
        return {}
    known = dict[str, tuple[KnownAt, ...]]()
    try:
        with closing(connect(path.with_name(FILE_NAME), "ro")) as beside:
            for name, site, since, is_company in beside.execute("select * from known"):
                at = KnownAt(site, date.fromisoformat(since), bool(is_company))
                known[name] = (*known.get(name, ()), at)
    except (sqlite3.Error, ValueError):
        return {}  # not told, or half of it: it is written anew within the hour
    return known
