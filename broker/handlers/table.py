"""The table of handlers: what follows from each type of message."""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from msgspec.structs import replace

from broker.handlers.acks import on_ack
from broker.handlers.admission import REQUESTS, admit, told_by_the_rules
from broker.handlers.alerting import climb
from broker.handlers.announce import announce, call_again
from broker.handlers.arrivals import on_arrival, tell_of_correction
from broker.handlers.case_work import ANSWERS as ANSWERS_ABOUT_CASES
from broker.handlers.case_work import tell_of_broken_promises
from broker.handlers.check_ins import on_check_in
from broker.handlers.clock_troubles import on_clock_confirmed, watch_clock
from broker.handlers.closing_report import tell_of_closing
from broker.handlers.context import Hub
from broker.handlers.coverage import tell_of_coverage
from broker.handlers.customer_tables import ANSWERS as ANSWERS_ABOUT_IMPORTS
from broker.handlers.defect_pictures import ANSWERS as ANSWERS_ABOUT_PICTURES
from broker.handlers.disk_troubles import watch_disks
from broker.handlers.duty_work import on_scene_state, watch_duties
from broker.handlers.first_steps import ANSWERS as ANSWERS_ABOUT_FIRST_STEPS
from broker.handlers.gate_troubles import watch_gates
from broker.handlers.leavers import ANSWERS as ANSWERS_ABOUT_LEAVERS
from broker.handlers.look_ups import ANSWERS as ANSWERS_ABOUT_READING
from broker.handlers.look_ups import answer, answer_of_others, matching, noted
from broker.handlers.mended_files import watch_files
from broker.handlers.personal_data import ANSWERS, erase_due, erase_lapsed
from broker.handlers.plan_work import ANSWERS as ANSWERS_ABOUT_PLANS
from broker.handlers.plan_work import check_free
from broker.handlers.reports import remind, told_next
from broker.handlers.requests import command_of
from broker.handlers.service_visitors import (
    on_service_visit,
    on_service_visit_end,
    tell_who_is_still_in,
)
from broker.handlers.settings_changes import ANSWERS as ANSWERS_ABOUT_SETTINGS
from broker.handlers.settings_changes import watch_choices
from broker.handlers.shift_requests import ANSWERS as ANSWERS_ABOUT_SHIFTS
from broker.handlers.sign_outs import ANSWERS as ANSWERS_ABOUT_SIGN_OUTS
from broker.handlers.statuses import on_status
from broker.handlers.tablets import watch_tablets
from broker.handlers.turn_rests import rest_turns
from broker.handlers.unreadable import tell_of_unreadable
from broker.handlers.updates import ANSWERS as ANSWERS_ABOUT_UPDATES
from broker.local.plan_questions import GuestBooking
from broker.local.questions import ClockConfirmed
from broker.rules.authority import What, may_at_post
from broker.store.alert_groups import ALL
from shared.errors import MessageError, OperatorError
from shared.messages import (
    Ack,
    Alert,
    AlertKind,
    Arrival,
    CheckIn,
    Correction,
    LookUp,
    Message,
    NodeStatus,
    SceneState,
    ServiceVisit,
    ServiceVisitEnd,
    StaffReport,
)
from shared.outbox import ID_FIELDS
from shared.words import Sentence

log = logging.getLogger(__name__)

Follows = Generator[Message, None, Sentence | None] | Iterator[Message]
"""What follows from a message; some handlers return at last why nothing does."""


class _Following:
    """What a handler yields, and after that its last word."""

    def __init__(self, follows: Follows) -> None:
        self._follows = follows
        self.refused: Sentence | None = None

    def __iter__(self) -> Iterator[Message]:
        # A plain iterator's last word is None.
        self.refused = yield from self._follows  # type: ignore[func-returns-value]

    def naming(self, asked: Message) -> Iterator[Message]:
        """What follows: an alert names what raised it, and what answers whoever asked says so."""
        asked_id = getattr(asked, ID_FIELDS.get(type(asked).__name__, ""), None)
        who = getattr(asked, "staff_id", None)
        for message in self:
            if not isinstance(message, Alert):
                yield message
                continue
            is_theirs = who is not None and message.staff_id == who
            is_answer = is_theirs and message.kind is AlertKind.NOTICE
            answers_id = asked_id if is_answer else message.answers_id
            yield replace(message, trace_id=asked_id, answers_id=answers_id)


