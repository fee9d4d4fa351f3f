"""Opens a program's SQLite file whatever became of it: checks, sets aside, saves what is readable.

A program starts with every file, and never with an empty one in silence.
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database

from shared.outbox import open_database
from shared.salvage import copy_with_wal, open_damaged, pour

log = logging.getLogger(__name__)

PROBLEM = "file_mended"
"""The problem that a gate or kiosk tells of itself after such a start."""
CHECK_WITHIN_S = 3.0
"""A large file is checked no longer than this at each start; what is used is checked anyway."""
COPIES, COPY_SUFFIX = "backups", ".yingbin-backup"
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


def _nothing(_what: sqlite3.Connection | Path) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file of this program is made, and what is special in it."""

    make: Callable[[Database], None]
    """Makes the tables of this release."""
    refuse_newer: Callable[[Path], None] = _nothing
    """Raises an ``OperatorError`` for a file of a newer release: it is not ours to mend."""
    derived: frozenset[str] = frozenset()
    """Tables that ``finish`` fills from the others."""
    is_history: Callable[[str], bool] = lambda _table: False
    """Whether the rows of a table are never deleted, so that an older copy may complete them."""
    clean: Callable[[sqlite3.Connection], None] = _nothing
    """Deletes saved rows that can't be right."""
    finish: Callable[[Database], None] = lambda _db: None


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done about a file."""

    path: Path
    trouble: Trouble
    saved: int
    """Rows saved from the file itself."""
    incomplete: tuple[str, ...]
    """Tables of which rows may lack."""
    aside: Path | None
    """Where the damaged file lies now; None: there was none."""
    copy: Path | None
    """The copy that completed it; None: there is none."""


def open_whole(path: Path, shape: Shape, moment: datetime) -> tuple[Database, Mended | None]:
    """The file at ``path``, mended if it had to be; and what was done about it."""
    mended = mend(path, shape, moment)
    db = open_database(path)
    shape.make(db)
    note_existence(path)
    return db, mended


def mend(
    path: Path, shape: Shape, moment: datetime, trouble: Trouble | None = None
) -> Mended | None:
    """Make the file at ``path`` usable if it is not; None: it was, or this is the first start.

    ``trouble``: what is known to be wrong already.

    Raises:
        OperatorError: a newer release made it; nothing was done to it.
    """
    shape.refuse_newer(path)
    trouble = trouble or trouble_of(path)
    if trouble is None:
        return None
    fresh, source = path.with_name(f"{path.name}.mending"), path.with_name(f"{path.name}.source")
    _remove(fresh, source)
    with _removed_on_failure(fresh, source), closing(open_database(fresh).conn) as made:
        os.chmod(fresh, 0o600)
        shape.make(Database(made))
        made.commit()
        made.execute("pragma wal_checkpoint(truncate)")
        saved, incomplete = 0, set(_tables(made, shape))
        if trouble is Trouble.DAMAGED:
            saved, incomplete = _save(path, source, fresh, made, shape)
        copy = newest_good_copy(path.parent)
        if copy is not None:
            _complete(copy, source, made, shape, incomplete)
        shape.finish(Database(made))
        made.commit()
    aside = _exchange(path, fresh, moment)
    _remove(source)
    log.error("%s was %s; saved %d rows, aside: %s, copy: %s", path, trouble, saved, aside, copy)
    note_existence(path)
    return Mended(path, trouble, saved, tuple(sorted(incomplete)), aside, copy)


def trouble_of(path: Path, within_s: float = CHECK_WITHIN_S) -> Trouble | None:
    """What is wrong with the file at ``path``; None: nothing was found, or it was never there."""
    if not path.exists():
        return Trouble.GONE if _exists(path).exists() else None
    if path.stat().st_size == 0:  # a program that is killed during its first start leaves this
        return Trouble.EMPTY if _exists(path).exists() else None
    is_over = threading.Event()
    with closing(sqlite3.connect(path, timeout=10)) as db:

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
    return None if is_sound else Trouble.DAMAGED


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


def note_existence(path: Path) -> None:
    """Note beside the file that it exists, so that a later start misses it."""
    _exists(path).touch(mode=0o600)


def newest_good_copy(folder: Path) -> Path | None:
    """The newest sound copy that a backup made of the file in ``folder``; None: there is none."""
    copies = (folder / COPIES).glob(f"*{COPY_SUFFIX}")
    newest_first = sorted(copies, key=lambda copy: copy.stat().st_mtime, reverse=True)
    return next((copy for copy in newest_first if _is_sound(copy)), None)


def set_aside(path: Path) -> list[Path]:
    """The damaged files that lie beside ``path``, the oldest first."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    return sorted(aside for aside in found if not aside.name.endswith("-wal"))


