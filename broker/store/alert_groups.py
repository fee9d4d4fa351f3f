"""Alert groups in the hub's file: who is asked for what, so that a restart continues from there."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from broker.alerts.care import Care
from broker.alerts.life import AlertGroup
from broker.journal.hub_file import Remembered, later
from broker.store.readable import readable
from shared.database import Database

LOOK_EVERY = timedelta(seconds=1)
ALL = 30_000
"""SQLite takes 32,766 values."""
_SAVE_GROUP = (
    "insert into alert_groups values (?, ?, ?, ?, ?, ?) on conflict do update set "
    "is_open = excluded.is_open, is_watched = excluded.is_watched, "
    "next_at = excluded.next_at, body = excluded.body"
)
_SAVE_CARE = (
    "insert into cares values (?, ?, ?) "
    "on conflict do update set due_at = excluded.due_at, body = excluded.body"
)


class AlertGroups:
    """The rows of ``alert_groups``, ``cares`` and ``troubles``."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._looked_at: datetime | None = None
        self._round: deque[str] = deque()
        """The groups that are still to be looked at before the next are chosen."""
        self._open: Remembered[dict[str, AlertGroup]] = Remembered(db)
        """By subject, those that are open, by their id."""
        self._cares: Remembered[Care] = Remembered(db)
        self._troubles: Remembered[str | None] = Remembered(db)

    def save(self, group: AlertGroup, next_at: datetime) -> None:
        """Keep ``group`` as it stands; ``next_at`` is when something is due for it."""
        row = (
            group.group_id,
            group.subject,
            group.is_open,
            group.is_watched,
            next_at.timestamp(),
            msgspec.json.encode(group).decode(),
        )
        own = self._open.get(group.subject, self._read_open)
        later(self._db, "alert_groups", _SAVE_GROUP, {group.group_id: row})
        if group.is_open:
            own[group.group_id] = group
        else:
            own.pop(group.group_id, None)

    def of_alert(self, alert_id: str) -> AlertGroup | None:
        """The group that this alert belongs to; None for an alert of an older release."""
        return self._first(
            "group_id = (select group_id from alerts where alert_id = ?)", [alert_id]
        )

    def open_of(self, subject: str) -> list[AlertGroup]:
        """The open groups of this visit or gate, oldest first."""
        return list(self._open.get(subject, self._read_open).values())

    def to_look_at(self, now: datetime, at_most: int = ALL) -> list[AlertGroup]:
        """The groups for which something is due; once a second also those that wait for people.

        A phone may have died, or a person be busy now: no message says so, so we look. Where they
        are more than ``at_most``, the rest comes with the next calls, before any comes again.
        """
        if not self._round:
            self._round.extend(self._ids("is_open and next_at <= ?", now))
            if self._looked_at is None or abs(now - self._looked_at) >= LOOK_EVERY:
                self._looked_at = now
                self._round.extend(self._ids("is_watched and next_at > ?", now))
        if not self._round:
            return []
        chosen = [self._round.popleft() for _ in range(min(at_most, len(self._round)))]
        marks = ",".join("?" * len(chosen))
        found = {
            group.group_id: group
            for group in self._read(f"is_open and group_id in ({marks})", chosen)
        }
        return [found[name] for name in chosen if name in found]

    @property
    def has_more(self) -> bool:
        """Whether ``to_look_at`` left some for its next call."""
        return bool(self._round)

    def move(self, since: datetime, by: timedelta) -> None:
        """The clock was set: what was raised since then is due when it was, by the stopwatch."""
        for group in self._read("is_open", []):
            if group.raised_at >= since:
                moments = ("raised_at", "ends_at", "repeat_at")
                moved = {name: getattr(group, name) + by for name in moments}
                self._db.conn.execute(
                    "update alert_groups set next_at = next_at + ?, body = ? where group_id = ?",
                    [
                        by.total_seconds(),
                        msgspec.json.encode(replace(group, **moved)).decode(),
                        group.group_id,
                    ],
                )
        self._open.forget()
        rows = self._db.conn.execute("select body from cares where due_at is not null").fetchall()
        for care in readable(Care, (body for (body,) in rows)):
            dues = {name: getattr(care, name) for name in ("order_due_at", "refill_due_at")}
            self.save_care(
                replace(care, **{name: at + by for name, at in dues.items() if at and at >= since})
            )

    def care(self, visit_id: str) -> Care:
        """What is done for this visitor; nothing yet for a new visitor."""
        return self._cares.get(visit_id, self._read_care)

    def _read_care(self, visit_id: str) -> Care:
        found = self._db.conn.execute(
            "select body from cares where visit_id = ?", [visit_id]
        ).fetchone()
        return msgspec.json.decode(found[0], type=Care) if found else Care(visit_id=visit_id)

    def has_care(self, visit_id: str) -> bool:
        """Whether a post told of this visitor before."""
        found = self._db.conn.execute("select 1 from cares where visit_id = ?", [visit_id])
        return found.fetchone() is not None

    def save_care(self, care: Care) -> None:
        """Keep ``care`` as it stands."""
        due_at = care.due_at.timestamp() if care.due_at else None
        body = msgspec.json.encode(care).decode()
        later(self._db, "cares", _SAVE_CARE, {care.visit_id: (care.visit_id, due_at, body)})
        self._cares.keep(care.visit_id, care)

    def cares_due(self, now: datetime) -> list[Care]:
        """Visitors for whom something is to be brought."""
        rows = self._db.conn.execute(
            "select body from cares where due_at <= ? order by due_at", [now.timestamp()]
        )
        return list(readable(Care, (body for (body,) in rows.fetchall())))

    def trouble(self, gate_id: str) -> str | None:
        """What people were last told of this gate; None: all is well."""
        return self._troubles.get(gate_id, self._read_trouble)

    def _read_trouble(self, gate_id: str) -> str | None:
        found = self._db.conn.execute(
            "select problem from troubles where gate_id = ?", [gate_id]
        ).fetchone()
        return found[0] if found else None

    def save_trouble(self, gate_id: str, problem: str | None) -> None:
        """Keep what people were told."""
        self._db.conn.execute("insert or replace into troubles values (?, ?)", (gate_id, problem))
        self._troubles.keep(gate_id, problem)

    def _read_open(self, subject: str) -> dict[str, AlertGroup]:
        found = self._read("subject = ? and is_open", [subject])
        return {group.group_id: group for group in found}

    def _ids(self, where: str, now: datetime) -> list[str]:
        rows = self._db.conn.execute(
            f"select group_id from alert_groups where {where} order by +rowid", [now.timestamp()]
        )
        return [group_id for (group_id,) in rows.fetchall()]

    def _read(self, where: str, values: Iterable[Any]) -> list[AlertGroup]:
        # With `rowid` alone SQLite would read the groups of all years in their order.
        rows = self._db.conn.execute(
            f"select body from alert_groups where {where} order by +rowid", list(values)
        )
        return list(readable(AlertGroup, (body for (body,) in rows.fetchall())))

    def _first(self, where: str, values: Iterable[Any]) -> AlertGroup | None:
        return next(iter(self._read(where, values)), None)
