"""What follows when a visitor corrects or erases their data, or an operator asks for somebody's."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from broker.alerts.calls import Call, Guest
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT, announce
from broker.handlers.context import Hub
from broker.journal.erasures import ERASURE_TAKEN, ErasureTaken
from broker.local.questions import OwnCorrection, OwnErasure, PersonRequest, Purpose, Unmask
from broker.personal.persons import OPERATOR, VISITOR, Wanted
from broker.rules import commands
from broker.rules.authority import What, may
from broker.rules.facts import Keys
from broker.rules.state import MANAGER
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import Message, Receipt
from shared.privacy import mask_plate

log = logging.getLogger(__name__)

IDS_A_RECEIPT = 100
"""As many as its schema allows."""


def on_correction(hub: Hub, asked: OwnCorrection) -> Iterator[Message]:
    """Keep the visitor's correction; the rules make sure that no owner loses a customer by it."""
    visit = hub.visits.of_check_in(asked.check_in_id)
    if visit is None:
        raise MessageError("error.correction_visit", check_in_id=asked.check_in_id)
    if not _is_noted(hub, asked.correction_id, asked):
        return
    plates = (visit.plate,) if visit.plate else ()
    registered = hub.register.find(Keys(phone=visit.phone, plates=plates))
    hub.persons.correct_page(asked)
    command = commands.CorrectVisitor(
        at=hub.clock(),
        visit_id=visit.visit_id,
        owner_id=visit.owner_id if visit.owner_id in hub.decider.state.roster else None,
        is_registered=any(
            registration.consultant_id == visit.owner_id for registration in registered
        ),
        was_phone=visit.phone,
        was_plate=visit.plate,
        phone=asked.phone,
        plate=asked.plate,
        surname=asked.surname,
        salutation=asked.salutation,
    )
    yield from announce(hub, hub.decider.take(command))


def on_own_erasure(hub: Hub, asked: OwnErasure) -> Iterator[Message]:
    """Erase what came of this check-in once the visit is over.

    Typing a number does not prove that it is one's own. If more is kept under that number, erasing
    it could take a customer from their consultant, so a manager looks first at who asks.
    """
    wanted = Wanted(asked.erasure_id, VISITOR, check_in_id=asked.check_in_id)
    dossier = hub.persons.dossier(wanted)
    if not _is_noted(hub, asked.erasure_id, asked):
        return
    is_doubted = any(key.isascii() for key in dossier.shared)
    doubted = Wanted(asked.erasure_id, VISITOR, asked.check_in_id, is_doubted=is_doubted)
    hub.persons.ask(doubted, hub.clock())
    yield from erase_due(hub)
    if is_doubted:
        visit = hub.visits.of_check_in(asked.check_in_id)
        at = f"{hub.decider.policy.local(hub.clock()):%H:%M}"
        who = Guest(surname=visit.surname, salutation=visit.salutation) if visit else Guest()
        call = Call("erasure_asked", role=MANAGER, fields={"who": who, "time": at})
        yield from raise_alert(hub, visit.visit_id if visit else NO_VISIT, call, Guest())


def on_person_request(hub: Hub, asked: PersonRequest) -> Iterator[Message]:
    """Note what an operator does with a person's data; erase the person if that is asked."""
    wanted = Wanted(asked.request_id, OPERATOR, phone=asked.phone, plate=asked.plate)
    dossier = hub.persons.dossier(wanted)
    if not _is_noted(hub, asked.request_id, asked):
        return
    log.info("an operator asks to %s a person", asked.purpose)
    if asked.purpose is not Purpose.ERASE:
        return
    is_known = bool(dossier.ids)
    taken = ErasureTaken(is_known, len(dossier.visits), len(dossier.registrations))
    hub.journal.append(ERASURE_TAKEN, asked.request_id, msgspec.json.encode(taken), hub.clock())
    if dossier.keys or dossier.ids:
        hub.persons.ask(wanted, hub.clock())
        yield from erase_due(hub)


def on_unmask(hub: Hub, asked: Unmask) -> Iterator[Message]:
    """Note who sees a visitor's phone and plate in full, and why; the page shows them then."""
    visit = hub.visit(asked.visit_id)
    actor = hub.actor(asked.staff_id)
    if visit is None or not may(What.UNMASK, actor, visit, hub.decider.state):
        raise MessageError("error.not_yours")
    _is_noted(hub, asked.request_id, asked)
    yield from ()


def erase_due(hub: Hub) -> Iterator[Message]:
    """Erase whose visit is over; a manager hears of a plate that several people now gave.

    Gates and tablets that keep messages about them for a while are told to forget them.
    """
    erased = hub.persons.erase_due(hub.clock())
    for node_id, ids in _by_sender(erased.sent):
        yield Receipt(node_id=node_id, ids=(), stored_at=hub.clock(), erased=ids)
    for unclear in erased.unclear:
        fields = {"plate": mask_plate(unclear.plate or "")}
        call = Call("erasure_unclear", role=MANAGER, fields=fields)
        yield from raise_alert(hub, NO_VISIT, call, Guest())


def _by_sender(sent: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ids of each node's messages, as many as fit one receipt."""
    kept: dict[str, dict[str, None]] = {}
    for node_id, name in sent:
        kept.setdefault(node_id, {})[name] = None
    for node_id, names in kept.items():
        ids = tuple(names)
        for first in range(0, len(ids), IDS_A_RECEIPT):
            yield node_id, ids[first : first + IDS_A_RECEIPT]


def erase_lapsed(hub: Hub) -> Iterator[Message]:
    """Erase what was kept for long enough; not by a clock that may be wrong, nor in memory only."""
    is_doubted = hub.keeper is not None and hub.keeper.refused_for_s() > 0
    if not is_doubted and not hub.disk.is_unsaved:
        hub.nightly.step(hub.clock())
    yield from ()


def _is_noted(hub: Hub, message_id: str, asked: Message) -> bool:
    """Keep the request and enter it into the journal; False if that was done before."""
    if not hub.inbox.add_message(message_id, asked, hub.clock()):
        return False
    hub.journal.append(type(asked).__name__, message_id, to_json(asked), hub.clock())
    return True


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    OwnCorrection: on_correction,
    OwnErasure: on_own_erasure,
    PersonRequest: on_person_request,
    Unmask: on_unmask,
}
"""These handlers' rows of the table."""
