"""The table of reports (汇报): what each kind asks of the rules, and what follows besides."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from broker.alerts import care, watch_calls
from broker.alerts.calls import Call
from broker.alerts.care import ORDER_WORDS, Care
from broker.alerts.life import AlertGroup, Kind
from broker.alerts.weather import WEATHER, calls_of_weather
from broker.handlers import report_commands as asks
from broker.handlers.context import Hub
from broker.handlers.duty_work import is_of_own_post
from broker.handlers.unseen import unseen_host, unseen_order, unseen_owner
from broker.rules.authority import What
from broker.rules.commands import Command
from broker.rules.duties import DutyAct
from broker.rules.policy import Policy
from broker.rules.reported import DOES
from shared.messages import ReportKind, StaffReport
from shared.words import Sentence

Roles = tuple[str, ...]
"""The posts of the sender."""


def _is_of_own_post(group: AlertGroup, roles: Roles) -> bool:
    return group.kind is Kind.POST and any(asked.role in roles for asked in group.asked)


def _is_of_order(group: AlertGroup, _roles: Roles) -> bool:
    return group.about in ORDER_WORDS


def _is_refusal(group: AlertGroup, _roles: Roles) -> bool:
    return group.about in ("refused", "turned_away", "slot_offered")


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
    """One kind of report; it asks the rules for something, is a service, or is only kept."""

    asks: Callable[[Hub, StaffReport, datetime], Command | None] | None = None
    service: Service | None = None
    for_others: What | None = None
    """What it is if it names somebody else who is to do it."""
    tells: Callable[[str, StaffReport], Iterator[Call]] | None = None
    """Of a report about no visitor: whom it calls; given the sender's name."""
    of_pass: bool = False
    """Whether it settles what the gate was asked about a known car."""
    ticks: DutyAct | None = None
    """What it does with the duty that it names."""
    unseen: Callable[[Hub, StaffReport], Sentence | None] | None = None
    """Of what writes over what somebody else chose: what its sender has not seen of that."""


def whats_of(hub: Hub, report: StaffReport) -> tuple[What, ...]:
    """Everything that ``report`` asks for: what its kind is, and what else it says of a visitor."""
    row = REPORTS[report.kind]
    if report.duty_id is not None and row.ticks is not None:
        own = is_of_own_post(hub, report.duty_id, report.staff_id)
        return (What.DUTY if own else What.OTHERS_DUTY,)
    doer = report.by_staff_id if report.kind is ReportKind.STAND_IN else report.for_staff_id
    what = DOES[report.kind]
    if report.kind is ReportKind.LEFT:
        what = asks.what_of_left(hub, report)
    elif row.for_others is not None and doer not in (None, report.staff_id):
        what = row.for_others
    if row.service is None:
        return (what,)
    tells_who = (report.surname, report.salutation, report.party_size, report.needs)
    more = {What.GREET: any(tells_who), What.ORDER: bool(report.drinks)}
    return (what, *(other for other, is_asked in more.items() if is_asked and other is not what))


def asked_by_report(hub: Hub, report: StaffReport, at: datetime) -> Command | None:
    """What ``report`` asks of the rules; None if it asks nothing.

    Raises:
        MessageError: a field is missing that it needs.
    """
    asked = REPORTS[report.kind].asks
    return asked(hub, report, at) if asked else None


_SHOW_FLAT = ReportRow(
    service=Service(care.to_showflat, care.calls_of_showflat, is_called_off=_is_of_order),
)

