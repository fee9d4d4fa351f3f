"""Each step of a scenario as the message that a gate, a tablet or a phone sends to the hub."""

from collections.abc import Callable

from msgspec.structs import replace

from broker.scenarios.scenario_steps import FOLLOW_UP, ScenarioStep
from broker.scenarios.step_commands import DOOR, Occasion, call_said
from shared.messages import (
    Ack,
    CheckIn,
    CustomersGiven,
    Departure,
    Evidence,
    GivenCustomer,
    Ground,
    LookUp,
    Message,
    Registration,
    ReportKind,
)
from tests.flow.scenario_site import BOSS
from tests.flow.stage import Stage
from tests.samples import arrival


def _arrive(stage: Stage, step: ScenarioStep) -> Message:
    car = arrival(step.plate or "", stage.number, seen_at=stage.at)
    return replace(car, arrival_id=stage.name("a"))


def _depart(stage: Stage, step: ScenarioStep) -> Message:
    return Departure(
        departure_id=stage.name("d"),
        gate_id="north",
        seq=stage.number,
        seen_at=stage.at,
        sent_at=stage.at,
        plate=step.plate or "",
        confidence=0.95,
    )


def _check_in(stage: Stage, step: ScenarioStep) -> Message:
    opened = stage.names.get(step.visit or "")
    people = {person.id for person in stage.hub.people.staff}
    is_known, is_family_known = step.named in people, step.family_named in people
    return CheckIn(
        check_in_id=f"c-{stage.new_visit(step)}",  # a repeated check-in has the same id
        kiosk_id="lobby",
        seq=stage.number,
        checked_in_at=stage.at,
        consented_at=stage.at,
        phone=step.phone,
        surname=step.surname,
        salutation=step.salutation,
        plate=step.plate,
        party_size=step.party_size,
        is_first_visit=step.first_visit,
        family_visited=step.family,
        was_contacted=step.contacted,
        named_consultant_id=step.named if is_known else None,
        named_text=None if is_known else step.named,
        family_consultant_id=step.family_named if is_family_known else None,
        family_text=None if is_family_known else step.family_named,
        family_phone=step.family_phone,
        evidence=Evidence(step.evidence or Evidence.NONE),
        arrival_id=stage.hub.visits.get(opened).arrival_id if opened else None,
    )


def _ack(stage: Stage, step: ScenarioStep) -> Message:
    """A tap on the alert; a report that says the same if no alert rings any more."""
    who, visit_id = step.consultant or "", stage.visit_id(step)
    ringing = stage.hub.inbox.db.execute(
        "select alert_id from alerts "
        "where visit_id = ? and staff_id = ? and is_host_call and closed_at is null",
        [visit_id, who],
    ).fetchone()
    if ringing is not None:
        (alert_id,) = ringing
        return Ack(ack_id=stage.name("k"), alert_id=alert_id, staff_id=who, acked_at=stage.at)
    return stage.report(ReportKind.SERVING, who, visit_id=visit_id)


def _owner_found(stage: Stage, step: ScenarioStep) -> Message:
    """By the host or a manager; whoever says that the visitor is their own claims."""
    if step.by != step.consultant:
        return _of_visit(ReportKind.OWNER_FOUND, None)(stage, step)
    return stage.report(
        ReportKind.CLAIM,
        stage.person(step.by),
        visit_id=stage.visit_id(step),
        evidence=Ground(step.evidence) if step.evidence else None,
    )


def _register(stage: Stage, step: ScenarioStep) -> Message:
    return Registration(
        registration_id=f"step-{stage.number}",
        staff_id=step.consultant or "",
        registered_at=stage.at,
        surname=step.surname,
        salutation=step.salutation,
        phone=step.phone,
        plates=step.all_plates,
        channel=step.channel,
        visit_id=stage.names.get(step.visit or ""),
    )


def _follow_up(stage: Stage, step: ScenarioStep) -> Message:
    hub = stage.hub
    return call_said(
        step, Occasion(stage.at, "", stage.name("s"), hub.decider.policy, hub.register)
    )


def _look_up(stage: Stage, step: ScenarioStep) -> Message:
    return LookUp(
        look_up_id=stage.name("l"),
        staff_id=step.consultant or "",
        asked_at=stage.at,
        phone=step.phone,
        plate=step.plate,
        name=step.name,
    )


