"""Who is told of a car (车辆到访): its owner where the plate is known, else who comes next."""

from collections.abc import Iterator

from broker.hub import Hub
from broker.rules.alerts import Call, Guest, calls_at_gate, calls_of_look_alikes
from broker.rules.facts import Keys, Registration
from broker.rules.line import may_be_called, queue
from broker.rules.match import likeliest_plate
from broker.rules.ownership import is_protected, works_here
from shared.messages import Arrival


def owned_car(hub: Hub, arrival: Arrival) -> Registration | None:
    """The registration that says whose customer comes: the earliest honest one that is protected.

    Only a sure reading names a customer: a look-alike is never an owner (F11).
    """
    if arrival.is_uncertain:
        return None
    state, policy = hub.office.state, hub.office.policy
    for one in hub.register.find(Keys(plates=(arrival.plate,))):
        is_honest = not one.is_late and not one.is_overruled
        is_running = is_protected(one, policy, arrival.seen_at)
        if is_honest and is_running and works_here(state, one.consultant_id):
            return one
    return None


def calls_for_car(hub: Hub, guest: Guest, plate: str, owner_id: str | None) -> Iterator[Call]:
    """Parking, door, the owner or the next in line; what a plate may be that nobody owns."""
    state = hub.office.state
    next_id = next((one for one in queue(state) if may_be_called(state, one)), None)
    expected = None if guest.is_uncertain else _expected(hub, plate)
    yield from calls_at_gate(guest, owner_id=owner_id, next_id=next_id, expected=expected)
    if owner_id is None:
        alike = likeliest_plate(plate, hub.register.look_alikes(plate))
        yield from calls_of_look_alikes(plate, alike)


def _expected(hub: Hub, plate: str) -> str | None:
    """Whom this plate was announced for today: a VIP's name, or the host of an appointment."""
    for one in hub.office.state.expected:
        if one.on == hub.office.state.today and one.is_meant(None, plate):
            return one.name or hub.people.names().get(one.host_id or "", "")
    return None
