"""Whom an invitation names, and the visit of theirs that is under way already."""

from datetime import datetime

from broker.handlers.context import Hub
from broker.rules.state import Expected
from broker.store.visit_row import VisitRow
from shared.messages import CheckIn


def guest_of(hub: Hub, check_in: CheckIn, moment: datetime) -> Expected | None:
    """The VIP or appointment of today whose invitation was shown; None: none that holds today."""
    booking_id = hub.invited(check_in.guest) if check_in.guest else None
    today = hub.decider.policy.local(moment).date()
    for expected in hub.decider.state.expected:
        if booking_id and expected.booking_id == booking_id and expected.on == today:
            return expected
    return None


def plate_of(guest: Expected) -> str | None:
    """The plate by which the rules know the guest; None: their phone says more."""
    return guest.plates[0] if guest.plates and not guest.phone else None


def visit_of_guest(hub: Hub, guest: Expected | None) -> VisitRow | None:
    """The guest's visit: of their car that came, or of an invitation that was shown before."""
    for visit in hub.decider.state.visits.values():
        if guest is not None and guest.is_meant(visit.phone, visit.plate):
            return hub.visits.find(visit.visit_id)
    return None
