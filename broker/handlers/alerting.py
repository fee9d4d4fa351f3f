"""Raises alerts, rings them again, asks further people, ends them, as ``alerts.life`` says."""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from broker.alerts.calls import Call, Guest, post
from broker.alerts.care import guest_of
from broker.alerts.duty_calls import DUTY_WORDS
from broker.alerts.escalation import is_asked_already, next_call
from broker.alerts.life import (
    ENDS,
    AlertGroup,
    AlertState,
    AlertStep,
    Asked,
    Kind,
    begin,
    changed,
    due,
    next_moment,
    taken,
)
from broker.alerts.what_is_asked import AT_ONCE
from broker.handlers.context import Hub
from broker.rules.line import due_at
from broker.wording.alert_text import as_unsaved, wording_of
from shared.ids import new_id
from shared.messages import Alert, AlertClosed, CloseReason, Message, Rung, Say, Wording
from shared.words import LANGUAGES

ALERT_LIFE = timedelta(minutes=10)
TROUBLE_LIFE = timedelta(hours=12)
"""A failed camera stays failed until somebody repairs it; a duty is due until it is done."""
TROUBLES = ("camera", "backup", "clock_refused", "disk", "node_disk")
LONGEST_LADDER = 20
ESCALATED = "escalated"
"""The kind of a journal entry that holds the step taken for a group, and the alert it raised."""


def guest(hub: Hub, visit_id: str) -> Guest:
    """What staff need to greet the visitor. An empty guest if the subject is not a visit."""
    visit = hub.visits.find(visit_id)
    known = Guest()
    if visit is not None:
        known = Guest(visit.plate, visit.surname, visit.salutation, arrival_id=visit.arrival_id)
    return guest_of(hub.alert_groups.care(visit_id), known)


def raise_alert(
    hub: Hub, subject: str, call: Call, visitor: Guest, before: tuple[Rung, ...] = ()
) -> Iterator[Message]:
    """Begin a group with one alert, which rings at the phones and is said by loudspeakers.

    ``before``: who was called for this visitor already.
    """
    moment, is_long = hub.clock(), call.words in TROUBLES or call.words in DUTY_WORDS
    ends_at = moment + (TROUBLE_LIFE if is_long else ALERT_LIFE)
    alert = _alert(hub, subject, call, visitor, before, ends_at)
    group = AlertGroup(
        group_id=alert.alert_id,
        subject=subject,
        about=call.words,
        kind=call.kind,
        raised_at=moment,
        ends_at=moment if call.words in AT_ONCE else alert.expires_at,
        repeat_at=moment,
        asked=(_asked(alert),),
        before=before,
    )
    group = begin(group, hub.decider.policy)
    yield from _ring_first(hub, group.group_id, alert, call, visitor)
    yield from climb(hub, group, is_new=True)


def climb(hub: Hub, group: AlertGroup, *, is_new: bool = False) -> Iterator[Message]:
    """Take every step that is due for ``group`` now, and save the group."""
    policy, moment, before = hub.decider.policy, hub.clock(), group
    while step := due(group, policy, moment, partial(can_answer, hub)):
        if step is AlertStep.EXPIRE:
            yield from close(hub, group, CloseReason.EXPIRED)
            return
        added = None
        if step is AlertStep.REPEAT:
            yield from _ring_again(hub, group)
        else:
            added = yield from _ask_besides(hub, group, step)
        group = taken(group, step, moment, added)
    if is_new or group is not before:
        hub.alert_groups.save(group, next_moment(group, policy))


def _ask_besides(
    hub: Hub, group: AlertGroup, step: AlertStep
) -> Generator[Message, None, Asked | None]:
    """Ring whoever comes next for ``group``; None if there is nobody."""
    call, visitor = _next_call(hub, group, step), guest(hub, group.subject)
    if call and is_asked_already(call, group, hub.alert_groups.open_of(group.subject)):
        call = None
    alert = call and _alert(hub, group.subject, call, visitor, rungs(hub, group), group.ends_at)
    note = {"step": step.value, "alert_id": alert.alert_id if alert else None}
    hub.journal.append(ESCALATED, group.group_id, msgspec.json.encode(note), hub.clock())
    if not call or not alert:
        return None
    yield from _ring_first(hub, group.group_id, alert, call, visitor)
    return _asked(alert)


def can_answer(hub: Hub, group: AlertGroup, asked: Asked) -> bool:
    """Whether anybody who is asked is there and free to go."""
    people = (asked.staff_id,) if asked.staff_id else hub.people_of(asked.role or "")
    return any(
        is_there(hub, group, person) and not _is_elsewhere(hub, person, group.subject)
        for person in people
    )


def is_there(hub: Hub, group: AlertGroup, staff_id: str) -> bool:
    """Whether this person's phone may answer, and they have not said that they can't go."""
    is_alive = hub.presence.may_answer(staff_id)
    return is_alive and staff_id not in group.passed_by


def _is_elsewhere(hub: Hub, staff_id: str, visit_id: str) -> bool:
    """Whether this person is away or receives another visitor."""
    state = hub.decider.state
    return staff_id in state.absent or any(
        visit.host_id == staff_id and visit.visit_id != visit_id for visit in state.in_house
    )


def close(
    hub: Hub, group: AlertGroup, reason: CloseReason, by_staff_id: str | None = None
) -> Iterator[Message]:
    """End all open alerts of ``group``, which silences the phones."""
    for asked in group.open_alerts:
        yield close_alert(hub, asked.alert_id, group.subject, reason, by_staff_id)
        group = changed(group, asked.alert_id, ENDS[reason])
    hub.alert_groups.save(group, next_moment(group, hub.decider.policy))


