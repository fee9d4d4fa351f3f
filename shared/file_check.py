"""Whether a program's SQLite file is sound, and whether it was ever there."""

import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from shared.sealed_file import connect, key_beside, sqlite3

log = logging.getLogger(__name__)

CHECK_WITHIN_S = 3.0
"""A large file is checked no longer than this at each start; what is used is checked anyway."""
_NOT_THE_FILE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
}
"""Results that say nothing about what is in the file."""


class Trouble(StrEnum):
    """What became of a file."""

    GONE = "gone"
    EMPTY = "empty"
    DAMAGED = "damaged"
    LOCKED = "locked"
    """It is encrypted with another key than the one that is here now."""


def file_of(db: sqlite3.Connection) -> Path | None:
    """Where the open file lies; None for a database in memory."""
    name = next(file for _, schema, file in db.execute("pragma database_list") if schema == "main")
    return Path(name) if name else None


def trouble_of(path: Path, within_s: float = CHECK_WITHIN_S) -> Trouble | None:
    """What is wrong with the file at ``path``; None: nothing was found, or it was never there."""
    if not path.exists():
        return Trouble.GONE if _exists(path).exists() else None
    if path.stat().st_size == 0:  # a program that is killed during its first start leaves this
        return Trouble.EMPTY if _exists(path).exists() else None
    is_over = threading.Event()
    with closing(connect(path)) as db:

        def give_up() -> None:
            is_over.set()
            db.interrupt()

        timer = threading.Timer(within_s, give_up)  # a progress handler is not asked inside it
        if not _suspect(path).exists():
            timer.start()
        try:
            is_sound = _is_sound_so_far(db)
        finally:
            timer.cancel()
            if timer.is_alive():
                timer.join()  # it must not interrupt a connection that is closed
    _suspect(path).unlink(missing_ok=True)
    if is_over.is_set():
        log.info("%s is large; a part was checked", path)
        return None
    if is_sound:
        return None
    noted = noted_key(path)
    is_locked = noted is not None and noted != mark_of(key_beside(path))
    return Trouble.LOCKED if is_locked else Trouble.DAMAGED


def _is_sound_so_far(db: sqlite3.Connection) -> bool:
    try:
        return bool(db.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if is_no_damage(error):
            raise
        return False


@contextmanager
def suspecting(path: Path) -> Iterator[None]:
    """Within it, damage that shows itself makes the next start check the whole of ``path``."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            _suspect(path).touch(mode=0o600)
        raise


def is_no_damage(error: sqlite3.Error) -> bool:
    """Whether the disk, another process or a permission fails, and not what is in the file."""
    return _code(error) in _NOT_THE_FILE


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; an extended one has more in its upper bytes."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_sound(copy: Path) -> bool:
    """Whether every page of a file that nobody writes to can be read."""
    with closing(connect(copy, "still")) as db:
        try:
            return _is_sound_so_far(db)
        except sqlite3.DatabaseError:
            return False


def note_existence(path: Path) -> None:
    """Note beside the file that it exists, and with which key: a later start misses either."""
    _exists(path).touch(mode=0o600)
    if noted_key(path) != (mark := mark_of(key_beside(path))):
        _exists(path).write_text(mark or "", "ascii")


def noted_key(path: Path) -> str | None:
    """What tells the key that the file had when it was last opened; see ``mark_of``."""
    try:
        return _exists(path).read_text("ascii", "replace") or None
    except OSError:
        return None


def mark_of(key: str | None) -> str | None:
    """What tells a key from others, and tells nobody the key."""
    return hashlib.sha256(key.encode()).hexdigest() if key else None


def note_check(path: Path, at: datetime, *, is_sound: bool) -> None:
    """Note that the whole file was checked; after a bad one the next start checks it too."""
    if not is_sound:
        _suspect(path).touch(mode=0o600)
    _checked(path).touch(mode=0o600)
    os.utime(_checked(path), (at.timestamp(), at.timestamp()))


def checked_at(path: Path) -> datetime | None:
    """When the whole file was last checked; None: never."""
    try:
        return datetime.fromtimestamp(_checked(path).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def is_suspect(path: Path) -> bool:
    """Whether damage has shown itself since the file was last found sound."""
    return _suspect(path).exists()


def _checked(path: Path) -> Path:
    return path.with_name(f"{path.name}.checked")


def _exists(path: Path) -> Path:
    return path.with_name(f"{path.name}.exists")


def _suspect(path: Path) -> Path:
    return path.with_name(f"{path.name}.suspect")
