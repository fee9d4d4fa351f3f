"""What the hub knows of those who send to it: how far off their clocks are, and who flooded it."""

from datetime import datetime, timedelta

from broker.store.moments import utc_text
from shared.database import Database

FLOOD_TOLD_FOR = timedelta(days=1)
"""A flood that goes on is not told again for so long."""


class Senders:
    """The rows of ``senders``; a sender's name is ``kiosk/lobby``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ahead_s(self, name: str) -> float | None:
        """How far its clock was ahead of ours when last measured; None: not measured."""
        found = self._db.conn.execute("select ahead_s from senders where name = ?", [name])
        row = found.fetchone()
        return row[0] if row else None

    def keep_ahead(self, name: str, ahead_s: float) -> None:
        """Keep how far its clock is ahead of ours."""
        self._db.conn.execute(
            "insert into senders (name, ahead_s) values (?, ?) "
            "on conflict do update set ahead_s = excluded.ahead_s",
            [name, ahead_s],
        )

    def is_clock_told(self, name: str) -> bool:
        """Whether people were told that this clock is wrong."""
        found = self._db.conn.execute("select is_clock_told from senders where name = ?", [name])
        return bool((found.fetchone() or (0,))[0])

    def keep_clock_told(self, name: str, *, is_told: bool) -> None:
        """Keep whether people know that this clock is wrong."""
        self._db.conn.execute(
            "update senders set is_clock_told = ? where name = ?", [is_told, name]
        )

    def flooded(self, name: str, moment: datetime) -> bool:
        """Keep that this sender floods us; True if people were not told of it yet."""
        changed = self._db.conn.execute(
            "insert into senders (name, flooded_at) values (?, ?) "
            "on conflict do update set flooded_at = excluded.flooded_at "
            "where flooded_at is null or flooded_at < ?",
            [name, utc_text(moment), utc_text(moment - FLOOD_TOLD_FOR)],
        )
        return changed.rowcount > 0
