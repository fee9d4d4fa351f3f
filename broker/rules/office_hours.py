"""When this site's office works: its hours without lunch, on China's working days."""

from datetime import date, time
from zoneinfo import ZoneInfo

import chinese_calendar

from broker.rules.policy import Policy
from broker.rules.working_time import MIDNIGHT, Span, WorkingTime

SATURDAY = 5


def is_workday(on: date) -> bool:
    """Whether it is a working day in China: holidays are not, weekends worked instead are.

    For years that were not yet announced: the days from Monday to Friday.
    """
    try:
        return bool(chinese_calendar.is_workday(on))
    except NotImplementedError:
        return on.weekday() < SATURDAY


def office_hours(policy: Policy) -> WorkingTime:
    """The working time in which this site's promises run."""
    opens, closes = _time(policy.open), _time(policy.close)
    starts, ends = _time(policy.lunch_from), _time(policy.lunch_to)
    whole: tuple[Span, ...] = ((opens, closes),)
    has_lunch = opens < starts < ends and (closes == MIDNIGHT or ends < closes)
    spans = ((opens, starts), (ends, closes)) if has_lunch else whole
    return WorkingTime(spans, ZoneInfo(policy.timezone), is_workday)


def _time(text: str) -> time:
    return MIDNIGHT if text == "24:00" else time.fromisoformat(text)
