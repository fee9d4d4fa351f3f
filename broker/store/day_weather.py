"""What the weather is at the site, by the last report of the day."""

from datetime import datetime

from broker.alerts.weather import WEATHER
from broker.journal.hub_file import Remembered
from broker.store.moments import utc_text
from shared.database import Database
from shared.messages import ReportKind

_LAST = """
    select iif(json_valid(body), body, '{}') ->> '$.kind' from messages
    where kind = 'StaffReport'
        and iif(json_valid(body), body, '{}') ->> '$.kind' in ('rain', 'sun', 'fair')
        and received_at >= ?
    order by received_at desc, rowid desc limit 1
"""
"""As its index is made, or SQLite would read every message."""


class DayWeather:
    """Read once, and again after each report."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: Remembered[tuple[str, ...]] = Remembered(db)

    def needs(self, since: datetime) -> tuple[str, ...]:
        """What every visitor with a car needs now; ``since``: when the day began."""
        return self._known.get(utc_text(since), self._read)

    def changed(self) -> None:
        """A report came."""
        self._known.forget()

    def _read(self, since: str) -> tuple[str, ...]:
        found = self._db.conn.execute(_LAST, [since]).fetchone()
        return WEATHER[ReportKind(found[0])] if found else ()
