"""The sites of the group in PostgreSQL: who is invited, who joined, what is known of each."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from broker.head_office.conduct import keep_days
from broker.head_office.refusals import keep_refused
from broker.head_office.taking import StoredLine
from broker.journal.chain import FIRST_HASH
from broker.journal.shipment import JoinedSite, Joining, SiteReport

CODE_HOLDS = timedelta(days=7)


class RefusedError(Exception):
    """The site's token or code is not good."""


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


def digest_of(secret: str) -> bytes:
    """How a code or token is kept."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).digest()


class SiteStore:
    """Over one connection, which belongs to one thread."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection

    def invite(self, site: str, at: datetime, company: str = "") -> str:
        """A one-time code with which ``site`` joins, or joins again: its old token ends then.

        ``company``: whose project it is; empty: nothing is said, and what was said before holds.
        """
        code = secrets.token_hex(10)  # a code that began with "-" would be taken for an option
        with self._db.transaction():
            self._db.execute(
                "insert into site (site, code_hash, code_until, hash, company)"
                " values (%s, %s, %s, %s, %s)"
                " on conflict (site) do update set code_hash = excluded.code_hash,"
                " code_until = excluded.code_until,"
                " company = coalesce(nullif(excluded.company, ''), site.company)",
                [site, digest_of(code), at + CODE_HOLDS, FIRST_HASH, company],
            )
        return code

    def join(self, joining: Joining, at: datetime) -> JoinedSite:
        """Give the site its token, once.

        Raises:
            RefusedError: nobody was given this code, or it is used or too old.
        """
        token = secrets.token_urlsafe(32)
        with self._db.transaction():
            (key,) = self._db.execute("select documents_key from office").fetchone() or ("",)
            found = self._db.execute(
                "update site set token_hash = %s, public_key = %s, recipient = %s, version = %s,"
                " joined_at = %s,"
                " code_hash = null, code_until = null, retired_at = null"
                " where code_hash = %s and code_until > %s returning site",
                [
                    *(digest_of(token), joining.public_key, joining.recipient),
                    *(joining.version, at),
                    *(digest_of(joining.code), at),
                ],
            ).fetchone()
        if found is None:
            raise RefusedError
        return JoinedSite(site=found[0], token=token, documents_key=key)

    def keep_report(self, site: str, token: str, report: SiteReport, at: datetime) -> str:
        """Keep how the site stands, instead of what it told before.

        Raises:
            RefusedError: the token is not this site's.
        """
        with self._db.transaction():
            found = self._db.execute(
                "update site set backup_at = %s, reported_at = %s"
                " where site = %s and token_hash = %s returning site",
                [report.backup_at, at, site, digest_of(token)],
            ).fetchone()
            if found is None:
                raise RefusedError
            self._db.execute("delete from site_channel where site = %s", [site])
            for one in report.channels:
                self._db.execute(
                    "insert into site_channel values (%s, %s, %s, %s) on conflict do nothing",
                    [site, one.channel, one.entered, one.received],
                )
            keep_days(self._db, site, report.days)
            keep_refused(self._db, site, report.refused, at)
        return str(found[0])

    def retire(self, site: str, at: datetime) -> bool:
        """End the site's token and code; its history stays. Whether there is such a site."""
        with self._db.transaction():
            found = self._db.execute(
                "update site set token_hash = null, code_hash = null, retired_at = %s"
                " where site = %s",
                [at, site],
            )
            self._db.execute("delete from known_phone where site = %s", [site])
            self._db.execute("delete from group_key where site = %s", [site])
        return found.rowcount == 1

    def secret(self) -> str:
        """What signs the cookies of every instance."""
        found = self._db.execute("select secret from office").fetchone()
        assert found is not None
        return str(found[0])

    def sites(self) -> list[GroupSite]:
        """All sites."""
        rows = self._db.execute(
            "select site, version, joined_at, last_seen_at, retired_at, epoch, stored_through,"
            " hash, form, waiting,"
            " (select count(*) from site_alarm where site_alarm.site = site.site)"
            " from site order by site"
        )
        return [_state(*row) for row in rows]


def _state(*row: Any) -> GroupSite:
    site, version, joined_at, last_seen_at, retired_at, *line, waiting, alarms = row
    return GroupSite(
        *(site, version, joined_at, last_seen_at, retired_at),
        line=StoredLine(*line),
        waiting=waiting,
        alarms=alarms,
    )
