"""What follows when a duty (岗位任务) falls due, is ticked, or its time went by unseen."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

import msgspec

from broker.alerts.calls import Call, Guest
from broker.alerts.duty_calls import (
    call_of_duty,
    call_of_question,
    calls_of_late_duty,
    calls_of_undone,
)
from broker.handlers.alerting import close, name_of, raise_alert
from broker.handlers.context import Hub
from broker.rules.duties import (
    DEVICE_ANSWERS_WITHIN,
    LADDER,
    Duty,
    DutyAct,
    DutyStep,
    after,
    due,
    next_at,
    put_right,
)
from broker.rules.duty_planning import of_day, still_to_plan, to_drop
from broker.rules.duty_table import APPOINTMENT, SWITCH_OFF, PlannedArrival
from broker.store.duty_rows import PLANNED, STEPPED, TAKEN_BACK, PlannedDuties, SteppedDuty
from shared.errors import MessageError
from shared.ids import new_id
from shared.messages import CloseReason, Message, Scene, SceneState, StaffReport

log = logging.getLogger(__name__)


def watch_duties(hub: Hub) -> Iterator[Message]:
    """Plan the day's duties, and take every step that is due."""
    moment, duties, policy = hub.clock(), hub.duties, hub.decider.policy
    on = policy.local(moment).date()
    planned_for = (on, policy.duties, policy.hours(on), _arrivals(hub, on))
    is_back = duties.looked_at is not None and moment < duties.looked_at
    if is_back or duties.planned_for != planned_for:
        yield from _plan(hub, moment)
        duties.planned_for = planned_for
    duties.looked_at = moment
    for duty in duties.due(moment):
        if step := due(duty, policy, moment):
            yield from _take(hub, duty, _with_id(step))
        else:
            duties.save(duty, next_at(duty, policy))


def duty_told(hub: Hub, report: StaffReport, act: DutyAct) -> Iterator[Message]:
    """Tick the duty that a report names.

    Raises:
        MessageError: there is nothing to do with it any more.
    """
    duty = hub.duties.find(report.duty_id or "")
    if duty is None:
        raise MessageError("error.no_duty")
    step = DutyStep(act, hub.clock(), report.staff_id)
    if after(duty, step) == duty:
        who = name_of(hub, duty.by)
        key = "error.duty_over_by" if who else "error.duty_over"
        raise MessageError(key, **({"who": who} if who else {}))
    yield from _take(hub, duty, step)
    if act is DutyAct.IMPOSSIBLE:
        who = name_of(hub, report.staff_id) or report.staff_id
        for call in calls_of_undone(who, duty, report.reason or report.note or ""):
            for told in hub.often_told.bounded(call):
                yield from raise_alert(hub, duty.duty_id, told, Guest())


def on_scene_state(hub: Hub, told: SceneState) -> Iterator[Message]:
    """A device says what it is set to: if that is what it was told, its duty is done."""
    moment = hub.clock()
    duty = hub.duties.switched_by(told.scene_id, hub.decider.policy.local(moment).date())
    if duty is None or (duty.scene, duty.scene_value) != (told.name, told.value):
        log.info("%s is set to %s, which nobody waits for", told.name, told.value)
        return
    yield from _take(hub, duty, DutyStep(DutyAct.DONE, moment, by=told.name))


def is_of_own_post(hub: Hub, duty_id: str, staff_id: str) -> bool:
    """Whether this person may tick the duty as one of their post's; one that is unknown is
    anybody's to ask for."""
    duty = hub.duties.find(duty_id)
    return duty is None or duty.staff_id == staff_id or duty.post in hub.roles_of(staff_id)


def _plan(hub: Hub, moment: datetime) -> Iterator[Message]:
    """Plan today by the table: all of it when the day begins, what is to come when it changed."""
    duties, policy = hub.duties, hub.decider.policy
    on = policy.local(moment).date()
    yield from _take_back(hub, moment)
    kept = {duty.duty_id: duty for duty in duties.of_day(on)}
    wanted = of_day(policy, on, _arrivals(hub, on))
    is_new = not duties.is_planned(on)
    since = None if is_new and not kept and duties.is_begun else moment
    for duty in to_drop(wanted, kept.values()):
        step = DutyStep(DutyAct.DROP, moment)
        yield from _take(hub, duty, step)
        kept[duty.duty_id] = after(duty, step)
    new = still_to_plan(wanted, kept, since)
    if new or (is_new and policy.duties):  # a day without any was planned too
        body = msgspec.json.encode(PlannedDuties(on, new))
        hub.journal.append(PLANNED, on.isoformat(), body, moment)
        for duty in new:
            duties.save(duty, next_at(duty, policy))


