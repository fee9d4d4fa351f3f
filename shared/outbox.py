"""Messages that must not be lost: written to disk first, sent afterwards (发件箱)."""

import sqlite3
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from shared import messages
from shared.codec import decode, to_json
from shared.messages import Message

ID_FIELDS = {
    "Arrival": "arrival_id",
    "Departure": "departure_id",
    "Correction": "correction_id",
    "CheckIn": "check_in_id",
    "ServiceVisit": "service_visit_id",
    "ServiceVisitEnd": "end_id",
}
"""The messages that an edge program keeps until the hub's ``Receipt``, with the field of the id."""


def open_database(path: Path) -> Database:
    """Open the SQLite file ``path`` so that a commit survives a power cut.

    WAL with ``synchronous=FULL``: 5 to 6 ms a commit; ``NORMAL`` may lose the last ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    return Database(connection)


def message_id(message: Message) -> str:
    """The id that a ``Receipt`` will name."""
    name: str = getattr(message, ID_FIELDS[type(message).__name__])
    return name


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the outbox."""

    row: int
    message: Message


class Outbox:
    """A queue in the program's own SQLite file, oldest first. May be used from several threads."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.RLock()
        columns = {"row": int, "type": str, "id": str, "body": bytes}
        db.table("outbox").create(columns, pk="row", if_not_exists=True)
        db.table("outbox").create_index(["id"], if_not_exists=True)

    def put(self, message: Message) -> None:
        """Keep ``message``; it is on disk when this returns, or with the caller's transaction."""
        kind = type(message).__name__
        name = message_id(message) if kind in ID_FIELDS else None
        with self._lock:
            row = (kind, name, to_json(message))
            insert = "insert into outbox (type, id, body) values (?, ?, ?)"
            if self._db.conn.in_transaction:  # a savepoint around one statement saves nothing
                self._db.conn.execute(insert, row)
                return
            with self._db.atomic():
                self._db.conn.execute(insert, row)

    def waiting(self, limit: int, *, after: int = 0) -> list[Waiting]:
        """The oldest ``limit`` messages after the row ``after``."""
        with self._lock:
            rows = self._db.conn.execute(
                "select row, type, body from outbox where row > ? order by row limit ?",
                [after, limit],
            ).fetchall()
        return [Waiting(row, _read_row(kind, body)) for row, kind, body in rows]

    def oldest(self) -> Message | None:
        """The message that has waited longest; None: nothing waits."""
        return next((waiting.message for waiting in self.waiting(1)), None)

    def forget(self, rows: Collection[int]) -> None:
        """Delete ``rows``: the hub has them."""
        self._delete("row", rows)

    def forget_ids(self, ids: Collection[str]) -> None:
        """Delete the messages of these ids: the hub has them."""
        self._delete("id", ids)

    def depth(self) -> int:
        """How many messages wait."""
        with self._lock:
            return int(self._db.table("outbox").count)

    def _delete(self, column: str, values: Collection[int] | Collection[str]) -> None:
        marks = ",".join("?" * len(values))
        with self._lock, self._db.atomic():
            self._db.conn.execute(f"delete from outbox where {column} in ({marks})", list(values))


def _read_row(kind: str, body: bytes) -> Message:
    message_type: type[Message] = getattr(messages, kind)
    return decode(message_type, body)
