"""The life of a duty (岗位任务): planned, told, late, done. A fold of its steps, like a case's.

What falls due when nobody looks (``due``) is the same whenever somebody does: a step is taken once,
and the policy of each duty says what becomes of one whose time an outage swallowed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from broker.rules.duty_table import DutyPlan, Late, PlannedArrival, moments, steps
from broker.rules.policy import Policy


class DutyState(StrEnum):
    """Where a duty stands."""

    PLANNED = "planned"
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


OPEN = frozenset({DutyState.PLANNED, DutyState.TOLD, DutyState.ASKED})
MAY_FOLLOW: Mapping[DutyAct, frozenset[DutyState]] = {
    DutyAct.TELL: frozenset({DutyState.PLANNED, DutyState.ASKED}),
    DutyAct.CLIMB: frozenset({DutyState.TOLD}),
    DutyAct.ASK: frozenset({DutyState.PLANNED}),
    DutyAct.SKIP: frozenset({DutyState.PLANNED, DutyState.ASKED}),
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
    arrives_at: datetime | None = None
    """Of a plan's step: when who is expected comes."""
    plan_id: str | None = None
    """Of a plan's step: which plan's."""
    state: DutyState = DutyState.PLANNED
    told_at: datetime | None = None
    asked_at: datetime | None = None
    """When the manager was asked whether it is still done."""
    rung: int = 0
    """How many rungs of the ladder were climbed."""
    ended_at: datetime | None = None
    by: str | None = None
    """Who did it, or said that it can't be done; None: time."""

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
    """A step of a duty; ``rung``: how far the ladder is climbed by it."""

    act: DutyAct
    at: datetime
    by: str | None = None
    rung: int = 0


def of_day(policy: Policy, on: date, arrivals: Iterable[PlannedArrival] = ()) -> dict[str, Duty]:
    """Everything that the site's table makes due on this day, by id; its plans' steps too."""
    midnight = policy.start_of(on)
    daily = (
        _duty(plan, on, due_at)
        for plan in policy.duties
        for due_at in moments(plan, policy.hours(on), midnight)
    )
    of_plans = (
        _duty(plan, on, policy.local(due_at), arrival)
        for plan in policy.duties
        for arrival in (each.on_the_clock(policy.local) for each in arrivals)
        for due_at in steps(plan, arrival, midnight)
    )
    return {duty.duty_id: duty for duty in (*daily, *of_plans)}


def _duty(
    plan: DutyPlan, on: date, due_at: datetime, arrival: PlannedArrival | None = None
) -> Duty:
    name = f"{due_at:%H%M}-{plan.key}"
    if arrival is not None and arrival.plan_id is not None:
        after_min = (due_at - arrival.at) // timedelta(minutes=1)
        name = f"{plan.key}-{'m' if after_min < 0 else 'p'}{abs(after_min)}"
    whose = f" · {arrival.level.upper()} {arrival.at:%H:%M}" if arrival else ""
    of = f"-{arrival.level.lower()}-{arrival.at:%H%M}" if arrival else ""
    of = f"-{arrival.plan_id[-12:]}" if arrival and arrival.plan_id else of
    return Duty(
        duty_id=f"{on:%Y%m%d}-{name}{of}",
        on=on,
        post=plan.post,
        text=f"{plan.text}{whose}",
        due_at=due_at,
        within_minutes=plan.within_minutes,
        late=plan.late,
        arrives_at=arrival.at if arrival else None,
        plan_id=arrival.plan_id if arrival else None,
    )


def still_to_plan(
    wanted: Mapping[str, Duty], kept: Mapping[str, Duty], since: datetime | None
) -> tuple[Duty, ...]:
    """What is not planned yet, but for what was due before ``since``: when the table changed.

    A plan that is made late has all of its steps: the policy of each says what becomes of it. What
    was dropped and is wanted again is planned again.
    """
    return tuple(
        duty
        for duty_id, duty in wanted.items()
        if (since is None or duty.due_at > since or duty.arrives_at is not None)
        and (duty_id not in kept or kept[duty_id].state is DutyState.DROPPED)
    )


def to_drop(wanted: Mapping[str, Duty], kept: Iterable[Duty]) -> tuple[Duty, ...]:
    """What was planned, is not due yet, and is wanted no more; all steps of a cancelled plan."""
    plans = {None, *(duty.plan_id for duty in wanted.values())}
    return tuple(
        duty
        for duty in kept
        if (duty.state is DutyState.PLANNED and _bare(duty) != _bare(wanted.get(duty.duty_id)))
        or (duty.is_open and duty.plan_id not in plans)
    )


def due(duty: Duty, policy: Policy, now: datetime) -> DutyStep | None:
    """What time brings about for ``duty`` by ``now``; None: nothing."""
    if not duty.is_open:
        return None
    if now >= _day_ends_at(duty, policy):
        return DutyStep(DutyAct.MISS, now)
    if duty.state is DutyState.PLANNED and now >= duty.due_at:
        is_late = now > duty.due_at + duty.may_take
        return DutyStep(_LATE[duty.late] if is_late else DutyAct.TELL, now)
    climbed = min(_rungs_due(duty, now), len(LADDER))
    return DutyStep(DutyAct.CLIMB, now, rung=climbed) if climbed > duty.rung else None


def next_at(duty: Duty, policy: Policy) -> datetime | None:
    """When ``due`` may say something next; None: never."""
    if not duty.is_open:
        return None
    if duty.state is DutyState.PLANNED:
        return duty.due_at
    if duty.told_at is not None and duty.rung < len(LADDER):
        return duty.told_at + duty.may_take * (duty.rung + 1)
    return _day_ends_at(duty, policy)


def put_right(duty: Duty, now: datetime) -> DutyStep | None:
    """Take back what a clock that was ahead did with a duty: ended it, or counted its minutes."""
    ahead = [
        at for at in (duty.told_at, duty.asked_at, duty.ended_at) if at is not None and at > now
    ]
    is_persons = duty.by is not None
    return DutyStep(DutyAct.PUT_RIGHT, now) if ahead and not is_persons else None


def after(duty: Duty, step: DutyStep) -> Duty:
    """The duty after ``step``; the same, if it makes no sense now."""
    if duty.state not in MAY_FOLLOW[step.act]:
        return duty
    return _ACTS.get(step.act, _ended)(duty, step)


def _told(duty: Duty, step: DutyStep) -> Duty:
    return replace(duty, state=DutyState.TOLD, told_at=step.at, rung=0)


def _ended(duty: Duty, step: DutyStep) -> Duty:
    return replace(duty, state=_ENDS[step.act], ended_at=step.at, by=step.by)


def _right(duty: Duty, step: DutyStep) -> Duty:
    """Told once is told: it does not ring again, and its minutes count from now at the latest."""
    told_at = duty.told_at and min(duty.told_at, step.at)
    state = DutyState.TOLD if told_at else DutyState.PLANNED
    return replace(duty, state=state, told_at=told_at, asked_at=None, ended_at=None)


_ACTS: Mapping[DutyAct, Callable[[Duty, DutyStep], Duty]] = {
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


def _bare(duty: Duty | None) -> Duty | None:
    return duty and replace(duty, state=DutyState.PLANNED, told_at=None, rung=0)
