"""Appointments and VIPs: what a booking gives, and what it may not take (R2, R3b, R5)."""

from datetime import datetime, timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from tests.office import MORNING, Office

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"
TEN = MORNING.replace(hour=10)


def book(office: Office, host: str, starts_at: datetime = TEN, **said: object) -> list[str]:
    """What followed from a booking: ``planned``, or the codes of its refusals."""
    known = {"phone": PHONE, **said}
    ends_at = starts_at + timedelta(hours=1)
    followed = office.do(
        c.MakeAppointment, host_id=host, starts_at=starts_at, ends_at=ends_at, **known
    )
    return [
        event.because.code if isinstance(event, n.Refused) and event.because else "planned"
        for event in followed
        if isinstance(event, e.Planned | n.Refused)
    ]


def vip(office: Office, **said: object) -> tuple[e.Event, ...]:
    """The manager plans a VIP with this phone at ten."""
    plan = {"name": "贵宾", "phone": PHONE, "arrives_at": TEN, **said}
    return office.do(c.PlanVip, **plan)


def test_a_booking_for_a_colleague_s_customer_is_refused_and_the_owner_receives() -> None:
    office = Office()
    owned = office.known("wang")
    assert book(office, "zhao") == ["not_allowed_protected"]
    refused = office.last(n.Refused)
    assert refused.because is not None
    assert (refused.consultant_id, refused.rule) == ("zhao", "R2")
    assert refused.because.consultant_id == "wang"
    last_day = (owned.received_at + timedelta(days=16)).replace(hour=0)
    assert refused.because.until == last_day
    office.now = TEN
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.host_id) == ("R6", "wang")


@pytest.mark.parametrize(
    ("host", "by", "answer"),
    [
        ("wang", None, ["planned"]),
        ("wang", "wang", ["planned"]),
        ("wang", "boss", ["planned"]),
        ("zhao", "boss", ["not_allowed_protected"]),
        ("wang", "zhao", ["not_allowed_protected"]),
        ("zhao", "wang", ["not_allowed_protected"]),
    ],
)
def test_a_protected_customer_is_booked_with_the_owner_by_the_owner_or_the_house(
    host: str, by: str | None, answer: list[str]
) -> None:
    office = Office()
    office.known("wang")
    assert book(office, host, by=by) == answer
    if answer != ["planned"]:
        assert office.last(n.Refused).consultant_id == (by or host)


def test_an_appointment_is_the_host_s_word_and_uses_no_turn() -> None:
    office = Office()
    assert book(office, "zhao", phone=None, plate=PLATE) == ["planned"]
    office.now = TEN
    decided = office.check_in("v1", plate=PLATE)
    assert (decided.rule, decided.owner_id, decided.is_turn_used) == ("R5", "zhao", False)
    assert decided.ownership.basis.received_at == TEN
    assert office.told(n.DisputeOpened) == []


def test_an_appointment_with_the_owner_opens_no_dispute_with_themselves() -> None:
    office = Office()
    office.known("zhao")
    book(office, "zhao")
    office.now = TEN
    assert office.check_in("v1", phone=PHONE).rule == "R5"
    assert office.told(n.DisputeOpened) == []


def test_an_appointment_from_before_the_protection_opens_a_dispute_and_the_owner_receives() -> None:
    office = Office()
    assert book(office, "zhao") == ["planned"]
    office.pass_s(60)
    office.do(c.Register, registration_id="r1", consultant_id="wang", phone=PHONE)
    office.now = TEN
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.host_id) == ("R6", "wang")
    dispute = office.last(n.DisputeOpened)
    assert dispute.consultant_id == "zhao"
    assert [claim.owner_id for claim in dispute.claims] == ["wang", "zhao"]
    assert (dispute.claims[1].rule, dispute.claims[1].basis.registered_at) == ("R5", MORNING)


def test_an_appointment_with_somebody_who_left_the_company_gives_nothing() -> None:
    office = Office()
    book(office, "zhao")
    office.do(c.LeavesCompany, consultant_id="zhao")
    office.now = TEN
    assert office.check_in("v1", phone=PHONE).rule == "R14"


@pytest.mark.parametrize(
    ("minutes", "answer"), [(30, ["planned"]), (29, ["planned", "not_allowed_booked_late"])]
)
def test_a_stranger_is_booked_half_an_hour_ahead_or_the_booking_gives_nothing(
    minutes: int, answer: list[str]
) -> None:
    office = Office()
    starts_at = office.now + timedelta(minutes=minutes)
    assert book(office, "zhao", starts_at) == answer
    office.now = starts_at
    assert office.check_in("v1", phone=PHONE).rule == ("R5" if minutes == 30 else "R14")


@pytest.mark.parametrize("known", ["entry", "visit"])
def test_a_customer_who_is_known_may_be_booked_at_short_notice(known: str) -> None:
    office = Office()
    if known == "entry":
        office.known("zhao")
    else:
        office.check_in("v0", phone=PHONE)
        office.do(c.Finish, visit_id="v0")
        office.pass_s(86_400)
    assert book(office, "zhao", office.now + timedelta(minutes=5)) == ["planned"]


@pytest.mark.parametrize("is_answered", [False, True])
def test_who_is_booked_when_the_car_is_here_already_is_nobody_s_by_it(*, is_answered: bool) -> None:
    office = Office()
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    if is_answered:
        office.check_in("v1", phone=PHONE, plate=PLATE)
    answer = book(office, "zhao", TEN, phone=None, plate=PLATE)
    assert answer == ["planned", "not_allowed_booked_late"]
    assert (office.last(n.Refused).rule, office.last(n.Refused).consultant_id) == ("R3b", "zhao")
    if not is_answered:
        assert office.check_in("v1", plate=PLATE).rule == "R14"


