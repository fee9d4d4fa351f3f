"""What follows when a known car (通行证) passes the gate, and when its pass was compared."""

import logging
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from broker.alerts.calls import Guest
from broker.alerts.pass_calls import (
    PassVerdict,
    call_of_mismatch,
    calls_of_pass,
    calls_of_vip,
    verdict_on,
)
from broker.handlers.alerting import close, raise_alert
from broker.handlers.context import Hub
from broker.registers.told import PASS_CAR
from broker.site_file import Pass
from shared.messages import Arrival, CloseReason, Message, ReportKind, StaffReport
from shared.privacy import mask_plate

log = logging.getLogger(__name__)


class KnownCar(NamedTuple):
    """A car with a pass, and what becomes of it today."""

    held: Pass
    verdict: PassVerdict


def known_car(hub: Hub, arrival: Arrival) -> KnownCar | None:
    """The pass of the car, if it is surely this car and comes for nothing else.

    Who is expected today is received as a visitor, whatever pass the car has.
    """
    held = None if arrival.is_uncertain else hub.people.pass_of(arrival.plate)
    if held is None:
        return None
    state, on = hub.decider.state, hub.decider.policy.local(hub.clock()).date()
    is_expected = any(
        expected.on == on and expected.is_meant(None, arrival.plate) for expected in state.expected
    )
    verdict = verdict_on(held, on)
    if verdict is None or (is_expected and verdict is not PassVerdict.BLACK):
        return None
    return KnownCar(held, verdict)


def tell_of_pass(hub: Hub, arrival: Arrival, car: KnownCar) -> Iterator[Message]:
    """Note the car, which opens no visit; tell the gate what it has to settle."""
    held, verdict = car
    note = {
        "visit_id": arrival.arrival_id,
        "plate": held.plate,
        "kind": held.kind,
        "name": held.holder,
        "number": held.number,
        "verdict": verdict,
    }
    hub.journal.append(PASS_CAR, arrival.arrival_id, msgspec.json.encode(note), hub.clock())
    log.info("arrival %s %s: %s", arrival.arrival_id, mask_plate(held.plate), verdict)
    for call in calls_of_pass(held, verdict):
        yield from raise_alert(hub, arrival.arrival_id, call, Guest(plate=held.plate))


def tell_of_vip(hub: Hub, arrival: Arrival) -> Iterator[Message]:
    """A VIP's car is at the gate: it is received as any visitor's, and the manager hears of it."""
    held = None if arrival.is_uncertain else hub.people.pass_of(arrival.plate)
    on = hub.decider.policy.local(hub.clock()).date()
    for call in calls_of_vip(held, on) if held else ():
        yield from raise_alert(hub, arrival.arrival_id, call, Guest(plate=arrival.plate))


def pass_checked(hub: Hub, report: StaffReport) -> Iterator[Message]:
    """The gate has compared them: end its alert; the manager hears of a mismatch."""
    subject = report.visit_id or ""
    for group in hub.alert_groups.open_of(subject):
        yield from close(hub, group, CloseReason.CLAIMED, report.staff_id)
    if report.kind is ReportKind.PASS_MISMATCH:
        plate = report.plate or _plate_of(hub, subject)
        call = call_of_mismatch(hub.people.pass_of(plate), plate, report.note or "")
        yield from raise_alert(hub, subject or report.report_id, call, Guest(plate=plate or None))


def _plate_of(hub: Hub, arrival_id: str) -> str:
    """The plate of the car that was noted under this id; empty: none was."""
    found = hub.inbox.db.conn.execute(
        "select plate from arrivals where arrival_id = ?", [arrival_id]
    ).fetchone()
    return str(found[0]) if found else ""
