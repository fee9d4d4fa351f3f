"""What the sender of a report has not seen of what it would write over (两人同时改)."""

from broker.handlers.context import Hub
from broker.rules.marks import mark_of_order, mark_of_owner
from shared.messages import StaffReport
from shared.words import Sentence


def unseen_order(hub: Hub, report: StaffReport) -> Sentence | None:
    """Today's order as it is now, if it became another since the sender saw it.

    Another manager set it, or somebody was called or came: who was first may be last by now.
    """
    line = hub.decider.state.line
    if report.seen in (None, mark_of_order(line)):
        return None
    names = hub.people.names()
    places = (f"{place} {names.get(who, who)}" for place, who in enumerate(line, start=1))
    return Sentence("error.order_changed_since", order=" · ".join(places) or "—")


def unseen_owner(hub: Hub, report: StaffReport) -> Sentence | None:
    """Whose customer the visitor is by now, if that was decided anew since the sender saw it."""
    visit = hub.visits.find(report.visit_id or "")
    if visit is None or report.seen in (None, mark_of_owner(visit.owner_id, visit.rule)):
        return None
    owner = hub.people.names().get(visit.owner_id or "", "—")
    return Sentence("error.owner_changed_since", owner=owner, rule=visit.rule or "—")


def unseen_host(hub: Hub, report: StaffReport) -> Sentence | None:
    """Who receives the visitor by now, if it is somebody else than the sender saw."""
    visit = hub.visits.find(report.visit_id or "")
    if visit is None or report.seen in (None, visit.claimed_by or visit.host_id):
        return None
    host = hub.people.names().get(visit.claimed_by or visit.host_id or "", "—")
    return Sentence("error.host_changed_since", host=host)
