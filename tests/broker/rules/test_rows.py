"""The rows of the decision table at their edges: R6, R9, R10, R16 and whose turn is used."""

import pytest
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from shared.messages import Answer3, Evidence
from tests.office import NO, UNSURE, YES, Office

PHONE, OTHER_PHONE, PLATE = "13800138000", "13900001111", "浙A88888"
NATURAL, BEEN_BEFORE = (YES, NO, NO), (NO, NO, NO)
Answers = tuple[Answer3, Answer3, Answer3]


def enquired(office: Office, who: str, phone: str = PHONE) -> None:
    """Somebody phoned, and ``who`` entered them without ever having received them."""
    office.do(c.Register, registration_id=f"r-{who}", consultant_id=who, phone=phone)
    office.pass_s(60)


def was_here(office: Office, *, phone: str | None = None, plate: str | None = None) -> None:
    """A party was received earlier today, by Li."""
    office.check_in("v0", phone=phone, plate=plate)
    office.do(c.Ack, consultant_id="li", visit_id="v0")
    office.do(c.Finish, visit_id="v0")


def test_the_visitor_s_own_phone_stands_above_the_plate_of_the_car() -> None:
    office = Office()
    office.book.add(replace(office.known("wang", days_ago=9), phone=None, plates=(PLATE,)))
    office.known("zhao", days_ago=1)
    decided = office.check_in("v1", phone=PHONE, plate=PLATE)
    assert (decided.rule, decided.owner_id) == ("R6", "zhao")
    dispute = office.last(n.DisputeOpened)
    assert [claim.owner_id for claim in dispute.claims] == ["zhao", "wang"]


@pytest.mark.parametrize(
    ("answers", "is_flagged"),
    [(NATURAL, True), (BEEN_BEFORE, False), ((YES, NO, YES), False), ((YES, UNSURE, NO), False)],
)
def test_three_times_no_to_who_never_received_the_visitor_uses_the_owner_s_turn(
    answers: Answers, *, is_flagged: bool
) -> None:
    office = Office()
    enquired(office, "wang")
    decided = office.check_in("v1", answers, phone=PHONE)
    assert (decided.rule, decided.owner_id, decided.host_id) == ("R6", "wang", "wang")
    assert decided.is_turn_used is is_flagged
    assert ("contradicts_answers" in decided.flags) is is_flagged
    told = [
        (what.consultant_id, what.registration_id) for what in office.all_of(n.ContradictsAnswers)
    ]
    assert told == [("wang", "r-wang")] * is_flagged
    assert office.line == (("li", "zhao") if is_flagged else ("li", "wang", "zhao"))


def test_who_received_the_visitor_once_is_contradicted_by_no_answer() -> None:
    office = Office()
    office.known("wang")
    assert not office.check_in("v1", phone=PHONE).is_turn_used


def test_a_visit_without_an_entry_is_a_reception_too() -> None:
    office = Office(("wang", "li"))
    office.check_in("v0", phone=PHONE)
    office.do(c.Finish, visit_id="v0")
    office.pass_s(3 * 86_400)
    enquired(office, "wang")
    office.book.registrations["r-wang"] = replace(
        office.book.registrations["r-wang"], is_unreceived=True
    )
    assert "contradicts_answers" not in office.check_in("v1", phone=PHONE).flags


def test_a_car_known_by_its_plate_alone_contradicts_nobody() -> None:
    office = Office()
    office.do(c.Register, registration_id="r1", consultant_id="wang", plates=(PLATE,))
    office.pass_s(60)
    for phone in (None, PHONE):
        decided = office.check_in(f"v{phone}", phone=phone, plate=PLATE)
        assert (decided.owner_id, decided.is_turn_used) == ("wang", False)
        office.do(c.Finish, visit_id=f"v{phone}")


