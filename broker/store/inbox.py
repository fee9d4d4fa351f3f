"""What the hub remembers, in SQLite. The hub is the only writer."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from shared.codec import decode, to_json
from shared.messages import Alert, AlertClosed, Arrival, CheckIn, Message

REJECTED_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert as it was sent, and whether taking it means receiving the visitor."""

    alert: Alert
    is_host_call: bool
    closed: AlertClosed | None


class Store:
    """Keeps every message and every alert."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # Arrivals and check-ins

    def add_arrival(self, arrival: Arrival, received_at: datetime, *, is_late: bool) -> bool:
        """Keep ``arrival``; False when it was kept before (QoS 1 may deliver twice)."""
        row = {
            "arrival_id": arrival.arrival_id,
            "gate_id": arrival.gate_id,
            "plate": arrival.plate,
            "seen_at": arrival.seen_at.isoformat(),
            "received_at": received_at.isoformat(),
            "late": is_late,
            "body": to_json(arrival).decode(),
        }
        return self._insert_new("arrivals", row)

    def arrival(self, arrival_id: str) -> Arrival:
        """The arrival of this id, which is there."""
        (body,) = self.db.conn.execute(
            "select body from arrivals where arrival_id = ?", [arrival_id]
        ).fetchone()
        return decode(Arrival, body.encode())

    def add_check_in(self, check_in: CheckIn, received_at: datetime, *, is_late: bool) -> bool:
        """Keep ``check_in``; False when it was kept before."""
        row = {
            "check_in_id": check_in.check_in_id,
            "kiosk_id": check_in.kiosk_id,
            "checked_in_at": check_in.checked_in_at.isoformat(),
            "received_at": received_at.isoformat(),
            "late": is_late,
            "body": to_json(check_in).decode(),
        }
        return self._insert_new("check_ins", row)

    def check_ins_since(self, kiosk_id: str, moment: datetime) -> list[CheckIn]:
        """What this tablet sent since ``moment`` and was not late."""
        rows = self.db.table("check_ins").rows_where(
            "kiosk_id = ? and received_at >= ? and late = 0", [kiosk_id, moment.isoformat()]
        )
        return [decode(CheckIn, row["body"].encode()) for row in rows]

    def check_in(self, check_in_id: str) -> CheckIn:
        """The check-in of this id, which is there."""
        (body,) = self.db.conn.execute(
            "select body from check_ins where check_in_id = ?", [check_in_id]
        ).fetchone()
        return decode(CheckIn, body.encode())

    # What people's phones send, and what only moves the rules on

    def add_message(self, message_id: str, message: Message, received_at: datetime) -> bool:
        """Keep a report, a registration, a departure …; False when it was kept before."""
        row = {
            "message_id": message_id,
            "received_at": received_at.isoformat(),
            "kind": type(message).__name__,
            "body": to_json(message).decode(),
        }
        return self._insert_new("messages", row)

    # Alerts

    def add_alert(self, alert: Alert, group_id: str, *, is_host_call: bool) -> None:
        """Keep a raised alert of this group."""
        self._insert_new(
            "alerts",
            {
                "alert_id": alert.alert_id,
                "visit_id": alert.visit_id,
                "role": alert.role,
                "staff_id": alert.staff_id,
                "is_host_call": is_host_call,
                "expires_at": alert.expires_at.timestamp(),
                "body": to_json(alert).decode(),
                "closed": None,
                "closed_at": None,
                "group_id": group_id,
            },
        )

    def change_alert(self, alert: Alert) -> None:
        """Keep an alert that rings again as it is now."""
        self.db.conn.execute(
            "update alerts set body = ? where alert_id = ?",
            [to_json(alert).decode(), alert.alert_id],
        )

    def posts_of(self, visit_id: str) -> tuple[str, ...]:
        """The posts that had a part in this visit."""
        rows = self.db.conn.execute(
            "select distinct role from alerts where visit_id = ? and role is not null order by 1",
            [visit_id],
        )
        return tuple(role for (role,) in rows)

    def alert(self, alert_id: str) -> RaisedAlert | None:
        """The alert of this id, None when it was never raised."""
        rows = self.db.query("select * from alerts where alert_id = ?", [alert_id])
        return next((_raised(row) for row in rows), None)

    def open_alerts(self, visit_id: str) -> list[RaisedAlert]:
        """The visit's alerts that nobody has taken and that are not over."""
        rows = self.db.query(
            "select * from alerts where visit_id = ? and closed_at is null", [visit_id]
        )
        return [_raised(row) for row in rows]

    def alerts_for(
        self, staff_id: str, roles: Iterable[str], closed_since: datetime
    ) -> list[RaisedAlert]:
        """What this person's handheld must know: open alerts, and those closed of late."""
        names = [staff_id, *roles]
        marks = ",".join("?" * (len(names) - 1)) or "null"
        rows = self.db.query(
            "select * from alerts where "
            f"(closed_at is null or closed_at >= ?) and (staff_id = ? or role in ({marks}))",
            [closed_since.isoformat(), *names],
        )
        return [_raised(row) for row in rows]

    def close_alert(self, closed: AlertClosed) -> None:
        """Note that an alert is over."""
        self.db.conn.execute(
            "update alerts set closed = ?, closed_at = ? where alert_id = ?",
            [to_json(closed).decode(), closed.closed_at.isoformat(), closed.alert_id],
        )

    # What could not be used

    def reject(self, topic: str, payload: bytes, reason: str, received_at: datetime) -> None:
        """Set a delivery aside with the reason; the same one is kept once."""
        table = self.db.table("rejected")
        row: dict[str, Any] = {
            "digest": hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest(),
            "received_at": received_at.isoformat(),
            "topic": topic,
            "reason": reason,
            "payload": payload,
        }
        with self.db.atomic():
            self._insert_new("rejected", row)
            if table.count > REJECTED_KEPT:
                table.delete_where(
                    "digest in (select digest from rejected order by received_at limit 100)"
                )

    def _insert_new(self, table: str, row: dict[str, Any]) -> bool:
        """Keep ``row`` unless its key is there; sqlite-utils would read the schema first."""
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        done = self.db.conn.execute(
            f"insert or ignore into {table} ({names}) values ({marks})", row
        )
        return done.rowcount > 0


def _raised(row: dict[str, Any]) -> RaisedAlert:
    closed = decode(AlertClosed, row["closed"].encode()) if row["closed"] else None
    return RaisedAlert(decode(Alert, row["body"].encode()), bool(row["is_host_call"]), closed)
