"""Bodies as they came, on the disk before they are answered (先落盘再应答)."""

import errno
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from gate.intake.same_car import Verdict
from gate.vendors.body import Body
from shared.clock import Clock
from shared.database import Database
from shared.disk import disk_trouble
from shared.ids import new_id
from shared.mending import Shape
from shared.migrations import Migrations
from shared.sealed_file import sqlite3

BUDGET_BYTES = 512 * 1024 * 1024
"""What bodies may take of the disk, whoever posts them: a week of twenty cameras is a tenth."""
RESULTS_KEPT = 1_000_000
KEPT_IDS = timedelta(days=60)
"""How long results are known by their ids: a camera sends a record again after weeks."""
_STEM = 33
"""Ids of one body's messages are alike in so many characters: see the desk."""
migrations = Migrations("intake")


@migrations()
def create_intake(db: Database) -> None:
    """Release 0.8."""
    db.conn.execute(
        "create table if not exists bodies (row integer primary key autoincrement, id text, "
        "path text, content_type text, came_at text, body blob, is_read integer default 0, "
        "verdicts text default '[]')"
    )
    db.conn.execute("create index if not exists unread on bodies (row) where is_read = 0")
    for table in (
        "results (key text primary key, row integer, at text)",
        "told (id text primary key, at text)",
    ):
        db.conn.execute(f"create table if not exists {table}")


