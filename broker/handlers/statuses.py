"""What follows from a node's status (在线状态): a new connection is sent what is still true."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from broker.handlers.acks import has_passed
from broker.handlers.context import Hub
from broker.handlers.sender_troubles import tell_of_clock
from broker.handlers.tablets import assignment
from shared.messages import Message, NodeKind, NodeStatus

REPEAT_WITHIN = timedelta(minutes=10)
"""A tablet that reconnects is told again who comes, for check-ins this recent."""
ENDS_AGAIN_WITHIN = timedelta(minutes=2)
"""A phone that reconnects is told again which alerts ended this recently; older ones expire."""


def on_status(hub: Hub, status: NodeStatus) -> Iterator[Message]:
    """Note the node's status; if it has connected anew, send it what is still true."""
    is_new = hub.presence.note(status, hub.clock())
    yield from tell_of_clock(hub, status)
    if not is_new:
        return
    since = hub.clock() - REPEAT_WITHIN
    if status.kind is NodeKind.STAFF:
        roles = hub.roles_of(status.node_id)
        ended_since = hub.clock() - ENDS_AGAIN_WITHIN
        for raised in hub.raised_alerts.known_to(status.node_id, roles, ended_since):
            if raised.closed is None and has_passed(hub, raised.alert, status.node_id):
                continue
            yield raised.closed or msgspec.structs.replace(
                raised.alert, role=None, staff_id=status.node_id
            )
    if status.kind is NodeKind.KIOSK:
        hub.offered.tell_again()
        for check_in in hub.inbox.check_ins_since(status.node_id, since):
            if visit := hub.visits.of_check_in(check_in.check_in_id):
                yield assignment(hub, check_in, visit)
