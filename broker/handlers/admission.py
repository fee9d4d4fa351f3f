"""Which messages the hub acts on: new, in time, and their sender's to send."""

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.handlers.lateness import too_late
from broker.handlers.report_commands import visit_of
from broker.handlers.report_kinds import REPORTS, whats_of
from broker.rules import commands
from broker.rules.authority import What, holds_a_post, may, may_at_post
from shared.codec import to_json
from shared.messages import (
    Booking,
    BookingKind,
    Correction,
    CustomersGiven,
    Departure,
    LookUp,
    Message,
    Registration,
    StaffReport,
)
from shared.outbox import message_id
from shared.words import Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What a message asks for: all of ``whats`` must be its sender's to ask."""

    by: str
    whats: tuple[What, ...]
    visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a message is acted on now."""

    is_acted_on: bool
    refused: Sentence | None = None
    """What its sender is told if it never will be."""


def admit(hub: Hub, message: Message) -> Generator[Message, None, Admission]:
    """Keep a request that is acted on.

    A second delivery changes nothing, and is answered as the first was; a message that comes too
    late is kept and nothing follows. What is not its sender's to ask is not even kept: the rules
    note the attempt, and the manager hears of it once.
    """
    kind, name = type(message), message_id(message)
    if hub.inbox.has_message(name):
        kept = hub.inbox.message(kind, name)
        said = _too_late(hub, kept.message, kept.received_at) if kept else None
        return Admission(is_acted_on=False, refused=said)
    if ask := _ASKED.get(type(message)):
        yield from told_by_the_rules(hub)  # who is the host now?
        asked = ask(hub, message)
        if (what := _refused(hub, asked)) is not None:
            yield from attempted(hub, asked.by, what, asked.visit_id)
            return Admission(is_acted_on=False, refused=Sentence("error.not_yours"))
    moment = hub.clock()
    if isinstance(message, StaffReport) and (why := _not_kept(hub, message, moment)) is not None:
        return Admission(is_acted_on=False, refused=why)
    hub.inbox.add_message(name, message, moment)
    hub.journal.append(kind.__name__, name, to_json(message), moment)
    if (late := _too_late(hub, message, moment)) is not None:
        log.info("%s %s: stored, late, nothing follows", kind.__name__, name)
    return Admission(is_acted_on=late is None, refused=late)


def _too_late(hub: Hub, message: Message, came_at: datetime) -> Sentence | None:
    """What the sender is told of a message that came too late at that moment."""
    ask = _ASKED.get(type(message))
    whats = ask(hub, message).whats if ask else ()
    happened_at: datetime = getattr(message, REQUESTS[type(message)])
    return too_late(hub, whats, happened_at, message, came_at)


def _not_kept(hub: Hub, report: StaffReport, moment: datetime) -> Sentence | None:
    """Why a report is not even kept, though it is its sender's to send."""
    if not _is_within_newcomers(hub, report, moment):
        return Sentence("error.newcomers", most=hub.decider.policy.newcomers_a_day)
    unseen = REPORTS[report.kind].unseen
    return unseen(hub, report) if unseen else None


def _is_within_newcomers(hub: Hub, report: StaffReport, moment: datetime) -> bool:
    """Whether no more visitors, known to nobody else, were told of by this person today.

    Neither gate nor tablet nor another report knows such a visitor, so anybody could be made up.
    """
    service, visit_id = REPORTS[report.kind].service, visit_of(hub, report)
    is_new = report.visit_id is None and service is not None and service.is_of_newcomer
    if not is_new and (
        visit_id is None or hub.visit(visit_id) or hub.alert_groups.has_care(visit_id)
    ):
        return True
    policy = hub.decider.policy
    if hub.newcomers.takes(report.staff_id, policy.local(moment).date(), policy.newcomers_a_day):
        return True
    log.warning("%s told of too many visitors whom nobody knows", report.staff_id)
    return False


def _is_known(hub: Hub, visit_id: str) -> bool:
    return hub.visit(visit_id) is not None or hub.alert_groups.has_care(visit_id)


def told_by_the_rules(hub: Hub) -> Iterator[Message]:
    """Let the rules do what time has made due."""
    yield from announce(hub, hub.decider.take(commands.Tick(at=hub.clock())))


def attempted(
    hub: Hub, by: str, what: What, visit_id: str | None
) -> Generator[Message, None, None]:
    """Let the rules note that somebody asked for what is not theirs."""
    log.warning("unauthorised: %s may not %s (visit %s)", by, what, visit_id)
    attempt = commands.Attempt(at=hub.clock(), by=by, what=what.value, visit_id=visit_id)
    yield from announce(hub, hub.decider.take(attempt))


def _refused(hub: Hub, asked: Request) -> What | None:
    """What of ``asked`` is not the sender's to ask; None: nothing.

    Who may do a thing but does not say with which visit is told so by whoever acts on it.
    """
    actor, visit, state = hub.actor(asked.by), hub.visit(asked.visit_id), hub.decider.state
    is_unsaid = asked.visit_id is None and holds_a_post(actor, state)
    for what in asked.whats:
        is_meant = is_unsaid and may_at_post(what, actor.posts)
        if not is_meant and not may(what, actor, visit, state):
            return what
    return None


def _report(hub: Hub, report: StaffReport) -> Request:
    return Request(report.staff_id, whats_of(hub, report), visit_of(hub, report))


def _registration(_hub: Hub, message: Registration) -> Request:
    what = What.REGISTER if message.visit_id is None else What.REGISTER_VISITOR
    return Request(message.staff_id, (what,), message.visit_id)


def _look_up(hub: Hub, message: LookUp) -> Request:
    """Who may look up only other visitors than customers asks for just that."""
    posts = hub.actor(message.staff_id).posts
    is_all = may_at_post(What.LOOK_UP, posts) or not may_at_post(What.LOOK_UP_OTHERS, posts)
    return Request(message.staff_id, (What.LOOK_UP if is_all else What.LOOK_UP_OTHERS,))


def _booking(_hub: Hub, message: Booking) -> Request:
    what = What.PLAN_VIP if message.kind is BookingKind.VIP else What.BOOK
    return Request(message.staff_id, (what,))


def _correction(_hub: Hub, message: Correction) -> Request:
    """A gate that corrects itself asks nobody."""
    is_own = message.corrected_by == message.gate_id
    return Request(message.corrected_by, () if is_own else (What.NAME_CAR,))


def _customers_given(_hub: Hub, message: CustomersGiven) -> Request:
    return Request(message.staff_id, (What.HAND_OVER_CUSTOMERS,))


REQUESTS: dict[type[Message], str] = {
    Departure: "seen_at",
    Correction: "corrected_at",
    StaffReport: "reported_at",
    Registration: "registered_at",
    LookUp: "asked_at",
    Booking: "booked_at",
    CustomersGiven: "given_at",
}
"""The messages that are commands to the rules, with the field of their moment."""

_ASKED: dict[type[Message], Callable[[Hub, Any], Request]] = {
    Correction: _correction,
    StaffReport: _report,
    Registration: _registration,
    LookUp: _look_up,
    Booking: _booking,
    CustomersGiven: _customers_given,
}
"""What people's messages ask for; those of a gate are a gate's own."""
