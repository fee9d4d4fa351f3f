"""Who is told what follows from a decision: events in, messages out."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from broker.hub import Hub, close_alert, raise_alert
from broker.rules import events
from broker.rules.alerts import (
    MANAGER,
    Guest,
    calls_at_check_in,
    calls_of_notice,
    calls_when_leaving,
)
from broker.rules.events import Event, Notice
from broker.visits import Visit
from shared.messages import Assignment, CheckIn, CloseReason, Message

NO_VISIT = "none"
"""What an alert names that is about no visit, as a refused registration."""


def announce(hub: Hub, followed: Iterable[Event]) -> Iterator[Message]:
    """What phones and tablets are told of the events, in their order."""
    for event in followed:
        if isinstance(event, Notice):
            yield from _noticed(hub, event)
        elif say := _SAID.get(type(event)):
            yield from say(hub, event)


def assignment(hub: Hub, check_in: CheckIn, visit: Visit) -> Assignment:
    """Who comes, for the tablet at which ``check_in`` was made."""
    called = f"{check_in.surname}{check_in.salutation or ''}" if check_in.surname else ""
    return Assignment(
        check_in_id=check_in.check_in_id,
        kiosk_id=check_in.kiosk_id,
        visit_id=visit.visit_id,
        greeting=f"{called}，您好" if called else "您好",
        host_name=host_name(hub, visit.host_id),
        host_picture=hub.people.picture_of(visit.host_id),
    )


def host_name(hub: Hub, host_id: str | None) -> str | None:
    """As visitors and colleagues call the host; None while nobody is free."""
    return "值班经理" if host_id == MANAGER else hub.people.names().get(host_id or "")


def _decided(hub: Hub, event: events.Decided) -> Iterator[Message]:
    visit = hub.visits.get(event.visit_id)
    if visit.check_in_id is not None:
        yield assignment(hub, hub.store.check_in(visit.check_in_id), visit)
    if visit.claimed_by is not None:  # only the owner changed: the host is with his visitor
        return
    yield from _silence(hub, visit.visit_id)
    if event.host_id is not None:
        guest, name = Guest(visit.plate, visit.name), host_name(hub, event.host_id) or ""
        for call in calls_at_check_in(guest, host_id=event.host_id, host_name=name):
            yield from raise_alert(hub, visit.visit_id, call, guest)


def _finished(hub: Hub, event: events.Finished) -> Iterator[Message]:
    yield from _silence(hub, event.visit_id)
    visit = hub.visits.get(event.visit_id)
    guest = Guest(visit.plate, visit.name)
    for call in calls_when_leaving(guest):
        yield from raise_alert(hub, visit.visit_id, call, guest)


def _noticed(hub: Hub, notice: Notice) -> Iterator[Message]:
    for call in calls_of_notice(notice):
        yield from raise_alert(hub, notice.visit_id or NO_VISIT, call, Guest())


def _silence(hub: Hub, visit_id: str) -> Iterator[Message]:
    for raised in hub.store.open_alerts(visit_id):
        yield close_alert(hub, raised, CloseReason.CANCELLED)


_SAID: dict[type[Event], Callable[[Hub, Any], Iterator[Message]]] = {
    events.Decided: _decided,
    events.Finished: _finished,
}
