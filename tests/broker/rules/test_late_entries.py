"""Entries after the fact, the host's own entry, and entries by the dozen (R2, R3, R3b)."""

from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Registration
from broker.rules.policy import Policy
from tests.office import MORNING, Office

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"
MIDNIGHT = MORNING.replace(hour=0)


def enter(office: Office, who: str, **said: object) -> list[type[e.Event]]:
    """What followed when they entered a customer."""
    number = len(office.book.registrations)
    known = {"registration_id": f"r{number}", "phone": PHONE, **said}
    return [type(event) for event in office.do(c.Register, consultant_id=who, **known)]


def entry(office: Office) -> Registration:
    """The latest entry, as it stands in the register now."""
    name = office.last(n.Registered).registration.registration_id
    return office.book.registrations[name]


def received(*order: str, phone: str | None = PHONE, surname: str | None = None) -> Office:
    """Li has received a visitor who is still here."""
    office = Office(order or ("li", "wang", "zhao"))
    office.do(c.CheckIn, visit_id="v1", phone=phone, surname=surname)
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    return office


@pytest.mark.parametrize(("seconds", "is_late"), [(-1, True), (0, False)])
def test_an_entry_by_somebody_else_is_late_until_the_end_of_the_next_day(
    seconds: int, *, is_late: bool
) -> None:
    office = received()
    office.do(c.Finish, visit_id="v1")
    office.now = MIDNIGHT + timedelta(days=2, seconds=seconds)
    assert (n.LateEntry in enter(office, "zhao")) is is_late
    assert entry(office).is_late is is_late


def test_a_late_entry_is_told_with_both_times_and_owns_nobody_later() -> None:
    office = received()
    office.pass_s(600)
    assert enter(office, "zhao") == [n.Registered, n.LateEntry]
    late = office.last(n.LateEntry)
    assert (late.consultant_id, late.visit_id) == ("zhao", "v1")
    assert (late.came_at, late.entered_at) == (MORNING, MORNING + timedelta(seconds=600))
    office.do(c.Finish, visit_id="v1")
    office.pass_s(3 * 86_400)
    assert office.check_in("v2", phone=PHONE).rule == "R14"


def test_who_enters_the_driver_of_a_car_that_has_not_checked_in_is_late() -> None:
    office = Office()
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    assert enter(office, "zhao", phone=None, plates=("浙B99999", PLATE)) == [
        *(n.Registered, n.LateEntry),
    ]


def test_an_entry_between_arrival_and_check_in_is_told_at_the_check_in_and_gives_nothing() -> None:
    office = Office()
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    assert enter(office, "zhao") == [n.Registered]
    decided = office.check_in("v1", phone=PHONE)
    late = office.last(n.LateEntry)
    assert (late.registration_id, late.visit_id, late.came_at) == ("r0", "v1", MORNING)
    assert (decided.rule, entry(office).is_late) == ("R14", True)
    office.do(c.Finish, visit_id="v1")
    office.check_in("v2", phone=PHONE)
    assert len(office.told(n.LateEntry)) == 1


def test_the_host_s_entry_counts_from_the_reception() -> None:
    office = received()
    office.pass_s(3600)
    assert enter(office, "li") == [n.Registered]
    assert (entry(office).received_at, entry(office).is_unreceived) == (MORNING, False)


def test_the_host_may_name_the_visit_in_which_an_unknown_number_was_learnt() -> None:
    office = received(phone=None)
    office.do(c.Finish, visit_id="v1")
    office.pass_s(3600)
    assert enter(office, "li", visit_id="v1") == [n.Registered]
    assert (entry(office).received_at, entry(office).is_unreceived) == (MORNING, False)
    office.pass_s(3600)
    assert enter(office, "zhao", visit_id="v1", phone=OTHER_PHONE) == [n.Registered, n.LateEntry]


def test_what_a_host_learns_ties_it_to_the_visit_that_is_still_open() -> None:
    office = received(phone=None)
    said = {"plates": (PLATE, "浙B99999"), "surname": "张", "salutation": "女士"}
    assert enter(office, "li", visit_id="v1", **said) == [n.Registered, e.KeysLearnt]
    visit = office.state.visits["v1"]
    assert (visit.phone, visit.plate, visit.surname, visit.salutation) == (
        *(PHONE, PLATE, "张", "女士"),
    )
    assert enter(office, "li", visit_id="v1", phone=OTHER_PHONE, surname="王") == [n.Registered]
    assert office.state.visits["v1"].phone == PHONE


