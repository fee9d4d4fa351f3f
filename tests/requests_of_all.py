"""Everything that a person's account may publish, about Li's visitor or about nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.site_file import SitePeople, Staff
from shared.messages import (
    Ack,
    Booking,
    BookingKind,
    Correction,
    CustomersGiven,
    GivenCustomer,
    LookUp,
    Message,
    Registration,
    ReportKind,
    StaffReport,
)
from tests.expected_authority import POSTS, is_expected
from tests.fakes import NINE
from tests.hub_answers import ack, alerts, answers
from tests.samples import NATURAL, arrival

CONSULTANTS = ("li", "wang", "sun")
PEOPLE = SitePeople(
    staff=(
        *(Staff(id=who, name=who, roles=("consultant",), pin="1234") for who in CONSULTANTS),
        *(
            Staff(id=f"a-{post}", name=post, roles=(post,), pin="1234")
            for post in POSTS
            if post != "consultant"
        ),
        Staff(id="old", name="old", roles=("consultant", "manager"), pin="1234", has_left=True),
    ),
    order=CONSULTANTS,
)
"""Everybody whom a site may have; ``old`` left the company."""
ACCOUNTS = tuple(person.id for person in PEOPLE.staff)

REPORTS: dict[str, str] = {
    "away": "own_day",
    "back": "own_day",
    "join": "own_day",
    "leave": "own_day",
    "serving": "acknowledge",
    "declined": "decline",
    "finished": "finish",
    "still_here": "stay",
    "hand_over": "hand_over",
    "stand_in": "stand_in",
    "take_over": "take_over",
    "owner_found": "owner_found",
    "claim": "claim",
    "called_owner": "call_owner",
    "family": "link_family",
    "ruling": "rule",
    "set_order": "set_order",
    "take_back_skip": "take_back_skip",
    "close_day": "close_day",
    "leaves_company": "leaves_company",
    "release_entries": "release_entries",
    "met": "greet",
    "on_foot": "greet",
    "greeted": "greet",
    "umbrella": "greet",
    "sun_shade": "greet",
    "seated": "order",
    "ordered": "order",
    "served": "serve",
    "showflat": "show_flat",
    "show_flat": "show_flat",
    "cart": "call_cart",
    "arrived": "come_and_go",
    "no_plate": "name_car",
    "let_in": "let_in",
    "turned_away": "let_in",
    "confirm_clock": "set_clock",
    "wishes": "wishes",
    "followed_up": "follow_up",
    "snoozed": "follow_up",
    "duty_done": "duty",
    "duty_impossible": "duty",
    "forced_entry": "raise_alarm",
    "sent_on": "send_on",
    "rain": "weather",
    "sun": "weather",
    "fair": "weather",
    "duty_run": "duty",
    "duty_skip": "duty",
    "pass_fits": "check_pass",
    "pass_mismatch": "check_pass",
}
"""What each kind of report asks for, by hand; ``left`` is somebody's of two."""
OWN = {"away", "back", "join", "leave"}


@dataclass(frozen=True, slots=True)
class Try:
    """A message that an account sends, and whether it is theirs to send."""

    name: str
    account: str
    whats: tuple[str, ...]
    """What it asks for; of several it is what the account may, or the last."""
    message: Message
    is_theirs: bool


def with_visitors(hub: Hub) -> tuple[str, str]:
    """Li receives who came by car; Wang was called for another. Returns Li's visit and a call."""
    answers(hub, arrival())
    told = alerts(answers(hub, replace(NATURAL, arrival_id="a-1")))
    answers(hub, ack(told["li"], "li"))
    other = alerts(answers(hub, replace(NATURAL, check_in_id="c-2", seq=2)))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    return visit.visit_id, other["wang"].alert_id


def tries(visit_id: str, alert_id: str, suffix: str = "") -> Iterator[Try]:
    """Every account, with every message; ``suffix`` makes other ids."""
    makers = {name: (what, make) for name, what, make in _messages(visit_id, alert_id)}
    for account in ACCOUNTS:
        for name, (what, make) in makers.items():
            whats = tuple(what.split("|"))
            message = make(account, f"{name}-{account}{suffix}")
            yield Try(f"{account} {name}", account, whats, message, _is_theirs(account, whats))


def post_of(account: str) -> str | None:
    if account == "old":
        return None
    return "consultant" if account in CONSULTANTS else account.removeprefix("a-")


