"""The disk under a program's file: what is wrong with it, how much room it has, and a reserve."""

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from shared.salvage import copy_with_wal
from shared.sealed_file import connect, copy_over, in_memory, sqlite3

log = logging.getLogger(__name__)

MB = 2**20
SHORT_MB, SHORT_RATIO = 500, 0.05
"""Less room than either is told in time."""
RESERVE_MB = 16
"""More than a busy day writes."""
RESERVE_FROM_MB = 3 * RESERVE_MB
"""A reserve is made only where that leaves room for others."""
_FULL_BELOW_MB = 1
_IN_MEMORY = Path("/dev/shm")
_TROUBLED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
_TROUBLED_SQLITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}


class DiskTrouble(StrEnum):
    """What is wrong with a disk; also the ``problem`` of a node's status."""

    FULL = "disk_full"
    READ_ONLY = "disk_read_only"
    FAILING = "disk_failing"
    SHORT = "disk_short"
    """It works still, and will be full before long."""


@dataclass(frozen=True, slots=True)
class DiskState:
    """A disk in trouble, as people are told of it."""

    trouble: DiskTrouble
    is_unsaved: bool
    """Whether something is held in memory only."""
    folder: Path
    free_mb: int
    needed_mb: int
    """How much room would do."""


def disk_trouble(error: Exception, folder: Path) -> DiskTrouble | None:
    """What this failure says of the disk under ``folder``; None: the disk is not to blame."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # an extended one has more above
        is_troubled, says_full = code in _TROUBLED_SQLITE, code == sqlite3.SQLITE_FULL
    else:
        number = getattr(error, "errno", None)
        is_troubled = number in _TROUBLED
        says_full = number in (errno.ENOSPC, errno.EDQUOT)
    if not is_troubled:
        return None
    if _is_read_only(folder):
        return DiskTrouble.READ_ONLY
    return (
        DiskTrouble.FULL if says_full or free_mb(folder) < _FULL_BELOW_MB else DiskTrouble.FAILING
    )


def free_mb(folder: Path) -> int:
    """The room on the disk under ``folder``, which need not exist yet."""
    return shutil.disk_usage(_existing(folder)).free // MB


def is_short(folder: Path) -> bool:
    """Whether the disk under ``folder`` will be full before long."""
    usage = shutil.disk_usage(_existing(folder))
    return usage.free < SHORT_MB * MB or usage.free < SHORT_RATIO * usage.total


def can_take(folder: Path, size: int) -> bool:
    """Whether the disk under ``folder`` takes ``size`` bytes now: it is tried."""
    trial = folder / "disk.trial"
    try:
        return _allocate(trial, size)
    finally:
        _remove(trial)


class Reserve:
    """Room kept for the moment when the disk is full: a file that is given up then (预留空间)."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "disk.reserve"

    def make(self) -> bool:
        """Keep the room; whether it is kept, or there is too little to keep some."""
        if self._path.exists():
            return True
        if _is_read_only(self._folder) or free_mb(self._folder) < RESERVE_FROM_MB:
            return False
        return _allocate(self._path, RESERVE_MB * MB)

    def release(self) -> None:
        """Give the room to what must be written now."""
        _remove(self._path)


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder for the block, in the memory that Linux shows as one."""
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def read_into_memory(
    path: Path, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    """A copy of the SQLite file at ``path``, of a disk on which it cannot be opened; else empty.

    SQLite reads a log of commits (WAL) only where it may write: such a pair is copied first.
    """
    copy = in_memory(path, kind)
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        with folder_in_memory() as folder:
            copy_with_wal(path, folder / path.name)
            with closing(connect(folder / path.name, like=path)) as source:
                copy_over(source, copy)
    elif path.exists():
        with closing(connect(path, "still")) as source:
            copy_over(source, copy)
    return copy


def _allocate(path: Path, size: int) -> bool:
    """Make a file of ``size`` bytes, all of them on the disk; False: the disk refuses."""
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)
            file.write(b"\0")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        log.debug("%s: %s", path, error)
        _remove(path)
        return False
    return True


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.debug("%s stays: %s", path, error)


def _is_read_only(folder: Path) -> bool:
    """Whether nothing can be written there; of a card that broke, its mount may not say so."""
    trial = _existing(folder) / "disk.trial"
    if os.statvfs(trial.parent).f_flag & os.ST_RDONLY:
        return True
    try:
        trial.touch()
    except OSError as error:
        return error.errno == errno.EROFS
    _remove(trial)
    return False


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
