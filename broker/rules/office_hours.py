"""When this site's office works: its hours without lunch, on China's working days."""

from datetime import date, time
from functools import partial
from zoneinfo import ZoneInfo

import chinese_calendar

from broker.rules.policy import CLOSED, Policy
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
    return WorkingTime(partial(_spans, policy), ZoneInfo(policy.timezone))


def _spans(policy: Policy, on: date) -> tuple[Span, ...]:
    """The hours of this day without lunch; none where the site is closed, and on holidays for which
    it chose no hours."""
    hours = policy.hours(on)
    is_chosen = any(day.on == on for day in policy.special_days)
    if hours == CLOSED or not (is_chosen or is_workday(on)):
        return ()
    opens, closes = map(_time, hours)
    starts, ends = _time(policy.lunch_from), _time(policy.lunch_to)
    has_lunch = opens < starts < ends and (closes == MIDNIGHT or ends < closes)
    return ((opens, starts), (ends, closes)) if has_lunch else ((opens, closes),)


def _time(text: str) -> time:
    return MIDNIGHT if text == "24:00" else time.fromisoformat(text)