def _is_sound(copy: Path) -> bool:
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as db:
        try:
            return _is_sound_so_far(db)
        except sqlite3.DatabaseError:
            return False


def _tables(db: sqlite3.Connection, shape: Shape) -> list[str]:
    """The tables to be saved: not SQLite's, the migrations' and the derived ones."""
    every = [
        (str(name), str(sql))
        for name, sql in db.execute("select name, sql from sqlite_master where type = 'table'")
    ]
    virtual = [name for name, sql in every if sql.lower().startswith("create virtual")]
    return [
        name
        for name, _ in every
        if not name.startswith(("sqlite_", "_", *virtual)) and name not in shape.derived
    ]


def _save(
    path: Path, source: Path, fresh: Path, made: sqlite3.Connection, shape: Shape
) -> tuple[int, set[str]]:
    """Save what the damaged file holds; the number of rows, and the tables that may lack some."""
    copy_with_wal(path, source)
    tables = _tables(made, shape)
    damaged = open_damaged(source, fresh)
    if damaged is None:
        return 0, set(tables)
    before = made.total_changes
    with closing(damaged):
        incomplete = pour(damaged, made, tables)
    saved = made.total_changes - before
    shape.clean(made)
    made.commit()
    return saved, incomplete


def _complete(
    copy: Path, source: Path, made: sqlite3.Connection, shape: Shape, incomplete: set[str]
) -> None:
    """Add what ``copy`` has and the file no longer had.

    Of a table that was read to its end only what is never deleted: else it would come back.
    """
    _remove(source)
    copy_with_wal(copy, source)
    wanted = [
        table for table in _tables(made, shape) if table in incomplete or shape.is_history(table)
    ]
    with closing(sqlite3.connect(source)) as sound:
        pour(sound, made, wanted)
    shape.clean(made)
    made.commit()


def _exchange(path: Path, fresh: Path, moment: datetime) -> Path | None:
    """Put ``fresh`` in the place of ``path``, which lies beside it under a dated name from now on.

    The old log of commits goes first: SQLite would write it into the new file.
    """
    aside = path.with_name(f"{path.name}.damaged-{moment:%Y-%m-%dT%H%M%S}")
    wal, shared_memory = (path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
    if wal.exists():
        wal.replace(aside.with_name(f"{aside.name}-wal"))
    shared_memory.unlink(missing_ok=True)
    is_there = path.exists()
    if is_there and not aside.exists():
        os.link(path, aside)
    fresh.replace(path)
    return aside if is_there else None


@contextmanager
def _removed_on_failure(*paths: Path) -> Iterator[None]:
    """Leave nothing half made on a disk that has no room."""
    try:
        yield
    except BaseException:
        _remove(*paths)
        raise


def _remove(*paths: Path) -> None:
    for path in paths:
        for end in ("", "-wal", "-shm"):
            path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


def _exists(path: Path) -> Path:
    return path.with_name(f"{path.name}.exists")


def _suspect(path: Path) -> Path:
    return path.with_name(f"{path.name}.suspect")
