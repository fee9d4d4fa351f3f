"""What the manager is told of an update of this machine (更新)."""

from collections.abc import Callable, Iterator
from typing import Any

from broker.alerts.calls import Guest, call_of_update_taken_back
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.local.questions import UpdateTakenBack
from shared.codec import to_json
from shared.messages import Message


def on_update_taken_back(hub: Hub, told: UpdateTakenBack) -> Iterator[Message]:
    """Note in the journal that a release was taken back, and tell the manager, once."""
    if not hub.inbox.add_message(told.request_id, told, hub.clock()):
        return
    kind = type(told).__name__
    hub.journal.append(kind, told.request_id, to_json(told), hub.clock())
    yield from raise_alert(hub, NO_VISIT, call_of_update_taken_back(told.version), Guest())


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    UpdateTakenBack: on_update_taken_back,
}
"""This handler's row of the table."""
