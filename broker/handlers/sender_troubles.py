"""What people are told of those who send: a clock that is wrong, somebody who floods the hub."""

import logging
from collections.abc import Iterator

from broker.alerts.calls import Guest, call_of_clock, call_of_flood
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.handlers.presence import RIGHT_WITHIN_S
from shared.messages import Message, NodeKind, NodeState, NodeStatus

log = logging.getLogger(__name__)

MEASURED_WITHIN_S = 1.0
"""A smaller change is not worth a write."""
WRONG_FROM_S = 60.0


def tell_of_clock(hub: Hub, status: NodeStatus) -> Iterator[Message]:
    """Keep how far this node's clock is off; from a minute on, tell the manager once."""
    if hub.keeper is not None and status.state is NodeState.ONLINE:
        hub.keeper.hear(status.machine, status.at)
    ahead_s, name = hub.presence.ahead_s(status), f"{status.kind}/{status.node_id}"
    if ahead_s is None:
        return
    known_s = hub.senders.ahead_s(name)
    if known_s is not None and abs(ahead_s - known_s) < MEASURED_WITHIN_S:
        return
    hub.senders.keep_ahead(name, ahead_s)
    is_told = hub.senders.is_clock_told(name)
    if is_told and abs(ahead_s) <= RIGHT_WITHIN_S:
        hub.senders.keep_clock_told(name, is_told=False)
    if not is_told and abs(ahead_s) > WRONG_FROM_S:
        hub.senders.keep_clock_told(name, is_told=True)
        log.warning("the clock of %s is %.0f s ahead of ours", name, ahead_s)
        yield from raise_alert(hub, NO_VISIT, call_of_clock(_who(hub, name), ahead_s), Guest())


def tell_of_flood(hub: Hub, name: str) -> Iterator[Message]:
    """Tell the manager, once a day, that somebody sends more than the hub can take."""
    if not hub.senders.flooded(name, hub.clock()):
        return
    log.warning("%s sends more than may wait; the rest is dropped", name)
    yield from raise_alert(hub, NO_VISIT, call_of_flood(_who(hub, name)), Guest())


def _who(hub: Hub, name: str) -> tuple[str, str]:
    """The kind of node and its name, which for a person is the person's."""
    kind, _, node_id = name.partition("/")
    if kind == NodeKind.STAFF:
        return kind, hub.people.names().get(node_id, node_id)
    return kind, node_id
