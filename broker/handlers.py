"""What follows from each message: one handler a type, a message in, messages out."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from broker.announce import announce, assignment
from broker.at_the_door import on_service_visit, on_service_visit_end, tell_who_is_still_in
from broker.at_the_gate import calls_for_car, owned_car
from broker.hub import Hub, close_alert, raise_alert
from broker.look_up import answer
from broker.personal.answers import ANSWERS
from broker.requests import asked_by_visitor, command_of
from broker.rules import commands
from broker.rules.alerts import MANAGER, Guest
from broker.visits import Visit
from shared.codec import to_json
from shared.errors import MessageError, OperatorError
from shared.ids import new_id
from shared.messages import (
    Ack,
    AckAnswer,
    Arrival,
    Booking,
    CheckIn,
    CloseReason,
    Correction,
    Departure,
    Direction,
    LookUp,
    Message,
    NodeKind,
    NodeStatus,
    Registration,
    ServiceVisit,
    ServiceVisitEnd,
    StaffReport,
)
from shared.privacy import mask_plate

log = logging.getLogger(__name__)

LATE_AFTER = timedelta(seconds=120)
"""An event delivered later is stored and rings nowhere (contract)."""
JOIN_WITHIN = timedelta(hours=2)
"""A check-in joins the visit of the car that it names when that passed the gate so lately."""
REPEAT_WITHIN = timedelta(minutes=10)
"""What a tablet or phone is told again when it connects anew."""


def handle(hub: Hub, message: Message) -> None:
    """Decide on ``message``; its effects and its answers are kept together or not at all.

    Raises:
        MessageError: the message asks for what cannot be; nothing of it was kept.
    """
    try:
        with hub.office.atomic():
            for one in HANDLERS[type(message)](hub, message):
                hub.outbox.put(one)
    except OperatorError as error:
        raise MessageError(str(error)) from error


def let_time_pass(hub: Hub) -> None:
    """Do what is due: a turn that nobody took is passed over, an alert is over."""
    with hub.office.atomic():
        for one in announce(hub, hub.office.take(commands.Tick(at=hub.clock()))):
            hub.outbox.put(one)
        for one in tell_who_is_still_in(hub):
            hub.outbox.put(one)
        hub.persons.erase_due(hub.clock())
    hub.persons.sweep()
    for raised in hub.store.expired_alerts(hub.clock()):
        with hub.office.atomic():
            hub.outbox.put(close_alert(hub, raised, CloseReason.EXPIRED))


def on_arrival(hub: Hub, arrival: Arrival) -> Iterator[Message]:
    """Open a visit for the car, and tell parking, door and the owner or the next in line."""
    is_late, moment = _is_late(hub, arrival.seen_at), hub.clock()
    if not hub.store.add_arrival(arrival, moment, is_late=is_late):
        return
    hub.journal.append("arrival", arrival.arrival_id, to_json(arrival), moment)
    masked = mask_plate(arrival.plate)
    if is_late or arrival.direction is Direction.OUT:
        reason = "late" if is_late else "on its way out"
        log.info("arrival %s %s: stored, %s, rings nowhere", arrival.arrival_id, masked, reason)
        return
    visit_id, owned = new_id(moment), owned_car(hub, arrival)
    seen_at = min(arrival.seen_at, moment)
    arrive = commands.Arrive(at=seen_at, visit_id=visit_id, plate=arrival.plate)
    followed = hub.office.take(arrive)
    visit = replace(hub.visits.get(visit_id), arrival_id=arrival.arrival_id)
    if owned is not None:
        visit = replace(visit, owner_id=owned.consultant_id, surname=owned.surname)
        visit = replace(visit, salutation=owned.salutation)
    hub.visits.save(visit)
    log.info("arrival %s %s: owner %s", arrival.arrival_id, masked, visit.owner_id or "none")
    yield from announce(hub, followed)
    guest = Guest(arrival.plate, visit.name, arrival.is_uncertain)
    for call in calls_for_car(hub, guest, arrival.plate, visit.owner_id):
        yield from raise_alert(hub, visit_id, call, guest)


def on_check_in(hub: Hub, check_in: CheckIn) -> Iterator[Message]:
    """Decide who receives the visitor; tell the tablet, the host and the door."""
    is_late, moment = _is_late(hub, check_in.checked_in_at), hub.clock()
    if not hub.store.add_check_in(check_in, moment, is_late=is_late):
        if not is_late and (visit := hub.visits.of_check_in(check_in.check_in_id)):
            yield assignment(hub, check_in, visit)
        return
    hub.journal.append("check_in", check_in.check_in_id, to_json(check_in), moment)
    hub.persons.open_page(check_in, moment)
    if is_late:
        log.info("check-in %s: stored, late, rings nowhere", check_in.check_in_id)
        return
    opened = hub.visits.waiting_for(check_in, moment - JOIN_WITHIN)
    visit = opened or Visit(new_id(moment), moment.isoformat())
    is_first = visit.check_in_id is None
    if is_first:
        hub.visits.save(replace(visit, check_in_id=check_in.check_in_id))
    followed = hub.office.take(asked_by_visitor(check_in, visit.visit_id, moment))
    decided = hub.visits.get(visit.visit_id)
    log.info("visit %s: %s host %s", visit.visit_id, decided.rule, decided.host_id)
    yield from announce(hub, followed)
    if not is_first:  # the same car once more: who comes is decided, and said again
        yield assignment(hub, check_in, decided)


def on_ack(hub: Hub, ack: Ack) -> Iterator[Message]:
    """The first who takes an alert goes; everybody else falls silent."""
    if ack.answer is not AckAnswer.CLAIM:
        return
    raised = hub.store.alert(ack.alert_id)
    if raised is None:
        raise MessageError(f"ack {ack.ack_id}: there is no alert {ack.alert_id}. Reload the page.")
    if raised.closed is not None:
        yield raised.closed
        return
    role = raised.alert.role
    if raised.alert.staff_id != ack.staff_id and role not in hub.roles_of(ack.staff_id):
        raise MessageError(f"ack {ack.ack_id}: the alert was not for {ack.staff_id}. Reload.")
    moment = hub.clock()
    hub.journal.append("ack", ack.alert_id, to_json(ack), moment)
    alerts = [raised]
    if raised.is_host_call:
        visit = hub.visits.get(raised.alert.visit_id)
        if role != MANAGER:  # a manager stands in no line
            taken = commands.Ack(at=moment, consultant_id=ack.staff_id, visit_id=visit.visit_id)
            yield from announce(hub, hub.office.take(taken))
        claimed = replace(hub.visits.get(visit.visit_id), claimed_by=ack.staff_id)
        hub.visits.save(replace(claimed, claimed_at=moment.isoformat()))
        alerts = hub.store.open_alerts(visit.visit_id)
    for one in alerts:
        yield close_alert(hub, one, CloseReason.CLAIMED, by_staff_id=ack.staff_id)


def on_request(hub: Hub, message: Message) -> Iterator[Message]:
    """Let the rules say what follows from a report, a registration, a departure …"""
    message_id, happened_at = _id_and_moment(message)
    moment = hub.clock()
    if not hub.store.add_message(message_id, message, moment):
        return
    kind = type(message).__name__
    hub.journal.append(kind, message_id, to_json(message), moment)
    if _is_late(hub, happened_at) and not isinstance(message, Registration):
        log.info("%s %s: stored, late, nothing follows", kind, message_id)
        return
    if command := command_of(hub, message, moment):
        yield from announce(hub, hub.office.take(command))
    if isinstance(message, LookUp):
        yield answer(hub, message)


def on_status(hub: Hub, status: NodeStatus) -> Iterator[Message]:
    """Note who lives; tell a node that connected anew what is still true."""
    if not hub.presence.note(status, hub.clock()):
        return
    since = hub.clock() - REPEAT_WITHIN
    if status.kind is NodeKind.STAFF:
        roles = hub.roles_of(status.node_id)
        for raised in hub.store.alerts_for(status.node_id, roles, since):
            yield raised.closed or msgspec.structs.replace(
                raised.alert, role=None, staff_id=status.node_id
            )
    if status.kind is NodeKind.KIOSK:
        hub.offered.tell_again()
        for check_in in hub.store.check_ins_since(status.node_id, since):
            if visit := hub.visits.of_check_in(check_in.check_in_id):
                yield assignment(hub, check_in, visit)


def _is_late(hub: Hub, happened_at: datetime) -> bool:
    return hub.clock() - happened_at > LATE_AFTER


def _id_and_moment(message: Message) -> tuple[str, datetime]:
    """A request's own id, and when its sender says that it happened."""
    id_field, moment_field = REQUESTS[type(message)]
    return getattr(message, id_field), getattr(message, moment_field)


REQUESTS: dict[type[Message], tuple[str, str]] = {
    Departure: ("departure_id", "seen_at"),
    Correction: ("correction_id", "corrected_at"),
    StaffReport: ("report_id", "reported_at"),
    Registration: ("registration_id", "registered_at"),
    LookUp: ("look_up_id", "asked_at"),
    Booking: ("booking_id", "booked_at"),
}
"""What only moves the rules on: its id and its moment."""

HANDLERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    Arrival: on_arrival,
    CheckIn: on_check_in,
    Ack: on_ack,
    NodeStatus: on_status,
    ServiceVisit: on_service_visit,
    ServiceVisitEnd: on_service_visit_end,
    **dict.fromkeys(REQUESTS, on_request),
    **ANSWERS,
}