def _away(stage: Stage, step: ScenarioStep) -> Message:
    if not step.excused:
        return stage.report(ReportKind.AWAY, step.consultant or "")
    return stage.report(ReportKind.AWAY, BOSS, for_staff_id=step.consultant, is_excused=True)


def _next_day(stage: Stage, step: ScenarioStep) -> Message | None:
    """None if the day begins by itself; a new order of the line is the manager's report."""
    if step.order is None:
        return None
    return stage.report(ReportKind.SET_ORDER, BOSS, order=step.order)


def _hand_over_customers(stage: Stage, step: ScenarioStep) -> Message:
    given = tuple(
        GivenCustomer(
            registration_id=entry.registration_id,
            consultant_id=step.for_ or "",
            reason=step.reason,
        )
        for entry in stage.entries(step)
    )
    return CustomersGiven(
        act_id=f"step-{stage.number}",
        staff_id=BOSS,
        from_staff_id=step.consultant or "",
        given=given,
        given_at=stage.at,
    )


def _release(stage: Stage, step: ScenarioStep) -> Message:
    """Entries under these keys; without keys all that wait."""
    ids = tuple(entry.registration_id for entry in stage.entries(step))
    who = None if ids else step.consultant
    return stage.report(ReportKind.RELEASE_ENTRIES, BOSS, registration_ids=ids, for_staff_id=who)


def _of_visit(kind: ReportKind, by: str | None = BOSS) -> Callable[[Stage, ScenarioStep], Message]:
    """A report of ``by``; None: of whom the step says, or the host."""
    return lambda stage, step: stage.report(
        kind,
        by or (stage.person(step.by) if step.by else stage.host_of(step)),
        visit_id=stage.visit_id(step),
        for_staff_id=step.consultant,
        evidence=Ground(step.evidence) if step.evidence else None,
        reason=step.reason or None,
        phone=step.phone,
        plate=step.plate,
    )


def _of_oneself(kind: ReportKind) -> Callable[[Stage, ScenarioStep], Message]:
    return lambda stage, step: stage.report(
        kind,
        step.consultant or "",
        for_staff_id=step.for_,
        visit_id=stage.names.get(step.visit or ""),
    )


MESSAGES: dict[str, Callable[[Stage, ScenarioStep], Message | None]] = {
    "arrive": _arrive,
    "depart": _depart,
    "check_in": _check_in,
    "ack": _ack,
    "finish": _of_visit(ReportKind.FINISHED, None),
    "away": _away,
    "back": _of_oneself(ReportKind.BACK),
    "join": _of_oneself(ReportKind.JOIN),
    "leave": _of_oneself(ReportKind.LEAVE),
    "stand_in": _of_oneself(ReportKind.STAND_IN),
    "take_over": _of_oneself(ReportKind.TAKE_OVER),
    "take_back_skip": _of_visit(ReportKind.TAKE_BACK_SKIP),
    "met": _of_visit(ReportKind.MET, DOOR),
    "let_in": _of_visit(ReportKind.LET_IN),
    "left": _of_visit(ReportKind.LEFT, None),
    "still_here": _of_visit(ReportKind.STILL_HERE, None),
    "hand_over": _of_visit(ReportKind.HAND_OVER, None),
    "owner_found": _owner_found,
    "family": _of_visit(ReportKind.FAMILY, None),
    "release": _release,
    "leaves_company": lambda stage, step: stage.report(
        ReportKind.LEAVES_COMPANY, BOSS, for_staff_id=step.consultant
    ),
    "hand_over_customers": _hand_over_customers,
    "close_day": lambda stage, _step: stage.report(ReportKind.CLOSE_DAY, BOSS),
    "register": _register,
    FOLLOW_UP: _follow_up,
    "look_up": _look_up,
    "rule": _of_visit(ReportKind.RULING),
    "vip": lambda stage, step: stage.vip(stage.name("b"), step, step.arrives),
    "book": lambda stage, step: stage.appointment(stage.name("b"), step),
    "tick": lambda _stage, _step: None,
    "next_day": _next_day,
}
