"""The classes of cases (事项类别): who gets one, what is promised, who is called back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from broker.rules.state import MANAGER

HOUR = timedelta(hours=1)
DAY = timedelta(hours=9)
"""A working day of the usual hours, without lunch."""
MOST_PICTURES, MOST_PICTURES_OF_VISITOR = 6, 2
"""Of a defect, that a case keeps; and that a visitor brings with what they say."""
ENGINEERING = "maintenance"


class CallBack(StrEnum):
    """Who is called after their case was solved."""

    NEVER = "never"
    ALWAYS = "always"
    SAMPLED = "sampled"
    """By chance, and never fewer than the share."""


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A class: its names are ``case.class_…``."""

    name: str
    post: str
    """Who gets it."""
    acknowledge_within: timedelta
    solve_within: timedelta
    """In working time."""
    call_back: CallBack = CallBack.NEVER
    is_urgent: bool = False
    """The manager hears of it at once, whoever works on it."""
    is_asked_of_visitors: bool = False
    """A visitor may enter it by the code in the show flat or at the desk."""


CLASSES: Mapping[str, CaseClass] = {
    row.name: row
    for row in (
        CaseClass("enquiry", "desk", HOUR / 2, DAY),
        CaseClass("complaint", MANAGER, HOUR / 2, 3 * DAY, CallBack.ALWAYS, is_urgent=True),
        CaseClass("repair", ENGINEERING, HOUR, 2 * DAY, CallBack.SAMPLED),
        CaseClass("reported", "desk", HOUR, 2 * DAY, CallBack.ALWAYS),
        CaseClass("suggestion", MANAGER, DAY, 5 * DAY, is_asked_of_visitors=True),
        CaseClass("other", "desk", HOUR, 2 * DAY),
        CaseClass("feedback", "showflat", DAY, 5 * DAY, is_asked_of_visitors=True),
        CaseClass("observation", MANAGER, HOUR / 2, DAY, is_urgent=True),
        CaseClass("risk", MANAGER, DAY, 10 * DAY),
        CaseClass("incident", MANAGER, HOUR / 4, DAY, is_urgent=True),
    )
}
"""By name."""
