"""The messages received (收件): arrivals, check-ins, what people sent, and what was unusable."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broker.journal.hub_file import Remembered
from broker.store.day_weather import DayWeather
from shared.codec import decode, to_json
from shared.database import Database
from shared.errors import MessageError
from shared.messages import Arrival, CheckIn, Message

REJECTED_KEPT = 10_000
DUE, WRITTEN = "due", "outbox/"
"""What stands in place of a topic where the hub itself failed: at something that was due, or at a
message that it had written (and then the message's type)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message and when it came."""

    message: Message
    received_at: datetime


class Inbox:
    """Keeps every message that was received, once."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.weather = DayWeather(db)
        self._check_ins: Remembered[CheckIn] = Remembered(db)

    # Arrivals and check-ins

    def add_arrival(self, arrival: Arrival, received_at: datetime, *, is_late: bool) -> bool:
        """Keep ``arrival``; False if it was kept before (QoS 1 may deliver twice)."""
        row = {
            "arrival_id": arrival.arrival_id,
            "gate_id": arrival.gate_id,
            "plate": arrival.plate,
            "seen_at": arrival.seen_at.isoformat(),
            "received_at": received_at.isoformat(),
            "late": is_late,
            "body": to_json(arrival).decode(),
        }
        return insert_new(self.db, "arrivals", row)

    def arrival(self, arrival_id: str) -> Arrival:
        """The arrival of this id, which must exist."""
        (body,) = self.db.conn.execute(
            "select body from arrivals where arrival_id = ?", [arrival_id]
        ).fetchone()
        return decode(Arrival, body.encode())

    def add_check_in(self, check_in: CheckIn, received_at: datetime, *, is_late: bool) -> bool:
        """Keep ``check_in``; False if it was kept before."""
        row = {
            "check_in_id": check_in.check_in_id,
            "kiosk_id": check_in.kiosk_id,
            "checked_in_at": check_in.checked_in_at.isoformat(),
            "received_at": received_at.isoformat(),
            "late": is_late,
            "body": to_json(check_in).decode(),
        }
        self._check_ins.keep(check_in.check_in_id, check_in)
        return insert_new(self.db, "check_ins", row)

    def check_ins_since(self, kiosk_id: str, moment: datetime) -> list[CheckIn]:
        """What this tablet sent since ``moment``, without late check-ins."""
        rows = self.db.table("check_ins").rows_where(
            "kiosk_id = ? and received_at >= ? and late = 0", [kiosk_id, moment.isoformat()]
        )
        return [decode(CheckIn, row["body"].encode()) for row in rows]

    def check_in(self, check_in_id: str) -> CheckIn:
        """The check-in of this id, which must exist."""
        return self._check_ins.get(check_in_id, self._read_check_in)

    def _read_check_in(self, check_in_id: str) -> CheckIn:
        (body,) = self.db.conn.execute(
            "select body from check_ins where check_in_id = ?", [check_in_id]
        ).fetchone()
        return decode(CheckIn, body.encode())

    def party_size(self, check_in_id: str) -> int | None:
        """How many they said they were; None: they did not, or it was erased."""
        asked = "select body ->> '$.party_size' from check_ins where check_in_id = ?"
        found = self.db.conn.execute(asked, [check_in_id]).fetchone()
        return found[0] if found else None

    # What people's phones send, and messages that only drive the rules

    def has_message(self, message_id: str) -> bool:
        """Whether a report, a registration, a departure … of this id was kept before."""
        found = self.db.conn.execute("select 1 from messages where message_id = ?", [message_id])
        return found.fetchone() is not None

    def message(self, kind: type[Message], message_id: str) -> Kept | None:
        """The message of this id; None: none of this kind is kept, or not as a whole any more."""
        query = "select body, received_at from messages where message_id = ? and kind = ?"
        row = self.db.conn.execute(query, [message_id, kind.__name__]).fetchone()
        if row is None:
            return None
        body, received_at = row
        try:
            return Kept(decode(kind, body.encode()), datetime.fromisoformat(received_at))
        except MessageError:
            return None

    def add_message(self, message_id: str, message: Message, received_at: datetime) -> bool:
        """Keep a report, a registration, a departure …; False if it was kept before."""
        row = {
            "message_id": message_id,
            "received_at": received_at.isoformat(),
            "kind": type(message).__name__,
            "body": to_json(message).decode(),
        }
        return insert_new(self.db, "messages", row)

    def find_message(self, message_id: str) -> datetime | None:
        """When the message of this id came; None: it did not."""
        found = self.db.conn.execute(
            "select received_at from messages where message_id = ?", [message_id]
        ).fetchone()
        return datetime.fromisoformat(found[0]) if found else None

    # What could not be used

    def reject(self, topic: str, payload: bytes, reason: str, received_at: datetime) -> bool:
        """Set a delivery aside with the reason; False if the same delivery was kept before."""
        row: dict[str, Any] = {
            "digest": hashlib.sha256(topic.encode(errors="replace") + b"\0" + payload).hexdigest(),
            "received_at": received_at.isoformat(),
            "topic": _storable(topic),
            "reason": _storable(reason),
            "payload": payload,
        }
        with self.db.atomic():
            is_new = insert_new(self.db, "rejected", row)
            if is_new:
                self._make_room()
        return is_new

    def _make_room(self) -> None:
        """Delete the oldest of what was set aside, if it has become too much."""
        self.db.conn.execute(
            "delete from rejected where rowid <= (select max(rowid) from rejected) - ?",
            [REJECTED_KEPT],
        )


def _storable(text: str) -> str:
    """``text`` with a mark for each half of a character, which SQLite refuses."""
    return text.encode(errors="replace").decode()


def insert_new(db: Database, table: str, row: dict[str, Any]) -> bool:
    """Keep ``row`` unless its key exists; unlike sqlite-utils, without reading the schema first."""
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    done = db.conn.execute(f"insert or ignore into {table} ({names}) values ({marks})", row)
    return done.rowcount > 0
