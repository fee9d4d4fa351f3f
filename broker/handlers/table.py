"""The table of handlers: what follows from each type of message."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from broker.handlers.acks import on_ack
from broker.handlers.alerting import climb
from broker.handlers.announce import announce, call_again
from broker.handlers.arrivals import on_arrival, tell_of_correction
from broker.handlers.check_ins import on_check_in
from broker.handlers.context import Hub
from broker.handlers.gate_troubles import watch_gates
from broker.handlers.leavers import ANSWERS as ANSWERS_ABOUT_LEAVERS
from broker.handlers.look_ups import answer
from broker.handlers.personal_data import ANSWERS
from broker.handlers.reports import remind, told_next
from broker.handlers.requests import command_of
from broker.handlers.service_visitors import (
    on_service_visit,
    on_service_visit_end,
    tell_who_is_still_in,
)
from broker.handlers.statuses import on_status
from broker.rules import commands
from shared.codec import to_json
from shared.errors import MessageError, OperatorError
from shared.messages import (
    Ack,
    Arrival,
    Booking,
    CheckIn,
    Correction,
    Departure,
    LookUp,
    Message,
    NodeStatus,
    Registration,
    ServiceVisit,
    ServiceVisitEnd,
    StaffReport,
)

log = logging.getLogger(__name__)


def handle(hub: Hub, message: Message) -> None:
    """Act on ``message``: all that follows from it is kept together or not at all.

    Raises:
        MessageError: the message asks for something impossible; nothing was kept.
    """
    try:
        with hub.decider.atomic():
            for outgoing in HANDLERS[type(message)](hub, message):
                hub.outbox.put(outgoing)
    except OperatorError as error:
        raise MessageError(error.sentence.key, **error.sentence.values) from error


def let_time_pass(hub: Hub) -> None:
    """Do what time has made due: pass over unanswered turns, ask further people, remind the bar."""
    with hub.decider.atomic():
        for outgoing in _due(hub):
            hub.outbox.put(outgoing)
        hub.persons.erase_due(hub.clock())
    hub.persons.sweep()


def _due(hub: Hub) -> Iterator[Message]:
    """What is due, the rules first: nobody else is asked for a turn that the rules pass over."""
    yield from announce(hub, hub.decider.take(commands.Tick(at=hub.clock())))
    for group in hub.alert_groups.to_look_at(hub.clock()):
        yield from climb(hub, group)
    yield from call_again(hub)
    yield from remind(hub)
    yield from watch_gates(hub)
    yield from tell_who_is_still_in(hub)


def on_request(hub: Hub, message: Message) -> Iterator[Message]:
    """Let the rules decide what follows from a report, a registration, a departure …"""
    message_id, happened_at = _id_and_moment(message)
    moment = hub.clock()
    if not hub.inbox.add_message(message_id, message, moment):
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


def _id_and_moment(message: Message) -> tuple[str, datetime]:
    """The request's id, and the moment that its sender gives."""
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
"""The messages that are commands to the rules, with the names of their id and moment fields."""

_FOLLOW_UPS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    LookUp: lambda hub, look_up: iter((answer(hub, look_up),)),
    Correction: tell_of_correction,
    StaffReport: told_next,
}
"""What else follows from a request, after the rules have decided."""

HANDLERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    Arrival: on_arrival,
    CheckIn: on_check_in,
    Ack: on_ack,
    NodeStatus: on_status,
    ServiceVisit: on_service_visit,
    ServiceVisitEnd: on_service_visit_end,
    **dict.fromkeys(REQUESTS, on_request),
    **ANSWERS,
    **ANSWERS_ABOUT_LEAVERS,
}