def test_a_contradicted_owner_who_is_away_pays_the_turn_and_a_team_mate_receives() -> None:
    office = Office(("li", "wang", "zhao"))
    enquired(office, "wang")
    office.do(c.Away, consultant_id="wang", is_excused=True)
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.owner_id, decided.host_id, decided.turn_of) == ("wang", "li", "wang")
    assert office.state.make_ups == ()
    office.do(c.Finish, visit_id="v1")
    assert office.line == ("li", "zhao", "wang")


def test_a_named_consultant_who_does_not_come_pays_one_turn_and_not_two() -> None:
    office = Office(("li", "zhao", "chen"))
    office.check_in("v1", BEEN_BEFORE, named="zhao")
    assert office.state.visits["v1"].turn_of == "zhao"
    office.wait(121)
    assert office.last(n.PassedOver).consultant_id == "zhao"
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id, visit.turn_of) == ("zhao", "chen", None)
    assert office.line == ("li", "chen", "zhao")


def test_the_turn_stays_the_owner_s_when_the_team_mate_who_helps_does_not_come() -> None:
    office = Office(("li", "wang", "zhao"))
    enquired(office, "wang")
    office.do(c.Away, consultant_id="wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    office.do(c.PassOn, consultant_id="li", visit_id="v1")
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id, visit.turn_of) == ("wang", "zhao", "wang")
    assert office.state.make_ups == ()


def test_a_named_consultant_whose_turn_is_in_use_or_who_is_not_here_pays_none() -> None:
    office = Office(("zhao", "chen", "li"))
    office.check_in("v0")
    decided = office.check_in("v1", BEEN_BEFORE, named="zhao")
    assert (decided.owner_id, decided.host_id, decided.turn_of) == ("zhao", "chen", None)
    office.do(c.Finish, visit_id="v1")
    office.do(c.Leave, consultant_id="li")
    decided = office.check_in("v2", BEEN_BEFORE, named="li")
    assert (decided.owner_id, decided.host_id, decided.turn_of) == ("li", "chen", "chen")
    assert office.last(n.MakeUpGranted).make_up.cause == "R6"


@pytest.mark.parametrize("trace", ["visit", "entry", "late entry"])
def test_with_a_trace_from_before_the_visit_naming_costs_no_turn(trace: str) -> None:
    office = Office()
    if trace == "visit":
        was_here(office, phone=PHONE)
        office.pass_s(86_400)
    else:
        office.book.add(replace(office.known("wang", days_ago=30), is_late=trace == "late entry"))
    decided = office.check_in("v1", BEEN_BEFORE, phone=PHONE, named="zhao")
    assert (decided.rule, decided.owner_id, decided.is_turn_used) == ("R9", "zhao", False)


def test_an_entry_since_the_arrival_is_no_trace() -> None:
    office = Office()
    office.do(c.Arrive, visit_id="v1", plate=PLATE)
    office.pass_s(60)
    enquired(office, "zhao")
    decided = office.check_in("v1", BEEN_BEFORE, phone=PHONE, named="zhao")
    assert (decided.rule, decided.is_turn_used) == ("R9", True)


@pytest.mark.parametrize(
    ("evidence", "rule"),
    [
        (Evidence.SMS, "R9"),
        (Evidence.CARD, "R9"),
        (Evidence.WECHAT, "R9"),
        (Evidence.NAME, "R14"),
        (Evidence.NONE, "R14"),
    ],
)
def test_what_a_visitor_shows_counts_whatever_the_answers_and_costs_no_turn(
    evidence: Evidence, rule: str
) -> None:
    decided = Office().check_in("v1", NATURAL, named="zhao", evidence=evidence)
    assert decided.rule == rule
    assert decided.is_turn_used is (rule == "R14")


def test_who_names_whom_they_were_received_by_before_goes_there_whatever_the_answers() -> None:
    office = Office()
    was_here(office, phone=PHONE)
    office.pass_s(86_400)
    decided = office.check_in("v1", NATURAL, phone=PHONE, named="li")
    assert (decided.rule, decided.is_turn_used) == ("R9", False)
    assert office.check_in("v2", NATURAL, phone=PHONE, named="zhao").rule == "R16"


