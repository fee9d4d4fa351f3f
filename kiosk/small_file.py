"""A small SQLite file whose program goes on, in a copy in memory, while the disk takes nothing."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shared.database import Database
from shared.disk import disk_trouble
from shared.file_check import file_of
from shared.outbox import open_database
from shared.sealed_file import copy_over, in_memory, sqlite3

log = logging.getLogger(__name__)

T = TypeVar("T")


class SmallFile:
    """The file, or its copy, which is written over the file once the disk works. For any thread.

    ``refused``: the file that the disk refuses to open; ``db`` is a copy of it already.
    """

    def __init__(self, db: Database, refused: Path | None = None) -> None:
        self.db, self._copy_of = db, refused
        self.lock = threading.RLock()

    def write(self, work: Callable[[], T]) -> T:
        """Do ``work`` in one transaction on ``db``."""
        self.save()
        with self.lock:
            try:
                with self.db.atomic():
                    return work()
            except sqlite3.Error as error:
                path = file_of(self.db.conn) or Path()
                if self._copy_of is not None or disk_trouble(error, path.parent) is None:
                    raise
                log.warning("%s: a copy in memory is used (%s)", path, error)
            self._copy(path)
            with self.db.atomic():
                return work()

    def save(self) -> None:
        """Write the copy, if there is one, over the file, if the disk works again."""
        with self.lock:
            if self._copy_of is None:
                return
            try:
                file = open_database(self._copy_of)
                try:
                    copy_over(self.db.conn, file.conn)
                except BaseException:
                    file.close()
                    raise
            except (OSError, sqlite3.Error) as error:
                if disk_trouble(error, self._copy_of.parent) is None:
                    raise
                return
            log.info("%s: everything is saved", self._copy_of)
            self.db.close()
            self.db, self._copy_of = file, None

    def _copy(self, path: Path) -> None:
        copy = in_memory(path)
        copy_over(self.db.conn, copy)
        self.db.close()
        self.db, self._copy_of = Database(copy), path