def _arrivals(hub: Hub, on: date) -> tuple[PlannedArrival, ...]:
    """Who is expected on this day: VIPs, leaders, customers."""
    return tuple(
        PlannedArrival(
            level=APPOINTMENT if each.flag == APPOINTMENT else each.level or "vip",
            at=each.starts_at,
            plan_id=each.booking_id,
            left_at=each.left_at,
            host_id=each.host_id,
        )
        for each in hub.decider.state.expected
        if each.on == on
    )


def _take_back(hub: Hub, moment: datetime) -> Iterator[Message]:
    """Take back what a clock that was ahead planned for later days, or ended today."""
    policy = hub.decider.policy
    on = policy.local(moment).date()
    for duty in hub.duties.of_day(on):
        if step := put_right(duty, moment):
            yield from _take(hub, duty, step)
    if early := list(hub.duties.after_day(on)):
        body = {"duty_ids": [duty.duty_id for duty in early]}
        hub.journal.append(TAKEN_BACK, on.isoformat(), msgspec.json.encode(body), moment)
        for duty in early:
            hub.duties.delete(duty)
            yield from _silence(hub, duty, CloseReason.CANCELLED)


def _take(hub: Hub, duty: Duty, step: DutyStep) -> Iterator[Message]:
    """Keep ``step`` and the duty after it, and tell whoever is to hear of it."""
    stepped = after(duty, step)
    if stepped == duty:
        return
    note = msgspec.json.encode(SteppedDuty(step.act, step.by, step.rung, step.scene_id))
    hub.journal.append(STEPPED, duty.duty_id, note, step.at)
    hub.duties.save(stepped, next_at(stepped, hub.decider.policy))
    log.info("duty %s: %s", duty.duty_id, step.act)
    if step.act is not DutyAct.CLIMB:
        is_done = step.act is DutyAct.DONE
        reason = CloseReason.CLAIMED if is_done else CloseReason.CANCELLED
        yield from _silence(hub, duty, reason, None if step.by == duty.scene else step.by)
    if step.act is DutyAct.SWITCH:
        yield _command(stepped, step.at)
    for call in _CALLS.get(step.act, _nobody)(hub, stepped):
        yield from raise_alert(hub, duty.duty_id, call, Guest())


def _with_id(step: DutyStep) -> DutyStep:
    """The step with a fresh id for what it tells a device."""
    return replace(step, scene_id=new_id(step.at)) if step.act is DutyAct.SWITCH else step


def _command(duty: Duty, moment: datetime) -> Scene:
    """What the device is told."""
    return Scene(
        scene_id=duty.scene_id or "",
        name=duty.scene or "",
        is_on=duty.scene_value != SWITCH_OFF,
        value=duty.scene_value,
        due_at=duty.due_at,
        sent_at=moment,
        expires_at=moment + DEVICE_ANSWERS_WITHIN,
    )


def _silence(
    hub: Hub, duty: Duty, reason: CloseReason, by_staff_id: str | None = None
) -> Iterator[Message]:
    for group in hub.alert_groups.open_of(duty.duty_id):
        yield from close(hub, group, reason, by_staff_id)


def _nobody(_hub: Hub, _duty: Duty) -> tuple[Call, ...]:
    return ()


def _due(hub: Hub, duty: Duty) -> tuple[Call, ...]:
    return (call_of_duty(_of_who_is_here(hub, duty), _clock(hub, duty), _held(hub)),)


def _late(hub: Hub, duty: Duty) -> tuple[Call, ...]:
    rung = LADDER[duty.rung - 1]
    told = _of_who_is_here(hub, duty)
    return tuple(calls_of_late_duty(told, rung, _clock(hub, duty), _held(hub)))


def _question(hub: Hub, duty: Duty) -> tuple[Call, ...]:
    return (call_of_question(duty, _clock(hub, duty)),)


_CALLS: Mapping[DutyAct, Callable[[Hub, Duty], tuple[Call, ...]]] = {
    DutyAct.TELL: _due,
    DutyAct.CLIMB: _late,
    DutyAct.ASK: _question,
}
"""Who is told after each act; after any other nobody is."""


def _clock(hub: Hub, duty: Duty) -> str:
    return f"{hub.decider.policy.local(duty.due_at):%H:%M}"


def _of_who_is_here(hub: Hub, duty: Duty) -> Duty:
    """The duty; nobody's own, if its person works here no more."""
    is_here = duty.staff_id is None or hub.roles_of(duty.staff_id)
    return duty if is_here else msgspec.structs.replace(duty, staff_id=None)


def _held(hub: Hub) -> frozenset[str]:
    return frozenset(role for person in hub.staff_here() for role in person.roles)
