"""Tells the manager before opening who and what is missing today, by the shifts (排班)."""

from collections.abc import Iterator
from datetime import timedelta

from broker.alerts.calls import Guest
from broker.alerts.shift_calls import calls_of_coverage
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.rules.policy import CLOSED
from broker.rules.shifts import posts_without
from shared.messages import Message

BEFORE_OPENING = timedelta(minutes=30)
_TOLD = "hub:coverage"
"""Among the troubles, as other things of which only the latest counts."""


def tell_of_coverage(hub: Hub) -> Iterator[Message]:
    """Once on each open day, half an hour before opening; only where shifts were written."""
    policy, moment = hub.decider.policy, hub.clock()
    on = policy.local(moment).date()
    is_time = policy.is_before_opening(moment) and not policy.is_before_opening(
        moment + BEFORE_OPENING
    )
    if not (is_time and policy.shifts.is_planned) or policy.hours(on) == CLOSED:
        return
    if hub.alert_groups.trouble(_TOLD) == on.isoformat():
        return
    hub.alert_groups.save_trouble(_TOLD, on.isoformat())
    staff = hub.staff_here()
    today = [person for person in staff if policy.shifts.is_on(person.id, on)]
    held = dict.fromkeys(role for person in staff for role in person.roles)
    here = hub.decider.state.here
    missing = (
        person.name for person in today if "consultant" in person.roles and person.id not in here
    )
    silent = (person.name for person in today if not hub.presence.is_reached(person.id))
    unmanned = posts_without((person.roles for person in today), held)
    for call in calls_of_coverage(unmanned, tuple(missing), tuple(silent)):
        yield from raise_alert(hub, NO_VISIT, call, Guest())
