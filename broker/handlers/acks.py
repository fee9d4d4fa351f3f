"""What follows when a handheld answers an alert: it is shown, the person goes, or can't (确认)."""

import logging
from collections.abc import Callable, Generator, Iterator
from datetime import datetime

from broker.alerts.life import (
    AlertGroup,
    AlertState,
    Asked,
    Kind,
    changed,
    next_moment,
    passed,
)
from broker.handlers.admission import attempted
from broker.handlers.alerting import climb, close, close_alert
from broker.handlers.announce import announce, claimed
from broker.handlers.context import Hub
from broker.handlers.lateness import LATE_AFTER, NOTHING, minutes, waited
from broker.rules import commands
from broker.rules.authority import What, may
from broker.rules.commands import Command
from broker.rules.state import MANAGER, Visit
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import Ack, AckAnswer, Alert, AlertClosed, CloseReason, Message
from shared.words import Sentence

log = logging.getLogger(__name__)


def on_ack(hub: Hub, ack: Ack) -> Generator[Message, None, Sentence | None]:
    """Take an answer. The first who claims an alert goes; whoever claims it later is told who.

    An answer that waited on the phone counts no more: by now the visitor may be with somebody
    else. An alert that is still open rings there again.
    """
    raised, group = hub.raised_alerts.find(ack.alert_id), hub.alert_groups.of_alert(ack.alert_id)
    if raised is None or group is None:
        raise MessageError("error.ack_alert", ack_id=ack.ack_id, alert_id=ack.alert_id)
    actor, alert = hub.actor(ack.staff_id), raised.alert
    is_asked = alert.staff_id == actor.id or alert.role in actor.posts
    if not may(What.ANSWER, actor, None, hub.decider.state, is_asked=is_asked):
        yield from attempted(hub, actor.id, What.ANSWER, alert.visit_id)
        return Sentence("error.not_yours")
    hub.presence.heard(ack.staff_id, ack.device_id, hub.clock())
    if raised.closed is not None:
        yield raised.closed
        return _too_late(hub, ack, raised.closed)
    if ack.answer is not AckAnswer.SHOWN and (late := _too_late(hub, ack)):
        log.info("ack %s: late, nothing follows", ack.ack_id)
        return late
    asked = next(asked for asked in group.asked if asked.alert_id == ack.alert_id)
    yield from _ANSWERS[ack.answer](hub, ack, group, asked)
    return None


def _too_late(hub: Hub, ack: Ack, closed: AlertClosed | None = None) -> Sentence | None:
    """What a person is told whose answer came too late; None: it came in time, or was taken.

    An app that does not say when it sent keeps no answers, and its clock proves nothing.
    """
    wait = waited(hub, ack.acked_at, ack) if ack.sent_at else NOTHING
    if wait <= LATE_AFTER or (closed is not None and closed.by_staff_id == ack.staff_id):
        return None
    if closed is None:
        return Sentence("error.answer_late", minutes=minutes(wait))
    if closed.reason is CloseReason.CLAIMED and closed.by_name:
        return Sentence("error.answer_late_gone", minutes=minutes(wait), name=closed.by_name)
    return Sentence("error.answer_late_over", minutes=minutes(wait))


def has_passed(hub: Hub, alert: Alert, staff_id: str) -> bool:
    """Whether this person has already said that they can't go."""
    group = hub.alert_groups.of_alert(alert.alert_id)
    return group is not None and staff_id in group.passed_by


def _shown(hub: Hub, ack: Ack, group: AlertGroup, asked: Asked) -> Iterator[Message]:
    """Note that a device shows the alert; only the first device counts."""
    if asked.state is AlertState.RAISED:
        _note(hub, ack)
        _keep(hub, changed(group, asked.alert_id, AlertState.SHOWN))
    yield from ()


