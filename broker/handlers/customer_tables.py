"""What follows when a table of customers is entered, part by part, or is taken back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.journal.steps import KNOWN
from broker.local.questions import (
    CustomersImported,
    CustomersPart,
    ImportTakenBack,
    ListedCustomer,
)
from broker.rules.facts import Keys, Registration
from broker.rules.protection import counts, is_protected, shared_keys, works_here
from broker.rules.state import MANAGER
from broker.store.listed_customers import is_entered, let_count, take_out
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import Message

UNDONE_WITHIN = timedelta(days=1)


def on_part(hub: Hub, asked: CustomersPart) -> Iterator[Message]:
    """Enter these customers; they protect nobody before the whole table is entered.

    Who was protected for somebody else since the table was tried stops all of it.
    """
    if hub.inbox.find_message(asked.import_id) is not None:
        raise MessageError("error.import_done", import_id=asked.import_id)
    for customer in asked.customers:
        if not customer.registration_id.startswith(f"{asked.import_id}-"):
            raise MessageError("error.import_done", import_id=asked.import_id)
        if is_entered(hub.inbox.db, customer.registration_id):
            continue
        waiting = _registration(customer)
        _refuse_another_s(hub, waiting)
        hub.register.add(waiting)
        body = msgspec.json.encode(waiting)
        hub.journal.append(KNOWN, waiting.registration_id, body, hub.clock())
    yield from ()


def on_imported(hub: Hub, asked: CustomersImported) -> Iterator[Message]:
    """From now on the customers of the table count, all of them."""
    _require_manager(hub, asked.by)
    if hub.inbox.add_message(asked.import_id, asked, hub.clock()):
        hub.journal.append(type(asked).__name__, asked.import_id, to_json(asked), hub.clock())
        let_count(hub.inbox.db, asked.import_id)
    yield from ()


def on_taken_back(hub: Hub, asked: ImportTakenBack) -> Iterator[Message]:
    """Take the table's customers out again, within a day; whom somebody received since stays."""
    _require_manager(hub, asked.by)
    entered = hub.inbox.find_message(asked.import_id)
    if entered is not None and hub.clock() - entered > UNDONE_WITHIN:
        raise MessageError("error.import_too_late", import_id=asked.import_id)
    back = replace(asked, entered_at=entered)
    if hub.inbox.add_message(f"{asked.import_id}-back", back, hub.clock()):
        hub.journal.append(type(back).__name__, asked.import_id, to_json(back), hub.clock())
        take_out(hub.inbox.db, asked.import_id, entered)
    yield from ()


def _registration(customer: ListedCustomer) -> Registration:
    """The customer, who counts for nobody yet."""
    return Registration(
        registration_id=customer.registration_id,
        consultant_id=customer.consultant_id,
        registered_at=customer.at,
        received_at=customer.at,
        phone=customer.phone,
        plates=customer.plates,
        surname=customer.surname,
        salutation=customer.salutation,
        is_unreceived=customer.is_unreceived,
        channel=customer.channel,
        is_overruled=True,
    )


def _refuse_another_s(hub: Hub, customer: Registration) -> None:
    keys = Keys(phone=customer.phone, plates=customer.plates)
    state, policy, now = hub.decider.state, hub.decider.policy, hub.clock()
    own = (customer.phone, *customer.plates)
    for entered in hub.register.find(keys):
        owner = entered.consultant_id
        is_other = owner != customer.consultant_id and works_here(state, owner)
        if not is_other or not counts(entered) or not shared_keys(entered, own):
            continue
        if is_protected(entered, policy, now):
            raise MessageError("error.import_conflict", row=customer.registration_id)


def _require_manager(hub: Hub, by: str | None) -> None:
    if by is not None and MANAGER not in hub.roles_of(by):
        raise MessageError("error.not_yours")


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    CustomersPart: on_part,
    CustomersImported: on_imported,
    ImportTakenBack: on_taken_back,
}
"""These handlers' rows of the table."""
