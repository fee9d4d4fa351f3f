"""What follows from each message: one handler a type, a message in, messages out."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from broker.alerts.care import checked_in
from broker.handlers.acks import has_passed, on_ack
from broker.handlers.alerting import climb
from broker.handlers.announce import announce, assignment, call_again
from broker.handlers.arrivals import tell_of_car, tell_of_correction
from broker.handlers.context import Hub
from broker.handlers.gate_troubles import watch_gates
from broker.handlers.look_ups import answer
from broker.handlers.personal_data import ANSWERS
from broker.handlers.reports import remind, tell_posts, told_next
from broker.handlers.requests import asked_by_visitor, command_of
from broker.handlers.service_visitors import (
    on_service_visit,
    on_service_visit_end,
    tell_who_is_still_in,
)
from broker.rules import commands
from shared.codec import to_json
from shared.errors import MessageError, OperatorError
from shared.ids import new_id
from shared.messages import (
    Ack,
    Arrival,
    Booking,
    CheckIn,
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

JOIN_WITHIN = timedelta(hours=2)
"""A check-in joins the visit of the car that it names when that passed the gate so lately."""
REPEAT_WITHIN = timedelta(minutes=10)
"""What a tablet is told again when it connects anew."""
ENDS_AGAIN_WITHIN = timedelta(minutes=2)
"""Which ends a phone is told again, all phones hearing them; older ones end by themselves there."""


def handle(hub: Hub, message: Message) -> None:
    """Decide on ``message``; its effects and its answers are kept together or not at all.

    Raises:
        MessageError: the message asks for what cannot be; nothing of it was kept.
    """
    try:
        with hub.decider.atomic():
            for one in HANDLERS[type(message)](hub, message):
                hub.outbox.put(one)
    except OperatorError as error:
        raise MessageError(error.sentence.key, **error.sentence.values) from error


def let_time_pass(hub: Hub) -> None:
    """Do what is due: a turn that nobody took is passed over, others are asked, drinks are due."""
    with hub.decider.atomic():
        for one in _due(hub):
            hub.outbox.put(one)
        hub.persons.erase_due(hub.clock())
    hub.persons.sweep()


def _due(hub: Hub) -> Iterator[Message]:
    """The rules first: for a turn that they pass over nobody else is asked."""
    yield from announce(hub, hub.decider.take(commands.Tick(at=hub.clock())))
    for group in hub.alert_groups.to_look_at(hub.clock()):
        yield from climb(hub, group)
    yield from call_again(hub)
    yield from remind(hub)
    yield from watch_gates(hub)
    yield from tell_who_is_still_in(hub)


def on_arrival(hub: Hub, arrival: Arrival) -> Iterator[Message]:
    """Open a visit for the car, and tell parking, door and the owner or the next in line."""
    is_late, moment = hub.is_late(arrival.seen_at), hub.clock()
    if not hub.store.add_arrival(arrival, moment, is_late=is_late):
        return
    hub.journal.append("arrival", arrival.arrival_id, to_json(arrival), moment)
    masked = mask_plate(arrival.plate)
    if is_late or arrival.direction is Direction.OUT:
        reason = "late" if is_late else "on its way out"
        log.info("arrival %s %s: stored, %s, rings nowhere", arrival.arrival_id, masked, reason)
        return
    visit_id = new_id(moment)
    seen_at = min(arrival.seen_at, moment)
    arrive = commands.Arrive(at=seen_at, visit_id=visit_id, plate=arrival.plate)
    followed = hub.decider.take(arrive)
    yield from announce(hub, followed)
    hub.visits.tie_to_car(visit_id, arrival.arrival_id)
    yield from tell_of_car(hub, visit_id, arrival)


def on_check_in(hub: Hub, check_in: CheckIn) -> Iterator[Message]:
    """Decide who receives the visitor; tell the tablet, the host and the door."""
    is_late, moment = hub.is_late(check_in.checked_in_at), hub.clock()
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
    visit_id = opened.visit_id if opened else new_id(moment)
    is_first = opened is None or opened.check_in_id is None
    if is_first:
        hub.visits.tie_to_check_in(visit_id, check_in.check_in_id, moment)
        care = hub.alert_groups.care(visit_id)
        hub.alert_groups.save_care(checked_in(care, check_in, hub.decider.policy, moment))
    followed = hub.decider.take(asked_by_visitor(check_in, visit_id, moment))
    decided = hub.visits.get(visit_id)
    log.info("visit %s: %s host %s", visit_id, decided.rule, decided.host_id)
    yield from announce(hub, followed)
    if is_first:
        yield from tell_posts(hub, visit_id)
    else:  # the same car once more: who comes is decided, and said again
        yield assignment(hub, check_in, decided)


def on_request(hub: Hub, message: Message) -> Iterator[Message]:
    """Let the rules say what follows from a report, a registration, a departure …"""
    message_id, happened_at = _id_and_moment(message)
    moment = hub.clock()
    if not hub.store.add_message(message_id, message, moment):
        return
    kind = type(message)
    hub.journal.append(kind.__name__, message_id, to_json(message), moment)
    if hub.is_late(happened_at) and not isinstance(message, Registration):
        log.info("%s %s: stored, late, nothing follows", kind.__name__, message_id)
        return
    if command := command_of(hub, message, moment):
        yield from announce(hub, hub.decider.take(command))
    if follow_up := _FOLLOW_UPS.get(kind):
        yield from follow_up(hub, message)


def on_status(hub: Hub, status: NodeStatus) -> Iterator[Message]:
    """Note who lives; tell a node that connected anew what is still true."""
    if not hub.presence.note(status, hub.clock()):
        return
    since = hub.clock() - REPEAT_WITHIN
    if status.kind is NodeKind.STAFF:
        roles = hub.roles_of(status.node_id)
        ended_since = hub.clock() - ENDS_AGAIN_WITHIN
        for raised in hub.store.alerts_for(status.node_id, roles, ended_since):
            if raised.closed is None and has_passed(hub, raised.alert, status.node_id):
                continue
            yield raised.closed or msgspec.structs.replace(
                raised.alert, role=None, staff_id=status.node_id
            )
    if status.kind is NodeKind.KIOSK:
        hub.offered.tell_again()
        for check_in in hub.store.check_ins_since(status.node_id, since):
            if visit := hub.visits.of_check_in(check_in.check_in_id):
                yield assignment(hub, check_in, visit)


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

_FOLLOW_UPS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    LookUp: lambda hub, one: iter((answer(hub, one),)),
    Correction: tell_of_correction,
    StaffReport: told_next,
}
"""What follows from it besides."""

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
