"""Time in which the office works (工作时间): without nights, lunch, weekends and holidays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time()
NOTHING = timedelta(0)
DAYS_AT_MOST = 400
"""A promise of working time ends within so many days, whatever the calendar says."""
Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When the office works."""

    spans: tuple[Span, ...]
    """Of a working day, in order; an end of 00:00 is the end of the day."""
    zone: ZoneInfo
    is_workday: Callable[[date], bool]

    def due(self, start: datetime, length: timedelta) -> datetime:
        """When ``length`` of working time has passed since ``start``; never later than it must be:
        what a working day just holds is due at its end, not the next morning."""
        if length <= NOTHING:
            return start
        last = start.astimezone(self.zone).date() + timedelta(days=DAYS_AT_MOST)
        for begins, ends in self._spans(start, last):
            if ends - begins >= length:
                return (begins + length).astimezone(start.tzinfo)
            length -= ends - begins
        return start + timedelta(days=DAYS_AT_MOST)

    def passed(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between them; nothing if ``end`` is before ``start``."""
        total = NOTHING
        for begins, ends in self._spans(start, end.astimezone(self.zone).date()):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return total

    def _spans(self, start: datetime, last: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans of work from ``start`` through ``last``, in UTC: a day may have 23 hours."""
        first = start.astimezone(self.zone).date()
        for number in range((last - first).days + 1):
            on = first + timedelta(days=number)
            if not self.is_workday(on):
                continue
            for opens, closes in self.spans:
                begins = self._at(on, opens)
                ends = self._at(on + timedelta(days=closes == MIDNIGHT), closes)
                if ends > start:
                    yield max(begins, start.astimezone(begins.tzinfo)), ends

    def _at(self, on: date, at: time) -> datetime:
        return datetime.combine(on, at, self.zone).astimezone(ZoneInfo("UTC"))
