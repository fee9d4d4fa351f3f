"""What follows when a manager ends somebody's log-ins: all their pages ask for the PIN again."""

from collections.abc import Callable, Iterator
from typing import Any

from broker.handlers.context import Hub
from broker.local.questions import PersonSignOut
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import Message


def on_person_sign_out(hub: Hub, asked: PersonSignOut) -> Iterator[Message]:
    """End the log-ins; the journal keeps who asked for it."""
    if asked.staff_id not in hub.people.names():
        raise MessageError("error.no_staff", staff_id=asked.staff_id)
    hub.log_ins.end_all_of(asked.staff_id)
    if hub.inbox.add_message(asked.request_id, asked, hub.clock()):
        kind = type(asked).__name__
        hub.journal.append(kind, asked.request_id, to_json(asked), hub.clock())
    yield from ()


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    PersonSignOut: on_person_sign_out,
}
"""This handler's row of the table."""
