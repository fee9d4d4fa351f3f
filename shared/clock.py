"""The one place that reads the clock; everyone else is handed a Clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of ``moment`` at the sales office; rules that count days use this."""
    return moment.astimezone(zone).date()
