"""Opens a program's SQLite file whatever became of it: checks, sets aside, saves what is readable.

A program starts with every file, and never with an empty one in silence.
"""

import logging
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from shared.database import Database
from shared.file_check import Trouble, is_sound, note_existence, trouble_of
from shared.outbox import open_database
from shared.salvage import copy_with_wal, open_damaged, pour
from shared.sealed_file import connect, sqlite3

log = logging.getLogger(__name__)

PROBLEM = "file_mended"
"""The problem that a gate or kiosk tells of itself after such a start."""
ASIDE_KEPT = 3
"""How many damaged files lie beside the good one: they must never fill the disk."""


class Copy(NamedTuple):
    """A copy of the file that may complete it."""

    file: Path
    name: str
    """What people know it by."""


Copies = Callable[[], Generator[Copy, None, None]]
"""Opens the copies that there are, the best first; each is put away when the next is asked for."""


def _no_copies() -> Generator[Copy, None, None]:
    yield from ()


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
    may_lack: Callable[[sqlite3.Connection, Path], bool] = lambda _db, _path: True
    """Whether rows may lack that were saved from the file at this path, though all were read."""
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
    copy: str | None
    """The name of the copy that completed it; None: there is none."""


def open_whole(path: Path, shape: Shape, moment: datetime) -> tuple[Database, Mended | None]:
    """The file at ``path``, mended if it had to be; and what was done about it."""
    shape.refuse_newer(path)
    trouble = trouble_of(path)
    mended = mend(path, shape, moment, trouble) if trouble else None
    db = open_database(path)
    shape.make(db)
    note_existence(path)
    return db, mended


def mend(
    path: Path, shape: Shape, moment: datetime, trouble: Trouble, copies: Copies = _no_copies
) -> Mended:
    """Put a usable file in the place of the one at ``path``, with all that can be found of it.

    Raises:
        OperatorError: a newer release made it; nothing was done to it.
    """
    shape.refuse_newer(path)
    log.warning("%s is %s; a new one is put together", path, trouble)
    fresh, source = path.with_name(f"{path.name}.mending"), path.with_name(f"{path.name}.source")
    _remove(fresh, source)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh.touch(mode=0o600)
    with removed_on_failure(fresh, source), closing(connect(fresh)) as made:
        made.execute("pragma journal_mode = memory")  # a power cut in between costs a new attempt
        made.execute("pragma synchronous = off")
        shape.make(Database(made))
        made.commit()
        saved, incomplete = 0, set(_tables(made, shape))
        if trouble in (Trouble.DAMAGED, Trouble.LOCKED):
            saved, incomplete = _save(path, source, fresh, made, shape)
        _remove(source)
        may_lack = incomplete or shape.may_lack(made, path)
        copy = _complete(copies, made, shape, incomplete) if may_lack else None
        log.info("%s: what can be made of the saved rows is made", path)
        shape.finish(Database(made))
        made.commit()
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    aside = exchange(path, fresh, moment)
    for old in set_aside(path)[:-ASIDE_KEPT]:
        _remove(old)
    log.error("%s was %s; saved %d rows, aside: %s, copy: %s", path, trouble, saved, aside, copy)
    note_existence(path)
    return Mended(path, trouble, saved, tuple(sorted(incomplete)), aside, copy)


def set_aside(path: Path) -> list[Path]:
    """The damaged files that lie beside ``path``, the oldest first."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    return sorted(aside for aside in found if not aside.name.endswith("-wal"))


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
        incomplete = pour(damaged.read, made, tables)
    saved = made.total_changes - before
    shape.clean(made)
    made.commit()
    return saved, incomplete


def _complete(
    copies: Copies, made: sqlite3.Connection, shape: Shape, incomplete: set[str]
) -> str | None:
    """Add what the best sound copy has and the file no longer had; the copy's name.

    Of a table that was read to its end only what is never deleted: else it would come back.
    """
    wanted = [
        table for table in _tables(made, shape) if table in incomplete or shape.is_history(table)
    ]
    with closing(copies()) as found:
        for copy in filter(lambda each: is_sound(each.file), found):
            log.info("what lacks is taken from %s", copy.name)
            with closing(connect(copy.file, "still")) as sound:
                pour(sound.execute, made, wanted)
            shape.clean(made)
            made.commit()
            return copy.name
    return None


def exchange(path: Path, fresh: Path, moment: datetime) -> Path | None:
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
def removed_on_failure(*paths: Path) -> Iterator[None]:
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