def test_family_goes_to_who_received_the_family_and_is_linked_to_that_visit() -> None:
    office = Office()
    was_here(office, plate=PLATE)
    office.pass_s(86_400)
    office.do(
        c.CheckIn,
        visit_id="v1",
        phone=PHONE,
        plate=PLATE,
        first_visit=YES,
        family=YES,
        contacted=NO,
        family_named="li",
    )
    decided = office.last(e.Decided)
    assert (decided.rule, decided.owner_id, decided.is_turn_used) == ("R10", "li", False)
    assert decided.ownership.basis.visit_id == "v0"


def test_who_received_the_family_goes_before_whom_the_visitor_named() -> None:
    office = Office()
    answers = {"first_visit": YES, "family": YES, "contacted": NO}
    office.do(c.CheckIn, visit_id="v1", **answers, named="wang", family_named="zhao")
    decided = office.last(e.Decided)
    assert (decided.rule, decided.owner_id) == ("R10", "zhao")
    assert decided.ownership.basis.visit_id is None


@pytest.mark.parametrize(
    ("phone", "answers", "rule"),
    [
        (None, NATURAL, "R16"),
        (OTHER_PHONE, NATURAL, "R14"),
        (OTHER_PHONE, BEEN_BEFORE, "R16"),
        (OTHER_PHONE, (YES, YES, NO), "R16"),
        (OTHER_PHONE, (YES, UNSURE, NO), "R13"),
        (PHONE, NATURAL, "R16"),
    ],
)
def test_the_same_car_on_one_day_is_the_same_party_unless_another_person_was_never_here(
    phone: str | None, answers: Answers, rule: str
) -> None:
    office = Office()
    was_here(office, phone=PHONE, plate=PLATE)
    assert office.check_in("v1", answers, phone=phone, plate=PLATE).rule == rule


@pytest.mark.parametrize(
    ("named", "evidence", "rule"),
    [
        ("zhao", Evidence.CARD, "R9"),
        ("zhao", Evidence.NAME, "R9"),
        ("zhao", Evidence.NONE, "R16"),
        ("li", Evidence.CARD, "R16"),
    ],
)
def test_the_same_party_may_ask_for_somebody_else_with_evidence(
    named: str, evidence: Evidence, rule: str
) -> None:
    office = Office()
    was_here(office, phone=PHONE)
    decided = office.check_in("v1", BEEN_BEFORE, phone=PHONE, named=named, evidence=evidence)
    assert decided.rule == rule


def test_the_same_party_of_an_owner_who_left_since_goes_to_the_line() -> None:
    office = Office()
    was_here(office, phone=PHONE)
    office.do(c.LeavesCompany, consultant_id="li")
    assert office.check_in("v1", phone=PHONE).rule == "R14"


def test_a_courtesy_of_a_colleague_renews_the_protection_unless_the_site_says_not() -> None:
    for is_renewed in (True, False):
        office = Office(policy=Policy(renews_by_courtesy=is_renewed))
        known = office.known("wang", days_ago=14)
        office.do(c.Away, consultant_id="wang", is_excused=True)
        decided = office.check_in("v1", phone=PHONE)
        assert decided.renews == ((known.registration_id,) if is_renewed else ())
        office.do(c.Finish, visit_id="v1")
        office.pass_s(3 * 86_400)
        assert (office.check_in("v2", phone=PHONE).rule == "R6") is is_renewed


def test_a_visitor_who_waits_for_nobody_renews_nothing() -> None:
    office = Office(("wang",))
    office.known("wang", days_ago=14)
    office.do(c.Away, consultant_id="wang", is_excused=True)
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.owner_id, decided.host_id) == ("R25", "wang", None)
    assert decided.renews == ()
