"""What the site's table makes due on a day (岗位任务): what is to plan, and what to drop."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from broker.rules.duties import Duty, DutyState
from broker.rules.duty_table import APPOINTMENT, HOST, DutyPlan, PlannedArrival, moments, steps
from broker.rules.policy import Policy


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
    whose = f" · {_called(arrival)}" if arrival else ""
    of = f"-{arrival.level.lower()}-{arrival.at:%H%M}" if arrival else ""
    of = f"-{arrival.plan_id[-12:]}" if arrival and arrival.plan_id else of
    return Duty(
        duty_id=f"{on:%Y%m%d}-{name}{of}",
        on=on,
        post=plan.post,
        staff_id=arrival.host_id if arrival and plan.post == HOST else None,
        text=f"{plan.text}{whose}",
        due_at=due_at,
        within_minutes=plan.within_minutes,
        late=plan.late,
        scene=plan.scene,
        scene_value=plan.scene_value,
        arrives_at=arrival.at if arrival else None,
        plan_id=arrival.plan_id if arrival else None,
    )


def _called(arrival: PlannedArrival) -> str:
    """The level and when they come; of a customer just when: no name stands in a duty."""
    level = "" if arrival.level == APPOINTMENT else f"{arrival.level.upper()} "
    return f"{level}{arrival.at:%H:%M}"


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


def _bare(duty: Duty | None) -> Duty | None:
    return duty and replace(duty, state=DutyState.PLANNED, told_at=None, rung=0)