def close_alert(
    hub: Hub, alert_id: str, visit_id: str, reason: CloseReason, by_staff_id: str | None = None
) -> AlertClosed:
    """End one alert and enter that into the journal."""
    closed = AlertClosed(
        alert_id=alert_id,
        visit_id=visit_id,
        reason=reason,
        by_staff_id=by_staff_id,
        by_name=name_of(hub, by_staff_id),
        closed_at=hub.clock(),
    )
    hub.raised_alerts.close(closed)
    note = {"visit_id": visit_id, "reason": reason.value, "by_staff_id": by_staff_id}
    hub.journal.append("alert_closed", alert_id, msgspec.json.encode(note), closed.closed_at)
    return closed


def silence(
    hub: Hub,
    visit_id: str,
    reason: CloseReason,
    by_staff_id: str | None = None,
    *,
    is_meant: Callable[[AlertGroup], bool] = lambda _: True,
) -> Iterator[Message]:
    """End the open groups of this visit for which ``is_meant`` holds."""
    for group in hub.alert_groups.open_of(visit_id):
        if is_meant(group):
            yield from close(hub, group, reason, by_staff_id)


def rungs(hub: Hub, group: AlertGroup) -> tuple[Rung, ...]:
    """Who was asked until now, in order, and did not go."""
    found = list(group.before)
    for asked in group.asked:
        raised = hub.raised_alerts.find(asked.alert_id)
        if raised is not None:
            has_passed = asked.state is AlertState.PASSED_ON or asked.staff_id in group.passed_by
            rung = Rung(
                role=asked.role,
                name=name_of(hub, asked.staff_id),
                at=raised.alert.raised_at,
                has_passed=has_passed,
            )
            found.append(rung)
    return tuple(found[-LONGEST_LADDER:])


def name_of(hub: Hub, staff_id: str | None) -> str | None:
    """The name that colleagues use; None if ``staff_id`` is unknown."""
    return hub.people.names().get(staff_id or "")


def _next_call(hub: Hub, group: AlertGroup, step: AlertStep) -> Call | None:
    first = group.asked[0]
    raised = hub.raised_alerts.find(first.alert_id)
    return next_call(
        hub.decider.state,
        group,
        step,
        partial(is_there, hub, group),
        who=name_of(hub, first.staff_id) or post(first.role or ""),
        unanswered=raised.alert if raised else None,
    )


def _ring_first(
    hub: Hub, group_id: str, alert: Alert, call: Call, visitor: Guest
) -> Iterator[Message]:
    hub.raised_alerts.add(alert, group_id, is_host_call=call.kind is Kind.HOST)
    _note(hub, alert, call, visitor)
    yield alert
    yield Say(role=call.role, staff_id=call.staff_id, text=alert.text)


def _ring_again(hub: Hub, group: AlertGroup) -> Iterator[Message]:
    for asked in group.open_alerts:
        raised = hub.raised_alerts.find(asked.alert_id)
        # Not if it was raised just now.
        if raised is not None and raised.alert.raised_at < hub.clock():
            alert = replace(raised.alert, repeat=raised.alert.repeat + 1)
            hub.raised_alerts.change(alert)
            _note(hub, alert)
            yield alert


def _note(hub: Hub, alert: Alert, call: Call | None = None, visitor: Guest | None = None) -> None:
    """Enter into the journal who is told what, as codes and fields instead of sentences.

    An alert that rings again says the same as before, so ``call`` and ``visitor`` are None.
    """
    note: dict[str, object] = {"visit_id": alert.visit_id, "role": alert.role}
    note |= {"staff_id": alert.staff_id, "level": alert.level.value, "repeat": alert.repeat}
    if call is not None and visitor is not None:
        note |= {"words": call.words, "fields": call.fields, "instead_of": call.instead_of}
        note |= {"guest": visitor.as_known_to(call.role), "notice": call.notice}
    hub.journal.append("alert", alert.alert_id, msgspec.json.encode(note), hub.clock())


def _alert(
    hub: Hub, subject: str, call: Call, visitor: Guest, ladder: tuple[Rung, ...], ends_at: datetime
) -> Alert:
    known, moment = visitor.as_known_to(call.role), hub.clock()
    wordings = _wordings(hub, call, visitor)
    own = wordings[hub.language]
    at_gate = call.role == "gate"
    visit = hub.decider.state.visits.get(subject)
    return Alert(
        alert_id=new_id(moment),
        visit_id=subject,
        role=call.role,
        staff_id=call.staff_id,
        level=call.level,
        title=own.title,
        text=own.text,
        speech=own.speech,
        plate=known.plate,
        actions=tuple(act for act in call.actions if call.needs_claim or act != "claim"),
        raised_at=moment,
        ack_due_at=due_at(hub.decider.policy, visit) if visit and call.kind is Kind.HOST else None,
        expires_at=ends_at,
        ladder=ladder,
        needs_claim=call.needs_claim,
        visitor=own.visitor,
        surname=known.surname,
        salutation=known.salutation,
        party_size=known.party_size,
        place=own.place,
        visitor_number=known.number,
        instead_of=own.instead_of,
        arrival_id=known.arrival_id if at_gate else None,
        candidates=known.candidates if at_gate else (),
        wordings=wordings,
        kind=call.asks,
    )


def _wordings(hub: Hub, call: Call, visitor: Guest) -> dict[str, Wording]:
    wordings = {
        tag: wording_of(call, visitor, hub.teller(tag), says_yao=hub.says_yao) for tag in LANGUAGES
    }
    if hub.disk.is_unsaved:
        wordings = {tag: as_unsaved(said, tag) for tag, said in wordings.items()}
    return wordings


def _asked(alert: Alert) -> Asked:
    return Asked(alert_id=alert.alert_id, role=alert.role, staff_id=alert.staff_id)
