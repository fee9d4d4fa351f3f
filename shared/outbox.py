"""Messages that must not be lost: written to disk first, sent afterwards (发件箱)."""

import logging
import sqlite3
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from shared.codec import read_kept, to_keep
from shared.errors import MessageError
from shared.messages import Message

log = logging.getLogger(__name__)

ID_FIELDS = {
    "Arrival": "arrival_id",
    "Departure": "departure_id",
    "Correction": "correction_id",
    "CheckIn": "check_in_id",
    "ServiceVisit": "service_visit_id",
    "ServiceVisitEnd": "end_id",
    "Ack": "ack_id",
    "StaffReport": "report_id",
    "Registration": "registration_id",
    "LookUp": "look_up_id",
    "Booking": "booking_id",
    "CustomersGiven": "act_id",
}
"""The messages that the hub answers with a ``Receipt``, with the field of the id.

Gates, tablets and phones keep them until then; a look-up waits nowhere.
"""


def open_database(path: Path) -> Database:
    """Open the SQLite file ``path`` so that a commit survives a power cut.

    WAL with ``synchronous=FULL``: 5 to 6 ms a commit; ``NORMAL`` may lose the last ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    return Database(connection)


_OF_THE_STATEMENT = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_CONSTRAINT,
}
"""SQLite's primary result codes; an extended one has more in its upper bytes."""


def is_of_the_file(error: Exception) -> bool:
    """Whether the file itself fails, as on a full disk, and not a statement about odd values."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _OF_THE_STATEMENT
    return isinstance(error, OSError)


def message_id(message: Message) -> str:
    """The id that a ``Receipt`` will name."""
    name: str = getattr(message, ID_FIELDS[type(message).__name__])
    return name


def _row(message: Message) -> tuple[str, str | None, bytes]:
    kind = type(message).__name__
    return kind, message_id(message) if kind in ID_FIELDS else None, to_keep(message)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the outbox."""

    row: int
    message: Message


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that can no longer be read or sent, and why."""

    row: int
    kind: str
    body: bytes
    problem: str


class Outbox:
    """A queue in the program's own SQLite file, oldest first. May be used from several threads.

    A row that cannot be read is set aside in the table ``unreadable``, so that it stops no other.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.RLock()
        self.has_lost = False
        """Whether a message was set aside since the start."""
        columns = {"row": int, "type": str, "id": str, "body": bytes}
        db.table("outbox").create(columns, pk="row", if_not_exists=True)
        db.table("outbox").create_index(["id"], if_not_exists=True)
        aside = {"row": int, "type": str, "body": bytes, "problem": str}
        db.table("unreadable").create(aside, pk="row", if_not_exists=True)

    def put(self, message: Message) -> None:
        """Keep ``message``; it is on disk when this returns, or with the caller's transaction.

        Raises:
            MessageError: it could not be read again, or sent. Nothing is kept.
        """
        self.put_all([message])

    def put_all(self, messages: Iterable[Message]) -> None:
        """Keep ``messages`` as ``put`` does, all of them or none."""
        rows = [_row(message) for message in messages]
        if not rows:
            return
        with self._lock:
            insert = "insert into outbox (type, id, body) values (?, ?, ?)"
            if self._db.conn.in_transaction:  # a savepoint around one statement saves nothing
                self._db.conn.executemany(insert, rows)
                return
            with self._db.atomic():
                self._db.conn.executemany(insert, rows)

    def waiting(self, limit: int, *, after: int = 0) -> list[Waiting]:
        """The oldest ``limit`` messages after the row ``after``, or fewer if some are set aside.

        Empty: nothing waits.
        """
        with self._lock:
            while True:
                rows = self._db.conn.execute(
                    "select row, type, body from outbox where row > ? order by row limit ?",
                    [after, limit],
                ).fetchall()
                found = [waiting for row in rows if (waiting := self._read(*row))]
                if found or not rows:
                    return found

    def unreadable(self) -> list[Unreadable]:
        """What was set aside, oldest first."""
        with self._lock:
            rows = self._db.conn.execute(
                "select row, type, cast(ifnull(body, '') as blob), problem from unreadable"
            )
            return [Unreadable(*row) for row in rows.fetchall()]

    def drop_unreadable(self, rows: Collection[int]) -> None:
        """Delete what was set aside: it is kept elsewhere now."""
        self._delete("row", rows, table="unreadable")

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

    def _read(self, row: int, kind: str, body: bytes) -> Waiting | None:
        """The message of this row; None: it is set aside."""
        try:
            return Waiting(row, read_kept(kind, body))
        except (MessageError, TypeError) as error:  # TypeError: a damaged row holds no bytes
            log.warning("a message in the outbox is set aside: %s", error)
            self.has_lost = True
            with self._db.atomic():
                insert = "insert into unreadable (type, body, problem) values (?, ?, ?)"
                self._db.conn.execute(insert, [kind, body, str(error)])
                self._delete("row", [row])
            return None

    def _delete(
        self,
        column: str,
        values: Collection[int] | Collection[str],
        *,
        table: str = "outbox",
    ) -> None:
        marks = ",".join("?" * len(values))
        with self._lock, self._db.atomic():
            self._db.conn.execute(f"delete from {table} where {column} in ({marks})", list(values))
