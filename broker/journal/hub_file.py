"""The hub's file as its one writer opens it: rows wait for each other and are written together.

Nobody has to know what waits: whatever the file is asked next finds it written.
"""

from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import contextmanager
from typing import Any, Generic, Self, TypeVar

from shared.database import Database
from shared.sealed_file import sqlite3

T = TypeVar("T")
Row = tuple[Any, ...]
REMEMBERED_AT_MOST = 500
"""More visits than are in the house at once."""


_OF_TABLES = ("select", "insert", "update", "delete")


class LateConnection(sqlite3.Connection):
    """Lets rows wait within a transaction until the file is asked for anything."""

    def __init__(self, *where: Any, **how: Any) -> None:
        super().__init__(*where, **how)
        self._waiting: dict[tuple[str, str], dict[Hashable, Row]] = {}
        """By table and statement: the rows, by their key."""
        self._parts: list[bool] = []
        """The parts of the transaction under way: whether each has its savepoint yet."""

    def later(self, table: str, statement: str, rows: Mapping[Hashable, Row]) -> None:
        """Write ``rows`` by ``statement`` before anything else is asked.

        Of several rows with the same key only the last is written. What different statements
        do to a row keeps its order.
        """
        self._write(
            [
                (where, other)
                for (where, other), waiting in self._waiting.items()
                if where == table and other != statement and not waiting.keys().isdisjoint(rows)
            ]
        )
        self._waiting.setdefault((table, statement), {}).update(rows)
        if not self.in_transaction:
            self.write()

    def waits(self, table: str, statement: str, key: Hashable) -> bool:
        """Whether the row of this key waits for being written by ``statement``."""
        return key in self._waiting.get((table, statement), ())

    def write(self) -> None:
        """Write what waits."""
        self._write(list(self._waiting))

    def _write(self, some: list[tuple[str, str]]) -> None:
        """Write what waits for these tables and statements; the rest goes on waiting."""
        if some:
            self._set_savepoints()
        for table, statement in some:
            rows = self._waiting.pop((table, statement))
            super().cursor().executemany(statement, rows.values())

    def drop(self) -> None:
        """Forget what waits: its transaction failed."""
        self._waiting.clear()

    # A part that only reads needs no savepoint, and most parts of the loop only read.

    def begin_part(self) -> None:
        """Begin a part of the transaction, which may be undone by itself."""
        self.write()
        self._parts.append(False)

    def end_part(self) -> None:
        """Keep what the part changed."""
        if self._parts.pop():
            super().cursor().execute(f"release part_{len(self._parts)}")

    def undo_part(self) -> None:
        """Undo the part; an error may have undone the whole transaction already."""
        self.drop()
        if self._parts.pop() and self.in_transaction:
            super().cursor().execute(f"rollback to part_{len(self._parts)}")
            super().cursor().execute(f"release part_{len(self._parts)}")

    def _set_savepoints(self) -> None:
        for depth, is_set in enumerate(self._parts):
            if not is_set:
                super().cursor().execute(f"savepoint part_{depth}")
                self._parts[depth] = True

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Ask the file, in which everything is written that the statement names."""
        is_of_tables = statement.startswith(_OF_TABLES)
        self._write([key for key in self._waiting if not is_of_tables or key[0] in statement])
        if not statement.startswith("select"):
            self._set_savepoints()
        return super().cursor().execute(statement, *values)

    def executemany(self, *asked: Any) -> sqlite3.Cursor:
        """Change the file, in which everything is written."""
        self.write()
        self._set_savepoints()
        return super().cursor().executemany(*asked)

    def cursor(self, *asked: Any) -> Any:
        """Let somebody use the file, in which everything is written."""
        self.write()
        self._set_savepoints()
        return super().cursor(*asked)

    def commit(self) -> None:
        """Commit what waits too."""
        self.write()
        super().commit()


class HubFile(Database):
    """The hub's file, open for writing. Who remembers rows of it adds how to forget them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.remembering: list[Callable[[], None]] = []

    @classmethod
    def in_memory(cls) -> Self:
        """An empty file that ends with the program."""
        return cls(LateConnection(":memory:"))

    @contextmanager
    def atomic(self) -> Generator[Self, None, None]:
        """A transaction, or a part of one that fails by itself: file and memory change together."""
        if not self.conn.in_transaction:
            with self._whole():
                yield self
            return
        late = self._late
        late.begin_part()
        try:
            yield self
            late.write()
        except BaseException:
            late.undo_part()
            self.forget()
            raise
        late.end_part()

    @contextmanager
    def _whole(self) -> Generator[None, None, None]:
        try:
            with super().atomic():
                try:
                    yield
                    self._late.write()
                except BaseException:
                    self._late.drop()  # before the rollback, or that would have it written
                    raise
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """Read from the file again: it was rolled back, or changed past those who remember it."""
        for forget in self.remembering:
            forget()

    @property
    def _late(self) -> LateConnection:
        assert isinstance(self.conn, LateConnection)
        return self.conn


def later(db: Database, table: str, statement: str, rows: Mapping[Hashable, Row]) -> None:
    """Write ``rows`` by ``statement`` before the file is asked next; at once in any other file."""
    if isinstance(db.conn, LateConnection):
        db.conn.later(table, statement, rows)
    else:
        db.conn.executemany(statement, rows.values())


def waits(db: Database, table: str, statement: str, key: Hashable) -> bool:
    """Whether the row of this key is one of those ``later`` keeps for ``statement``."""
    return isinstance(db.conn, LateConnection) and db.conn.waits(table, statement, key)


def when_forgetting(db: Database, forget: Callable[[], None]) -> None:
    """Call ``forget`` when what is remembered of the hub's file may no longer be true."""
    if isinstance(db, HubFile):
        db.remembering.append(forget)


class Remembered(Generic[T]):
    """What was read or written of late, by its key; the file forgets it where it must."""

    def __init__(self, db: Database) -> None:
        self._known: dict[str, T] = {}
        when_forgetting(db, self.forget)

    def get(self, key: str, read: Callable[[str], T]) -> T:
        """What is known of ``key``, by ``read`` if it is not remembered."""
        if key not in self._known:
            self.keep(key, read(key))
        return self._known[key]

    def keep(self, key: str, value: T) -> None:
        """Remember ``value``, which the file has from now on."""
        if len(self._known) >= REMEMBERED_AT_MOST:
            self._known.clear()
        self._known[key] = value

    def drop(self, key: str) -> None:
        """Read ``key`` again."""
        self._known.pop(key, None)

    def forget(self) -> None:
        """Read everything again."""
        self._known.clear()
