"""Who may read at head office: what each role sees, log-in by a one-time code, sessions."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from broker.head_office.site_store import CODE_HOLDS, RefusedError, digest_of

ROLES: Mapping[str, str] = {"figures": "yingbin_figures", "auditor": "yingbin_auditor"}
"""What a reader's role is called in the database: figures sees sites, alarms and what days came to,
an auditor the journals too. What each may select, the database itself knows."""
ALL_SITES = "*"
SESSION_HOLDS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OfficeReader:
    """Somebody who reads, the role, and the sites: names, or ``ALL_SITES`` alone."""

    name: str
    role: str
    sites: tuple[str, ...]


class ReaderStore:
    """Over one connection, which belongs to one thread."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._db = connection

    def admit(self, name: str, role: str, sites: Sequence[str], at: datetime) -> str:
        """A one-time code with which ``name`` logs in; who was logged in by that name is not."""
        code = secrets.token_hex(10)
        with self._db.transaction():
            self._db.execute(
                "insert into reader (name, role, sites, code_hash, code_until)"
                " values (%s, %s, %s, %s, %s) on conflict (name) do update set"
                " role = excluded.role, sites = excluded.sites, code_hash = excluded.code_hash,"
                " code_until = excluded.code_until, retired_at = null",
                [name, role, list(sites), digest_of(code), at + CODE_HOLDS],
            )
            self._db.execute("delete from reader_session where name = %s", [name])
        return code

    def dismiss(self, name: str, at: datetime) -> bool:
        """End the reader's sessions and code. Whether there is such a reader."""
        with self._db.transaction():
            found = self._db.execute(
                "update reader set code_hash = null, retired_at = %s where name = %s", [at, name]
            )
            self._db.execute("delete from reader_session where name = %s", [name])
        return found.rowcount == 1

    def log_in(self, code: str, at: datetime) -> str:
        """The token of a new session.

        Raises:
            RefusedError: nobody was given this code, or it is used or too old.
        """
        token = secrets.token_urlsafe(32)
        with self._db.transaction():
            self._db.execute("delete from reader_session where until <= %s", [at])
            found = self._db.execute(
                "update reader set code_hash = null, code_until = null"
                " where code_hash = %s and code_until > %s returning name",
                [digest_of(code), at],
            ).fetchone()
            if found is None:
                raise RefusedError
            self._db.execute(
                "insert into reader_session (token_hash, name, until) values (%s, %s, %s)",
                [digest_of(token), found[0], at + SESSION_HOLDS],
            )
        return token

    def log_out(self, token: str) -> None:
        """End the session."""
        self._db.execute("delete from reader_session where token_hash = %s", [digest_of(token)])

    def reader(self, token: str, at: datetime) -> OfficeReader | None:
        """Whose session it is; None: nobody's, or no longer."""
        found = self._db.execute(
            "select reader.name, role, sites from reader_session join reader using (name)"
            " where token_hash = %s and until > %s",
            [digest_of(token), at],
        ).fetchone()
        return OfficeReader(found[0], found[1], tuple(found[2])) if found else None
