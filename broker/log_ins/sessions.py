"""Who is logged in at the staff's pages: the hub keeps each log-in, a cookie only names it.

So a log-in ends when the hub says so, whoever holds a copy of its cookie, and with it end the MQTT
accounts of its pages.
"""

import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from broker.mqtt_server.accounts import Account, page_account
from shared.clock import Clock
from shared.database import Database
from shared.disk import disk_trouble
from shared.outbox import open_database
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

FILE_NAME = "log_ins.sqlite3"
MOST_PAGES = 16
"""MQTT accounts of one log-in: its pages in several windows. One more ends the oldest."""
_TABLES = """
create table if not exists log_ins (name text primary key, body text);
create table if not exists pages (username text primary key, name text, device text, body text);
create table if not exists ended (name text primary key, until real);
"""


class LogIn(msgspec.Struct, frozen=True):
    """Somebody is logged in in one browser, at the latest until ``until``."""

    staff_id: str
    stamp: str
    """What they logged in with, in a form that tells nothing: a new PIN has another."""
    until: datetime


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's MQTT account."""

    name: str
    device: str
    account: Account


class LogIns:
    """The log-ins and their pages' accounts. Any thread may ask.

    They stand in a file of their own, so that a restart of the hub logs nobody out. Without one, or
    on a disk that takes nothing, it does.
    """

    def __init__(self, clock: Clock, path: Path | None = None) -> None:
        self._clock, self._lock = clock, threading.RLock()
        self._folder = path.parent if path is not None else Path()
        self._db: Database | None = None
        self._log_ins: dict[str, LogIn] = {}
        self._pages: dict[str, _Page] = {}
        self._used: dict[str, float] = {}
        self.changes = 0
        """Grows when the pages' accounts change."""
        if path is not None:
            with self._if_the_disk_works():
                self._open_file(path)

    def begin(self, staff_id: str, stamp: str, until: datetime) -> str:
        """Log somebody in; returns the secret by which their browser is known."""
        secret = secrets.token_urlsafe(24)
        log_in = LogIn(staff_id, stamp, until)
        with self._lock:
            self._log_ins[_name_of(secret)] = log_in
            body = msgspec.json.encode(log_in).decode()
            self._write("insert or replace into log_ins values (?, ?)", _name_of(secret), body)
        return secret

    def find(self, secret: str) -> LogIn | None:
        """The log-in of the browser with this secret; None: it never was, or is over."""
        with self._lock:
            log_in = self._log_ins.get(_name_of(secret))
        return log_in if log_in is not None and self._clock() < log_in.until else None

    def end(self, secret: str) -> None:
        """End the log-in of the browser with this secret."""
        name = _name_of(secret)
        self._end_where(lambda each, _log_in: each == name)

    def end_all_of(self, staff_id: str) -> int:
        """End every log-in of this person; how many they were."""
        return self._end_where(lambda _name, log_in: log_in.staff_id == staff_id)

    def end_what_is_over(self) -> None:
        """End the log-ins whose time is over."""
        now = self._clock()
        self._end_where(lambda _name, log_in: log_in.until <= now)

    def count_of(self, staff_id: str) -> int:
        """In how many browsers this person is logged in."""
        with self._lock:
            return sum(log_in.staff_id == staff_id for log_in in self._log_ins.values())

    def people(self) -> frozenset[str]:
        """Who is logged in anywhere."""
        with self._lock:
            return frozenset(log_in.staff_id for log_in in self._log_ins.values())

    def use(self, ticket: str, until: datetime) -> bool:
        """Use a ticket, which is good once and through ``until``; False: it was used before."""
        with self._lock:
            now = self._clock().timestamp()
            self._used = {name: over for name, over in self._used.items() if over > now}
            self._write("delete from ended where until <= ?", now)
            if ticket in self._used:
                return False
            self._used[ticket] = until.timestamp()
            self._write("insert or ignore into ended values (?, ?)", ticket, until.timestamp())
            return True

    def account(self, secret: str, device: str, roles: tuple[str, ...]) -> tuple[Account, bool]:
        """The MQTT account of this log-in's page on ``device``, and whether it is new.

        Raises:
            LookupError: the log-in is over.
        """
        with self._lock:
            log_in, name = self.find(secret), _name_of(secret)
            if log_in is None:
                raise LookupError(device)
            theirs = [page for page in self._pages.values() if page.name == name]
            found = next((page for page in theirs if page.device == device), None)
            if found is not None and found.account.roles == roles:
                return found.account, False
            for page in [found] if found is not None else theirs[: 1 - MOST_PAGES]:
                self._close(page)
            account = page_account(log_in.staff_id, roles, name)
            self._open(_Page(name, device, account))
            return account, True

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of all pages."""
        with self._lock:
            return tuple(page.account for page in self._pages.values())

    def _open(self, page: _Page) -> None:
        username, body = page.account.username, msgspec.json.encode(page.account).decode()
        self._pages[username] = page
        row = (username, page.name, page.device, body)
        self._write("insert or replace into pages values (?, ?, ?, ?)", *row)
        self.changes += 1

    def _close(self, page: _Page) -> None:
        del self._pages[page.account.username]
        self._write("delete from pages where username = ?", page.account.username)
        self.changes += 1

    def _end_where(self, is_over: Callable[[str, LogIn], bool]) -> int:
        with self._lock:
            over = [name for name, log_in in self._log_ins.items() if is_over(name, log_in)]
            for name in over:
                del self._log_ins[name]
                self._write("delete from log_ins where name = ?", name)
                for page in [page for page in self._pages.values() if page.name == name]:
                    self._close(page)
            return len(over)

    def _open_file(self, path: Path) -> None:
        """Read the file; one that is damaged is begun anew, and everybody logs in once more."""
        try:
            self._read(path)
        except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
            if disk_trouble(error, self._folder) is not None:
                raise
            log.warning("%s is damaged and begun anew: everybody logs in again (%s)", path, error)
            for part in path.parent.glob(f"{path.name}*"):
                part.unlink()
            self._log_ins, self._pages, self._used = {}, {}, {}
            self._read(path)

    def _read(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._db = open_database(path)
        db = self._db.conn
        db.executescript(_TABLES)
        for name, body in db.execute("select name, body from log_ins"):
            self._log_ins[name] = msgspec.json.decode(body, type=LogIn)
        for username, name, device, body in db.execute("select * from pages order by rowid"):
            if name in self._log_ins:
                self._pages[username] = _Page(name, device, msgspec.json.decode(body, type=Account))
        self._used = dict(db.execute("select name, until from ended"))

    def _write(self, statement: str, *values: object) -> None:
        if self._db is not None:
            with self._if_the_disk_works(), self._db.atomic():
                self._db.conn.execute(statement, values)

    @contextmanager
    def _if_the_disk_works(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            if disk_trouble(error, self._folder) is None:
                raise
            log.warning("log-ins are not kept: %s", error)


def _name_of(secret: str) -> str:
    """What is kept instead of the secret, so that a copy of the file opens nothing."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()[:32]
