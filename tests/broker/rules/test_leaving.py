"""Who leaves the company, orphans, and who gets the customers (R4b)."""

import pytest
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from tests.office import MORNING, NO, YES, Office

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"


def gone(office: Office, who: str = "wang") -> tuple[e.Event, ...]:
    """They leave the company."""
    return office.do(c.LeavesCompany, consultant_id=who)


def given(office: Office, *customers: tuple[str, str], left: str = "wang") -> list[type[e.Event]]:
    """What followed when these customers were given to these receivers in one act."""
    followed = office.do(
        c.HandOverCustomers,
        act_id="act",
        consultant_id=left,
        given=tuple(
            c.GivenCustomer(registration_id=name, consultant_id=who, reason="离职交接")
            for name, who in customers
        ),
    )
    return [type(event) for event in followed]


def enter(office: Office, who: str, phone: str = PHONE) -> None:
    office.do(c.Register, registration_id=f"by-{who}", consultant_id=who, phone=phone)


def test_who_left_is_in_no_line_and_their_make_up_turns_are_gone() -> None:
    office = Office(("wang", "zhao", "chen"))
    office.known("chen")
    office.do(c.Away, consultant_id="chen", is_excused=True)
    office.do(c.Away, consultant_id="zhao", is_excused=True)
    office.check_in("v1", phone=PHONE)
    office.do(c.Ack, consultant_id="wang", visit_id="v1")
    office.do(c.Finish, visit_id="v1")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["wang"]
    assert [type(event) for event in gone(office)] == [n.LeftCompany]
    assert (office.line, office.state.line) == (("zhao", "chen"), ("zhao", "chen"))
    assert (office.state.make_ups, office.state.roster["wang"].has_left) == ((), True)
    assert set(office.state.absent) == {"chen", "zhao"}
    assert gone(office) == ()


def test_whom_they_receive_is_an_orphan_and_goes_to_a_colleague() -> None:
    office = Office()
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.do(c.Ack, consultant_id="wang", visit_id="v1")
    gone(office)
    decided, visit = office.last(e.Decided), office.state.visits["v1"]
    assert (decided.rule, decided.host_id, decided.is_turn_used) == ("R4b", "li", True)
    assert decided.flags == ("orphan",)
    assert decided.ownership.basis.left_id == "wang"
    assert (visit.acked_at, visit.claimed_by, visit.is_begun) == (None, None, False)
    office.wait(121)
    assert office.host("v1") == "zhao"


def test_whose_turn_they_used_goes_to_the_next_and_no_turn_stays_with_them() -> None:
    office = Office(("wang", "li", "zhao"))
    office.check_in("v1")
    gone(office)
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.turn_of, visit.ownership) == (
        *("li", "li", office.last(e.Decided).ownership),
    )
    assert office.last(e.Decided).rule == "R14"


def test_a_helper_keeps_the_visitor_of_who_left_and_whose_turn_it_was_is_nobody_s() -> None:
    office = Office(("wang", "li", "zhao"))
    office.check_in("v1")
    office.do(c.StandIn, consultant_id="li", for_id="wang")
    gone(office)
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.turn_of, visit.claimed_by) == ("li", None, "li")
    office.do(c.Finish, visit_id="v1")
    assert office.line == ("li", "zhao")


def test_somebody_of_another_post_leaves_once_and_the_line_stays_as_it_was() -> None:
    office = Office()
    assert [type(event) for event in gone(office, "guard")] == [n.LeftCompany]
    assert gone(office, "guard") == ()
    assert office.state.departed == {"guard"}
    assert office.line == ("li", "wang", "zhao")


def test_no_list_of_people_brings_back_who_left() -> None:
    office = Office()
    gone(office)
    people = tuple(
        c.Consultant(id=who, name=who, team="a") for who in ("li", "wang", "zhao", "guard")
    )
    office.do(c.SetRoster, consultants=people, order=("wang", "guard"))
    assert list(office.line) == ["li", "zhao", "guard"]
    assert office.state.roster["wang"].has_left
    gone(office, "guard")
    office.do(c.SetRoster, consultants=people, order=("guard",))
    assert list(office.line) == ["li", "zhao"]


def test_a_list_may_say_who_left_and_their_visitors_go_to_colleagues() -> None:
    office = Office(("wang", "li"))
    office.check_in("v1")
    list_of_today = (
        c.Consultant(id="wang", name="王强", has_left=True),
        c.Consultant(id="li", name="李敏"),
    )
    kinds = [type(event) for event in office.do(c.SetRoster, consultants=list_of_today)]
    assert kinds == [n.LeftCompany, e.RosterSet, e.Decided]
    assert (office.host("v1"), set(office.state.departed)) == ("li", {"wang"})
    assert office.do(c.SetRoster, consultants=list_of_today) == ()


