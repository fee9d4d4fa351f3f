"""How long ago something happened, reckoned on one clock at a time (迟到的消息)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum

from broker.handlers.context import Hub
from broker.rules.authority import What
from shared.messages import Arrival, CheckIn, Departure, Message, NodeKind, ServiceVisit
from shared.words import Sentence

LATE_AFTER = timedelta(seconds=120)
"""An event that is delivered later than this is stored, but rings nowhere."""
NOTHING = timedelta(0)

_KEPT_BY: dict[type[Message], NodeKind] = {
    Arrival: NodeKind.GATE,
    Departure: NodeKind.GATE,
    CheckIn: NodeKind.KIOSK,
    ServiceVisit: NodeKind.KIOSK,
}
"""The nodes that may hold a message up on its way. A phone drops what it could not deliver, and
says anew when it sends it again: its own clock tells all."""


class StillCounts(Enum):
    """Until when something that a person asked for is done, though it comes late."""

    EVER = "ever"
    TODAY = "today"
    """On the day of the site on which it was asked: lines and visits end with it."""


LATE: Mapping[What, StillCounts] = {
    # The entry counts from when it came (R3).
    What.REGISTER: StillCounts.EVER,
    What.REGISTER_VISITOR: StillCounts.EVER,
    What.HAND_OVER_CUSTOMERS: StillCounts.EVER,
    What.FOLLOW_UP: StillCounts.EVER,
    What.WISHES: StillCounts.EVER,
    # It is as true later, and moves no visitor to somebody else.
    What.OWN_DAY: StillCounts.TODAY,
    What.ACKNOWLEDGE: StillCounts.TODAY,
    What.FINISH: StillCounts.TODAY,
    What.STAY: StillCounts.TODAY,
    What.SERVE: StillCounts.TODAY,
    What.CLAIM: StillCounts.TODAY,
    What.LINK_FAMILY: StillCounts.TODAY,
    What.DUTY: StillCounts.TODAY,
    What.OTHERS_DUTY: StillCounts.TODAY,
}
"""What a person's message may still bring about that waited on its phone. All else is for the
moment: it would ring for a need that is over, or take a visitor from whoever went meanwhile."""


def waited(hub: Hub, happened_at: datetime, message: Message) -> timedelta:
    """How long ago it happened, as far as anybody knows; never less than nothing.

    Until it was sent the sender's clock counts, on the way the hub's stopwatch: the one's time is
    never held against the other's, because a gate or a tablet may be years off. A message of an
    older release does not say when it was sent, and is held against the hub's clock.
    """
    sent_at: datetime | None = getattr(message, "sent_at", None)
    if sent_at is None:
        return max(NOTHING, hub.clock() - happened_at)
    return max(NOTHING, sent_at - happened_at) + _way(hub, message, sent_at)


def is_late(hub: Hub, happened_at: datetime, message: Message) -> bool:
    """Whether an event of that moment is too old to ring, and only stored."""
    return waited(hub, happened_at, message) > LATE_AFTER


def too_late(
    hub: Hub, whats: Iterable[What], happened_at: datetime, message: Message, came_at: datetime
) -> Sentence | None:
    """What the sender is told if nothing of ``whats`` is done any more; None: it is done."""
    if not is_late(hub, happened_at, message):
        return None
    wait, local = waited(hub, happened_at, message), hub.decider.policy.local
    counting = [LATE.get(what) for what in whats]
    is_of_today = local(came_at - wait).date() == local(came_at).date()
    until = {StillCounts.EVER, StillCounts.TODAY} if is_of_today else {StillCounts.EVER}
    if counting and until.issuperset(counting):
        return None
    return Sentence("error.too_late", minutes=minutes(wait))


def minutes(wait: timedelta) -> int:
    """``wait`` in full minutes."""
    return wait // timedelta(minutes=1)


def _way(hub: Hub, message: Message, sent_at: datetime) -> timedelta:
    """How long it was under way from such a node.

    Release 0.4 sends ``sent_at`` again as it was when the message was first kept.
    """
    kind = _KEPT_BY.get(type(message))
    if kind is None:
        return NOTHING
    node_id: str = getattr(message, f"{kind}_id")
    return timedelta(seconds=hub.presence.under_way_s(kind, node_id, sent_at))
