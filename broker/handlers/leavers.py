"""What follows when the manager says at the machine who leaves, and who gets whom (R4b)."""

from collections.abc import Callable, Iterator
from typing import Any

from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.local.questions import CustomersHandOver, PersonLeaves
from broker.rules import commands
from broker.rules.state import MANAGER
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import Message


def on_person_leaves(hub: Hub, asked: PersonLeaves) -> Iterator[Message]:
    """Somebody leaves the company: from now on they have no account and receive nobody."""
    staff_id = asked.staff_id
    if staff_id not in hub.people.names():
        raise MessageError("error.no_staff", staff_id=staff_id)
    if hub.has_left(staff_id):
        raise MessageError("error.left_before", staff_id=staff_id)
    if hub.people_of(MANAGER) == (staff_id,):
        raise MessageError("error.last_manager", staff_id=staff_id)
    if _is_noted(hub, asked.request_id, asked):
        command = commands.LeavesCompany(at=hub.clock(), consultant_id=staff_id)
        yield from announce(hub, hub.decider.take(command))


def on_customers_given(hub: Hub, asked: CustomersHandOver) -> Iterator[Message]:
    """The customers of somebody who left go to colleagues, all of them or none."""
    if not hub.has_left(asked.from_id):
        raise MessageError("error.not_left", staff_id=asked.from_id)
    consultants = hub.people_of("consultant")
    for gift in asked.given:
        if gift.to_id not in consultants:
            raise MessageError("error.no_receiver", staff_id=gift.to_id)
    if not _is_noted(hub, asked.act_id, asked):
        return
    command = commands.HandOverCustomers(
        at=hub.clock(),
        act_id=asked.act_id,
        consultant_id=asked.from_id,
        given=tuple(
            commands.GivenCustomer(
                registration_id=gift.registration_id,
                consultant_id=gift.to_id,
                reason=asked.reason,
            )
            for gift in asked.given
        ),
    )
    yield from announce(hub, hub.decider.take(command))


def _is_noted(hub: Hub, message_id: str, asked: Message) -> bool:
    """Keep the request and enter it into the journal; False if that was done before."""
    if not hub.inbox.add_message(message_id, asked, hub.clock()):
        return False
    hub.journal.append(type(asked).__name__, message_id, to_json(asked), hub.clock())
    return True


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    PersonLeaves: on_person_leaves,
    CustomersHandOver: on_customers_given,
}
"""These handlers' rows of the table."""
