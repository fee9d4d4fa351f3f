"""What follows from a check-in at a tablet (到访登记): who receives, and what the posts bring."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from broker.alerts.care import checked_in
from broker.alerts.life import AlertGroup
from broker.alerts.what_is_asked import CAR_WORDS
from broker.handlers.alerting import silence
from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.handlers.invitations import guest_of, visit_of_guest
from broker.handlers.lateness import LATE_AFTER, waited
from broker.handlers.reports import tell_posts
from broker.handlers.requests import asked_by_visitor
from broker.handlers.tablets import assignment
from broker.handlers.visit_rhythm import tell_of_rhythm
from shared.codec import to_json
from shared.ids import new_id
from shared.messages import CheckIn, CloseReason, Message

log = logging.getLogger(__name__)

JOIN_WITHIN = timedelta(hours=2)
"""A check-in joins the visit of the car that it names if the car came within this time."""


def on_check_in(hub: Hub, check_in: CheckIn) -> Iterator[Message]:
    """Decide who receives the visitor; tell the tablet, the host and the door."""
    passed, moment = waited(hub, check_in.checked_in_at, check_in), hub.clock()
    is_late = passed > LATE_AFTER
    if not hub.inbox.add_check_in(check_in, moment, is_late=is_late):
        if not is_late and (visit := hub.visits.of_check_in(check_in.check_in_id)):
            yield assignment(hub, check_in, visit)
        return
    hub.journal.append("check_in", check_in.check_in_id, to_json(check_in), moment)
    hub.persons.open_page(check_in, moment)
    if is_late:
        log.info("check-in %s: stored, late, rings nowhere", check_in.check_in_id)
        return
    guest = guest_of(hub, check_in, moment)
    opened = visit_of_guest(hub, guest) or hub.visits.waiting_for(check_in, moment - JOIN_WITHIN)
    visit_id = opened.visit_id if opened else new_id(moment)
    is_first = opened is None or opened.check_in_id is None
    if is_first:
        hub.visits.tie_to_check_in(visit_id, check_in.check_in_id, moment)
        care = hub.alert_groups.care(visit_id)
        hub.alert_groups.save_care(checked_in(care, check_in, hub.decider.policy, moment))
    followed = hub.decider.take(asked_by_visitor(check_in, visit_id, moment - passed, guest))
    decided = hub.visits.get(visit_id)
    log.info("visit %s: %s host %s", visit_id, decided.rule, decided.host_id)
    yield from announce(hub, followed)
    if is_first:
        yield from silence(hub, visit_id, CloseReason.CANCELLED, is_meant=_is_of_a_car)
        yield from tell_posts(hub, visit_id)
        yield from tell_of_rhythm(hub, decided)
    else:  # a second check-in for the same visit: it was decided, so only say it again
        yield assignment(hub, check_in, decided)


def _is_of_a_car(group: AlertGroup) -> bool:
    """Whether it only told that somebody came."""
    return group.about in CAR_WORDS
