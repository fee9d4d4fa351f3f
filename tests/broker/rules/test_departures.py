"""Cars that leave, receptions that end, and visitors whom a post must see (R23)."""

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from shared.privacy import mask_phone, mask_plate
from tests.office import MORNING, NO, YES, Office

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"
SEEN = Policy(must_meet_within_s=180)


def kinds(followed: tuple[e.Event, ...]) -> list[type[e.Event]]:
    return [type(event) for event in followed]


def by_car(policy: Policy | None = None) -> Office:
    """A visitor came by car, and Li receives."""
    office = Office(policy=policy or Policy())
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    office.check_in("v1", phone=PHONE)
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    return office


def test_a_car_that_leaves_while_its_visitor_is_received_ends_nothing_and_asks_once() -> None:
    office = by_car()
    assert kinds(office.do(c.Depart, plate=PLATE)) == [n.DepartureAsked]
    asked = office.last(n.DepartureAsked)
    assert (asked.consultant_id, asked.visit_id) == ("li", "v1")
    assert office.do(c.Depart, plate=PLATE) == ()
    assert office.host("v1") == "li"


def test_a_visitor_who_stayed_is_asked_about_again_only_after_the_next_car() -> None:
    office = by_car()
    assert office.do(c.StillHere, visit_id="v1") == ()
    office.do(c.Depart, plate=PLATE)
    assert kinds(office.do(c.StillHere, visit_id="v1")) == [e.StayedOn]
    assert office.do(c.StillHere, visit_id="v1") == ()
    assert office.do(c.StillHere, visit_id="v9") == ()
    assert kinds(office.do(c.Depart, plate=PLATE)) == [n.DepartureAsked]


@pytest.mark.parametrize("has_stayed", [False, True])
def test_a_reception_that_ends_after_the_car_left_is_nothing_to_tell(*, has_stayed: bool) -> None:
    office = by_car()
    office.do(c.Depart, plate=PLATE)
    if has_stayed:
        office.do(c.StillHere, visit_id="v1")
    office.do(c.Finish, visit_id="v1")
    assert office.told(n.FinishedInside) == []


def test_a_reception_that_ends_while_the_car_stands_inside_is_told() -> None:
    office = by_car()
    assert kinds(office.do(c.Finish, visit_id="v1")) == [
        *(n.FinishedInside, e.Finished, e.Rejoined),
    ]
    told = office.last(n.FinishedInside)
    assert (told.consultant_id, told.visit_id) == ("li", "v1")


def test_who_came_on_foot_has_no_car_inside() -> None:
    office = Office()
    office.check_in("v1")
    office.do(c.Finish, visit_id="v1")
    assert office.told(n.FinishedInside) == []


def test_a_car_that_leaves_before_anybody_checked_in_is_gone_and_nobody_is_told() -> None:
    office = Office()
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    assert kinds(office.do(c.Depart, plate=PLATE)) == [e.Finished]
    assert office.state.visits == {}


def test_a_visitor_who_waits_and_whose_car_leaves_is_asked_about_too() -> None:
    office = Office(("li",))
    office.check_in("v0")
    office.check_in("v1", plate=PLATE)
    office.do(c.Depart, plate=PLATE)
    assert office.last(n.DepartureAsked).consultant_id is None


@pytest.mark.parametrize(("seconds", "is_passed"), [(180, False), (181, True)])
def test_an_answer_without_meeting_the_visitor_counts_as_none(
    seconds: int, *, is_passed: bool
) -> None:
    office = by_car(SEEN)
    office.wait(seconds)
    assert (office.host("v1") == "wang") is is_passed
    assert [skip.consultant_id for skip in office.all_of(n.PassedOver)] == ["li"] * is_passed


def test_who_met_the_visitor_is_not_passed_over() -> None:
    office = by_car(SEEN)
    assert kinds(office.do(c.Met, visit_id="v1", by="door")) == [e.VisitorMet]
    assert office.do(c.Met, visit_id="v1", by="parking") == ()
    assert office.do(c.Met, visit_id="v9", by="door") == ()
    assert office.last(e.VisitorMet).by == "door"
    office.wait(3600)
    assert office.host("v1") == "li"


def test_a_visit_that_nobody_ever_met_gives_its_turn_back() -> None:
    office = by_car(SEEN)
    office.do(c.Finish, visit_id="v1")
    back = office.last(n.TurnGivenBack)
    assert (back.consultant_id, back.visit_id) == ("li", "v1")
    assert office.told(e.Rejoined) == []
    assert office.line == ("li", "wang", "zhao")


