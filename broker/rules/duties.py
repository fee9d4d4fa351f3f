"""The life of a duty (岗位任务): planned, told, late, done. A fold of its steps, like a case's.

What falls due when nobody looks (``due``) is the same whenever somebody does: a step is taken once,
and the policy of each duty says what becomes of one whose time an outage swallowed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from broker.rules.duty_table import SWITCH_ON, Late
from broker.rules.policy import Policy

DEVICE_ANSWERS_WITHIN = timedelta(seconds=30)
"""So long a device may take to say that it is done; then a person is asked, and it is too late for
the device to act."""


class DutyState(StrEnum):
    """Where a duty stands."""

    PLANNED = "planned"
    SWITCHED = "switched"
    """A device was told to do it, and has not said that it did."""
    TOLD = "told"
    ASKED = "asked"
    """It is late, and somebody has to say whether it is still done."""
    DONE = "done"
    IMPOSSIBLE = "impossible"
    SKIPPED = "skipped"
    MISSED = "missed"
    """The day ended and nobody had done it."""
    DROPPED = "dropped"
    """It was taken out of the table before it was due."""


class DutyAct(StrEnum):
    """What is done with a duty, by time or by somebody."""

    SWITCH = "switch"
    """A device is told to do it."""
    TELL = "tell"
    CLIMB = "climb"
    """Nobody has done it: others hear of it."""
    ASK = "ask"
    SKIP = "skip"
    MISS = "miss"
    DONE = "done"
    IMPOSSIBLE = "impossible"
    DROP = "drop"
    PUT_RIGHT = "put_right"
    """A clock that was wrong had ended it."""


OPEN = frozenset({DutyState.PLANNED, DutyState.SWITCHED, DutyState.TOLD, DutyState.ASKED})
MAY_FOLLOW: Mapping[DutyAct, frozenset[DutyState]] = {
    DutyAct.SWITCH: frozenset({DutyState.PLANNED}),
    DutyAct.TELL: frozenset({DutyState.PLANNED, DutyState.SWITCHED, DutyState.ASKED}),
    DutyAct.CLIMB: frozenset({DutyState.TOLD}),
    DutyAct.ASK: frozenset({DutyState.PLANNED, DutyState.SWITCHED}),
    DutyAct.SKIP: frozenset({DutyState.PLANNED, DutyState.SWITCHED, DutyState.ASKED}),
    DutyAct.MISS: OPEN,
    DutyAct.DONE: OPEN,
    DutyAct.IMPOSSIBLE: OPEN,
    DutyAct.DROP: OPEN,
    DutyAct.PUT_RIGHT: frozenset(DutyState),
}
"""In which state each act makes sense; in any other it changes nothing."""
_ENDS: Mapping[DutyAct, DutyState] = {
    DutyAct.SKIP: DutyState.SKIPPED,
    DutyAct.MISS: DutyState.MISSED,
    DutyAct.DONE: DutyState.DONE,
    DutyAct.IMPOSSIBLE: DutyState.IMPOSSIBLE,
    DutyAct.DROP: DutyState.DROPPED,
}
_LATE: Mapping[Late, DutyAct] = {
    Late.RUN: DutyAct.TELL,
    Late.SKIP: DutyAct.SKIP,
    Late.ASK: DutyAct.ASK,
}


class Rung(StrEnum):
    """Who hears of a duty that nobody has done."""

    NEIGHBOUR = "neighbour"
    """The post once more, and its neighbour."""
    MANAGER = "manager"


LADDER = (Rung.NEIGHBOUR, Rung.MANAGER)
"""Each after as long again as the duty may take."""


class Duty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is due at a post, as its steps made it."""

    duty_id: str
    on: date
    post: str
    text: str
    due_at: datetime
    within_minutes: int = 15
    late: Late = Late.ASK
    scene: str | None = None
    """The device that does it, by the name of its topic; None: a person does."""
    scene_value: str = SWITCH_ON
    """What it is set to."""
    scene_id: str | None = None
    """Of the command to the device; None: it was given none."""
    switched_at: datetime | None = None
    arrives_at: datetime | None = None
    """Of a plan's step: when who is expected comes."""
    plan_id: str | None = None
    """Of a plan's step: which plan's."""
    staff_id: str | None = None
    """Whose it is, where it is a person's and not all of the post's."""
    state: DutyState = DutyState.PLANNED
    told_at: datetime | None = None
    asked_at: datetime | None = None
    """When the manager was asked whether it is still done."""
    rung: int = 0
    """How many rungs of the ladder were climbed."""
    ended_at: datetime | None = None
    by: str | None = None
    """Who did it, or said that it can't be done, a person or a device; None: time."""

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come of it."""
        return self.state in OPEN

    @property
    def may_take(self) -> timedelta:
        """How long it may take before others hear of it."""
        return timedelta(minutes=self.within_minutes)

    def is_overdue(self, at: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.is_open and self.due_at + self.may_take < at


@dataclass(frozen=True, slots=True)
class DutyStep:
    """A step of a duty; ``rung``: how far the ladder is climbed by it.

    ``scene_id``: of the command that a device is given.
    """

    act: DutyAct
    at: datetime
    by: str | None = None
    rung: int = 0
    scene_id: str | None = None


def due(duty: Duty, policy: Policy, now: datetime) -> DutyStep | None:
    """What time brings about for ``duty`` by ``now``; None: nothing."""
    if not duty.is_open:
        return None
    if now >= _day_ends_at(duty, policy):
        return DutyStep(DutyAct.MISS, now)
    begins_at = _begins_at(duty)
    if begins_at is not None and now >= begins_at:
        return DutyStep(_first(duty, now), now)
    climbed = min(_rungs_due(duty, now), len(LADDER))
    return DutyStep(DutyAct.CLIMB, now, rung=climbed) if climbed > duty.rung else None


def next_at(duty: Duty, policy: Policy) -> datetime | None:
    """When ``due`` may say something next; None: never."""
    if not duty.is_open:
        return None
    if (begins_at := _begins_at(duty)) is not None:
        return begins_at
    if duty.told_at is not None and duty.rung < len(LADDER):
        return duty.told_at + duty.may_take * (duty.rung + 1)
    return _day_ends_at(duty, policy)


def _begins_at(duty: Duty) -> datetime | None:
    """When it is somebody's: its device's, or a person's; None: it is already."""
    if duty.state is DutyState.SWITCHED and duty.switched_at is not None:
        return duty.switched_at + DEVICE_ANSWERS_WITHIN
    return duty.due_at if duty.state is DutyState.PLANNED else None


