"""The hub's own clock (时钟): which time it goes by when the machine's is set, lost or wrong. Pure.

A machine's clock may jump by years: a Pi has none while it is off, a battery dies, a time server
lies. A stopwatch can't be set. So while the hub runs, the time is what it was and what the
stopwatch counted since; a jump of the machine's clock is refused until somebody vouches for it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

SMALL_S = 60.0
"""A machine's clock this near is the same time. Time servers correct by less, batteries drift by it
in a month, and our own time is brought to it slowly."""
SLEW = 0.05
"""How much faster or slower our time runs meanwhile: two minutes to answer last 114 s or more."""
DAY_S = 86_400.0
WEEKEND_S = 3 * DAY_S
"""So long a hub may be off without anything that tells: the nights and a weekend."""
SEASON_S = 60 * DAY_S
"""Longer than any house is closed: a time server that tells of more may be wrong itself."""
MOVED_AT_MOST = timedelta(days=1)
"""Moments that are older decide nothing by the minute, and need not move along with the clock."""


class Vouch(IntEnum):
    """Who must say that the machine's clock is right before we go by it."""

    NOBODY = 0
    TIME_SOURCE = 1
    """A time server that the machine is synchronized with."""
    WITNESSES = 2
    """Two devices with clocks of their own that tell the same."""
    PERSON = 3


@dataclass(frozen=True, slots=True)
class Leap:
    """How far ahead of our time the machine's clock may be, and who must vouch for it."""

    from_s: float
    to_s: float
    vouch: Vouch


AT_START = (
    Leap(-SMALL_S, WEEKEND_S, Vouch.NOBODY),
    Leap(-SEASON_S, SEASON_S, Vouch.TIME_SOURCE),
)
"""After the machine was off: our time is that of the last trace, and it must be later now."""
UNCONFIRMED = (
    Leap(-SMALL_S, SMALL_S, Vouch.NOBODY),
    Leap(-SEASON_S, SEASON_S, Vouch.TIME_SOURCE),
)
"""The machine's clock looked plausible when we started, and nobody has vouched for it."""
CONFIRMED = (
    Leap(-SMALL_S, SMALL_S, Vouch.NOBODY),
    Leap(0.0, DAY_S, Vouch.TIME_SOURCE),
)
"""Somebody vouched for our time. Forward by hours: a machine that slept or stood still. A time
server that tells of more contradicts what the stopwatch counted."""


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold for the time: ``at``, when the stopwatch showed ``running_s``."""

    at: datetime
    running_s: float
    since: datetime
    """From when on moments were told by this reckoning."""
    is_trace: bool = False
    """It is only the last trace of an earlier run: now it must be later."""
    is_confirmed: bool = False
    refused_s: float | None = None
    """How far ahead of ours the machine's clock is if it is refused; None: it is right."""

    def time(self, running_s: float) -> datetime:
        """The time when the stopwatch shows ``running_s``, had nobody looked at the clock."""
        return self.at + timedelta(seconds=max(0.0, running_s - self.running_s))


@dataclass(frozen=True, slots=True)
class ClockStep:
    """Our time is set, from ``was`` to ``at``; what was told since ``since`` moves along."""

    was: datetime
    at: datetime
    since: datetime
    by: Vouch


def begun(wall: datetime, running_s: float, trace: datetime) -> Held:
    """What we hold at the start, when ``trace`` is the last moment that an earlier run told."""
    later = trace + timedelta(seconds=1)
    held = Held(later, running_s, since=later, is_trace=True)
    ahead_s = (wall - later).total_seconds()
    if needed(held, ahead_s) is not Vouch.NOBODY:
        return replace(held, refused_s=ahead_s)
    at = max(wall, later)
    return Held(at, running_s, since=at)


def looked(held: Held, wall: datetime, running_s: float) -> Held:
    """``held`` after a look at the machine's clock: brought nearer to it, or it is refused."""
    own = held.time(running_s)
    ahead_s = (wall - own).total_seconds()
    if abs(ahead_s) > SMALL_S:
        return replace(held, at=own, running_s=running_s, refused_s=ahead_s)
    slewed_s = SLEW * (running_s - held.running_s)
    own += timedelta(seconds=min(max(ahead_s, -slewed_s), slewed_s))
    return replace(held, at=own, running_s=running_s, refused_s=None, is_trace=False)


def needed(held: Held, ahead_s: float, *, is_torn: bool = False) -> Vouch:
    """Who must vouch for a machine's clock that is so far ahead of our time.

    ``is_torn``: it falls into a hole of the journal, so that what was told after it was wrong.
    """
    if is_torn and held.is_trace and ahead_s < 0:
        return Vouch.TIME_SOURCE
    leaps = AT_START if held.is_trace else CONFIRMED if held.is_confirmed else UNCONFIRMED
    fitting = (leap.vouch for leap in leaps if leap.from_s <= ahead_s <= leap.to_s)
    return next(fitting, Vouch.WITNESSES)


def step(held: Held, by: Vouch, *, is_torn: bool = False) -> ClockStep | None:
    """How our time is set now that ``by`` vouches for the machine's; None: it is not."""
    if held.refused_s is None or by < needed(held, held.refused_s, is_torn=is_torn):
        return None
    wall = held.at + timedelta(seconds=held.refused_s)
    since = max(held.since, held.at - MOVED_AT_MOST)
    return ClockStep(was=held.at, at=wall, since=min(since, wall), by=by)


def after(held: Held, taken: ClockStep) -> Held:
    """``held`` once our time was set."""
    is_confirmed = taken.by is not Vouch.NOBODY
    return Held(taken.at, held.running_s, since=taken.at, is_confirmed=is_confirmed)