def test_an_appointment_carried_over_is_taken_as_it_stands() -> None:
    office = Office()
    office.known("wang")
    made_at = office.now - timedelta(days=10)
    assert book(office, "zhao", office.now, made_at=made_at) == ["planned"]
    assert office.state.expected[0].booked_at == made_at
    assert book(office, "zhao", office.now, made_at=made_at) == []
    dispute = office.check_in("v1", phone=PHONE)
    assert (dispute.rule, dispute.host_id) == ("R6", "wang")
    assert office.last(n.DisputeOpened).claims[1].basis.registered_at == made_at


def test_bookings_by_the_dozen_wait_for_the_manager_who_may_release_them() -> None:
    office = Office(policy=Policy(bulk_per_hour=2))
    for number in range(4):
        assert book(office, "zhao", phone=f"1380000000{number}") == ["planned"]
    assert [plan.is_held for plan in office.state.expected] == [False, False, True, True]
    (bulk,) = office.all_of(n.BulkRegistration)
    assert (bulk.consultant_id, bulk.count) == ("zhao", 3)
    office.now = TEN
    assert office.check_in("v1", phone="13800000003").rule == "R14"
    office.do(c.ReleaseEntries, consultant_id="zhao")
    released = office.last(n.EntriesReleased)
    assert (released.bookings_of, released.registration_ids) == ("zhao", ())
    assert not any(plan.is_held for plan in office.state.expected)
    assert office.check_in("v2", phone="13800000002").rule == "R5"
    assert office.do(c.ReleaseEntries, consultant_id="zhao") == ()


def test_the_release_of_one_person_s_bookings_releases_nobody_else_s() -> None:
    office = Office(policy=Policy(bulk_per_hour=1))
    for who in ("li", "zhao"):
        for _ in range(2):
            number = len(office.state.expected)
            book(office, who, phone=f"1380000000{number}")
    office.do(c.ReleaseEntries, consultant_id="zhao")
    assert [(plan.booked_by, plan.is_held) for plan in office.state.expected] == [
        *(("li", False), ("li", True), ("zhao", False), ("zhao", False)),
    ]


def test_a_vip_without_a_host_or_an_owner_is_the_manager_s() -> None:
    office = Office()
    for host in (None, MANAGER):
        vip(office, host_id=host)
    assert len(office.all_of(e.Planned)) == 1
    office.now = TEN
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.owner_id, decided.host_id) == ("R5", None, MANAGER)
    assert decided.flags == ("vip",)


def test_a_vip_s_host_by_plan_owns_whom_nobody_owns() -> None:
    office = Office()
    vip(office, host_id="zhao", by="boss")
    office.now = TEN
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.owner_id, decided.host_id, decided.is_turn_used) == ("zhao", "zhao", False)


def test_a_vip_s_protected_owner_stays_the_owner_and_the_plan_s_host_receives() -> None:
    office = Office()
    owned = office.known("wang")
    vip(office, host_id="zhao")
    office.now = TEN
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.owner_id, decided.host_id, decided.rule) == ("wang", "zhao", "R5")
    assert decided.flags == ("vip", "courtesy")
    assert decided.renews == (owned.registration_id,)


@pytest.mark.parametrize(
    ("absent", "host"),
    [(("zhao",), "chen"), (("zhao", "chen"), "wang"), (("zhao", "wang"), "chen")],
)
def test_where_the_plan_s_host_is_away_a_team_mate_receives_then_the_owner(
    absent: tuple[str, ...], host: str
) -> None:
    office = Office(("wang", "zhao", "chen"))
    office.known("wang")
    vip(office, host_id="zhao")
    office.now = TEN
    for who in absent:
        office.do(c.Away, consultant_id=who, is_excused=True)
    assert office.check_in("v1", phone=PHONE).host_id == host


def test_a_vip_without_a_host_by_plan_is_received_by_the_protected_owner() -> None:
    office = Office()
    office.known("wang")
    vip(office)
    office.now = TEN
    assert office.check_in("v1", phone=PHONE).host_id == "wang"


def test_a_host_by_plan_who_left_the_company_is_none() -> None:
    office = Office()
    vip(office, host_id="zhao")
    office.do(c.LeavesCompany, consultant_id="zhao")
    office.now = TEN
    assert office.check_in("v1", phone=PHONE).host_id == MANAGER


def test_a_vip_plan_goes_before_an_appointment_and_two_owners_are_a_dispute_too() -> None:
    office = Office()
    office.known("wang")
    office.known("li")
    book(office, "li", made_at=office.now)
    vip(office, host_id="zhao")
    office.now = TEN
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.flags, decided.owner_id) == (("vip", "courtesy"), "wang")
    assert [dispute.consultant_id for dispute in office.all_of(n.DisputeOpened)] == ["li"]


def test_nobody_gets_the_house_alone_while_another_is_expected() -> None:
    office = Office()
    assert book(office, "li") == ["planned"]
    followed = vip(office, phone=None, plates=(PLATE,), arrives_at=TEN, is_exclusive=True)
    assert [type(event) for event in followed] == [n.Refused]


def test_two_who_want_the_house_alone_at_one_time_are_refused_the_second() -> None:
    office = Office()
    vip(office, is_exclusive=True, ends_at=TEN + timedelta(hours=1))
    followed = vip(office, phone=OTHER_PHONE, by="boss", is_exclusive=True)
    assert [type(event) for event in followed] == [n.Refused]
    refused = office.last(n.Refused)
    assert refused.because is not None
    assert (refused.rule, refused.consultant_id) == ("R5", "boss")
    assert refused.because.code == "not_allowed_slot_taken"
    assert len(office.state.expected) == 1
