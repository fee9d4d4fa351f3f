"""Who is on duty on which day (排班): each person's week, days that were swapped, leave. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

import msgspec

from broker.rules.advice import AdviceError
from shared.words import Sentence

EVERY_DAY = "1234567"
"""From Monday to Sunday."""
AHEAD = timedelta(days=92)
"""So far ahead days can be swapped and leave asked for."""
LONGEST_LEAVE = timedelta(days=366)


class Shift(StrEnum):
    """How a person stands to a day."""

    ON = "on"
    OFF = "off"
    LEAVE = "leave"


class Week(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of the week on which somebody works; who has none works on each."""

    staff_id: str
    days: str = EVERY_DAY

    def __post_init__(self) -> None:
        """Refuse what is no day of the week.

        Raises:
            AdviceError: names the key.
        """
        if list(self.days) != sorted(set(self.days) & set(EVERY_DAY)):
            raise AdviceError("days", Sentence("advice.week_days"))


class SwappedDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which some work otherwise than their week says."""

    on: date
    come_ids: tuple[str, ...] = ()
    stay_ids: tuple[str, ...] = ()


class LeaveDays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's leave, through its last day."""

    leave_id: str
    staff_id: str
    first: date
    last: date
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a range that is none.

        Raises:
            AdviceError: names the key.
        """
        if not self.first <= self.last <= self.first + LONGEST_LEAVE:
            raise AdviceError("last", Sentence("advice.leave_range"))


class ShiftRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody asks for: a colleague to take a day of theirs, or the manager for leave."""

    request_id: str
    by: str
    first: date
    """The day that they give away, or the first of their leave."""
    last: date | None = None
    """Of a leave: its last day."""
    with_id: str | None = None
    """The colleague who has to agree; None: it is leave, and the manager has."""
    takes_on: date | None = None
    """The colleague's day that they work instead."""
    reason: str = ""


class Shifts(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    dict=True,
):
    """A site's shifts; nothing chosen: everybody works on every day."""

    weeks: tuple[Week, ...] = ()
    days: tuple[SwappedDay, ...] = ()
    leaves: tuple[LeaveDays, ...] = ()
    requests: tuple[ShiftRequest, ...] = ()

    @property
    def is_planned(self) -> bool:
        """Whether anything says who works when."""
        return bool(self.weeks or self.days or self.leaves)

    def of(self, staff_id: str, on: date) -> Shift:
        """How this person stands to the day: leave before a swap, a swap before the week."""
        if any(each.first <= on <= each.last for each in self._leaves.get(staff_id, ())):
            return Shift.LEAVE
        day = self.day(on)
        if staff_id in (*day.come_ids, *day.stay_ids):
            return Shift.ON if staff_id in day.come_ids else Shift.OFF
        is_day = str(on.isoweekday()) in self._weeks.get(staff_id, EVERY_DAY)
        return Shift.ON if is_day else Shift.OFF

    def is_on(self, staff_id: str, on: date) -> bool:
        """Whether this person works on the day."""
        return self.of(staff_id, on) is Shift.ON

    def day(self, on: date) -> SwappedDay:
        """The day with what was swapped on it."""
        return self._days.get(on) or SwappedDay(on=on)

    @cached_property
    def _weeks(self) -> Mapping[str, str]:
        return {each.staff_id: each.days for each in self.weeks}

    @cached_property
    def _days(self) -> Mapping[date, SwappedDay]:
        return {each.on: each for each in self.days}

    @cached_property
    def _leaves(self) -> Mapping[str, list[LeaveDays]]:
        found: dict[str, list[LeaveDays]] = {}
        for each in self.leaves:
            found.setdefault(each.staff_id, []).append(each)
        return found

    def request(self, request_id: str) -> ShiftRequest | None:
        """The open request with this id; None: there is none."""
        return next((each for each in self.requests if each.request_id == request_id), None)


def otherwise(day: SwappedDay, staff_id: str, *, comes: bool) -> SwappedDay:
    """The day on which this person comes or stays at home, whatever their week says."""
    come = tuple(who for who in day.come_ids if who != staff_id)
    stay = tuple(who for who in day.stay_ids if who != staff_id)
    if comes:
        return SwappedDay(on=day.on, come_ids=(*come, staff_id), stay_ids=stay)
    return SwappedDay(on=day.on, come_ids=come, stay_ids=(*stay, staff_id))


def swapped(shifts: Shifts, asked: ShiftRequest) -> Iterator[SwappedDay]:
    """The days as they are once the colleague agreed."""
    if asked.with_id is None:
        return
    first = otherwise(shifts.day(asked.first), asked.by, comes=False)
    yield otherwise(first, asked.with_id, comes=True)
    if asked.takes_on is not None:
        other = otherwise(shifts.day(asked.takes_on), asked.with_id, comes=False)
        yield otherwise(other, asked.by, comes=True)


def why_not(shifts: Shifts, asked: ShiftRequest, today: date) -> Sentence | None:
    """What speaks against the request; None: nothing."""
    named = [on for on in (asked.first, asked.takes_on, asked.last) if on is not None]
    if min(named) < today or max(named) > today + AHEAD:
        return Sentence("error.shift_range", days=AHEAD.days)
    if asked.with_id is None:
        is_range = asked.last is not None and asked.first <= asked.last
        return None if is_range else Sentence("advice.leave_range")
    return next(_against_swap(shifts, asked, asked.with_id), None)


def _against_swap(shifts: Shifts, asked: ShiftRequest, mate: str) -> Iterator[Sentence]:
    on = asked.takes_on
    if mate == asked.by:
        yield Sentence("error.shift_own")
    if not shifts.is_on(asked.by, asked.first):
        yield Sentence("error.shift_not_on", on=asked.first.isoformat())
    if shifts.of(mate, asked.first) is not Shift.OFF:
        yield Sentence("error.shift_not_free", on=asked.first.isoformat())
    if on is not None and not shifts.is_on(mate, on):
        yield Sentence("error.shift_not_theirs", on=on.isoformat())
    if on is not None and shifts.of(asked.by, on) is not Shift.OFF:
        yield Sentence("error.shift_not_off", on=on.isoformat())


MANNED = ("consultant", "gate", "parking", "door", "steward", "bar", "showflat", "cart")
"""Posts that a sales office has; a small one may leave some to others."""


def posts_without(held: Iterable[Iterable[str]], posts: Iterable[str] = MANNED) -> tuple[str, ...]:
    """Those of ``posts`` that none of these people holds; ``held``: each one's posts."""
    taken = {role for roles in held for role in roles}
    return tuple(role for role in posts if role not in taken)
