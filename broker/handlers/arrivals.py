"""What follows from a car (车辆到访): tells the customer's owner, or the next in line."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import msgspec

from broker.alerts.calls import Call, Guest, calls_at_gate, calls_of_doubt, calls_of_look_alikes
from broker.alerts.care import at_the_gate
from broker.handlers.alerting import close, guest, raise_alert, silence
from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.handlers.lateness import LATE_AFTER, waited
from broker.handlers.pass_cars import known_car, tell_of_pass, tell_of_vip
from broker.rules import commands
from broker.rules.exclusive import is_kept_out
from broker.rules.facts import Keys, Registration
from broker.rules.line import places_called
from broker.rules.match import likeliest_plate
from broker.rules.protection import is_protected, works_here
from shared.codec import to_json
from shared.ids import new_id
from shared.messages import (
    Arrival,
    CloseReason,
    Correction,
    CorrectionTaken,
    Direction,
    Message,
)
from shared.privacy import mask_plate

log = logging.getLogger(__name__)


def on_arrival(hub: Hub, arrival: Arrival) -> Iterator[Message]:
    """Open a visit for the car; tell parking, the door, and the owner or the next in line."""
    passed, moment = waited(hub, arrival.seen_at, arrival), hub.clock()
    is_late = passed > LATE_AFTER
    if not hub.inbox.add_arrival(arrival, moment, is_late=is_late):
        return
    hub.journal.append("arrival", arrival.arrival_id, to_json(arrival), moment)
    masked = mask_plate(arrival.plate)
    if is_late or arrival.direction is Direction.OUT:
        reason = "late" if is_late else "on its way out"
        log.info("arrival %s %s: stored, %s, rings nowhere", arrival.arrival_id, masked, reason)
        return
    if (held := known_car(hub, arrival)) is not None:
        yield from tell_of_pass(hub, arrival, held)
        return
    yield from tell_of_vip(hub, arrival)
    yield from _let_visit(hub, arrival, passed)


def _let_visit(hub: Hub, arrival: Arrival, passed: timedelta) -> Iterator[Message]:
    """Open a visit for the car, and tell of it."""
    moment = hub.clock()
    visit_id = new_id(moment)
    arrive = commands.Arrive(at=moment - passed, visit_id=visit_id, plate=arrival.plate)
    followed = hub.decider.take(arrive)
    yield from announce(hub, followed)
    hub.visits.tie_to_car(visit_id, arrival.arrival_id)
    yield from tell_of_car(hub, visit_id, arrival)


def owned_car(hub: Hub, arrival: Arrival) -> Registration | None:
    """The registration that says whose customer the car is: the earliest that counts and protects.

    Late and overruled registrations don't count. An uncertain reading names no customer, because
    a look-alike plate must never find an owner (F11).
    """
    if arrival.is_uncertain:
        return None
    state, policy = hub.decider.state, hub.decider.policy
    for registration in hub.register.find(Keys(plates=(arrival.plate,))):
        is_honest = not registration.is_late and not registration.is_overruled
        is_running = is_protected(registration, policy, hub.clock())
        if is_honest and is_running and works_here(state, registration.consultant_id):
            return registration
    return None


def tell_of_car(hub: Hub, visit_id: str, arrival: Arrival) -> Iterator[Message]:
    """Note whose customer the plate says it is, and tell the owner and the posts.

    Whoever is asked to come another time (清场接待) is parked and received by nobody.
    """
    owned = owned_car(hub, arrival)
    owner_id = owned.consultant_id if owned else None
    hub.visits.expect(visit_id, owned)
    weather = hub.inbox.weather.needs(hub.decider.policy.midnight(hub.clock()), LATE_AFTER)
    hub.alert_groups.save_care(at_the_gate(visit_id, arrival, weather))
    masked = mask_plate(arrival.plate)
    log.info("arrival %s %s: owner %s", arrival.arrival_id, masked, owner_id or "none")
    visitor, visit = guest(hub, visit_id), hub.decider.state.visits.get(visit_id)
    is_awaited = visit is None or not is_kept_out(
        visit, hub.decider.state, hub.decider.policy, hub.clock()
    )
    calls = _calls(hub, visitor, arrival.plate, owner_id) if is_awaited else calls_of_doubt(visitor)
    for call in calls:
        yield from raise_alert(hub, visit_id, call, visitor)


def tell_of_correction(hub: Hub, correction: Correction) -> Iterator[Message]:
    """Take a plate that a person corrected: end the guard's alert, and tell the right owner.

    The gate hears of it too, whatever became of the visit: its reader learns from it.
    """
    if correction.corrected_by != correction.gate_id:
        yield CorrectionTaken(
            gate_id=correction.gate_id,
            arrival_id=correction.arrival_id,
            plate=correction.plate,
            corrected_at=correction.corrected_at,
        )
    visit = hub.visits.of_arrival(correction.arrival_id)
    if visit is None or visit.finished_at is not None:
        return
    for group in hub.alert_groups.open_of(visit.visit_id):
        if group.about in ("check_plate", "look_alike"):
            yield from close(hub, group, CloseReason.CLAIMED, correction.corrected_by)
    read = hub.inbox.arrival(correction.arrival_id)
    is_news = read.is_uncertain or read.plate != visit.plate
    if visit.check_in_id is None and is_news and visit.plate is not None:
        yield from silence(hub, visit.visit_id, CloseReason.CANCELLED)
        sure = msgspec.structs.replace(read, plate=visit.plate, is_uncertain=False)
        yield from tell_of_car(hub, visit.visit_id, sure)


def _calls(hub: Hub, guest: Guest, plate: str, owner_id: str | None) -> Iterator[Call]:
    """Calls to parking, the door, and the owner or the next in line.

    If nobody owns the plate, the guard is asked about registered plates that look like it.
    """
    state = hub.decider.state
    next_id = next((place.consultant_id for place in places_called(state)), None)
    expected = None if guest.is_uncertain else _expected(hub, plate)
    yield from calls_at_gate(guest, owner_id=owner_id, next_id=next_id, expected=expected)
    if owner_id is None:
        alike = likeliest_plate(plate, hub.register.look_alikes(plate))
        yield from calls_of_look_alikes(plate, alike)


def _expected(hub: Hub, plate: str) -> str | None:
    """Who is expected with this plate today: the VIP's name, or the appointment's host."""
    for expected in hub.decider.state.expected:
        if expected.on == hub.decider.state.today and expected.is_meant(None, plate):
            return expected.name or hub.people.names().get(expected.host_id or "", "")
    return None
