"""The hub's file as a copy in memory, on a disk that refuses it; and how it comes onto the disk."""

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from broker.backup.own_copies import OwnCopies
from broker.hub.whole_file import MendedHub, fit_notes, made_whole, trouble_at_start
from broker.journal.entries import HEADS_NAME
from broker.journal.hub_file import LateConnection
from shared.disk import folder_in_memory, read_into_memory
from shared.mending import exchange, removed_on_failure
from shared.outbox import open_database
from shared.salvage import copy_with_wal
from shared.sealed_file import DATA_KEY_NAME, connect, copy_over, sqlite3


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """The copy, which was mended if the file is damaged or gone."""

    path: Path
    """The file that the disk refuses."""
    db: Database
    mended: MendedHub | None
    """What was done; the file itself is as it was."""
    made_at: datetime

    def put_on_disk(self, copy: sqlite3.Connection) -> Database:
        """Write ``copy``, which went on meanwhile, in the place of the file; the opened file.

        Raises:
            OSError, sqlite3.Error: the disk refuses it; what was there lies there still.
        """
        if self.mended is None:
            return _poured_over(self.path, copy)
        fresh = self.path.with_name(f"{self.path.name}.mending")
        with removed_on_failure(fresh):
            fresh.touch(mode=0o600)
            with closing(connect(fresh)) as made:
                copy_over(copy, made)
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
        exchange(self.path, fresh, self.made_at)
        fit_notes(self.path, self.made_at)
        return open_database(self.path, LateConnection)


def held_copy(path: Path, copies: OwnCopies | None, moment: datetime) -> HeldCopy:
    """What can be read of the file at ``path``, completed from the backups ``copies``."""
    with folder_in_memory() as folder:
        file = folder / path.name
        if path.exists():
            copy_with_wal(path, file)
        for beside in (path.with_name(HEADS_NAME), path.with_name(DATA_KEY_NAME)):
            if beside.exists():
                shutil.copyfile(beside, folder / beside.name)
        trouble = trouble_at_start(file, lambda: bool(copies and copies.newest_first()))
        opened = partial(copies.opened, folder) if copies else None
        mended = made_whole(file, trouble, opened, moment) if trouble else None
        return HeldCopy(path, Database(read_into_memory(file, LateConnection)), mended, moment)


def _poured_over(path: Path, copy: sqlite3.Connection) -> Database:
    file = open_database(path, LateConnection)
    try:
        copy_over(copy, file.conn)
    except BaseException:
        file.close()
        raise
    return file
