"""How long ago something happened, reckoned on one clock at a time (迟到的消息)."""

from datetime import datetime, timedelta

from broker.handlers.context import Hub
from shared.messages import Arrival, CheckIn, Departure, Message, NodeKind, ServiceVisit

LATE_AFTER = timedelta(seconds=120)
"""An event that is delivered later than this is stored, but rings nowhere."""
NOTHING = timedelta(0)

_KEPT_BY: dict[type[Message], NodeKind] = {
    Arrival: NodeKind.GATE,
    Departure: NodeKind.GATE,
    CheckIn: NodeKind.KIOSK,
    ServiceVisit: NodeKind.KIOSK,
}
"""The messages that wait in their sender's outbox. A correction is mostly a person's."""


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


def _way(hub: Hub, message: Message, sent_at: datetime) -> timedelta:
    """How long it was under way from a node that keeps messages; phones send now or never.

    Release 0.4 sends ``sent_at`` again as it was when the message was first kept.
    """
    kind = _KEPT_BY.get(type(message))
    if kind is None:
        return NOTHING
    node_id: str = getattr(message, f"{kind}_id")
    return timedelta(seconds=hub.presence.under_way_s(kind, node_id, sent_at))
