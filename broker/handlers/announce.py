"""Who is told of a decision: takes the rules' events and yields messages."""

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

from broker.alerts.calls import (
    Guest,
    Value,
    call_of_help,
    calls_at_check_in,
    calls_when_leaving,
    word,
)
from broker.alerts.care import SERVICE_WORDS, over
from broker.alerts.life import AlertGroup, Kind
from broker.alerts.notice_calls import (
    LASTING,
    NOBODY,
    Concerned,
    calls_of_left_open,
    calls_of_notice,
)
from broker.handlers.alerting import close, guest, name_of, raise_alert, rungs, silence
from broker.handlers.context import Hub
from broker.handlers.tablets import tell_tablet
from broker.rules import events
from broker.rules.authority import holds_a_post
from broker.rules.courtesy import owner_to_phone
from broker.rules.events import Event
from broker.rules.facts import Keys
from broker.rules.notices import (
    LeftOpen,
    Notice,
    OfferLapsed,
    Refused,
    Ruled,
    SlotOffered,
    TurnedAway,
)
from broker.rules.state import MANAGER, Visit
from shared.messages import CloseReason, Message, Rung

NO_VISIT = "none"
"""The ``visit_id`` of an alert that is not about a visit, such as a refused registration."""


def announce(hub: Hub, followed: Iterable[Event], before: Visit | None = None) -> Iterator[Message]:
    """Tell phones and tablets of the events, in order; ``before``: their visit as it was."""
    left_open = []
    for event in followed:
        if isinstance(event, LeftOpen):
            left_open.append(guest(hub, event.visit_id or NO_VISIT))
        elif isinstance(event, Notice):
            yield from _noticed(hub, event, before)
        elif say := _SAID.get(type(event)):
            yield from say(hub, event)
    for call in calls_of_left_open(tuple(left_open)):
        yield from raise_alert(hub, NO_VISIT, call, Guest())


def _call_host(
    hub: Hub, visit_id: str, host_id: str, rule: str | None, before: tuple[Rung, ...] = ()
) -> Iterator[Message]:
    """Call the host of this visit, and tell the posts; ``before`` were called in vain."""
    visitor = guest(hub, visit_id)
    host: Value = word("duty_manager") if host_id == MANAGER else name_of(hub, host_id) or ""
    visit = hub.decider.state.visits.get(visit_id)
    owner_id = owner_to_phone(hub.decider.state, visit) if visit else None
    calls = calls_at_check_in(
        host_id=host_id, host=host, owner=name_of(hub, owner_id), is_expected=rule == "R5"
    )
    for call in calls:
        ladder = before if call.kind is Kind.HOST else ()
        yield from raise_alert(hub, visit_id, call, visitor, ladder)


def call_again(hub: Hub) -> Iterator[Message]:
    """Call hosts again whose call ended unanswered, so that no visitor is left waiting."""
    for visit in hub.decider.state.in_house:
        if visit.ownership is None or visit.host_id is None or visit.acked_at is not None:
            continue
        asked = hub.alert_groups.open_of(visit.visit_id)
        if any(group.kind is Kind.HOST for group in asked):
            continue
        rule = hub.visits.get(visit.visit_id).rule
        yield from _call_host(hub, visit.visit_id, visit.host_id, rule)


def is_about_the_host(group: AlertGroup) -> bool:
    """Whether a change of host ends or replaces these alerts. Services and notices stay."""
    return group.about not in SERVICE_WORDS and does_end(group)


def does_end(group: AlertGroup) -> bool:
    """Whether these alerts end with the visit; what has happened to somebody stays true."""
    return group.about not in LASTING


def _decided(hub: Hub, event: events.Decided) -> Iterator[Message]:
    visit = hub.visits.get(event.visit_id)
    yield from tell_tablet(hub, event.visit_id)
    yield from _tell_owner(hub, event)
    if visit.claimed_by is not None:  # the host is with the visitor: only the owner changed
        return
    before = yield from _pass_on(hub, event)
    if event.host_id is not None:
        yield from _call_host(hub, event.visit_id, event.host_id, event.rule, before)


def _tell_owner(hub: Hub, event: events.Decided) -> Iterator[Message]:
    """Tell the owner once that a colleague receives for them (R6)."""
    visit = hub.decider.state.visits.get(event.visit_id)
    owner_id = owner_to_phone(hub.decider.state, visit) if visit else None
    if owner_id is None or owner_id in hub.raised_alerts.told_of(event.visit_id, ("helped",)):
        return
    host: Value = (
        word("duty_manager") if event.host_id == MANAGER else name_of(hub, event.host_id) or ""
    )
    call = call_of_help(owner_id, host)
    yield from raise_alert(hub, event.visit_id, call, guest(hub, event.visit_id))


