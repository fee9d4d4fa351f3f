"""What follows from each message: one handler a type, a message in, messages out."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from broker.hub import Hub, close_alert, raise_alert
from broker.rules.alerts import Guest, calls_at_check_in, calls_at_gate
from broker.rules.decide import Answers, Decision, VisitFacts, decide, protected_owner
from broker.store import Visit
from shared.codec import to_json
from shared.errors import MessageError
from shared.ids import new_id
from shared.messages import (
    Ack,
    Arrival,
    Assignment,
    CheckIn,
    CloseReason,
    Direction,
    Message,
    NodeKind,
    NodeStatus,
)
from shared.privacy import mask_plate

log = logging.getLogger(__name__)

LATE_AFTER = timedelta(seconds=120)
"""An event delivered later is stored and rings nowhere (contract)."""
JOIN_WITHIN = timedelta(hours=2)
"""A check-in joins the visit of the car that it names when that passed the gate so lately."""
REPEAT_WITHIN = timedelta(minutes=10)
"""What a tablet or phone is told again when it connects anew."""


def handle(hub: Hub, message: Message) -> None:
    """Decide on ``message``; its effects and its answers are kept together or not at all.

    Raises:
        MessageError: the message asks for what cannot be; nothing of it was kept.
    """
    with hub.store.db.atomic():
        for answer in HANDLERS[type(message)](hub, message):
            hub.outbox.put(answer)


def expire_alerts(hub: Hub) -> None:
    """Close the alerts whose time is over."""
    for raised in hub.store.expired_alerts(hub.clock()):
        with hub.store.db.atomic():
            hub.outbox.put(close_alert(hub, raised, CloseReason.EXPIRED))


def on_arrival(hub: Hub, arrival: Arrival) -> Iterator[Message]:
    """Open a visit for the car, and tell parking, door and the owner or the next in line."""
    is_late, moment = _is_late(hub, arrival.seen_at), hub.clock()
    if not hub.store.add_arrival(arrival, moment, is_late=is_late):
        return
    hub.journal.append("arrival", arrival.arrival_id, to_json(arrival), moment)
    masked = mask_plate(arrival.plate)
    if is_late or arrival.direction is Direction.OUT:
        reason = "late" if is_late else "on its way out"
        log.info("arrival %s %s: stored, %s, rings nowhere", arrival.arrival_id, masked, reason)
        return
    # Only a sure reading names a customer: a look-alike is never an owner (F11).
    matched = () if arrival.is_uncertain else hub.store.registered(phone=None, plate=arrival.plate)
    facts = VisitFacts(hub.today(), matched, Answers(), hub.protection_days)
    owner_id = protected_owner(facts)
    known = next((one for one in matched if one.consultant_id == owner_id), None)
    visit = Visit(
        visit_id=new_id(moment),
        opened_at=moment.isoformat(),
        arrival_id=arrival.arrival_id,
        plate=arrival.plate,
        surname=known.surname if known else None,
        salutation=known.salutation if known else None,
        owner_id=owner_id,
    )
    hub.store.save_visit(visit)
    log.info("arrival %s %s: owner %s", arrival.arrival_id, masked, owner_id or "none")
    guest = Guest(arrival.plate, visit.name, arrival.is_uncertain)
    next_id = hub.store.rotation().next()
    for call in calls_at_gate(guest, owner_id=owner_id, next_id=next_id):
        yield from raise_alert(hub, visit, call, guest)


def on_check_in(hub: Hub, check_in: CheckIn) -> Iterator[Message]:
    """Decide who receives the visitor; tell the tablet, the host and the door."""
    is_late, moment = _is_late(hub, check_in.checked_in_at), hub.clock()
    if not hub.store.add_check_in(check_in, moment, is_late=is_late):
        if not is_late and (visit := hub.store.visit_of_check_in(check_in.check_in_id)):
            yield _assignment(hub, check_in, visit)
        return
    hub.journal.append("check_in", check_in.check_in_id, to_json(check_in), moment)
    if is_late:
        log.info("check-in %s: stored, late, rings nowhere", check_in.check_in_id)
        return
    opened = hub.store.visit_waiting_for(check_in, moment - JOIN_WITHIN)
    decision = _decide(hub, check_in, opened)
    visit = _decided_visit(hub, check_in, opened, decision)
    hub.store.save_visit(visit)
    hub.store.save_rotation(decision.rotation)
    hub.journal.append("decision", visit.visit_id, msgspec.json.encode(decision), moment)
    log.info("visit %s: %s host %s", visit.visit_id, decision.rule, decision.host_id)
    yield _assignment(hub, check_in, visit)
    for raised in hub.store.open_alerts(visit.visit_id):
        yield close_alert(hub, raised, CloseReason.CANCELLED)
    guest = Guest(visit.plate, visit.name)
    name = hub.people.names().get(decision.host_id or "", "")
    for call in calls_at_check_in(guest, host_id=decision.host_id, host_name=name):
        yield from raise_alert(hub, visit, call, guest)


def on_ack(hub: Hub, ack: Ack) -> Iterator[Message]:
    """The first who takes an alert goes; everybody else falls silent."""
    raised = hub.store.alert(ack.alert_id)
    if raised is None:
        raise MessageError(f"ack {ack.ack_id}: there is no alert {ack.alert_id}. Reload the page.")
    if raised.closed is not None:
        yield raised.closed
        return
    if raised.alert.staff_id != ack.staff_id and raised.alert.role not in hub.roles_of(
        ack.staff_id
    ):
        raise MessageError(f"ack {ack.ack_id}: the alert was not for {ack.staff_id}. Reload.")
    moment = hub.clock()
    hub.journal.append("ack", ack.alert_id, to_json(ack), moment)
    alerts = [raised]
    if raised.is_host_call:
        visit = hub.store.visit(raised.alert.visit_id)
        hub.store.save_visit(replace(visit, claimed_by=ack.staff_id, claimed_at=moment.isoformat()))
        alerts = hub.store.open_alerts(visit.visit_id)
    for one in alerts:
        yield close_alert(hub, one, CloseReason.CLAIMED, by_staff_id=ack.staff_id)


def on_status(hub: Hub, status: NodeStatus) -> Iterator[Message]:
    """Note who lives; tell a node that connected anew what is still true."""
    if not hub.presence.note(status, hub.clock()):
        return
    since = hub.clock() - REPEAT_WITHIN
    if status.kind is NodeKind.STAFF:
        roles = hub.roles_of(status.node_id)
        for raised in hub.store.alerts_for(status.node_id, roles, since):
            yield raised.closed or msgspec.structs.replace(
                raised.alert, role=None, staff_id=status.node_id
            )
    if status.kind is NodeKind.KIOSK:
        for check_in in hub.store.check_ins_since(status.node_id, since):
            if visit := hub.store.visit_of_check_in(check_in.check_in_id):
                yield _assignment(hub, check_in, visit)


def _is_late(hub: Hub, happened_at: datetime) -> bool:
    return hub.clock() - happened_at > LATE_AFTER


def _decide(hub: Hub, check_in: CheckIn, opened: Visit | None) -> Decision:
    plate = check_in.plate or (opened.plate if opened and check_in.arrival_id else None)
    facts = VisitFacts(
        today=hub.today(),
        registered=hub.store.registered(phone=check_in.phone, plate=plate),
        answers=Answers(
            check_in.is_first_visit,
            check_in.family_visited,
            check_in.was_contacted,
            check_in.named_consultant_id,
            check_in.evidence,
        ),
        protection_days=hub.protection_days,
    )
    return decide(facts, hub.store.rotation(), hub.people.names())


def _decided_visit(hub: Hub, check_in: CheckIn, opened: Visit | None, decision: Decision) -> Visit:
    moment = hub.clock()
    visit = opened or Visit(visit_id=new_id(moment), opened_at=moment.isoformat())
    return replace(
        visit,
        check_in_id=check_in.check_in_id,
        plate=check_in.plate or visit.plate,
        phone=check_in.phone,
        surname=check_in.surname or visit.surname,
        salutation=check_in.salutation or visit.salutation,
        owner_id=decision.owner_id,
        host_id=decision.host_id,
        rule=decision.rule,
        is_turn_used=decision.is_turn_used,
        flags=" ".join(decision.flags),
        why=decision.why,
    )


def _assignment(hub: Hub, check_in: CheckIn, visit: Visit) -> Assignment:
    called = f"{check_in.surname}{check_in.salutation or ''}" if check_in.surname else ""
    return Assignment(
        check_in_id=check_in.check_in_id,
        kiosk_id=check_in.kiosk_id,
        visit_id=visit.visit_id,
        greeting=f"{called}，您好" if called else "您好",
        host_name=hub.people.names().get(visit.host_id or ""),
    )


HANDLERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    Arrival: on_arrival,
    CheckIn: on_check_in,
    Ack: on_ack,
    NodeStatus: on_status,
}