def _first(duty: Duty, now: datetime) -> DutyAct:
    """A device is told in time or never: what is late is left to people."""
    if now > duty.due_at + duty.may_take:
        return _LATE[duty.late]
    is_for_device = duty.scene is not None and duty.state is DutyState.PLANNED
    return DutyAct.SWITCH if is_for_device else DutyAct.TELL


def put_right(duty: Duty, now: datetime) -> DutyStep | None:
    """Take back what a clock that was ahead did with a duty: ended it, or counted its minutes."""
    stamps = (duty.switched_at, duty.told_at, duty.asked_at, duty.ended_at)
    ahead = [at for at in stamps if at is not None and at > now]
    is_persons = duty.by is not None
    return DutyStep(DutyAct.PUT_RIGHT, now) if ahead and not is_persons else None


def after(duty: Duty, step: DutyStep) -> Duty:
    """The duty after ``step``; the same, if it makes no sense now."""
    if duty.state not in MAY_FOLLOW[step.act]:
        return duty
    return _ACTS.get(step.act, _ended)(duty, step)


def _told(duty: Duty, step: DutyStep) -> Duty:
    return replace(duty, state=DutyState.TOLD, told_at=step.at, rung=0)


def _switched(duty: Duty, step: DutyStep) -> Duty:
    return replace(
        duty, state=DutyState.SWITCHED, switched_at=step.at, scene_id=step.scene_id, rung=0
    )


def _ended(duty: Duty, step: DutyStep) -> Duty:
    return replace(duty, state=_ENDS[step.act], ended_at=step.at, by=step.by)


def _right(duty: Duty, step: DutyStep) -> Duty:
    """Told once is told: it does not ring again, and its minutes count from now at the latest."""
    told_at = duty.told_at and min(duty.told_at, step.at)
    switched_at = duty.switched_at and min(duty.switched_at, step.at)
    untold = DutyState.SWITCHED if switched_at else DutyState.PLANNED
    state = DutyState.TOLD if told_at else untold
    righted = {"told_at": told_at, "switched_at": switched_at}
    return replace(duty, state=state, asked_at=None, ended_at=None, **righted)


_ACTS: Mapping[DutyAct, Callable[[Duty, DutyStep], Duty]] = {
    DutyAct.SWITCH: _switched,
    DutyAct.TELL: _told,
    DutyAct.CLIMB: lambda duty, step: replace(duty, rung=step.rung),
    DutyAct.ASK: lambda duty, step: replace(duty, state=DutyState.ASKED, asked_at=step.at),
    DutyAct.PUT_RIGHT: _right,
}
"""What each act makes of a duty; every other ends it."""


def _rungs_due(duty: Duty, now: datetime) -> int:
    return (now - duty.told_at) // duty.may_take if duty.told_at is not None else 0


def _day_ends_at(duty: Duty, policy: Policy) -> datetime:
    return policy.start_of(duty.on + timedelta(days=1))
