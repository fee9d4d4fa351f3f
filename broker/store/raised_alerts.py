"""The alerts that were raised (提醒): as they were sent, and how each ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from broker.journal.hub_file import Remembered, later
from broker.store.readable import readable
from shared.codec import to_json
from shared.database import Database
from shared.messages import Alert, AlertClosed

_ADD = (
    "insert or ignore into alerts (alert_id, visit_id, role, staff_id, is_host_call, expires_at, "
    "body, group_id) values (?, ?, ?, ?, ?, ?, ?, ?)"
)
_CHANGE = "update alerts set body = ? where alert_id = ?"
_CLOSE = "update alerts set closed = ?, closed_at = ? where alert_id = ?"


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert as it was sent, and how it ended; ``closed`` is None while it is open."""

    alert: Alert
    closed: AlertClosed | None


class RaisedAlerts:
    """The rows of ``alerts``."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._recent: Remembered[RaisedAlert | None] = Remembered(db)

    def add(self, alert: Alert, group_id: str, *, is_host_call: bool) -> None:
        """Keep a raised alert of this group."""
        row = (
            alert.alert_id,
            alert.visit_id,
            alert.role,
            alert.staff_id,
            is_host_call,
            alert.expires_at.timestamp(),
            to_json(alert).decode(),
            group_id,
        )
        later(self._db, "alerts", _ADD, {alert.alert_id: row})
        self._recent.keep(alert.alert_id, RaisedAlert(alert, None))

    def change(self, alert: Alert) -> None:
        """Keep the new form of an alert that rings again."""
        row = (to_json(alert).decode(), alert.alert_id)
        later(self._db, "alerts", _CHANGE, {alert.alert_id: row})
        self._recent.drop(alert.alert_id)

    def move(self, since: datetime, by: timedelta) -> None:
        """The clock was set: open alerts that were raised since then end when they would have."""
        rows = self._db.conn.execute("select body from alerts where closed_at is null").fetchall()
        for alert in readable(Alert, (body for (body,) in rows)):
            if alert.raised_at >= since:
                moved = replace(
                    alert, raised_at=alert.raised_at + by, expires_at=alert.expires_at + by
                )
                self._db.conn.execute(
                    "update alerts set expires_at = ? where alert_id = ?",
                    [moved.expires_at.timestamp(), alert.alert_id],
                )
                self.change(moved)

    def posts_of(self, visit_id: str) -> tuple[str, ...]:
        """The posts that had a part in this visit."""
        rows = self._db.conn.execute(
            "select distinct role from alerts where visit_id = ? and role is not null order by 1",
            [visit_id],
        )
        return tuple(role for (role,) in rows)

    def told_of(self, visit_id: str, about: Sequence[str]) -> tuple[str, ...]:
        """The persons who were told ``about`` these things of this visit."""
        rows = self._db.conn.execute(
            "select distinct staff_id from alerts join alert_groups using (group_id) "
            "where visit_id = ? and staff_id is not null "
            f"and json_extract(alert_groups.body, '$.about') in ({','.join('?' * len(about))})",
            [visit_id, *about],
        )
        return tuple(staff_id for (staff_id,) in rows)

    def find(self, alert_id: str) -> RaisedAlert | None:
        """The alert of this id; None if it was never raised, or can no longer be read."""
        return self._recent.get(alert_id, self._read)

    def _read(self, alert_id: str) -> RaisedAlert | None:
        rows = self._db.conn.execute(
            "select body, closed from alerts where alert_id = ?", [alert_id]
        )
        return next(_raised(rows), None)

    def known_to(
        self, staff_id: str, roles: Iterable[str], closed_since: datetime
    ) -> list[RaisedAlert]:
        """What this person's handheld must know: open alerts, and those closed since then."""
        names = [staff_id, *roles]
        marks = ",".join("?" * (len(names) - 1)) or "null"
        rows = self._db.conn.execute(
            "select body, closed from alerts where "
            f"(closed_at is null or closed_at >= ?) and (staff_id = ? or role in ({marks}))",
            [closed_since.isoformat(), *names],
        )
        return list(_raised(rows))

    def close(self, closed: AlertClosed) -> None:
        """Note that an alert is over."""
        row = (to_json(closed).decode(), closed.closed_at.isoformat(), closed.alert_id)
        later(self._db, "alerts", _CLOSE, {closed.alert_id: row})
        self._recent.drop(closed.alert_id)


def _raised(rows: Iterable[tuple[Any, Any]]) -> Iterator[RaisedAlert]:
    for body, end in rows:
        alert = next(readable(Alert, [body]), None)
        closed = next(readable(AlertClosed, [end]), None) if end else None
        if alert is not None and bool(closed) == bool(end):
            yield RaisedAlert(alert, closed)
