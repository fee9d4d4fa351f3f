"""Messages of the hub's own that it can no longer read: kept with the rejected ones, and told."""

from collections.abc import Iterator

from broker.alerts.calls import Guest, call_of_unreadable
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.store.inbox import WRITTEN
from shared.messages import Message


def tell_of_unreadable(hub: Hub) -> Iterator[Message]:
    """Tell the manager of messages that were written and can't be sent: somebody missed a call."""
    found = hub.outbox.unreadable()
    for lost in found:
        hub.inbox.reject(f"{WRITTEN}{lost.kind}", lost.body, lost.problem, hub.clock())
    if found:
        hub.outbox.drop_unreadable([lost.row for lost in found])
        call = call_of_unreadable(len(found))
        yield from raise_alert(hub, NO_VISIT, call, Guest())
