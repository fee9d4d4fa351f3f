"""Rings the phones of those who chose a second channel, for each alert that the hub raised.

It reads the hub's file beside the handlers; nothing else in the hub knows of it, or waits for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from broker.handlers.context import Hub
from broker.phones.rings import Ring, rings
from broker.phones.settings import PhoneSettings
from shared.codec import decode
from shared.messages import Alert
from shared.words import Voice, read_words

AT_ONCE = 50


@dataclass(slots=True)
class LockedPhones:
    """Belongs to the thread of the hub's loop; ``ring`` must not wait."""

    hub: Hub
    settings: Callable[[], PhoneSettings]
    ring: Callable[[Iterable[Ring]], None]
    _last_row: int = field(init=False)

    def __post_init__(self) -> None:
        self._last_row = self._newest_row()

    def step(self, _moment_s: float) -> None:
        """Ring for what was raised since the last look, and is still open."""
        newest, settings = self._newest_row(), self.settings()
        if not settings.people:
            self._last_row = newest
            return
        self._last_row = min(self._last_row, newest)
        rows = self.hub.inbox.db.conn.execute(
            "select rowid, body, closed_at is null and expires_at > ? from alerts "
            "where rowid > ? order by rowid limit ?",
            [self.hub.clock().timestamp(), self._last_row, AT_ONCE],
        ).fetchall()
        say = Voice(read_words("broker"), self.hub.language).say
        for row, body, is_open in rows:
            self._last_row = row
            if is_open:
                at = self.hub.decider.policy.local(self.hub.clock())
                alert = decode(Alert, body.encode())
                self.ring(rings(alert, self.hub.people.staff, settings, at, say))

    def _newest_row(self) -> int:
        newest = self.hub.inbox.db.conn.execute("select max(rowid) from alerts").fetchone()[0]
        return newest or 0
