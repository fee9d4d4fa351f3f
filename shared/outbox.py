"""Messages that must not be lost: written to disk first, sent afterwards (发件箱)."""

import logging
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from shared.codec import read_kept, to_keep
from shared.database import Database
from shared.disk import DiskTrouble, disk_trouble
from shared.errors import MessageError
from shared.file_check import file_of
from shared.messages import Message
from shared.sealed_file import connect, sqlite3

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


def open_database(path: Path, kind: type[sqlite3.Connection] = sqlite3.Connection) -> Database:
    """Open the SQLite file ``path`` so that a commit survives a power cut.

    WAL with ``synchronous=FULL``: 5 to 6 ms a commit; ``NORMAL`` may lose the last ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(path, check_same_thread=False, kind=kind)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    return Database(connection)


PROVED_AT_MOST = 1_000
_BY_ID = "create index if not exists outbox_by_id on outbox (id) where id is not null"
"""What the hub sends has no id."""
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


Row = tuple[str, str | None, bytes]


def _row(message: Message) -> Row:
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
    Messages that the disk refuses are held in memory, behind those in the file, until it works.
    """

    def __init__(self, db: Database, refused: Path | None = None) -> None:
        """``refused``: the file that the disk refuses to open; ``db`` is a copy of it in memory."""
        self._db, self._refused = db, refused
        self._lock = threading.RLock()
        self._held: list[Message] = []
        self._proved: dict[tuple[str, bytes], Message | None] = {}
        """What was written of late, by its kind and text: read again, it is the same message."""
        self._done: set[str] = set()
        """Ids of messages that the hub has, while the file cannot be told."""
        self.trouble: DiskTrouble | None = None
        """What is wrong with the disk; None: every message is in the file."""
        self.has_lost = False
        """Whether a message was set aside since the start."""
        self._make(db)
        if refused is not None:
            self.save()

    def put(self, message: Message) -> None:
        """Keep ``message``; it is on disk when this returns, or with the caller's transaction.

        If the disk refuses it, it is held in memory, and ``is_held``.

        Raises:
            MessageError: it could not be read again, or sent. Nothing is kept.
        """
        self.put_all([message])

    def put_all(self, messages: Iterable[Message]) -> None:
        """Keep ``messages`` as ``put`` does, all of them or none."""
        messages = list(messages)
        rows = [_row(message) for message in messages]
        if not rows:
            return
        with self._lock:
            if self._db.conn.in_transaction:  # a savepoint around one statement saves nothing
                self._insert(rows)
                self._note_proved(messages, rows)
                return
            self._held += messages
            self.save()

    def save(self) -> None:
        """Write what is held in memory to the disk, if it works again."""
        with self._lock:
            if not self._held and not self._done and self._refused is None:
                return
            try:
                self._save()
            except (OSError, sqlite3.Error) as error:
                trouble = disk_trouble(error, self.folder)
                if trouble is None:
                    raise
                if trouble is not self.trouble:
                    log.warning("messages are held in memory: %s (%s)", trouble, error)
                self.trouble = trouble

    def is_held(self, message_id_: str) -> bool:
        """Whether this message is in memory only: a power cut would lose it."""
        with self._lock:
            return any(message_id(message) == message_id_ for message in self._held)

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
                    break
            found += [Waiting(0, message) for message in self._held[: limit - len(found)]]
            return [waiting for waiting in found if not self._is_done(waiting.message)]

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
        with self._lock:
            self._held = [message for message in self._held if message_id(message) not in ids]
            self._done |= set(ids)
            self.save()

    def depth(self) -> int:
        """How many messages wait."""
        with self._lock:
            return int(self._db.table("outbox").count) + len(self._held)

    def _note_proved(self, messages: list[Message], rows: list[Row]) -> None:
        if len(self._proved) > PROVED_AT_MOST:
            self._proved.clear()
        for message, (kind, _, body) in zip(messages, rows, strict=True):
            self._proved[kind, body] = message

    def _insert(self, rows: list[Row]) -> None:
        self._db.conn.executemany("insert into outbox (type, id, body) values (?, ?, ?)", rows)

    def _save(self) -> None:
        if self._refused is not None:
            file = open_database(self._refused)
            self._make(file)
            self._db, self._refused = file, None
        with self._db.atomic():
            self._insert([_row(message) for message in self._held])
            if self._done:
                self._drop(self._done)
        self._held, self._done = [], set()
        if self.trouble is not None:
            log.info("every message is saved")
            self.trouble = None

    def _make(self, db: Database) -> None:
        """Make the tables."""
        columns = {"row": int, "type": str, "id": str, "body": bytes}
        db.table("outbox").create(columns, pk="row", if_not_exists=True)
        db.conn.execute(_BY_ID)
        db.conn.execute("drop index if exists idx_outbox_id")  # of release 0.5: it held every row
        aside = {"row": int, "type": str, "body": bytes, "problem": str}
        db.table("unreadable").create(aside, pk="row", if_not_exists=True)

    def _drop(self, ids: Collection[str]) -> None:
        """Delete the messages of these ids from the file, in the caller's transaction."""
        self._delete("id", ids)

    def _is_done(self, message: Message) -> bool:
        return bool(self._done) and message_id(message) in self._done

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return (self._refused or file_of(self._db.conn) or Path()).parent

    def _read(self, row: int, kind: str, body: bytes) -> Waiting | None:
        """The message of this row; None: it is set aside."""
        try:
            proved = self._proved.pop((kind, body), None)  # damage may be no bytes at all
            return Waiting(row, proved or read_kept(kind, body))
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
        one_of = "in (select value from json_each(?))"  # the same statement for any number
        with self._lock, self._db.atomic():
            listed = msgspec.json.encode([*values]).decode()
            self._db.conn.execute(f"delete from {table} where {column} {one_of}", [listed])