def test_a_colleague_s_entry_since_the_arrival_is_late_once_the_host_enters_the_visitor() -> None:
    office = received(phone=None)
    office.pass_s(60)
    assert enter(office, "zhao", surname="张") == [n.Registered]
    office.pass_s(60)
    assert enter(office, "li", visit_id="v1", surname="张")[:2] == [n.LateEntry, n.Registered]
    late = office.last(n.LateEntry)
    assert (late.consultant_id, late.registration_id, late.came_at) == ("zhao", "r0", MORNING)
    assert office.told(n.DisputeOpened) == []
    office.do(c.Finish, visit_id="v1")
    office.pass_s(86_400)
    assert office.check_in("v2", phone=PHONE).owner_id == "li"


@pytest.mark.parametrize(
    ("theirs", "mine", "is_disputed"),
    [
        ({"channel": "phone"}, {}, True),
        ({"channel": "walk_in"}, {}, False),
        ({"surname": "张"}, {"surname": "李"}, True),
        ({"surname": "张"}, {"surname": "张"}, False),
        ({"surname": "张"}, {}, False),
        ({}, {"surname": "李"}, False),
    ],
)
def test_a_phone_enquiry_or_another_name_since_the_arrival_opens_a_dispute(
    theirs: dict[str, str], mine: dict[str, str], *, is_disputed: bool
) -> None:
    office = received(phone=None)
    office.pass_s(60)
    enter(office, "zhao", **theirs)
    enter(office, "li", visit_id="v1", **mine)
    assert (office.told(n.DisputeOpened) != []) is is_disputed
    if is_disputed:
        dispute = office.last(n.DisputeOpened)
        assert (dispute.consultant_id, dispute.visit_id) == ("zhao", "v1")
        assert [claim.owner_id for claim in dispute.claims] == ["li", "zhao"]
        assert [claim.basis.registration_ids for claim in dispute.claims] == [("r1",), ("r0",)]
        assert dispute.claims[1].basis.received_at == MORNING + timedelta(seconds=60)


def test_what_was_entered_before_the_arrival_or_for_another_key_stays_in_time() -> None:
    office = received(phone=None)
    office.pass_s(60)
    enter(office, "zhao", phone=OTHER_PHONE)
    office.known("zhao", days_ago=30)
    assert enter(office, "li", visit_id="v1")[0] is n.Registered
    assert office.told(n.LateEntry) == []


def test_the_host_does_not_enter_whom_a_colleague_had_in_time_and_nothing_else_follows() -> None:
    office = received(phone=None)
    office.known("wang")
    office.pass_s(60)
    enter(office, "wang", channel="phone")
    assert enter(office, "li", visit_id="v1") == [n.Refused]
    assert office.told(n.LateEntry) == office.told(n.DisputeOpened) == []
    assert office.state.visits["v1"].phone is None