def test_an_orphan_comes_by_rotation_and_the_manager_is_told() -> None:
    office = Office()
    office.known("wang")
    gone(office)
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.host_id, decided.is_turn_used) == ("R4b", "li", True)
    orphaned = office.last(n.Orphaned)
    assert (orphaned.consultant_id, orphaned.visit_id) == ("wang", "v1")
    assert orphaned.registration_id == "known-0"
    basis = decided.ownership.basis
    assert (basis.registration_ids, basis.left_id) == (("known-0",), "wang")
    assert (basis.key, basis.protected_until) == ("138****8000", None)


def test_naming_who_left_counts_as_naming_nobody() -> None:
    office = Office()
    gone(office)
    assert office.check_in("v1", (NO, NO, YES), named="wang").rule == "R13"


@pytest.mark.parametrize(("days_ago", "is_held"), [(5, True), (30, False)])
def test_the_entry_of_who_receives_an_orphan_waits_for_the_hand_over(
    days_ago: float, *, is_held: bool
) -> None:
    office = Office()
    office.known("wang", days_ago=days_ago)
    gone(office)
    office.check_in("v1", phone=PHONE)
    enter(office, "li")
    assert office.last(n.Registered).registration.is_held is is_held


@pytest.mark.parametrize(
    "fields", [{"is_late": True}, {"is_held": True}, {"is_overruled": True}, {"phone": OTHER_PHONE}]
)
def test_what_gave_the_leaver_nothing_makes_no_orphan(fields: dict[str, object]) -> None:
    office = Office()
    office.book.add(replace(office.known("wang"), **fields))
    gone(office)
    enter(office, "li")
    assert not office.last(n.Registered).registration.is_held


def test_customers_are_handed_over_in_one_act_and_keep_their_dates() -> None:
    office = Office()
    first, second = office.known("wang", days_ago=5), office.known("wang", phone=OTHER_PHONE)
    gone(office)
    kinds = given(office, (first.registration_id, "li"), (second.registration_id, "zhao"))
    assert kinds == [n.CustomersHandedOver]
    new = office.last(n.CustomersHandedOver).registrations
    assert [(entry.registration_id, entry.consultant_id) for entry in new] == [
        *(("act-1", "li"), ("act-2", "zhao")),
    ]
    assert new[0].received_at == first.received_at
    assert new[0].entry == office.state.entry
    assert office.book.registrations[first.registration_id].is_overruled
    assert office.check_in("v1", phone=PHONE).owner_id == "li"
    assert given(office, (first.registration_id, "zhao")) == []


def test_a_receiver_s_own_entry_that_waited_counts_with_the_hand_over_and_no_other() -> None:
    office = Office(("li", "wang", "zhao", "chen"))
    known = office.known("wang")
    gone(office)
    office.check_in("v1", phone=PHONE)
    enter(office, "li")
    office.do(c.Finish, visit_id="v1")
    office.pass_s(3 * 86_400)
    enter(office, "zhao")
    kinds = given(office, (known.registration_id, "li"))
    assert kinds == [n.CustomersHandedOver, n.EntriesReleased]
    assert office.last(n.EntriesReleased).registration_ids == ("by-li",)


def test_the_customers_of_who_still_works_here_are_not_given_away() -> None:
    office = Office()
    known = office.known("wang")
    assert given(office, (known.registration_id, "li")) == [n.Refused]
    because = office.last(n.Refused).because
    assert because is not None
    assert because.code == "not_allowed_still_works_here"


@pytest.mark.parametrize(
    ("customer", "receiver"), [("known-1", "li"), ("known-0", "chen"), ("nobody", "li")]
)
def test_only_the_leaver_s_customers_are_given_and_only_to_who_works_here(
    customer: str, receiver: str
) -> None:
    office = Office(("li", "wang", "zhao", "chen"))
    office.known("wang")
    office.known("zhao", phone=OTHER_PHONE)
    gone(office)
    gone(office, "chen")
    assert given(office, (customer, receiver)) == []


def test_an_attempt_that_is_not_theirs_to_make_is_told_once_a_day() -> None:
    office = Office()
    tried = {"by": "bar", "what": "finish", "visit_id": "v1"}
    (told,) = office.do(c.Attempt, **tried)
    assert isinstance(told, n.Unauthorised)
    assert (told.consultant_id, told.by, told.what, told.visit_id) == ("bar", "bar", "finish", "v1")
    assert office.do(c.Attempt, **tried) == ()
    assert office.do(c.Attempt, **{**tried, "what": "rule"}) != ()
    assert office.do(c.Attempt, **{**tried, "by": "door"}) != ()
    office.now = MORNING.replace(hour=0, day=24)
    assert [type(event) for event in office.do(c.Attempt, **tried)][-1] is n.Unauthorised
