"""Opens an edge program's own file, also on a disk that refuses it: then as a copy in memory."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from shared.disk import disk_trouble, read_into_memory
from shared.mending import Mended, Shape, open_whole
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """The file, as far as it could be opened."""

    db: Database
    mended: Mended | None
    """What was done about a damaged file."""
    refused: Path | None
    """The file, where the disk refuses to open it and ``db`` is a copy in memory."""


def open_own(path: Path, shape: Shape, moment: datetime) -> Opened:
    """The file at ``path``, mended if it had to be, or a copy of it in memory."""
    try:
        return Opened(*open_whole(path, shape, moment), refused=None)
    except (OSError, sqlite3.Error) as error:
        trouble = disk_trouble(error, path.parent)
        if trouble is None:
            raise
        log.warning("%s: %s; a copy in memory is used", path, trouble)
    db = read_into_memory(path)
    shape.make(db)
    return Opened(db, None, refused=path)