def _is_theirs(account: str, whats: tuple[str, ...]) -> bool:
    """Li is host and owner of the visit; the alert is Wang's; all consultants are present."""
    post = post_of(account)
    if post is None:
        return False
    relations = {"none"}
    relations |= {"present"} if post == "consultant" else set()
    relations |= {"host", "owner"} if account == "li" else set()
    relations |= {"asked"} if account == "wang" else set()
    return any(is_expected(one, post, relation) for one in whats for relation in relations)


Maker = Callable[[str, str], Message]


def _messages(visit_id: str, alert_id: str) -> Iterator[tuple[str, str, Maker]]:
    for kind, what in REPORTS.items():
        yield kind, what, _report(ReportKind(kind), visit_id)
    yield "left", "come_and_go|finish", _report(ReportKind.LEFT, visit_id)
    for kind in sorted(OWN):
        yield f"{kind}_of_sun", "others_day", _report(ReportKind(kind), visit_id, "sun")
    yield "stand_in_of_sun", "send_stand_in", _sent_stand_in(visit_id)
    yield "named_by_the_bar", "greet", _named(visit_id)
    yield "registration", "register", _registration(None)
    yield "registration_of_visit", "register_visitor", _registration(visit_id)
    yield "look_up", "look_up|look_up_others", _look_up
    yield "appointment", "book", _booking(BookingKind.APPOINTMENT)
    yield "vip", "plan_vip", _booking(BookingKind.VIP)
    yield "correction", "name_car", _correction
    yield "customers_given", "hand_over_customers", _customers_given
    yield "ack", "answer", _ack(alert_id)


def _report(kind: ReportKind, visit_id: str, whose: str | None = None) -> Maker:
    named = None if kind in OWN else "sun"
    return lambda account, name: StaffReport(
        report_id=name,
        staff_id=account,
        kind=kind,
        reported_at=NINE,
        visit_id=visit_id,
        for_staff_id=_other_than(account, whose or named),
        reason="理由",
        order=("li", "wang", "sun") if kind is ReportKind.SET_ORDER else (),
        registration_ids=("r-1",),
        phone="13900000000" if kind is ReportKind.FAMILY else None,
    )


def _other_than(account: str, whose: str | None) -> str | None:
    """``whose``, but somebody else where that is the account itself."""
    return "wang" if whose == account else whose


def _sent_stand_in(visit_id: str) -> Maker:
    return lambda account, name: StaffReport(
        report_id=name,
        staff_id=account,
        kind=ReportKind.STAND_IN,
        reported_at=NINE,
        visit_id=visit_id,
        for_staff_id="li",
        by_staff_id=_other_than(account, "sun"),
    )


def _named(visit_id: str) -> Maker:
    """A visitor's name, said with a report that is about something else."""
    return lambda account, name: StaffReport(
        report_id=name,
        staff_id=account,
        kind=ReportKind.GREETED,
        reported_at=NINE,
        visit_id=visit_id,
        surname="假",
    )


def _registration(visit_id: str | None) -> Maker:
    return lambda account, name: Registration(
        registration_id=name,
        staff_id=account,
        registered_at=NINE,
        phone="13900000000",
        visit_id=visit_id,
    )


def _look_up(account: str, name: str) -> Message:
    return LookUp(look_up_id=name, staff_id=account, asked_at=NINE, name="张")


def _booking(kind: BookingKind) -> Maker:
    return lambda account, name: Booking(
        booking_id=name,
        staff_id=account,
        kind=kind,
        booked_at=NINE,
        starts_at=NINE + timedelta(hours=2),
        ends_at=NINE + timedelta(hours=3),
        host_id="sun",
        phone="13900000000",
        name="贵宾",
    )


def _correction(account: str, name: str) -> Message:
    return Correction(
        correction_id=name,
        gate_id="north",
        arrival_id="a-1",
        plate="浙A54321",
        corrected_by=account,
        corrected_at=NINE,
    )


def _customers_given(account: str, name: str) -> Message:
    given = GivenCustomer(registration_id="r-1", consultant_id="sun", reason="离职")
    return CustomersGiven(
        act_id=name, staff_id=account, from_staff_id="old", given=(given,), given_at=NINE
    )


def _ack(alert_id: str) -> Maker:
    return lambda account, name: Ack(
        ack_id=name, alert_id=alert_id, staff_id=account, acked_at=NINE
    )
