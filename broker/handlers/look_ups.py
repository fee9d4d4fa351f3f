"""What a look-up finds (查询): whose customer it is, with phone and plates masked."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from broker.alerts.other_visitors import OtherVisitor
from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.local.questions import RegisterExported, RegisterRead
from broker.rules import commands
from broker.rules.authority import What, may_at_post
from broker.rules.commands import Command
from broker.rules.facts import Keys, Registration
from broker.rules.protection import is_protected, protected_until
from broker.wording.alert_text import say
from broker.wording.names import called, cut
from shared.codec import to_json
from shared.messages import Answer, LookUp, Message
from shared.messages.staff import FOUND_AT_MOST
from shared.privacy import mask_phone, mask_plate
from shared.words import read_words, spoken

PLATES_SHOWN = 5
"""Of one customer; the end of a line, whose customer it is, must stay readable."""


def matching(hub: Hub, asked: LookUp) -> tuple[Registration, ...]:
    """The registrations that the phone, the plate or the name finds, each once."""
    found: list[Registration] = []
    if asked.phone or asked.plate:
        plates = (asked.plate,) if asked.plate else ()
        found += hub.register.find(Keys(phone=asked.phone, plates=plates))
    if asked.name:
        found += hub.register.search(asked.name)
    return tuple(dict.fromkeys(found))


def noted(hub: Hub, asked: LookUp, found: tuple[Registration, ...]) -> Command:
    """The look-up as the rules keep it: what was asked for, and what the answer shows."""
    return commands.LookUp(
        at=hub.clock(),
        consultant_id=asked.staff_id,
        phone=asked.phone,
        plate=asked.plate,
        name=asked.name,
        shown=tuple(registration.registration_id for registration in found),
    )


def on_register_read(hub: Hub, asked: RegisterRead) -> Iterator[Message]:
    """Note who reads which customers on a page; for the rules it is a look-up of each (R3)."""
    actor = hub.actor(asked.staff_id)
    if not hub.inbox.add_message(asked.request_id, asked, hub.clock()):
        return
    hub.journal.append(type(asked).__name__, asked.request_id, to_json(asked), hub.clock())
    if not asked.visit_ids or not may_at_post(What.LOOK_UP, actor.posts):
        return
    visits = filter(None, map(hub.visits.find, asked.visit_ids))
    keys = (
        Keys(phone=visit.phone, plates=(visit.plate,) if visit.plate else ()) for visit in visits
    )
    shown = dict.fromkeys(one.registration_id for each in keys for one in hub.register.find(each))
    command = commands.LookUp(at=hub.clock(), consultant_id=asked.staff_id, shown=tuple(shown))
    yield from announce(hub, hub.decider.take(command))


def on_register_exported(hub: Hub, asked: RegisterExported) -> Iterator[Message]:
    """Note that an operator wrote a register with phones and plates in full, and why."""
    if hub.inbox.add_message(asked.request_id, asked, hub.clock()):
        kind = type(asked).__name__
        hub.journal.append(kind, asked.request_id, to_json(asked), hub.clock())
    yield from ()


def answer(hub: Hub, asked: LookUp, found: tuple[Registration, ...]) -> Answer:
    """``found`` in words. Only the owner sees phone and plates in full."""
    language = spoken(asked.language, hub.language)
    return _answer(hub, asked, (_line(hub, one, asked, language) for one in found))


def answer_of_others(hub: Hub, asked: LookUp) -> Answer:
    """The other visitors of today with this name, or who came to see somebody of this name."""
    moment = hub.clock()
    language, since = spoken(asked.language, hub.language), hub.decider.policy.midnight(moment)
    found = (
        other
        for other in hub.others.since(since)
        if asked.name and (asked.name in other.name or asked.name in (other.whom or ""))
    )
    return _answer(hub, asked, (_other(hub, other, language) for other in found))


def _other(hub: Hub, other: OtherVisitor, language: str) -> str:
    """``送货 赵师傅（2 人，37 号），10:02 到，尚未离开``, in the page's language."""
    local = hub.decider.policy.local
    key = "found.other_in" if other.left_at is None else "found.other_left"
    said = read_words("broker").say(
        key,
        language,
        who=say(other.label, language),
        came=f"{local(other.came_at):%H:%M}",
        left=f"{local(other.left_at):%H:%M}" if other.left_at else "",
    )
    return cut(said)


def _answer(hub: Hub, asked: LookUp, said: Iterable[str]) -> Answer:
    lines = list(said)
    if (more := len(lines) - FOUND_AT_MOST) > 0:
        language = spoken(asked.language, hub.language)
        told = read_words("broker").say("found.more", language, count=more + 1)
        lines = [*lines[: FOUND_AT_MOST - 1], told]
    return Answer(
        look_up_id=asked.look_up_id,
        staff_id=asked.staff_id,
        found=tuple(lines),
        answered_at=hub.clock(),
    )


def _line(hub: Hub, found: Registration, asked: LookUp, language: str) -> str:
    """``张女士 138****8000 浙A·8**88 归属王强，保护期至 12-01``, in the page's language."""
    say, more = read_words("broker").say, ("…",) if len(found.plates) > PLATES_SHOWN else ()
    is_own = found.consultant_id == asked.staff_id
    phone = found.phone and (found.phone if is_own else mask_phone(found.phone))
    shown = found.plates[:PLATES_SHOWN]
    plates = shown if is_own else tuple(map(mask_plate, shown))
    name = called(found.surname, found.salutation, language)
    owner = hub.people.names().get(found.consultant_id, found.consultant_id)
    whose = say("found.owner", language, owner=owner, until=_until(hub, found, language))
    return cut(" ".join([*filter(None, (name, phone, *plates, *more)), whose]))


def _until(hub: Hub, found: Registration, language: str) -> str:
    policy, say = hub.decider.policy, read_words("broker").say
    if not is_protected(found, policy, hub.clock()):
        return say("found.over", language)
    day = policy.local(protected_until(found, policy) - timedelta(seconds=1)).date()
    return say("found.until", language, day=f"{day:%m-%d}")


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    RegisterRead: on_register_read,
    RegisterExported: on_register_exported,
}
"""What pages and commands tell of their reading."""