@pytest.mark.parametrize("has_post", [True, False])
def test_a_visit_that_was_met_or_where_no_post_sees_it_keeps_its_turn(*, has_post: bool) -> None:
    office = by_car(SEEN if has_post else None)
    office.do(c.Met, visit_id="v1", by="door")
    office.do(c.Finish, visit_id="v1")
    assert office.told(n.TurnGivenBack) == []
    assert office.line == ("wang", "zhao", "li")


def test_a_customer_whom_nobody_met_gives_back_no_turn_that_was_not_used() -> None:
    office = Office(policy=SEEN)
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.do(c.Finish, visit_id="v1")
    assert office.told(n.TurnGivenBack) == []


def test_a_turn_that_is_given_back_takes_the_make_up_turn_along() -> None:
    office = Office(("wang", "zhao", "chen"), SEEN)
    office.known("wang")
    office.do(c.Away, consultant_id="wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]
    followed = kinds(office.do(c.Finish, visit_id="v1"))
    assert followed == [n.MakeUpExpired, n.TurnGivenBack, e.Finished]
    assert (office.state.make_ups, office.line) == ((), ("wang", "zhao", "chen"))


def test_a_make_up_turn_that_was_used_for_nobody_comes_back() -> None:
    office = Office(("wang", "zhao", "chen"), SEEN)
    office.known("wang")
    office.do(c.Away, consultant_id="wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    office.do(c.Met, visit_id="v1", by="door")
    office.do(c.Finish, visit_id="v1")
    assert office.check_in("v2").make_up is not None
    office.do(c.Finish, visit_id="v2")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]


def from_home(office: Office, visit_id: str = "v1") -> list[type[e.Event]]:
    """The visitor answers on their own phone, wherever that is."""
    answers = {"first_visit": YES, "family": NO, "contacted": NO, "is_own_phone": True}
    return kinds(office.do(c.CheckIn, visit_id=visit_id, phone=PHONE, **answers))


def test_answers_from_the_visitor_s_own_phone_count_once_a_post_has_seen_them() -> None:
    office = Office(policy=SEEN)
    assert from_home(office) == [e.CheckedIn]
    assert from_home(office) == []
    office.wait(600)
    assert office.state.visits["v1"].ownership is None
    assert kinds(office.do(c.Met, visit_id="v1", by="door")) == [e.VisitorMet, e.Decided]
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.called_at, visit.unseen) == ("li", office.now, None)


def test_the_visitor_s_own_phone_finds_its_owner_when_they_are_seen() -> None:
    office = Office(policy=SEEN)
    office.known("wang")
    from_home(office)
    office.do(c.Met, visit_id="v1", by="door")
    assert (office.host("v1"), office.last(e.Decided).rule) == ("wang", "R6")


def test_who_was_seen_before_or_where_no_post_sees_anybody_is_decided_on_at_once() -> None:
    office = Office(policy=SEEN)
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    office.do(c.Met, visit_id="v1", by="parking")
    assert from_home(office) == [e.CheckedIn, e.Decided]
    assert from_home(Office()) == [e.CheckedIn, e.Decided]


def test_the_tablet_s_answers_count_at_once() -> None:
    assert Office(policy=SEEN).check_in("v1", phone=PHONE).host_id == "li"


def test_a_car_without_its_visitor_is_asked_about_by_the_plate_that_was_corrected() -> None:
    office = by_car()
    office.do(c.CorrectPlate, visit_id="v1", plate="浙B99999")
    assert office.do(c.Depart, plate=PLATE) == ()
    assert kinds(office.do(c.Depart, plate="浙B99999")) == [n.DepartureAsked]


def test_a_correction_of_a_visit_that_is_over_is_kept_and_opens_none() -> None:
    office = Office()
    correction = {"visit_id": "v9", "phone": PHONE, "plate": PLATE, "was_plate": "浙B99999"}
    followed = office.do(c.CorrectVisitor, **correction, owner_id="li", is_registered=True)
    assert kinds(followed) == [e.VisitorCorrected, n.KeysCorrected]
    told = office.last(n.KeysCorrected)
    shown = mask_plate("浙B99999"), f"{mask_phone(PHONE)} {mask_plate(PLATE)}"
    assert (told.was, told.now, told.registered_by) == (*shown, None)
    assert (office.state.visits, office.now) == ({}, MORNING)
