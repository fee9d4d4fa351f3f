"""What a message from a gate or a phone asks of the house rules: message in, command out."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from broker.handlers.context import Hub
from broker.rules import commands
from broker.rules.commands import Command
from broker.rules.state import MANAGER
from shared.errors import MessageError
from shared.messages import (
    Booking,
    BookingKind,
    CheckIn,
    Correction,
    Departure,
    LookUp,
    Message,
    Registration,
    ReportKind,
    StaffReport,
)
from shared.plate import normalize

log = logging.getLogger(__name__)


def command_of(hub: Hub, message: Message, at: datetime) -> Command | None:
    """What ``message`` asks for at ``at``, None when the rules have no say in it.

    Raises:
        MessageError: it asks for what this person may not do, or does not say what it must.
    """
    return _REQUESTS[type(message)](hub, message, at)


def asked_by_visitor(check_in: CheckIn, visit_id: str, received_at: datetime) -> Command:
    """What the answers at the tablet ask for."""
    return commands.CheckIn(
        at=min(check_in.checked_in_at, received_at),
        visit_id=visit_id,
        phone=check_in.phone,
        plate=normalize(check_in.plate) if check_in.plate else None,
        surname=check_in.surname,
        salutation=check_in.salutation,
        first_visit=check_in.is_first_visit,
        family=check_in.family_visited,
        contacted=check_in.was_contacted,
        named=check_in.named_consultant_id or check_in.named_text,
        evidence=check_in.evidence,
        party_size=check_in.party_size,
    )


def _departure(_hub: Hub, message: Departure, at: datetime) -> Command:
    return commands.Depart(at=at, plate=normalize(message.plate))


def _correction(hub: Hub, message: Correction, at: datetime) -> Command | None:
    visit = hub.visits.of_arrival(message.arrival_id)
    if visit is None:
        return None
    return commands.CorrectPlate(at=at, visit_id=visit.visit_id, plate=normalize(message.plate))


def _registration(_hub: Hub, message: Registration, at: datetime) -> Command:
    return commands.Register(
        at=at,  # when it reached us: a phone's own clock proves nothing (R3)
        registration_id=message.registration_id,
        consultant_id=message.staff_id,
        phone=message.phone,
        plates=tuple(normalize(plate) for plate in message.plates),
        surname=message.surname,
        salutation=message.salutation,
    )


def _look_up(_hub: Hub, message: LookUp, at: datetime) -> Command:
    plate = normalize(message.plate) if message.plate else None
    return commands.LookUp(at=at, consultant_id=message.staff_id, phone=message.phone, plate=plate)


def _booking(hub: Hub, message: Booking, at: datetime) -> Command:
    plates = tuple(normalize(plate) for plate in message.plates)
    if message.kind is BookingKind.VIP:
        _only_a_manager(hub, message.staff_id, "error.only_manager_plans")
        return commands.PlanVip(
            at=at,
            name=message.name or "",
            plates=plates,
            phone=message.phone,
            level=message.vip_level or "B",
            host_id=message.host_id,
            arrives_at=message.starts_at,
            ends_at=message.ends_at,
            is_exclusive=message.is_exclusive,
        )
    if message.ends_at is None or len(plates) > 1:
        raise MessageError("error.appointment", booking_id=message.booking_id)
    return commands.MakeAppointment(
        at=at,
        host_id=message.host_id or message.staff_id,
        starts_at=message.starts_at,
        ends_at=message.ends_at,
        phone=message.phone,
        plate=plates[0] if plates else None,
    )


def _report(hub: Hub, message: StaffReport, at: datetime) -> Command | None:
    build = _REPORTS.get(message.kind)
    return build(hub, message, at) if build else None


def _away(hub: Hub, message: StaffReport, at: datetime) -> Command:
    """Leave is a manager's to grant: nobody excuses himself."""
    is_manager = MANAGER in hub.roles_of(message.staff_id)
    who = message.for_staff_id if is_manager and message.for_staff_id else message.staff_id
    return commands.Away(at=at, consultant_id=who, is_excused=is_manager and message.is_excused)