def _pass_on(hub: Hub, event: events.Decided) -> Generator[Message, None, tuple[Rung, ...]]:
    """End the alerts to the former host, whose call passes on to the new one.

    The end names the person who passed the call on, or the new host if nobody did and time ran out.
    Whoever was called until now comes back.
    """
    before: tuple[Rung, ...] = ()
    for group in hub.alert_groups.open_of(event.visit_id):
        if not is_about_the_host(group):
            continue
        is_call = group.kind is Kind.HOST and group.about == "host"
        reason = CloseReason.PASSED_ON if is_call else CloseReason.CANCELLED
        by = next(reversed(group.passed_by), event.host_id) if is_call else None
        if is_call:
            before += rungs(hub, group)
        yield from close(hub, group, reason, by)
    return before


def _acknowledged(hub: Hub, event: events.Acknowledged) -> Iterator[Message]:
    """Tell the visitor, and everybody else who was asked, that this person goes."""
    yield from tell_tablet(hub, event.visit_id)
    yield from claimed(hub, event.visit_id, event.consultant_id)
    hub.overdue.look_soon()


def claimed(hub: Hub, visit_id: str, by_staff_id: str) -> Iterator[Message]:
    """End all alerts about who receives this visitor, because this person goes."""
    yield from silence(hub, visit_id, CloseReason.CLAIMED, by_staff_id, is_meant=is_about_the_host)


def _finished(hub: Hub, event: events.Finished) -> Iterator[Message]:
    """End the visit's alerts, and tell every post that took part that the visitor leaves."""
    yield from tell_tablet(hub, event.visit_id)
    posts = [role for role in hub.raised_alerts.posts_of(event.visit_id) if role != MANAGER]
    yield from silence(hub, event.visit_id, CloseReason.CANCELLED, is_meant=does_end)
    hub.alert_groups.save_care(over(hub.alert_groups.care(event.visit_id)))
    visitor = guest(hub, event.visit_id)
    for call in calls_when_leaving(visitor, posts):
        yield from raise_alert(hub, event.visit_id, call, visitor)


def _stayed(hub: Hub, event: events.StayedOn) -> Iterator[Message]:
    """The host has answered that the visitor is still here."""
    yield from silence(
        hub,
        event.visit_id,
        CloseReason.CLAIMED,
        is_meant=lambda group: group.about == "departure_asked",
    )


def _noticed(hub: Hub, notice: Notice, before: Visit | None) -> Iterator[Message]:
    """Tell those whom a notice concerns, as far as they still work here; the visitor too."""
    if isinstance(notice, TurnedAway | SlotOffered | OfferLapsed):
        yield from tell_tablet(hub, notice.visit_id or "")
    for call in calls_of_notice(notice, _concerned(hub, notice, before)):
        is_gone = call.staff_id is not None and not holds_a_post(
            hub.actor(call.staff_id), hub.decider.state
        )
        for told in () if is_gone else hub.often_told.bounded(call):
            yield from raise_alert(hub, notice.visit_id or NO_VISIT, told, _seen(hub, notice))


def _seen(hub: Hub, notice: Notice) -> Guest:
    """Whom the posts have before them, when somebody comes while the house is kept for a VIP."""
    is_before_them = isinstance(notice, TurnedAway) or (
        isinstance(notice, Refused) and notice.is_house_kept
    )
    return guest(hub, notice.visit_id or NO_VISIT) if is_before_them else Guest()


def _concerned(hub: Hub, notice: Notice, before: Visit | None) -> Concerned:
    visit = hub.visit(notice.visit_id)
    if visit is None:
        return NOBODY
    sides: tuple[str | None, ...] = (before.host_id, before.owner_id) if before else ()
    if isinstance(notice, Ruled):
        overruled = hub.register.find(Keys(registration_ids=notice.overrules))
        losers = (e.consultant_id for e in overruled if e.registration_id in notice.overrules)
        told = hub.raised_alerts.told_of(visit.visit_id, ("dispute_opened", "claimed"))
        sides = (*sides, *losers, *told)
    return Concerned(visit.host_id, visit.owner_id, sides)


def _met(hub: Hub, event: events.VisitorMet) -> Iterator[Message]:
    yield from tell_tablet(hub, event.visit_id)


_SAID: dict[type[Event], Callable[[Hub, Any], Iterator[Message]]] = {
    events.Decided: _decided,
    events.Acknowledged: _acknowledged,
    events.Finished: _finished,
    events.VisitorMet: _met,
    events.StayedOn: _stayed,
}
