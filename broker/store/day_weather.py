"""What the weather is at the site, by the last report of the day."""

from datetime import datetime, timedelta

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
        and ifnull(julianday(body ->> '$.sent_at') - julianday(body ->> '$.reported_at'), 0) <= ?
    order by received_at desc, rowid desc limit 1
"""
"""As its index is made, or SQLite would read every message. What was late was only stored."""


class DayWeather:
    """Read once, and again after each report."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: Remembered[tuple[str, ...]] = Remembered(db)

    def needs(self, since: datetime, late_after: timedelta) -> tuple[str, ...]:
        """What every visitor with a car needs now.

        ``since``: when the day began; ``late_after``: a report that waited for longer on its
        sender's own clock says what was, not what is.
        """
        return self._known.get(utc_text(since), lambda begun: self._read(begun, late_after))

    def changed(self) -> None:
        """A report came."""
        self._known.forget()

    def _read(self, since: str, late_after: timedelta) -> tuple[str, ...]:
        found = self._db.conn.execute(_LAST, [since, late_after / timedelta(days=1)]).fetchone()
        return WEATHER[ReportKind(found[0])] if found else ()
