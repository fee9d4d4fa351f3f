"""The kiosk's own SQLite file: the last number it gave, and the consultants it knows."""

import threading

from sqlite_utils import Database

from shared.codec import decode, to_json
from shared.messages import Roster


class Store:
    """What a kiosk must still know after a restart without a network. For any thread."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        db.table("counter").create({"name": str, "value": int}, pk="name", if_not_exists=True)
        db.table("roster").create({"id": int, "body": bytes}, pk="id", if_not_exists=True)

    def next_seq(self) -> int:
        """The next number for a message of this kiosk, from 1, never given twice."""
        raised = (
            "insert into counter (name, value) values ('seq', 1) "
            "on conflict (name) do update set value = value + 1 returning value"
        )
        with self._lock, self._db.atomic():
            return int(self._db.conn.execute(raised).fetchone()[0])

    def roster(self) -> Roster | None:
        """The roster kept last; None before the first."""
        with self._lock:
            rows = list(self._db.query("select body from roster where id = 1"))
        return decode(Roster, rows[0]["body"]) if rows else None

    def keep_roster(self, roster: Roster) -> None:
        """Replace the roster."""
        with self._lock, self._db.atomic():
            self._db.table("roster").upsert({"id": 1, "body": to_json(roster)}, pk="id")
