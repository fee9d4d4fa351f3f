from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.line import Note, due_at, note_of
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from tests.office import Office

PHONE, OTHER_PHONE = "13800138000", "13900001111"


def away(office: Office, who: str, *, is_excused: bool = False) -> None:
    office.take(c.Away(at=office.now, consultant_id=who, is_excused=is_excused))


@pytest.mark.parametrize(("seconds", "host"), [(120, "li"), (121, "wang")])
def test_who_has_been_away_for_more_than_two_minutes_is_not_called_at_all(
    seconds: int, host: str
) -> None:
    office = Office()
    away(office, "li")
    office.now += timedelta(seconds=seconds)
    assert office.check_in("v1").host_id == host


def test_who_was_long_away_is_passed_over_once_and_stands_at_the_end() -> None:
    office = Office()
    away(office, "li")
    office.now += timedelta(seconds=121)
    office.check_in("v1")
    assert len(office.told(n.PassedOver)) == 1
    assert office.line == ("zhao", "li")


def test_the_second_away_of_the_same_kind_starts_no_new_two_minutes() -> None:
    office = Office()
    away(office, "li")
    office.now += timedelta(seconds=100)
    assert office.take(c.Away(at=office.now, consultant_id="li")) == ()
    office.now += timedelta(seconds=21)
    assert office.check_in("v1").host_id == "wang"


@pytest.mark.parametrize("plate", [None, "浙A88888"])
def test_an_owner_with_the_same_party_receives_the_rest_of_it_too(plate: str | None) -> None:
    office = Office(("wang", "li", "zhao"))
    known = office.known("wang")
    for visit_id in ("v1", "v2"):
        decided = office.check_in(visit_id, phone=PHONE, plate=plate)
        assert decided.host_id == known.consultant_id


def test_an_owner_with_another_party_is_helped_by_a_team_mate() -> None:
    office = Office(("wang", "zhao", "li"))
    office.known("wang")
    office.known("wang", phone=OTHER_PHONE)
    office.check_in("v1", phone=OTHER_PHONE)
    decided = office.check_in("v2", phone=PHONE)
    assert (decided.owner_id, decided.host_id, decided.is_turn_used) == ("wang", "li", False)


@pytest.mark.parametrize("what", ["away", "busy", "home"])
def test_a_team_mate_who_is_not_free_cannot_help(what: str) -> None:
    office = Office(("wang", "li", "zhao", "chen"))
    office.known("wang")
    away(office, "wang", is_excused=True)
    if what == "away":
        away(office, "li", is_excused=True)
    elif what == "busy":
        office.check_in("v1", phone=OTHER_PHONE)
    else:
        office.take(c.Leave(at=office.now, consultant_id="li"))
    decided = office.check_in("v2", phone=PHONE)
    assert (decided.host_id, decided.is_turn_used) == ("zhao", True)


@pytest.mark.parametrize("absent", [(), ("zhao",), ("zhao", "li")])
def test_after_hours_the_first_of_the_duty_list_who_is_free_receives(
    absent: tuple[str, ...],
) -> None:
    office = Office(policy=Policy(close="08:31", open="08:30", duty=("nobody", "zhao", "li")))
    for who in absent:
        away(office, who)
    decided = office.check_in("v1")
    expected = next(
        (consultant for consultant in ("zhao", "li") if consultant not in absent), MANAGER
    )
    assert (decided.host_id, decided.rule, decided.is_turn_used) == (expected, "R20", False)
    assert decided.owner_id == (None if expected == MANAGER else expected)


def test_after_hours_who_serves_is_not_given_a_second_visitor() -> None:
    office = Office(policy=Policy(close="08:31", open="08:30", duty=("zhao", "li")))
    assert [office.check_in(f"v{number}").host_id for number in (1, 2, 3)] == [
        "zhao",
        "li",
        MANAGER,
    ]


def test_after_hours_an_owner_who_is_away_keeps_the_customer_whom_the_manager_receives() -> None:
    office = Office(("wang", "zhao"), Policy(close="08:31", open="08:30"))
    office.known("wang")
    away(office, "wang", is_excused=True)
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.owner_id, decided.host_id, decided.rule) == ("wang", MANAGER, "R6")


