"""The outbox of a gate or kiosk: keeps a while what the hub confirmed, should it lose it (补发)."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from shared.database import Database
from shared.disk import disk_trouble
from shared.file_check import file_of
from shared.old_copies import KEPT_COPIES, delete_old_copies
from shared.outbox import Outbox
from shared.sealed_file import sqlite3

KEPT_FOR, KEPT = timedelta(days=7), 20_000
"""How long, and how many messages at most: a week of a busy gate, some ten megabytes."""


class EdgeOutbox(Outbox):
    """An outbox whose confirmed messages are sent again after the hub was restored."""

    def confirm(self, ids: Collection[str], at: datetime) -> None:
        """The hub has the messages of these ids: they wait no longer, and are kept a while."""
        self._confirmed_at = at
        self.forget_ids(ids)

    def _make(self, db: Database) -> None:
        db.conn.execute("pragma secure_delete = on")  # messages name people
        super()._make(db)
        keep_confirmed(db)

    def _drop(self, ids: Collection[str]) -> None:
        """Keep them as confirmed, as far as they stood in the file."""
        marks, at = ",".join("?" * len(ids)), self._confirmed_at
        execute = self._db.conn.execute
        execute(
            "insert into confirmed (type, id, body, confirmed_at) "
            f"select type, id, body, ? from outbox where id in ({marks}) order by row",
            [at.isoformat(), *ids],
        )
        super()._drop(ids)
        self._forget_before(at - KEPT_FOR)
        newest = "select max(row) from confirmed"
        execute(f"delete from confirmed where row <= ({newest}) - ?", [KEPT])

    def forget_old(self, at: datetime) -> None:
        """Delete what was confirmed too long ago, and old copies of the program's files."""
        self._where_the_disk_allows(lambda: self._forget_before(at - KEPT_FOR))
        if path := file_of(self._db.conn):
            delete_old_copies(path.parent, at - KEPT_COPIES)

    def erase(self, ids: Collection[str]) -> None:
        """Delete these messages, confirmed or not: the hub erased whom they name."""
        if ids:
            self._where_the_disk_allows(lambda: self._erase(ids))

    def _erase(self, ids: Collection[str]) -> None:
        marks = ",".join("?" * len(ids))
        for table in ("confirmed", "outbox"):
            self._db.conn.execute(f"delete from {table} where id in ({marks})", list(ids))

    def _forget_before(self, moment: datetime) -> None:
        before = [moment.isoformat()]
        self._db.conn.execute("delete from confirmed where confirmed_at < ?", before)

    def _where_the_disk_allows(self, work: Callable[[], None]) -> None:
        """Do ``work`` in a transaction; what the disk refuses goes with its time."""
        try:
            with self._lock, self._db.atomic():
                work()
        except sqlite3.Error as error:
            if disk_trouble(error, self.folder) is None:
                raise

    def send_again(self, restore_id: str | None) -> int:
        """Let what is kept wait again, before all that waits, if the hub was restored since.

        Returns how many messages; the hub knows by their ids which of them it has. On a disk that
        takes nothing they wait for the hub's next word.
        """
        try:
            return self._send_again(restore_id)
        except sqlite3.Error as error:
            if disk_trouble(error, self.folder) is None:
                raise
            return 0

    def _send_again(self, restore_id: str | None) -> int:
        with self._lock, self._db.atomic():
            execute = self._db.conn.execute
            known = execute("select restore_id from hub").fetchone()
            if restore_id == (known[0] if known else None):
                return 0
            execute("delete from hub")
            execute("insert into hub values (?)", [restore_id])
            (count,) = execute("select count(*) from confirmed").fetchone()
            execute(
                "insert into confirmed (type, id, body, confirmed_at) "
                "select type, id, body, '' from outbox order by row"
            )
            execute("delete from outbox")
            all_of_it = "select type, id, body from confirmed order by row"
            execute(f"insert into outbox (type, id, body) {all_of_it}")
            execute("delete from confirmed")
        return int(count)


def keep_confirmed(db: Database) -> None:
    """Make the tables of what was confirmed, and of the restore that the hub last named."""
    columns = {"row": int, "type": str, "id": str, "body": bytes, "confirmed_at": str}
    db.table("confirmed").create(columns, pk="row", if_not_exists=True)
    db.table("confirmed").create_index(["confirmed_at"], if_not_exists=True)
    db.table("hub").create({"restore_id": str}, if_not_exists=True)