class SpoolError(Exception):
    """The disk takes nothing; the camera shall send it again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A body in the spool. ``message_id`` is free for what follows from it."""

    row: int
    message_id: str
    came_at: datetime
    body: Body
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a body: one verdict for each result in it."""

    row: int
    verdicts: tuple[Verdict, ...]
    keys: tuple[str, ...]


@dataclass(slots=True, eq=False)
class _Waiting:
    body: Body
    is_kept: bool = False
    error: Exception | None = None


@dataclass(slots=True)
class Spool:
    """A file of its own, used by all threads over one connection.

    Whoever commits takes along all that wait by then, so many cameras share one wait for the disk.
    """

    db: Database
    clock: Clock
    folder: Path = Path()
    budget_bytes: int = BUDGET_BYTES
    _bytes: int | None = None
    """How large the bodies are, once somebody counted."""
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _waiting: list[_Waiting] = field(default_factory=list)
    _queue: threading.Lock = field(default_factory=threading.Lock)
    _has_come: threading.Event = field(default_factory=threading.Event)

    def keep(self, body: Body) -> None:
        """Keep ``body``, which must be fit for it; it is on the disk when this returns.

        Raises:
            SpoolError: the disk refuses it.
        """
        waiting = _Waiting(body)
        with self._queue:
            self._waiting.append(waiting)
        with self._lock:
            if not waiting.is_kept and waiting.error is None:
                self._keep_all()
        if waiting.error is not None:
            raise SpoolError(str(waiting.error)) from waiting.error
        self._has_come.set()

    def wait(self, wait_s: float) -> None:
        """Until a body comes, or so many seconds pass."""
        self._has_come.wait(wait_s)
        self._has_come.clear()

    def unread(self, limit: int) -> list[Kept]:
        """The oldest bodies that were not read."""
        return self._select("where is_read = 0 order by row limit ?", limit)

    def read_since(self, moment: datetime) -> list[Kept]:
        """The bodies that were read and came after ``moment``, oldest first."""
        return self._select("where is_read = 1 and came_at > ? order by row", moment.isoformat())

    def newest(self, limit: int) -> list[Kept]:
        """The newest bodies, the last one first."""
        return self._select("order by row desc limit ?", limit)

    def is_known(self, key: str, row: int) -> bool:
        """Whether another body had this result before."""
        with self._lock:
            found = self.db.execute("select row from results where key = ?", [key]).fetchone()
        return found is not None and found[0] != row

    def was_told(self, message_id: str) -> bool:
        """Whether this message is in the outbox, or was."""
        with self._lock:
            found = self.db.execute("select 1 from told where id = ?", [message_id]).fetchone()
        return found is not None

    def finish(self, done: Iterable[Done], told: Iterable[str], moment: datetime) -> None:
        """Note what became of these bodies and which messages were told."""
        at = moment.isoformat()
        with self._lock, self.db.atomic():
            for each in done:
                self._finish(each, at)
            names = [(name, at) for name in told]
            self.db.conn.executemany("insert or ignore into told values (?, ?)", names)

    def delete_old(self, moment: datetime, days: int) -> None:
        """Delete what was read and is older than so many days, and what was known for long."""
        oldest, of_ids = (moment - timedelta(days=days)), moment - KEPT_IDS
        with self._lock, self.db.atomic():
            execute = self.db.conn.execute
            execute("delete from bodies where is_read = 1 and came_at < ?", [oldest.isoformat()])
            for table in ("results", "told"):
                execute(f"delete from {table} where at < ?", [of_ids.isoformat()])
                newest = f"select max(rowid) from {table}"
                execute(f"delete from {table} where rowid <= ({newest}) - ?", [RESULTS_KEPT])
            self._bytes = None

    def named(self, ids: Collection[str]) -> list[Kept]:
        """The bodies from which the messages of these ids were made."""
        stems = sorted({each[:_STEM] for each in ids})
        marks = ",".join("?" * len(stems))
        return self._select(f"where substr(id, 1, {_STEM}) in ({marks}) order by row", *stems)

    def all(self) -> list[Kept]:
        """All bodies, oldest first."""
        return self._select("where row > ? order by row", 0)

    def erase(self, rows: Iterable[int]) -> None:
        """Delete these bodies: they name somebody who was erased."""
        with self._lock, self.db.atomic():
            self.db.conn.executemany("delete from bodies where row = ?", [(row,) for row in rows])

    def _finish(self, done: Done, at: str) -> None:
        verdicts = msgspec.json.encode(done.verdicts).decode()
        change = "update bodies set is_read = 1, verdicts = ? where row = ?"
        self.db.conn.execute(change, [verdicts, done.row])
        results = [(key, done.row, at) for key in done.keys]
        self.db.conn.executemany("insert or ignore into results values (?, ?, ?)", results)

    def _keep_all(self) -> None:
        """Commit whatever waits."""
        with self._queue:
            batch, self._waiting = self._waiting, []
        try:
            moment = self.clock()
            with self.db.atomic():
                self._make_room(sum(len(each.body.data) for each in batch))
                self.db.conn.executemany(
                    "insert into bodies (id, path, content_type, came_at, body) "
                    "values (?, ?, ?, ?, ?)",
                    [self._row(each.body, moment) for each in batch],
                )
        except (OSError, sqlite3.Error) as error:
            if disk_trouble(error, self.folder) is None:
                raise
            for each in batch:
                each.error = error
            return
        for each in batch:
            each.is_kept = True

    def _make_room(self, wanted: int) -> None:
        """Let the oldest bodies go that were read, so that nobody fills the disk.

        Raises:
            OSError: the others alone are too large.
        """
        count = "select coalesce(sum(length(body)), 0) from bodies"
        if self._bytes is None:
            (self._bytes,) = self.db.execute(count).fetchone()
        if self._bytes + wanted > self.budget_bytes:
            left = "select row, sum(length(body)) over (order by row desc) as held from bodies"
            gone = f"select row from ({left}) where held > ?"
            most = self.budget_bytes * 3 // 4 - wanted
            self.db.execute(f"delete from bodies where is_read = 1 and row in ({gone})", [most])
            (self._bytes,) = self.db.execute(count).fetchone()
        if self._bytes + wanted > self.budget_bytes:
            raise OSError(errno.ENOSPC, "the spool is full of what was not read yet")
        self._bytes += wanted

    def _row(self, body: Body, moment: datetime) -> tuple[object, ...]:
        return new_id(moment), body.path, body.content_type, moment.isoformat(), body.data

    def _select(self, which: str, *values: object) -> list[Kept]:
        columns = "row, id, came_at, path, content_type, body, verdicts"
        with self._lock:
            rows = self.db.execute(f"select {columns} from bodies {which}", values).fetchall()
        return [
            Kept(
                row,
                name,
                datetime.fromisoformat(at),
                Body(bytes(data), path, kind),
                tuple(msgspec.json.decode(verdicts)),
            )
            for row, name, at, path, kind, data, verdicts in rows
        ]


def _make(db: Database) -> None:
    db.conn.execute("pragma secure_delete = on")  # bodies name people
    migrations.bring_up(db)


FILE_SHAPE = Shape(make=_make, refuse_newer=migrations.refuse_newer)