REPORTS: Mapping[ReportKind, ReportRow] = {
    ReportKind.AWAY: ReportRow(asks.away, for_others=What.OTHERS_DAY),
    ReportKind.BACK: ReportRow(asks.back, for_others=What.OTHERS_DAY),
    ReportKind.JOIN: ReportRow(asks.join, for_others=What.OTHERS_DAY),
    ReportKind.LEAVE: ReportRow(asks.leave, for_others=What.OTHERS_DAY),
    ReportKind.SERVING: ReportRow(asks.serving),
    ReportKind.DECLINED: ReportRow(asks.declined),
    ReportKind.FINISHED: ReportRow(asks.finished),
    ReportKind.STILL_HERE: ReportRow(asks.still_here),
    ReportKind.HAND_OVER: ReportRow(asks.hand_over, unseen=unseen_host),
    ReportKind.STAND_IN: ReportRow(asks.stand_in, for_others=What.SEND_STAND_IN),
    ReportKind.TAKE_OVER: ReportRow(asks.take_over),
    ReportKind.OWNER_FOUND: ReportRow(asks.owner_found),
    ReportKind.CALLED_OWNER: ReportRow(asks.called_owner),
    ReportKind.FAMILY: ReportRow(asks.family),
    ReportKind.CLAIM: ReportRow(asks.claim),
    ReportKind.RULING: ReportRow(asks.ruling, unseen=unseen_owner),
    ReportKind.SET_ORDER: ReportRow(asks.set_order, unseen=unseen_order),
    ReportKind.TAKE_BACK_SKIP: ReportRow(asks.take_back_skip),
    ReportKind.CLOSE_DAY: ReportRow(asks.close_day),
    ReportKind.LEAVES_COMPANY: ReportRow(asks.leaves_company),
    ReportKind.RELEASE_ENTRIES: ReportRow(asks.release_entries),
    ReportKind.MET: ReportRow(asks.met),
    ReportKind.NO_PLATE: ReportRow(
        service=Service(calls=care.calls_of_car_without_plate, is_of_newcomer=True)
    ),
    ReportKind.ON_FOOT: ReportRow(service=Service(calls=care.calls_of_walker, is_of_newcomer=True)),
    ReportKind.GREETED: ReportRow(
        asks.met,
        Service(calls=care.calls_of_greeting, is_done=_is_of_own_post),
    ),
    ReportKind.UMBRELLA: ReportRow(service=Service(care.needs_umbrella, care.calls_of_umbrella)),
    ReportKind.SUN_SHADE: ReportRow(service=Service(care.needs_sun_shade, care.calls_of_sun_shade)),
    ReportKind.SEATED: ReportRow(asks.met, Service(care.seated, care.calls_of_order_of)),
    ReportKind.ORDERED: ReportRow(service=Service(care.ordered, care.calls_of_order_of)),
    ReportKind.SERVED: ReportRow(service=Service(care.served, is_done=_is_of_order)),
    ReportKind.SHOWFLAT: _SHOW_FLAT,
    ReportKind.SHOW_FLAT: _SHOW_FLAT,
    ReportKind.CART: ReportRow(service=Service(calls=care.calls_of_cart)),
    ReportKind.ARRIVED: ReportRow(service=Service(is_done=_is_of_own_post)),
    ReportKind.LEFT: ReportRow(
        asks.left,
        Service(calls=care.calls_of_leaving, is_done=_is_of_own_post),
    ),
    ReportKind.LET_IN: ReportRow(
        asks.let_in,
        Service(calls=care.calls_of_let_in, is_called_off=_is_refusal),
    ),
    ReportKind.TURNED_AWAY: ReportRow(
        asks.turn_away,
        Service(calls=care.calls_of_turned_away, is_called_off=_is_refusal),
    ),
    ReportKind.CONFIRM_CLOCK: ReportRow(asks.confirm_clock),
    ReportKind.WISHES: ReportRow(),
    ReportKind.FOLLOWED_UP: ReportRow(asks.follow_up),
    ReportKind.SNOOZED: ReportRow(asks.follow_up),
    ReportKind.PASS_FITS: ReportRow(of_pass=True),
    ReportKind.PASS_MISMATCH: ReportRow(of_pass=True),
    ReportKind.FORCED_ENTRY: ReportRow(tells=watch_calls.calls_of_forced_entry),
    ReportKind.SENT_ON: ReportRow(tells=watch_calls.calls_of_sent_on),
    **dict.fromkeys(WEATHER, ReportRow(tells=calls_of_weather)),
    ReportKind.DUTY_DONE: ReportRow(ticks=DutyAct.DONE),
    ReportKind.DUTY_IMPOSSIBLE: ReportRow(
        tells=care.calls_of_impossible_duty, ticks=DutyAct.IMPOSSIBLE
    ),
    ReportKind.DUTY_RUN: ReportRow(ticks=DutyAct.TELL),
    ReportKind.DUTY_SKIP: ReportRow(ticks=DutyAct.SKIP),
}
