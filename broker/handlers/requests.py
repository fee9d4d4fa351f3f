"""Turns a message from a gate or a phone into a command for the house rules."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from broker.handlers.context import Hub
from broker.handlers.invitations import plate_of
from broker.handlers.report_kinds import asked_by_report
from broker.rules import commands
from broker.rules.commands import Command
from broker.rules.state import Expected
from shared.errors import MessageError
from shared.messages import (
    Booking,
    BookingKind,
    CheckIn,
    Correction,
    CustomersGiven,
    Departure,
    Message,
    Registration,
    StaffReport,
)


def command_of(hub: Hub, message: Message, at: datetime) -> Command | None:
    """What ``message`` asks of the rules; None if it does not concern them.

    Raises:
        MessageError: a field is missing that it needs.
    """
    return _REQUESTS[type(message)](hub, message, at)


def asked_by_visitor(
    check_in: CheckIn, visit_id: str, at: datetime, guest: Expected | None = None
) -> Command:
    """What a check-in of this moment, by the hub's clock, asks of the rules.

    ``guest`` is whom the visitor's invitation names: they go by what they were booked by.
    """
    return commands.CheckIn(
        at=at,
        visit_id=visit_id,
        phone=check_in.phone or (guest.phone if guest else None),
        plate=check_in.plate or (plate_of(guest) if guest else None),
        surname=check_in.surname,
        salutation=check_in.salutation,
        first_visit=check_in.is_first_visit,
        family=check_in.family_visited,
        contacted=check_in.was_contacted,
        named=check_in.named_consultant_id or check_in.named_text,
        family_named=check_in.family_consultant_id or check_in.family_text,
        family_phone=check_in.family_phone,
        evidence=check_in.evidence,
        party_size=check_in.party_size,
    )


def _departure(_hub: Hub, message: Departure, at: datetime) -> Command:
    return commands.Depart(at=at, plate=message.plate)


def _correction(hub: Hub, message: Correction, at: datetime) -> Command | None:
    visit = hub.visits.of_arrival(message.arrival_id)
    if visit is None:
        return None
    return commands.CorrectPlate(at=at, visit_id=visit.visit_id, plate=message.plate)


def _registration(hub: Hub, message: Registration, at: datetime) -> Command:
    return commands.Register(
        at=at,  # when it reached the hub: a phone's clock proves nothing (R3)
        registration_id=message.registration_id,
        consultant_id=_whose_entry(hub, message),
        phone=message.phone,
        plates=message.plates,
        surname=message.surname,
        salutation=message.salutation,
        channel=message.channel,
        visit_id=message.visit_id,
    )


def _whose_entry(hub: Hub, message: Registration) -> str:
    """The consultant who enters the customer; of a manager's entry, whoever the visit is with."""
    visit = hub.visit(message.visit_id)
    if visit is None or message.staff_id in hub.decider.state.roster:
        return message.staff_id
    return visit.owner_id or visit.host_id or message.staff_id


def _customers_given(_hub: Hub, message: CustomersGiven, at: datetime) -> Command:
    return commands.HandOverCustomers(
        at=at, act_id=message.act_id, consultant_id=message.from_staff_id, given=message.given
    )


def _booking(_hub: Hub, message: Booking, at: datetime) -> Command:
    if message.kind is not BookingKind.APPOINTMENT:
        return commands.PlanVip(
            at=at,
            name=message.name or "",
            plates=message.plates,
            phone=message.phone,
            level=message.vip_level or "B",
            host_id=message.host_id,
            arrives_at=message.starts_at,
            ends_at=message.ends_at,
            is_exclusive=message.is_exclusive,
            by=message.staff_id,
            booking_id=message.booking_id,
            is_asked=message.kind is BookingKind.REQUEST,
            party_size=message.party_size,
            rooms=message.rooms,
            note=message.note,
        )
    if message.ends_at is None or len(message.plates) > 1:
        raise MessageError("error.appointment", booking_id=message.booking_id)
    return commands.MakeAppointment(
        at=at,
        host_id=message.host_id or message.staff_id,
        starts_at=message.starts_at,
        ends_at=message.ends_at,
        phone=message.phone,
        plate=message.plates[0] if message.plates else None,
        by=message.staff_id,
        booking_id=message.booking_id,
    )


_REQUESTS: dict[type[Message], Callable[[Hub, Any, datetime], Command | None]] = {
    Departure: _departure,
    Correction: _correction,
    Registration: _registration,
    Booking: _booking,
    CustomersGiven: _customers_given,
    StaffReport: asked_by_report,
}
