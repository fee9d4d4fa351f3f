"""Opens an edge program's own file, also on a disk that refuses it: then as a copy in memory."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.database import Database
from shared.disk import disk_trouble, read_into_memory
from shared.in_use import holding_own
from shared.lost_key import find_key
from shared.mending import Mended, Shape, open_whole
from shared.sealed_file import data_key_of, sqlite3
from shared.sealing import seal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """The file, as far as it could be opened."""

    db: Database
    mended: Mended | None
    """What was done about a damaged file."""
    refused: Path | None
    """The file, where the disk refuses to open it and ``db`` is a copy in memory."""


@contextmanager
def own_folder(folder: Path, program: str, config: Path) -> Iterator[None]:
    """Hold the folder of a program's data, whose files have the key beside its settings ``config``.

    Raises:
        OperatorError: another process holds it, or its key cannot be read.
    """
    with holding_own(folder, program):
        find_key(folder, data_key_of(config))
        seal(folder, data_key_of(config))
        yield


def open_own(path: Path, shape: Shape, moment: datetime) -> Opened:
    """The file at ``path``, mended if it had to be, or a copy of it in memory."""
    try:
        return Opened(*open_whole(path, shape, moment), refused=None)
    except (OSError, sqlite3.Error) as error:
        trouble = disk_trouble(error, path.parent)
        if trouble is None:
            raise
        log.warning("%s: %s; a copy in memory is used", path, trouble)
    db = Database(read_into_memory(path))
    shape.make(db)
    return Opened(db, None, refused=path)
