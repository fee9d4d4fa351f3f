"""Log-ins that ended before their time: sessions that were logged out, QR codes that were used."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from shared.clock import Clock
from shared.disk import disk_trouble
from shared.outbox import open_database
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

FILE_NAME = "log_ins.sqlite3"


class Ended:
    """Knows the names of ended log-ins for as long as they would have been good.

    A cookie and a QR code carry their own proof, so that nothing has to be kept of those that are
    good. They stand in a file of the pages' own: after a restart none of them opens anything.
    Any thread may ask. Without a file, or a disk that
    takes it, a restart forgets them.
    """

    def __init__(self, clock: Clock, path: Path | None = None) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._folder = path.parent if path is not None else Path()
        self._db: Database | None = None
        self._until: dict[str, float] = {}
        if path is not None:
            with self._if_the_disk_works():
                self._db = open_database(path)
                self._db.conn.execute(
                    "create table if not exists ended (name text primary key, until real)"
                )
                self._until = dict(self._db.conn.execute("select name, until from ended"))

    def end(self, name: str, until: datetime) -> bool:
        """End the log-in ``name``, which would be good through ``until``; False: it was ended."""
        with self._lock:
            if name in self._until:
                return False
            self._forget_old()
            self._until[name] = until.timestamp()
            if self._db is not None:
                with self._if_the_disk_works(), self._db.atomic():
                    row = (name, until.timestamp())
                    self._db.conn.execute("insert or ignore into ended values (?, ?)", row)
            return True

    def has(self, name: str) -> bool:
        """Whether the log-in ``name`` was ended."""
        with self._lock:
            return name in self._until

    def _forget_old(self) -> None:
        now = self._clock().timestamp()
        self._until = {name: until for name, until in self._until.items() if until > now}
        if self._db is not None:
            with self._if_the_disk_works(), self._db.atomic():
                self._db.conn.execute("delete from ended where until <= ?", [now])

    @contextmanager
    def _if_the_disk_works(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            if disk_trouble(error, self._folder) is None:
                raise
            log.warning("an ended log-in is not kept: %s", error)
