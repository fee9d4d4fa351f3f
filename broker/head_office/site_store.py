"""The sites' journals in PostgreSQL. No state in the process: any instance answers any site."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

import psycopg

from broker.head_office.pg_schema import add_month
from broker.head_office.taking import StoredLine, check, take
from broker.journal.chain import FIRST_HASH
from broker.journal.public_chain import PublicEntry
from broker.journal.shipment import JoinedSite, Joining, Shipment

CODE_HOLDS = timedelta(days=7)
WITHOUT_MONTH = "0001-01-01"
"""Of entries that tell no moment, or one at which no site can have been."""
_FIRST_MONTH = "2020-01-01"
_COLUMNS = ("seq", "at", "kind", "subject_id", "form", "public", "sealed", "previous", "hash")
_INSERT = """
    insert into entry
        (site, epoch, month, seq, at, kind, subject, form, public, sealed, previous, hash)
    select %s, %s, * from unnest(%s::date[], %s::bigint[], %s::text[], %s::text[], %s::text[],
        %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[])
    on conflict do nothing
"""


class RefusedError(Exception):
    """The site's token or code is not good."""


class ForkError(Exception):
    """The batch does not continue what is stored: ``line``."""

    def __init__(self, line: StoredLine) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, slots=True)
class GroupSite:
    """A site as head office knows it."""

    site: str
    version: str
    joined_at: datetime | None
    last_seen_at: datetime | None
    retired_at: datetime | None
    line: StoredLine
    waiting: int
    alarms: int


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogateescape")).digest()


class SiteStore:
    """Over one connection, which belongs to one thread."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection
        self._months = {WITHOUT_MONTH}

    def invite(self, site: str, at: datetime) -> str:
        """A one-time code with which ``site`` joins, or joins again: its old token ends then."""
        code = secrets.token_hex(10)  # a code that began with "-" would be taken for an option
        with self._db.transaction():
            self._db.execute(
                "insert into site (site, code_hash, code_until, hash) values (%s, %s, %s, %s)"
                " on conflict (site) do update set code_hash = excluded.code_hash,"
                " code_until = excluded.code_until",
                [site, _digest(code), at + CODE_HOLDS, FIRST_HASH],
            )
        return code

    def join(self, joining: Joining, at: datetime) -> JoinedSite:
        """Give the site its token, once.

        Raises:
            RefusedError: nobody was given this code, or it is used or too old.
        """
        token = secrets.token_urlsafe(32)
        with self._db.transaction():
            found = self._db.execute(
                "update site set token_hash = %s, public_key = %s, version = %s, joined_at = %s,"
                " code_hash = null, code_until = null, retired_at = null"
                " where code_hash = %s and code_until > %s returning site",
                [
                    *(_digest(token), joining.public_key, joining.version, at),
                    *(_digest(joining.code), at),
                ],
            ).fetchone()
        if found is None:
            raise RefusedError
        return JoinedSite(site=found[0], token=token)

    def retire(self, site: str, at: datetime) -> bool:
        """End the site's token and code; its history stays. Whether there is such a site."""
        with self._db.transaction():
            found = self._db.execute(
                "update site set token_hash = null, code_hash = null, retired_at = %s"
                " where site = %s",
                [at, site],
            )
        return found.rowcount == 1

    def store(self, site: str, token: str, batch: Shipment, at: datetime) -> StoredLine:
        """Store what is new of the batch; how far the journal is stored, after the commit.

        Raises:
            RefusedError, BatchError, ForkError: nothing is stored.
        """
        entries = check(site, batch, self._public_key(site, token))
        months = [_month(entry.at, at) for entry in entries]
        for month in {*months} - self._months:
            add_month(self._db, month)
            self._months.add(month)
        with self._db.transaction():
            line = self._line(site, token)
            taken = take(line, batch, entries, lambda seq: self._hash_at(site, seq))
            if taken is None and entries:
                raise ForkError(line)
            if taken is not None and taken.superseded is not None:
                self._db.execute(
                    "insert into site_alarm (site, epoch, from_seq, superseded)"
                    " values (%s, %s, %s, %s)",
                    [site, batch.epoch, batch.from_seq, taken.superseded],
                )
            new = taken.entries if taken else ()
            self._insert(site, batch.epoch, months[len(months) - len(new) :], new)
            now_line = taken.line if taken else line
            self._note(site, now_line, batch, at)
        return now_line

    def hash_at(self, site: str, token: str, seq: int) -> str | None:
        """The hash that is stored of an entry of the journal as it stands; None: there is none."""
        self._public_key(site, token)
        return self._hash_at(site, seq)

    def sites(self) -> list[GroupSite]:
        """All sites."""
        rows = self._db.execute(
            "select site, version, joined_at, last_seen_at, retired_at, epoch, stored_through,"
            " hash, form, waiting,"
            " (select count(*) from site_alarm where site_alarm.site = site.site)"
            " from site order by site"
        )
        return [_state(*row) for row in rows]

    def _public_key(self, site: str, token: str) -> str:
        found = self._db.execute(
            "select public_key from site where site = %s and token_hash = %s",
            [site, _digest(token)],
        ).fetchone()
        if found is None:
            raise RefusedError
        return str(found[0])

    def _line(self, site: str, token: str) -> StoredLine:
        """How far the journal is stored; nobody else stores of this site until the commit."""
        found = self._db.execute(
            "select epoch, stored_through, hash, form from site"
            " where site = %s and token_hash = %s for update",
            [site, _digest(token)],
        ).fetchone()
        if found is None:
            raise RefusedError
        return StoredLine(*found)

    def _hash_at(self, site: str, seq: int) -> str | None:
        found = self._db.execute(
            "select entry.hash from entry join site using (site) where site = %s and seq = %s"
            " and seq <= stored_through order by entry.epoch desc limit 1",
            [site, seq],
        ).fetchone()
        return found[0] if found else None

    def _insert(
        self, site: str, epoch: int, months: Sequence[str], new: Sequence[PublicEntry]
    ) -> None:
        if new:
            columns = zip(*map(attrgetter(*_COLUMNS), new), strict=True)
            self._db.execute(_INSERT, [site, epoch, list(months), *map(list, columns)])

    def _note(self, site: str, line: StoredLine, batch: Shipment, at: datetime) -> None:
        self._db.execute(
            "update site set epoch = %s, stored_through = %s, hash = %s, form = %s, waiting = %s,"
            " version = %s, last_seen_at = %s where site = %s",
            [
                *(line.epoch, line.stored_through, line.hash, line.form),
                *(batch.waiting, batch.version, at, site),
            ],
        )


def _month(told: str, at: datetime) -> str:
    """The month in which an entry is kept: its own, as long as the site's clock can be believed."""
    try:
        month = date.fromisoformat(told[:10]).replace(day=1).isoformat()
    except ValueError:
        return WITHOUT_MONTH
    latest = (at + timedelta(days=40)).date().isoformat()
    return month if _FIRST_MONTH <= month <= latest else WITHOUT_MONTH


def _state(*row: Any) -> GroupSite:
    site, version, joined_at, last_seen_at, retired_at, *line, waiting, alarms = row
    return GroupSite(
        *(site, version, joined_at, last_seen_at, retired_at),
        line=StoredLine(*line),
        waiting=waiting,
        alarms=alarms,
    )