def _pass_on(hub: Hub, ack: Ack, group: AlertGroup, asked: Asked) -> Iterator[Message]:
    """Ask the next person at once. If the host passes, the rules choose who is next."""
    _note(hub, ack)
    visit, left = _decided(hub, group), passed(group, ack.staff_id)
    is_host_call = group.kind is Kind.HOST and asked.staff_id is not None
    if visit is not None and is_host_call and visit.host_id == asked.staff_id:
        _keep(hub, left)
        command = commands.PassOn(
            at=hub.clock(), consultant_id=ack.staff_id, visit_id=visit.visit_id
        )
        yield from announce(hub, hub.decider.take(command))
        return
    yield from _leave_out(hub, ack, left, asked, CloseReason.PASSED_ON)


def _leave_out(
    hub: Hub, ack: Ack, group: AlertGroup, asked: Asked, reason: CloseReason
) -> Iterator[Message]:
    """Go on without this person; an alert to a post stays open for their colleagues."""
    _keep(hub, group)
    yield from climb(hub, group)
    if asked.staff_id is None:
        return
    latest = hub.alert_groups.of_alert(asked.alert_id) or group
    yield close_alert(hub, asked.alert_id, group.subject, reason, ack.staff_id)
    _keep(hub, changed(latest, asked.alert_id, AlertState(reason.value)))


def _claim(hub: Hub, ack: Ack, group: AlertGroup, asked: Asked) -> Iterator[Message]:
    _note(hub, ack)
    if group.kind is Kind.HOST:
        yield from _claim_visitor(hub, ack, group, asked)
    else:
        yield from close(hub, group, CloseReason.CLAIMED, ack.staff_id)


def _claim_visitor(hub: Hub, ack: Ack, group: AlertGroup, asked: Asked) -> Iterator[Message]:
    """Let the rules decide who receives: alert and rotation change together or not at all."""
    visits = hub.decider.state.visits
    if group.subject not in visits:  # the day ended, and the visit with it
        yield from claimed(hub, group.subject, ack.staff_id)
        return
    command = _command(asked, ack, visits[group.subject], hub.clock())
    yield from announce(hub, hub.decider.take(command))
    now = hub.decider.state.visits.get(group.subject)
    if now is None or now.claimed_by != ack.staff_id:
        yield from _refused(hub, ack, asked)


def _command(asked: Asked, ack: Ack, visit: Visit, at: datetime) -> Command:
    """The command that this claim gives the rules."""
    host_id, who = visit.host_id or "", ack.staff_id
    if visit.ownership is None or host_id == MANAGER:
        return commands.Claim(at=at, visit_id=visit.visit_id, staff_id=who)
    if asked.role == MANAGER:
        return commands.Help(at=at, visit_id=visit.visit_id, for_id=host_id, manager_id=who)
    if who == host_id:
        return commands.Ack(at=at, consultant_id=who, visit_id=visit.visit_id)
    if visit.turn_of == host_id:
        return commands.StandIn(at=at, consultant_id=who, for_id=host_id)
    return commands.Help(at=at, visit_id=visit.visit_id, for_id=host_id, consultant_id=who)


def _refused(hub: Hub, ack: Ack, asked: Asked) -> Iterator[Message]:
    """End the alert of a person whose claim the rules refused, if it is still open."""
    group = hub.alert_groups.of_alert(asked.alert_id)
    if group is not None and asked in group.open_alerts:
        left = passed(group, ack.staff_id)
        yield from _leave_out(hub, ack, left, asked, CloseReason.CANCELLED)


def _decided(hub: Hub, group: AlertGroup) -> Visit | None:
    """The visit in the rules' state; None until the rules have decided who receives."""
    visit = hub.decider.state.visits.get(group.subject)
    return visit if visit is not None and visit.ownership is not None else None


def _note(hub: Hub, ack: Ack) -> None:
    hub.journal.append("ack", ack.alert_id, to_json(ack), hub.clock())


def _keep(hub: Hub, group: AlertGroup) -> None:
    hub.alert_groups.save(group, next_moment(group, hub.decider.policy))


_ANSWERS: dict[AckAnswer, Callable[[Hub, Ack, AlertGroup, Asked], Iterator[Message]]] = {
    AckAnswer.SHOWN: _shown,
    AckAnswer.PASS_ON: _pass_on,
    AckAnswer.CLAIM: _claim,
}
