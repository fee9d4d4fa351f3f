"""What an owner hears of how often their customer comes (到访节奏)."""

from collections.abc import Iterator

from broker.alerts.calls import Call
from broker.handlers.alerting import guest, raise_alert
from broker.handlers.context import Hub
from broker.rules.facts import Keys
from broker.rules.rhythm import Coming, news_of
from broker.store.visit_row import VisitRow
from shared.messages import Level, Message


def tell_of_rhythm(hub: Hub, visit: VisitRow) -> Iterator[Message]:
    """Tell the owner, quietly, what is new about this visit of their customer."""
    if visit.phone is None or not hub.roles_of(visit.owner_id or ""):
        return
    known = hub.visits.receptions(Keys(phone=visit.phone))
    before = tuple(
        Coming(each.arrived_at, _party_size(hub, each.visit_id))
        for each in known
        if each.phone == visit.phone and each.visit_id != visit.visit_id
    )
    if not before:
        return
    visitor, now = guest(hub, visit.visit_id), Coming(hub.clock(), _party_size(hub, visit.visit_id))
    for words in news_of(before, now):
        call = Call(words, staff_id=visit.owner_id, level=Level.INFO)
        yield from raise_alert(hub, visit.visit_id, call, visitor)


def _party_size(hub: Hub, visit_id: str) -> int | None:
    """How many said at the tablet that they came; None: they did not say, or it was erased."""
    visit = hub.visits.find(visit_id)
    return hub.inbox.party_size(visit.check_in_id) if visit and visit.check_in_id else None
