"""What follows when somebody comes or leaves who is not a customer (002)."""

import logging
from collections.abc import Iterator
from datetime import datetime

from broker.alerts.calls import Call, Guest
from broker.alerts.other_visitors import calls_at_closing, calls_when_coming, last_closing
from broker.handlers.alerting import raise_alert
from broker.handlers.context import Hub
from broker.handlers.lateness import is_late
from broker.rules.commands import Consultant
from broker.rules.match import consultants_meant
from shared.codec import to_json
from shared.messages import Message, ServiceVisit, ServiceVisitEnd

log = logging.getLogger(__name__)


def on_service_visit(hub: Hub, visit: ServiceVisit) -> Iterator[Message]:
    """Keep who came, and tell whom they came to see."""
    moment = hub.clock()
    if not hub.others.came(visit):
        return
    _note(hub, visit.service_visit_id, visit, moment)
    came = hub.others.find(visit.service_visit_id)
    if came is None or came.left_at is not None or is_late(hub, visit.came_at, visit):
        return
    for call in calls_when_coming(came, _meant(hub, came.whom)):
        yield from _raise(hub, visit.service_visit_id, call)


def on_service_visit_end(hub: Hub, end: ServiceVisitEnd) -> Iterator[Message]:
    """Keep when they left."""
    moment = hub.clock()
    if hub.others.left(end):
        _note(hub, end.service_visit_id, end, moment)
    yield from ()


def tell_who_is_still_in(hub: Hub) -> Iterator[Message]:
    """After closing time, tell the manager once who has not signed out."""
    policy = hub.decider.policy
    still_in = hub.others.still_in(last_closing(policy, hub.clock()))
    for call in calls_at_closing(still_in, policy):
        yield from _raise(hub, still_in[0].service_visit_id, call)


def _note(hub: Hub, subject_id: str, message: Message, moment: datetime) -> None:
    kind = type(message).__name__
    hub.journal.append(kind, subject_id, to_json(message), moment)
    log.info("%s %s: kept", kind, subject_id)


def _raise(hub: Hub, service_visit_id: str, call: Call) -> Iterator[Message]:
    yield from raise_alert(hub, service_visit_id, call, Guest())


def _meant(hub: Hub, whom: str | None) -> str | None:
    """The colleague whom the visitor named; None: nobody, or two share the name."""
    known = [Consultant(id=person.id, name=person.name) for person in hub.staff_here()]
    meant = consultants_meant(known, whom) if whom else ()
    return meant[0].id if len(meant) == 1 else None