def handle(hub: Hub, message: Message) -> Sentence | None:
    """Act on ``message``: all that follows from it is kept together or not at all.

    The sentence tells its sender why nothing followed; None: nothing speaks against it.

    Raises:
        MessageError: the message asks for something impossible; nothing was kept.
    """
    handler = HANDLERS.get(type(message))
    if handler is None:
        raise MessageError("error.no_handler", kind=type(message).__name__)
    try:
        with hub.decider.atomic():
            following = _Following(handler(hub, message))
            hub.outbox.put_all(following.naming(message))
            hub.outbox.put_all(rest_turns(hub))
            return following.refused
    except OperatorError as error:
        raise MessageError(error.sentence.key, **error.sentence.values) from error


def let_time_pass(
    hub: Hub,
    guard: Callable[[], AbstractContextManager[None]] = nullcontext,
    at_most: int = ALL,
) -> None:
    """Do what time has made due: pass over unanswered turns, ask further people, remind the bar.

    Each part is done as a whole, inside a ``guard`` of its own: what fails stops no other part. Of
    the groups of alerts it looks at ``at_most``.
    """
    with hub.decider.atomic():
        for part in _due(hub, at_most):
            with guard(), hub.decider.atomic():
                hub.outbox.put_all(part)
    hub.persons.sweep()
    hub.nightly.sweep()


def _due(hub: Hub, at_most: int) -> Iterator[Iterator[Message]]:
    """What is due, clock and rules first: nobody else is asked for a turn that is passed over."""
    yield watch_clock(hub)
    yield watch_choices(hub)
    yield told_by_the_rules(hub)
    yield rest_turns(hub)
    for group in hub.alert_groups.to_look_at(hub.clock(), at_most):
        yield climb(hub, group)
    yield call_again(hub)
    yield watch_tablets(hub)
    yield remind(hub)
    yield watch_duties(hub)
    yield watch_gates(hub)
    yield watch_files(hub)
    yield watch_disks(hub)
    yield tell_who_is_still_in(hub)
    yield tell_of_coverage(hub)
    yield tell_of_closing(hub)
    yield tell_of_broken_promises(hub)
    yield tell_of_unreadable(hub)
    yield erase_due(hub)
    yield erase_lapsed(hub)


def on_request(hub: Hub, message: Message) -> Follows:
    """Let the rules decide what follows from a report, a registration, a departure …"""
    admitted = yield from admit(hub, message)
    if not admitted.is_acted_on:
        return admitted.refused
    before = hub.visit(getattr(message, "visit_id", None))
    if command := command_of(hub, message, hub.clock()):
        yield from announce(hub, hub.decider.take(command), before)
    if follow_up := _FOLLOW_UPS.get(type(message)):
        yield from follow_up(hub, message)
    return None


def on_guest_booking(hub: Hub, asked: GuestBooking) -> Follows:
    """A guest books by a link: as their consultant would, but free times only."""
    check_free(hub, asked.booking)
    return on_request(hub, asked.booking)


def on_look_up(hub: Hub, asked: LookUp) -> Follows:
    """Answer a look-up; the rules note who asked for what, and what they were shown (R3)."""
    admitted = yield from admit(hub, asked)
    if not admitted.is_acted_on:
        return admitted.refused
    if not may_at_post(What.LOOK_UP, hub.actor(asked.staff_id).posts):
        yield answer_of_others(hub, asked)
        return None
    found = matching(hub, asked)
    yield from announce(hub, hub.decider.take(noted(hub, asked, found)))
    yield answer(hub, asked, found)
    return None


_FOLLOW_UPS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    Correction: tell_of_correction,
    StaffReport: told_next,
}
"""What else follows from a request, after the rules have decided."""

HANDLERS: dict[type[Message], Callable[[Hub, Any], Follows]] = {
    Arrival: on_arrival,
    CheckIn: on_check_in,
    Ack: on_ack,
    NodeStatus: on_status,
    ServiceVisit: on_service_visit,
    ServiceVisitEnd: on_service_visit_end,
    SceneState: on_scene_state,
    **dict.fromkeys(REQUESTS, on_request),
    LookUp: on_look_up,
    **ANSWERS,
    **ANSWERS_ABOUT_LEAVERS,
    **ANSWERS_ABOUT_IMPORTS,
    **ANSWERS_ABOUT_SETTINGS,
    **ANSWERS_ABOUT_SHIFTS,
    **ANSWERS_ABOUT_SIGN_OUTS,
    **ANSWERS_ABOUT_UPDATES,
    **ANSWERS_ABOUT_READING,
    **ANSWERS_ABOUT_CASES,
    **ANSWERS_ABOUT_PICTURES,
    **ANSWERS_ABOUT_PLANS,
    GuestBooking: on_guest_booking,
    **ANSWERS_ABOUT_FIRST_STEPS,
    ClockConfirmed: on_clock_confirmed,
}
