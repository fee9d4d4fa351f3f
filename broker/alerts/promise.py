"""What a visitor at the tablet may be promised: only who was reached, and only who said they go."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from broker.rules.state import Visit
from shared.messages import Coming

FEWEST_RECEPTIONS = 3
"""Of fewer receptions today nothing is said: nobody is told a time that was made up."""
SHORTEST = timedelta(minutes=2)
"""What a reception takes at least that has lasted longer than usual already."""
ROUNDED_TO_MIN = 5


@dataclass(frozen=True, slots=True)
class Promise:
    """Who the tablet names, and what it says of them; ``staff_id`` None: it names nobody."""

    coming: Coming
    staff_id: str | None = None


def promised(visit: Visit | None, is_reached: Callable[[str], bool]) -> Promise:
    """What is true of ``visit``, None if it is over; ``is_reached``: a phone of theirs is online.

    Who said that they go is named though their phone may be silent since.
    """
    if visit is None:
        return Promise(Coming.MET)
    if visit.host_id is None:
        return Promise(Coming.ASKED)
    if visit.acked_at is not None and visit.claimed_by is not None:
        is_met = visit.met_at is not None and visit.met_at >= visit.acked_at
        return Promise(Coming.MET if is_met else Coming.SET_OUT, visit.claimed_by)
    return Promise(Coming.ASKED, visit.host_id if is_reached(visit.host_id) else None)


def wait_min(
    visit: Visit, in_house: Iterable[Visit], receptions: Sequence[timedelta], now: datetime
) -> int | None:
    """How long ``visit`` waits by how long today's ``receptions`` took; None: too few are known.

    Hosts become free in turn, and visitors who wait are served in the order they checked in.
    """
    house = tuple(in_house)
    begun = [each.acked_at for each in house if each.acked_at is not None and each.host_id]
    if len(receptions) < FEWEST_RECEPTIONS or not begun:
        return None
    usual = timedelta(seconds=median(each.total_seconds() for each in receptions))
    left = sorted(max(SHORTEST, usual - (now - at)) for at in begun)
    ahead = sum(_waits_before(other, visit) for other in house)
    rounds, place = divmod(ahead, len(left))
    minutes = (left[place] + rounds * usual) / timedelta(minutes=1)
    return -int(-minutes // ROUNDED_TO_MIN) * ROUNDED_TO_MIN


def _waits_before(other: Visit, visit: Visit) -> bool:
    is_waiting = other.is_waiting and other.host_id is None
    return is_waiting and (other.checked_in_as or 0) < (visit.checked_in_as or 0)
