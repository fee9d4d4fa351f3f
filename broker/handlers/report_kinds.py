"""The table of reports (汇报): who may send each kind, and what it asks for or changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from broker.alerts import care
from broker.alerts.calls import Call
from broker.alerts.care import ORDER_WORDS, Care
from broker.alerts.life import AlertGroup, Kind
from broker.handlers.context import Hub
from broker.rules import commands
from broker.rules.commands import Command
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from shared.errors import MessageError
from shared.messages import ReportKind, StaffReport

Roles = tuple[str, ...]
"""The posts of the sender."""


def _is_of_own_post(group: AlertGroup, roles: Roles) -> bool:
    return group.kind is Kind.POST and any(asked.role in roles for asked in group.asked)


def _is_of_order(group: AlertGroup, _roles: Roles) -> bool:
    return group.about in ORDER_WORDS


def _is_none(_group: AlertGroup, _roles: Roles) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Service:
    """What a post's report does for a visitor, without the rules."""

    change: Callable[[Care, Policy, datetime], Care] = care.unchanged
    """Changes what is due for the visitor."""
    calls: Callable[[Care, Roles], Iterator[Call]] = care.calls_nobody
    """Calls whoever is told next."""
    is_done: Callable[[AlertGroup, Roles], bool] = _is_none
    """Which open alerts the report settles."""
    is_called_off: Callable[[AlertGroup, Roles], bool] = _is_none
    """Which open alerts need nobody any more."""
    is_of_newcomer: bool = False
    """Without a ``visit_id`` the report is about a new visitor, not about the sender's own."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One kind of report: it either asks the rules for something or is a service."""

    asks: Callable[[Hub, StaffReport, datetime], Command | None] | None = None
    service: Service | None = None
    only: str | None = None
    """The only post that may send it; None: everybody, as far as ``asks`` allows."""


def asked_by_report(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """What ``report`` asks of the rules; None if it asks nothing.

    Raises:
        MessageError: this person may not send it, or a field is missing that it needs.
    """
    row = REPORTS[report.kind]
    if row.only is not None:
        _only(hub, report, row.only)
    return row.asks(hub, report, at) if row.asks else None


def received_by(hub: Hub, staff_id: str) -> str | None:
    """The visit that this person receives now; of several, the latest."""
    hosted = [
        visit.visit_id for visit in hub.decider.state.visits.values() if visit.host_id == staff_id
    ]
    return hosted[-1] if hosted else None


def _away(hub: Hub, report: StaffReport, at: datetime) -> Command:
    """Mark somebody as away. Only a manager grants leave: consultants cannot excuse themselves."""
    is_manager = MANAGER in hub.roles_of(report.staff_id)
    who = report.for_staff_id if is_manager and report.for_staff_id else report.staff_id
    return commands.Away(at=at, consultant_id=who, is_excused=is_manager and report.is_excused)


def _back(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    return commands.Back(at=at, consultant_id=report.staff_id)


def _join(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    return commands.Join(at=at, consultant_id=report.staff_id)


def _leave(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    return commands.Leave(at=at, consultant_id=report.staff_id)


def _finished(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    visit_id = report.visit_id or received_by(hub, report.staff_id)
    return commands.Finish(at=at, visit_id=visit_id) if visit_id else None


def _serving(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    visit_id = report.visit_id or received_by(hub, report.staff_id)
    if visit_id is None:
        return None
    return commands.Ack(at=at, consultant_id=report.staff_id, visit_id=visit_id)


def _owner_found(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    visit_id, owner_id = _both(report)
    return commands.OwnerFound(at=at, visit_id=visit_id, consultant_id=owner_id)


def _ruling(_hub: Hub, report: StaffReport, at: datetime) -> Command:
    visit_id, owner_id = _both(report)
    if not report.note:
        raise MessageError("error.ruling_note", report_id=report.report_id)
    return commands.Rule(at=at, visit_id=visit_id, consultant_id=owner_id, reason=report.note)


def _set_order(hub: Hub, report: StaffReport, at: datetime) -> Command:
    today = hub.decider.policy.local(at).date()
    return commands.NextDay(at=at, on=today, order=report.order)


def _stand_in(hub: Hub, report: StaffReport, at: datetime) -> Command:
    who = report.by_staff_id or report.staff_id
    if who != report.staff_id:
        _only(hub, report, MANAGER)
    visit = hub.decider.state.visits.get(report.visit_id or "")
    for_id = report.for_staff_id or (visit.host_id if visit else None)
    if for_id is None:
        raise MessageError("error.stand_in", report_id=report.report_id)
    if visit is not None and visit.turn_of is None:  # the host's own customer: a help (R6)
        return commands.Help(at=at, visit_id=visit.visit_id, for_id=for_id, consultant_id=who)
    return commands.StandIn(at=at, consultant_id=who, for_id=for_id)


def _both(report: StaffReport) -> tuple[str, str]:
    if report.visit_id is None or report.for_staff_id is None:
        raise MessageError("error.report_both", report_id=report.report_id)
    return report.visit_id, report.for_staff_id


def _only(hub: Hub, report: StaffReport, role: str) -> None:
    if role not in hub.roles_of(report.staff_id):
        raise MessageError(
            "error.report_role", staff_id=report.staff_id, role=role, kind=report.kind.value
        )


REPORTS: Mapping[ReportKind, ReportRow] = {
    ReportKind.AWAY: ReportRow(_away),
    ReportKind.BACK: ReportRow(_back),
    ReportKind.JOIN: ReportRow(_join),
    ReportKind.LEAVE: ReportRow(_leave),
    ReportKind.SERVING: ReportRow(_serving),
    ReportKind.FINISHED: ReportRow(_finished),
    ReportKind.STAND_IN: ReportRow(_stand_in),
    ReportKind.OWNER_FOUND: ReportRow(_owner_found),
    ReportKind.RULING: ReportRow(_ruling, only=MANAGER),
    ReportKind.SET_ORDER: ReportRow(_set_order, only=MANAGER),
    ReportKind.NO_PLATE: ReportRow(
        service=Service(calls=care.calls_of_car_without_plate, is_of_newcomer=True)
    ),
    ReportKind.GREETED: ReportRow(
        service=Service(calls=care.calls_of_greeting, is_done=_is_of_own_post)
    ),
    ReportKind.SEATED: ReportRow(service=Service(care.seated, care.calls_of_seat)),
    ReportKind.SERVED: ReportRow(service=Service(care.served, is_done=_is_of_order)),
    ReportKind.SHOWFLAT: ReportRow(
        service=Service(care.to_showflat, care.calls_of_showflat, is_called_off=_is_of_order)
    ),
    ReportKind.CART: ReportRow(service=Service(calls=care.calls_of_cart)),
    ReportKind.ARRIVED: ReportRow(service=Service(is_done=_is_of_own_post)),
    ReportKind.LEFT: ReportRow(
        service=Service(calls=care.calls_of_leaving, is_done=_is_of_own_post)
    ),
}