def test_who_waits_is_served_in_the_order_of_the_check_ins_not_of_the_cars() -> None:
    office = Office(("li",))
    office.take(c.Arrive(at=office.now, visit_id="late", plate="浙A88888"))
    office.check_in("v1")
    office.check_in("early")
    office.check_in("late", plate="浙A88888")
    assert len(office.told(n.Escalated)) == 2
    office.take(c.Finish(at=office.now, visit_id="v1"))
    assert (office.host("early"), office.host("late")) == ("li", None)
    assert len(office.told(n.Escalated)) == 2  # nobody is told again of who still waits


def test_a_customer_without_an_owner_is_no_courtesy_of_the_manager() -> None:
    office = Office(("wang", "zhao"))
    office.known("wang")
    away(office, "wang", is_excused=True)
    assert "courtesy" in office.check_in("v1", phone=PHONE).flags
    assert "courtesy" not in office.check_in("v2", phone=OTHER_PHONE).flags


def test_a_make_up_turn_that_was_used_is_gone_and_kept_the_place_in_the_line() -> None:
    office = Office(("wang", "zhao", "chen"))
    office.known("wang")
    away(office, "wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    office.take(c.Ack(at=office.now, consultant_id="zhao", visit_id="v1"))
    office.take(c.Finish(at=office.now, visit_id="v1"))
    decided = office.check_in("v2")
    assert decided.host_id == "zhao"
    assert decided.make_up is not None
    assert (decided.make_up.cause, decided.make_up.granted_by) == ("R6", "rules")
    assert office.state.make_ups == ()
    office.take(c.Finish(at=office.now, visit_id="v2"))
    assert office.state.line == ("wang", "chen", "zhao")


def test_a_turn_that_a_ruling_cost_is_owed_by_the_manager() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    office.take(c.Rule(at=office.now, visit_id="v1", consultant_id="wang", reason="他的客户"))
    (owed,) = office.state.make_ups
    assert (owed.consultant_id, owed.cause, owed.granted_by) == ("li", "R15", MANAGER)
    assert owed.expires_on == office.now.date()


def test_an_owner_and_a_turn_have_two_minutes_to_answer_and_none_after_that() -> None:
    office = Office()
    office.known("wang")
    office.check_in("owned", phone=PHONE)
    office.check_in("turn", phone=OTHER_PHONE)
    for visit_id, host in (("owned", "wang"), ("turn", "li")):
        deadline = office.now + timedelta(seconds=120)
        assert due_at(office.policy, office.state.visits[visit_id]) == deadline
        office.take(c.Ack(at=office.now, consultant_id=host, visit_id=visit_id))
        assert due_at(office.policy, office.state.visits[visit_id]) is None


def test_the_manager_and_who_waits_have_no_deadline() -> None:
    office = Office(("li",))
    office.take(c.Leave(at=office.now, consultant_id="li"))
    office.check_in("v1")
    assert due_at(office.policy, office.state.visits["v1"]) is None
    office = Office(policy=Policy(open="10:00"))
    office.check_in("v1")
    assert office.host("v1") == MANAGER
    assert due_at(office.policy, office.state.visits["v1"]) is None


def test_consultants_without_a_team_are_no_team_mates() -> None:
    office = Office(("wang", "zhao", "chen"))
    alone = tuple(c.Consultant(id=who, name=who) for who in ("wang", "zhao", "chen"))
    office.take(c.SetRoster(at=office.now, consultants=alone))
    office.known("wang")
    away(office, "wang", is_excused=True)
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.host_id, decided.is_turn_used) == ("zhao", True)


def test_the_line_says_who_serves_is_away_or_is_owed_a_turn() -> None:
    office = Office(("wang", "zhao", "chen"))
    office.known("wang")
    away(office, "wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    assert note_of(office.state, "zhao") is Note.RECEIVING
    office.take(c.Finish(at=office.now, visit_id="v1"))
    assert note_of(office.state, "zhao") is Note.MAKE_UP
    assert note_of(office.state, "chen") is None
    assert note_of(office.state, "wang") is Note.LEAVE
    away(office, "chen")
    assert note_of(office.state, "chen") is Note.AWAY
