"""Reads what can still be read from a damaged SQLite file, row by row (抢救)."""

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from shared.sealed_file import SUMS, connect, sqlite3

Row = tuple[Any, ...]
Read = Callable[[str], Iterator[Row]]
"""Reads a file by SQL; raises ``sqlite3.DatabaseError`` at a damaged place."""

HEADER_BYTES = 100
_RESERVED_AT, _PAGES_AT, _FREE_AT, _COUNTER_AT, _VALID_FOR_AT = 20, 28, 32, 24, 92
"""Places in a SQLite file's header (sqlite.org/fileformat2.html)."""
GAPS_AT_MOST = 2_000
"""How many damaged places of a table are stepped over; with more there is nothing to gain."""
_FURTHEST = 2**20
"""How far behind a damaged row the next good one is looked for, where the end is unknown."""
_Place = tuple[int, float, bytes]


class Damaged:
    """A damaged file as far as SQLite can read it.

    SQLCipher reads nothing more through a connection that has met a damaged page, so a new one
    takes its place.
    """

    def __init__(self, path: Path, like: Path) -> None:
        self._path, self._like = path, like
        self._db = self._opened()

    def read(self, sql: str) -> Iterator[Row]:
        """The rows.

        Raises:
            sqlite3.DatabaseError: the next one lies in a damaged place.
        """
        try:
            yield from self._db.execute(sql)
        except sqlite3.DatabaseError:
            self._db.close()
            self._db = self._opened()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _opened(self) -> sqlite3.Connection:
        db = connect(self._path, like=self._like)
        db.text_factory = lambda raw: raw.decode(errors="replace")
        with suppress(sqlite3.DatabaseError):
            db.execute("pragma writable_schema = on")  # else a cut file is refused as a whole
        return db


def open_damaged(path: Path, pattern: Path) -> Damaged | None:
    """The file at ``path`` as far as SQLite can read it; None: not even its list of tables.

    A broken header is replaced in the file by that of ``pattern``, a sound file of the same
    program, so give a copy. The caller closes the file.
    """
    sound = _header_of(pattern)
    reserved = sound[_RESERVED_AT]
    for each in (None, *(SUMS if reserved in SUMS else [reserved])):
        if each is not None:
            _repair_header(path, bytearray(sound), each)
        file = Damaged(path, pattern)
        with suppress(sqlite3.DatabaseError):
            if next(file.read("select 1 from sqlite_master where type = 'table' limit 1"), None):
                return file
        file.close()
    return None


def _header_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER_BYTES)


def _repair_header(path: Path, header: bytearray, reserved: int) -> None:
    """Give the file a header that fits: the same layout, its own length, no free pages."""
    header[_RESERVED_AT] = reserved
    size = int.from_bytes(header[16:18], "big")
    size = 65536 if size == 1 else size
    pages = -(-path.stat().st_size // size)
    header[_PAGES_AT : _PAGES_AT + 4] = pages.to_bytes(4, "big")
    header[_FREE_AT : _FREE_AT + 8] = bytes(8)
    header[_VALID_FOR_AT : _VALID_FOR_AT + 4] = header[_COUNTER_AT : _COUNTER_AT + 4]
    with path.open("r+b") as file:
        file.write(header)


def copy_with_wal(path: Path, target: Path) -> None:
    """Copy the file and the commits that SQLite has not yet moved into it."""
    shutil.copyfile(path, target)
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists():
        shutil.copyfile(wal, target.with_name(f"{target.name}-wal"))


def pour(read: Read, target: sqlite3.Connection, tables: Collection[str]) -> set[str]:
    """Copy the rows of ``tables``, except those that ``target`` has; returns the incomplete ones.

    Columns that only one of the two has are left out.
    """
    incomplete = set()
    for table in tables:
        try:
            theirs = _columns(read, table)
        except sqlite3.DatabaseError:
            theirs = []
        both = [name for name in _columns(target.execute, table) if name in theirs]
        if not both or not _pour_table(read, target, table, both):
            incomplete.add(table)
    return incomplete


def _pour_table(read: Read, target: sqlite3.Connection, table: str, columns: list[str]) -> bool:
    """Whether every row of ``table`` was read and taken."""
    marks = ", ".join("?" * len(columns))
    insert = f"insert or ignore into {table} ({', '.join(columns)}) values ({marks})"
    is_whole = True
    for row in _rows(read, table, columns):
        if row is None:
            is_whole = False
            continue
        try:
            target.execute(insert, row)
        except (sqlite3.IntegrityError, sqlite3.InterfaceError):  # of a kind the table refuses
            is_whole = False
    return is_whole


def _columns(read: Read, table: str) -> list[str]:
    return [str(name) for _, name, *_ in read(f"pragma table_info({table})")]


def _rows(read: Read, table: str, columns: list[str]) -> Iterator[Row | None]:
    """Each row that can be read, in order; None in place of those that can't."""
    wanted = ", ".join(columns)
    start: int | None = -(2**63)
    for _ in range(GAPS_AT_MOST):
        if start is None:
            return
        rest = f"select rowid, {wanted} from {table} where rowid >= {start} order by rowid"
        try:
            for number, *row in read(rest):
                if int(number) < start:  # a damaged page leads back, for ever
                    yield None
                    return
                start = int(number) + 1
                yield tuple(row)
            start = None
        except sqlite3.DatabaseError as error:
            if "rowid" in str(error):  # a table without row numbers: up to the damage
                yield from _up_to_the_damage(read, table, columns)
                return
            yield None
            start = _next_good(read, table, max(start or 0, 0))


def _up_to_the_damage(read: Read, table: str, columns: list[str]) -> Iterator[Row | None]:
    """The rows of a table without row numbers, in the order of its key."""
    described = read(f"pragma table_info({table})")
    keys = [str(row[1]) for row in sorted(described, key=lambda row: row[5]) if row[5]]
    rows = f"select {', '.join([*keys, *columns])} from {table} order by {', '.join(keys)}"
    last: tuple[_Place, ...] = ()
    try:
        for row in read(rows):
            place = tuple(map(_place, row[: len(keys)]))
            if place <= last:  # a damaged page leads back
                yield None
                return
            last = place
            yield row[len(keys) :]
    except sqlite3.DatabaseError:
        yield None


def _place(value: object) -> _Place:
    """Where SQLite sorts ``value``: nothing, numbers, text by its bytes, bytes."""
    match value:
        case int() | float():
            return 1, value, b""
        case str():
            return 2, 0, value.encode(errors="replace")
        case bytes():
            return 3, 0, value
        case _:
            return 0, 0, b""


def _next_good(read: Read, table: str, start: int) -> int | None:
    """The first row number after ``start`` from which the table can be read; None: there is none.

    Damage is a page and holds neighbours, so a step that doubles, then halves, finds its end.
    """
    end, step = _last(read, table) or start + _FURTHEST, 1
    while not _is_good(read, table, start + step):
        step *= 2
        if start + step > end:
            return None
    low, high = start + step // 2, start + step
    while high - low > 1:
        middle = (low + high) // 2
        if _is_good(read, table, middle):
            high = middle
        else:
            low = middle
    return high


def _last(read: Read, table: str) -> int | None:
    try:
        ((last,),) = read(f"select max(rowid) from {table}")
    except sqlite3.DatabaseError:
        return None
    return None if last is None else int(last)


def _is_good(read: Read, table: str, number: int) -> bool:
    first = f"select * from {table} where rowid >= {number} order by rowid limit 1"
    try:
        return any(True for _ in read(first))
    except sqlite3.DatabaseError:
        return False