def test_what_a_helper_enters_is_the_owner_s() -> None:
    office = Office()
    office.known("wang", days_ago=10)
    office.do(c.Away, consultant_id="wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    assert office.host("v1") == "li"
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    assert enter(office, "li", visit_id="v1", plates=(PLATE,))[0] is n.Registered
    assert (entry(office).consultant_id, office.last(n.Registered).consultant_id) == ("wang", "li")


def test_what_a_duty_host_or_manager_enters_is_their_own() -> None:
    office = Office(now=MORNING.replace(hour=20))
    office.check_in("v1", phone=PHONE)
    office.do(c.HandOver, visit_id="v1", consultant_id="li", is_manager=True, by="boss")
    assert office.state.visits["v1"].owner_id is None
    enter(office, "li", visit_id="v1")
    assert entry(office).consultant_id == "li"


def test_who_received_the_customer_before_is_late_if_a_colleague_received_them_since() -> None:
    office = received()
    office.do(c.Finish, visit_id="v1")
    office.pass_s(3600)
    office.check_in("v2", phone=PHONE)
    office.do(c.Rule, visit_id="v2", consultant_id="zhao", reason="名片为证")
    office.do(c.Finish, visit_id="v2")
    assert enter(office, "li")[-1] is n.Refused
    assert enter(office, "zhao") == [n.Registered]


def test_an_entry_without_a_reception_is_not_renewed_by_entering_it_again() -> None:
    office = Office()
    enter(office, "li")
    assert (entry(office).received_at, entry(office).is_unreceived) == (MORNING, True)
    office.pass_s(10 * 86_400)
    enter(office, "li", plates=(PLATE,))
    assert (entry(office).received_at, entry(office).is_unreceived) == (MORNING, True)


@pytest.mark.parametrize(("days", "is_kept"), [(3, True), (4, False)])
def test_an_entry_without_a_reception_protects_as_long_as_the_site_says(
    days: int, *, is_kept: bool
) -> None:
    office = Office(policy=Policy(unreceived_protection_days=3))
    enter(office, "wang")
    office.pass_s(days * 86_400)
    assert enter(office, "li")[-1] is (n.Refused if is_kept else n.Registered)


def test_a_reception_makes_an_entry_by_phone_a_customer_who_was_received() -> None:
    office = Office(policy=Policy(unreceived_protection_days=3))
    enter(office, "wang")
    office.pass_s(86_400)
    office.check_in("v1", phone=PHONE)
    assert (entry(office).is_unreceived, entry(office).received_at) == (False, office.now)
    office.do(c.Finish, visit_id="v1")
    office.pass_s(14 * 86_400)
    assert enter(office, "li")[-1] is n.Refused


def test_beyond_so_many_entries_in_an_hour_the_further_ones_wait() -> None:
    office = Office(policy=Policy(bulk_per_hour=3))
    for number in range(5):
        kinds = enter(office, "li", phone=f"1380000000{number}")
        assert kinds == [n.Registered] + [n.BulkRegistration] * (number == 3)
        assert entry(office).is_held is (number >= 3)
    assert office.last(n.BulkRegistration).count == 4
    assert enter(office, "wang", phone="13800000004") == [n.Registered]
    office.pass_s(3600)
    enter(office, "li", phone=OTHER_PHONE)
    assert not entry(office).is_held
    assert office.state.entries["li"] == (office.now,)
    assert office.check_in("v1", phone="13800000003").rule == "R14"


def test_the_manager_releases_a_person_s_entries_or_single_ones_and_no_colleague_s() -> None:
    office = Office(policy=Policy(bulk_per_hour=1))
    for who, phone in (("li", "1"), ("li", "2"), ("zhao", "3"), ("zhao", "2"), ("li", "4")):
        enter(office, who, phone=f"1380000000{phone}")
    held = {name for name, known in office.book.registrations.items() if known.is_held}
    assert held == {"r1", "r3", "r4"}
    assert office.do(c.ReleaseEntries, registration_ids=("r0",)) == ()
    office.do(c.ReleaseEntries, registration_ids=("r1",))
    assert office.last(n.EntriesReleased).registration_ids == ("r1",)
    office.do(c.ReleaseEntries, consultant_id="li")
    assert office.last(n.EntriesReleased).registration_ids == ("r4",)
    assert office.last(n.EntriesReleased).bookings_of is None
    assert office.do(c.ReleaseEntries, consultant_id="li") == ()
    assert office.check_in("v1", phone="13800000002").owner_id == "li"


def test_a_look_up_tells_against_no_host_who_found_nobody_by_it() -> None:
    office = received()
    office.do(c.LookUp, consultant_id="li", phone=PHONE)
    assert enter(office, "li") == [n.Registered]
    office.do(c.LookUp, consultant_id="li", phone=PHONE, shown=("r0",))
    assert enter(office, "li") == [n.Registered, n.LookThenClaim]
    assert office.last(n.LookThenClaim).registration_id == "r1"


def test_a_look_up_by_name_or_plate_tells_too_and_so_does_what_an_answer_showed() -> None:
    for asked in ({"name": "张"}, {"plate": PLATE}, {"name": "李", "shown": ("known-0",)}):
        office = Office()
        office.known("li")
        office.do(c.LookUp, consultant_id="li", **asked)
        assert n.LookThenClaim in enter(office, "li", surname="张", plates=(PLATE,)), asked
