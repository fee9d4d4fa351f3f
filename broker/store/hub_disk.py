"""The disk under the hub's file: what it refuses is held in memory until it takes it (尚未保存)."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from broker.journal.entries import open_read_only
from shared.database import Database
from shared.disk import (
    MB,
    RESERVE_FROM_MB,
    SHORT_MB,
    DiskState,
    DiskTrouble,
    Reserve,
    can_take,
    disk_trouble,
    free_mb,
    is_short,
)
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

T = TypeVar("T")

TRY_EVERY_S = 2.0
_NEEDED, _NEEDED_A_CHANGE = 4 * MB, 8 * 1024
"""Bytes that must be free before what is held is written; a changed row costs about two pages."""


class HubDisk:
    """Keeps the hub's work on the disk, or in memory while the disk is full, read-only or failing.

    In memory it is one long transaction on the hub's own connection: everything goes on as usual
    in it, a commit ends it once the disk works, and a power cut leaves the file as it was. Senders
    get no receipt for what is held, so they still have it then.

    A disk that refuses the hub's file at its start is another case: then ``db`` is a copy in
    memory, and ``put_on_disk`` writes it in the place of the file, and opens that.
    """

    def __init__(
        self,
        db: Database,
        path: Path,
        on_loss: Callable[[], None],
        put_on_disk: Callable[[sqlite3.Connection], Database] | None = None,
    ) -> None:
        self._db, self._path, self._on_loss, self._put_on_disk = db, path, on_loss, put_on_disk
        self._reserve = Reserve(path.parent)
        self._lock = threading.RLock()
        self._next_try_at_s = 0.0
        self._changes_before = 0
        self._needed_mb = 0
        self.is_unsaved = False
        """Whether anything is held in memory only."""
        self.trouble: DiskTrouble | None = None
        """What is wrong; after a full disk until there is room for a reserve again."""
        if put_on_disk is None:
            self._reserve.make()

    @property
    def state(self) -> DiskState | None:
        """What people should know, also of a disk that is full before long; None: nothing."""
        folder, trouble, needed_mb = self._path.parent, self.trouble, self._needed_mb
        if trouble is None and is_short(folder):
            trouble, needed_mb = DiskTrouble.SHORT, SHORT_MB
        if trouble is None:
            return None
        return DiskState(trouble, self.is_unsaved, folder, free_mb(folder), needed_mb)

    def keep(self, work: Callable[[], T]) -> T:
        """Do ``work``, whose transactions fail as a whole; again, in memory, if the disk refuses.

        Raises:
            OSError, sqlite3.Error: something else is wrong with the file.
        """
        with self._lock:
            try:
                return work()
            except (OSError, sqlite3.Error) as error:
                self._hold(error)  # or it is raised again
            return work()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The hub's tables for a page of any thread, with what is held in memory."""
        if self.is_unsaved:
            with self._lock:
                yield self._db
        else:
            with closing(open_read_only(self._path)) as connection:
                yield Database(connection)

    def step(self, at_s: float) -> None:
        """Now and then, try whether a disk in trouble works again; ``at_s``: a monotonic clock."""
        if self.trouble is None or at_s < self._next_try_at_s:
            return
        self._next_try_at_s = at_s + TRY_EVERY_S
        needed = self._needed()
        self._needed_mb = RESERVE_FROM_MB + needed // MB
        with self._lock:
            if self.is_unsaved and can_take(self._path.parent, needed):
                self._save()
        if not self.is_unsaved and self._reserve.make():
            log.info("the disk works again")
            self.trouble = None

    def finish(self) -> None:
        """At the program's end, save what is held, if that is possible at all."""
        with self._lock:
            if self.is_unsaved:
                self._save()

    def hold(self, trouble: DiskTrouble) -> None:
        """From now on, hold everything in memory."""
        if trouble is not self.trouble:
            log.error("%s: %s; what follows is held in memory", self._path, trouble)
        self.trouble = trouble
        self._reserve.release()
        for pragma in ("temp_store = memory", "cache_spill = off"):
            self._db.conn.execute(f"pragma {pragma}")
        self._db.conn.execute("begin immediate")
        self._changes_before = self._db.conn.total_changes
        self.is_unsaved = True
        self._needed_mb = RESERVE_FROM_MB + self._needed() // MB

    def _hold(self, error: Exception) -> None:
        trouble = disk_trouble(error, self._path.parent)
        if trouble is None or self._db.conn.in_transaction:
            raise error
        if self.is_unsaved:  # SQLite gave the long transaction up
            self._lose(error)
        self.hold(trouble)

    def _save(self) -> None:
        try:
            self._db.conn.execute("commit")
            if self._put_on_disk is not None:
                self._go_over(self._put_on_disk)
        except (OSError, sqlite3.Error) as error:
            trouble = disk_trouble(error, self._path.parent)
            if trouble is None:
                raise
            if self._put_on_disk is None:
                self._lose(error)
            self.hold(trouble)
            return
        self.is_unsaved = False
        self._db.conn.execute("pragma cache_spill = on")
        log.info("%s: everything is saved", self._path)

    def _go_over(self, put_on_disk: Callable[[sqlite3.Connection], Database]) -> None:
        """Go on with the file, once the copy in memory stands there."""
        copy = self._db.conn
        self._db.conn = put_on_disk(copy).conn
        self._put_on_disk = None
        copy.close()

    def _lose(self, error: Exception) -> None:
        """Go on from what the file has; whoever waits for a receipt sends the rest again."""
        log.error("%s: what was held in memory is lost (%s)", self._path, error)
        self._on_loss()

    def _needed(self) -> int:
        changes = self._db.conn.total_changes - self._changes_before if self.is_unsaved else 0
        size = (
            self._path.stat().st_size
            if self._put_on_disk is not None and self._path.exists()
            else 0
        )
        return _NEEDED + _NEEDED_A_CHANGE * changes + size