def _finished(hub: Hub, message: StaffReport, at: datetime) -> Command | None:
    visit_id = message.visit_id or received_by(hub, message.staff_id)
    return commands.Finish(at=at, visit_id=visit_id) if visit_id else None


def _serving(hub: Hub, message: StaffReport, at: datetime) -> Command | None:
    visit_id = message.visit_id or received_by(hub, message.staff_id)
    if visit_id is None:
        return None
    return commands.Ack(at=at, consultant_id=message.staff_id, visit_id=visit_id)


def _owner_found(_hub: Hub, message: StaffReport, at: datetime) -> Command:
    visit_id, owner_id = _both(message)
    return commands.OwnerFound(at=at, visit_id=visit_id, consultant_id=owner_id)


def _ruling(hub: Hub, message: StaffReport, at: datetime) -> Command:
    _only_a_manager(hub, message.staff_id, "error.only_manager_rules")
    visit_id, owner_id = _both(message)
    if not message.note:
        raise MessageError("error.ruling_note", report_id=message.report_id)
    return commands.Rule(at=at, visit_id=visit_id, consultant_id=owner_id, reason=message.note)


def _set_order(hub: Hub, message: StaffReport, at: datetime) -> Command:
    _only_a_manager(hub, message.staff_id, "error.only_manager_orders")
    today = hub.decider.policy.local(at).date()
    return commands.NextDay(at=at, on=today, order=message.order)


def _stand_in(hub: Hub, message: StaffReport, at: datetime) -> Command:
    who = message.by_staff_id or message.staff_id
    if who != message.staff_id:
        _only_a_manager(hub, message.staff_id, "error.only_manager_sends")
    visit = hub.decider.state.visits.get(message.visit_id or "")
    for_id = message.for_staff_id or (visit.host_id if visit else None)
    if for_id is None:
        raise MessageError("error.stand_in", report_id=message.report_id)
    if visit is not None and visit.turn_of is None:  # the customer is his own: a help (R6)
        return commands.Help(at=at, visit_id=visit.visit_id, for_id=for_id, consultant_id=who)
    return commands.StandIn(at=at, consultant_id=who, for_id=for_id)


def _both(message: StaffReport) -> tuple[str, str]:
    if message.visit_id is None or message.for_staff_id is None:
        raise MessageError("error.report_both", report_id=message.report_id)
    return message.visit_id, message.for_staff_id


def _only_a_manager(hub: Hub, staff_id: str, otherwise: str) -> None:
    if MANAGER not in hub.roles_of(staff_id):
        raise MessageError(otherwise, staff_id=staff_id)


def received_by(hub: Hub, staff_id: str) -> str | None:
    """The visit that this person receives now, the latest of several."""
    hosted = [one.visit_id for one in hub.decider.state.visits.values() if one.host_id == staff_id]
    return hosted[-1] if hosted else None


_REPORTS: dict[ReportKind, Callable[[Hub, StaffReport, datetime], Command | None]] = {
    ReportKind.AWAY: _away,
    ReportKind.BACK: lambda _, one, at: commands.Back(at=at, consultant_id=one.staff_id),
    ReportKind.SERVING: _serving,
    ReportKind.FINISHED: _finished,
    ReportKind.STAND_IN: _stand_in,
    ReportKind.JOIN: lambda _, one, at: commands.Join(at=at, consultant_id=one.staff_id),
    ReportKind.LEAVE: lambda _, one, at: commands.Leave(at=at, consultant_id=one.staff_id),
    ReportKind.OWNER_FOUND: _owner_found,
    ReportKind.RULING: _ruling,
    ReportKind.SET_ORDER: _set_order,
}
"""What a post reports of its visitor is no matter of the rules: see ``posts``."""

_REQUESTS: dict[type[Message], Callable[[Hub, Any, datetime], Command | None]] = {
    Departure: _departure,
    Correction: _correction,
    Registration: _registration,
    LookUp: _look_up,
    Booking: _booking,
    StaffReport: _report,
}
