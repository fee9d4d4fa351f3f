"""The site's table of duties (岗位任务): what is due at which post, when, and what if late."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from broker.rules.advice import AdviceError
from shared.messages import NodeId, SceneValue, Text
from shared.words import Sentence

AT_MOST, MOMENTS_AT_MOST = 100, 60
LONGEST_WITHIN, SHORTEST_ROUND = 600, 5
SWITCH_ON, SWITCH_OFF = "on", "off"
HOST = "host"
"""In the place of a post: whoever receives the guest of a plan, on their own phone."""
APPOINTMENT = "appointment"
"""In the place of a level: a customer who is expected."""
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_ONE = re.compile(rf"({_TIME})|(open|close)([+-]\d{{1,3}})?")
_STEP = re.compile(r"(vip|a|b|plan|appointment)(?:(\.left)\+(\d{1,3})|([+-]\d{1,3}))?")
_ROUND = re.compile(rf"({_TIME}|open)[-~]({_TIME}|close)/(\d{{1,3}})")


class Late(StrEnum):
    """What becomes of a duty that could not be told in time, as after an outage."""

    RUN = "run_late"
    SKIP = "skip"
    ASK = "ask"
    """The manager says whether it is still done."""


class DutyPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of the table: due at these ``times`` of each day on which the house is open.

    ``08:00 13:30`` · ``open-30`` · ``close+10`` · a round: ``09:00-18:00/60``, every 60 minutes ·
    a step of a plan: ``vip-45``, ``a-60``, ``b-30``, or ``plan-10`` for each level, counted from
    the arrival; ``plan.left+30``, from the good-bye; ``appointment-30``, of each customer's.
    """

    key: NodeId
    post: NodeId
    text: Text
    times: str
    within_minutes: int = 15
    """So long it may take before others hear of it."""
    late: Late = Late.ASK
    scene: NodeId | None = None
    """The device that does it (lights, air conditioning, music), by the name of its topic; the
    post does it when the device does not answer. None: the post does it."""
    scene_value: SceneValue = SWITCH_ON
    """What the device is set to."""

    def __post_init__(self) -> None:
        """Refuse times that no clock shows.

        Raises:
            AdviceError: names the key.
        """
        if not self.text.strip():
            raise AdviceError("duties", Sentence("advice.duty_text"))
        if not 1 <= self.within_minutes <= LONGEST_WITHIN:
            raise AdviceError("duties", Sentence("advice.duty_within", most=LONGEST_WITHIN))
        if not self.times.split() or not all(map(_is_time, self.times.split())):
            raise AdviceError("duties", Sentence("advice.duty_times", times=self.times))


def moments(plan: DutyPlan, hours: tuple[str, str], midnight: datetime) -> list[datetime]:
    """When it is due on the day that begins at ``midnight``, in order and each once; never on a
    day on which the house is closed.
    """
    opens, closes = map(_minute, hours)
    if opens == closes:
        return []
    minutes = {
        minute
        for each in plan.times.split()
        for minute in _minutes(each, opens, closes)
        if 0 <= minute < 24 * 60
    }
    # Counted on the wall clock: a day on which the clocks change has no other times.
    wall = midnight.replace(tzinfo=None)
    due = [wall + timedelta(minutes=minute) for minute in sorted(minutes)[:MOMENTS_AT_MOST]]
    return [moment.replace(tzinfo=midnight.tzinfo) for moment in due]


def scenes_of(plans: Iterable[DutyPlan]) -> tuple[str, ...]:
    """The devices that the table names, each once."""
    return tuple(dict.fromkeys(plan.scene for plan in plans if plan.scene))


class PlannedArrival(NamedTuple):
    """When somebody of this level (A, B, vip, appointment) is expected."""

    level: str
    at: datetime
    plan_id: str | None = None
    """Steps of one plan stay the same steps when it is moved; None: told by level and time."""
    left_at: datetime | None = None
    """When they left; None: they have not."""
    host_id: str | None = None
    """Who receives them; None: a manager."""

    def on_the_clock(self, local: Callable[[datetime], datetime]) -> "PlannedArrival":
        """The same, as the site's clock shows it."""
        left_at = self.left_at and local(self.left_at)
        return self._replace(at=local(self.at), left_at=left_at)


def steps(plan: DutyPlan, arrival: PlannedArrival, midnight: datetime) -> list[datetime]:
    """When the row is due for somebody who is expected, on the day that begins at ``midnight``."""
    level = arrival.level.lower()
    wanted = {level} if level == APPOINTMENT else {level, "plan"}
    meant = [
        step for each in plan.times.split() if (step := _STEP.fullmatch(each)) and step[1] in wanted
    ]
    anchors = ((arrival.left_at if step[2] else arrival.at, step[3] or step[4]) for step in meant)
    found = {
        anchor + timedelta(minutes=int(minutes or 0))
        for anchor, minutes in anchors
        if anchor is not None
    }
    return sorted(due for due in found if midnight <= due < midnight + timedelta(days=1))


def _is_time(text: str) -> bool:
    rounds = _ROUND.fullmatch(text)
    if rounds is None:
        return bool(_ONE.fullmatch(text) or _STEP.fullmatch(text))
    is_backwards = rounds[1] != "open" and rounds[2] != "close" and rounds[2] <= rounds[1]
    return int(rounds[3]) >= SHORTEST_ROUND and not is_backwards


def _minutes(text: str, opens: int, closes: int) -> Iterator[int]:
    anchors = {"open": opens, "close": closes}
    if rounds := _ROUND.fullmatch(text):
        first, last = (
            anchors[each] if each in anchors else _minute(each) for each in rounds.group(1, 2)
        )
        yield from range(first, last + 1, int(rounds[3]))
    elif one := _ONE.fullmatch(text):
        yield _minute(one[1]) if one[1] else anchors[one[2]] + int(one[3] or 0)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
