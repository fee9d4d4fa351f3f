from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Registration
from tests.office import Office

PHONE, PLATE = "13800138000", "浙A88888"


def entered(office: Office, who: str, key: str = PHONE, number: int = 1) -> list[type[e.Event]]:
    """The events when ``who`` enters a customer by this phone or plate."""
    is_phone = key.isascii()
    command = c.Register(
        at=office.now,
        registration_id=f"r-{number}",
        consultant_id=who,
        phone=key if is_phone else None,
        plates=() if is_phone else (key,),
    )
    return [type(event) for event in office.take(command)[1:]]


def registered(office: Office, owner: str, *, is_late: bool = False, days_ago: int = 5) -> None:
    at = office.now - timedelta(days=days_ago)
    office.book.add(
        Registration(
            registration_id=f"old-{owner}",
            consultant_id=owner,
            registered_at=at,
            received_at=at,
            phone=PHONE,
            is_late=is_late,
        )
    )


def ruled(
    office: Office, who: str, reason: str = "她的客户", visit: str = "v1"
) -> list[type[e.Event]]:
    command = c.Rule(at=office.now, visit_id=visit, consultant_id=who, reason=reason)
    return [type(event) for event in office.take(command)[1:]]


def test_a_customer_of_somebody_else_is_not_entered() -> None:
    office = Office()
    registered(office, "wang")
    assert entered(office, "li") == [n.Refused]
    assert entered(office, "wang") == [n.Registered]


@pytest.mark.parametrize("days", [15, 16])
def test_a_customer_whose_protection_is_over_may_be_entered_by_anybody(days: int) -> None:
    office = Office()
    registered(office, "wang", days_ago=days)
    assert entered(office, "li") == [n.Refused if days == 15 else n.Registered]


def test_an_entry_that_came_too_late_keeps_nobody_out() -> None:
    office = Office()
    registered(office, "wang", is_late=True)
    assert entered(office, "li") == [n.Registered]


def test_a_customer_of_somebody_who_left_the_company_may_be_entered() -> None:
    office = Office()
    registered(office, "gone")
    assert entered(office, "li") == [n.Registered]


def test_the_same_entry_again_changes_nothing() -> None:
    office = Office()
    assert entered(office, "li") == [n.Registered]
    assert entered(office, "li") == []


@pytest.mark.parametrize("key", [PHONE, PLATE])
def test_who_enters_a_visitor_of_a_colleague_after_the_arrival_is_too_late(key: str) -> None:
    office = Office()
    office.check_in("v1", phone=PHONE, plate=PLATE)
    assert entered(office, "wang", key) == [n.Registered, n.LateEntry]


@pytest.mark.parametrize("key", ["13900001111", "浙B99999"])
def test_who_enters_somebody_who_is_not_here_is_in_time(key: str) -> None:
    office = Office()
    office.check_in("v1", phone=PHONE, plate=PLATE)
    assert entered(office, "wang", key) == [n.Registered]


def test_an_entry_of_nobody_s_number_is_no_visitor_without_a_number() -> None:
    office = Office()
    office.check_in("v1")
    assert entered(office, "wang", PLATE) == [n.Registered]


def test_who_receives_the_visitor_enters_them_in_time() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    assert entered(office, "li") == [n.Registered]


@pytest.mark.parametrize(
    ("who", "is_flagged"), [("li", True), ("wang", True), ("zhao", False), ("gone", False)]
)
def test_a_search_by_a_team_mate_tells_against_an_entry_as_one_s_own_does(
    who: str, is_flagged: bool
) -> None:
    office = Office()
    office.take(c.LookUp(at=office.now, consultant_id=who, phone=PHONE))
    assert entered(office, "li", "13900001111") == [n.Registered]
    found = entered(office, "li", number=2)
    assert found == ([n.Registered, n.LookThenClaim] if is_flagged else [n.Registered])


def test_who_is_in_no_team_is_told_against_only_by_a_search_of_their_own() -> None:
    office = Office()
    alone = tuple(c.Consultant(id=who, name=who) for who in ("li", "wang", "zhao"))
    office.take(c.SetRoster(at=office.now, consultants=alone))
    office.take(c.LookUp(at=office.now, consultant_id="wang", phone=PHONE))
    assert entered(office, "li") == [n.Registered]
    office.take(c.LookUp(at=office.now, consultant_id="li", phone=PHONE))
    assert entered(office, "li", number=2) == [n.Registered, n.LookThenClaim]


@pytest.mark.parametrize("visit_id", ["v1", "v2", "v3"])
def test_an_owner_is_found_only_for_a_visitor_who_checked_in_and_is_another_s(
    visit_id: str,
) -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    office.take(c.Arrive(at=office.now, visit_id="v2", plate=PLATE))
    found = c.OwnerFound(at=office.now, visit_id=visit_id, consultant_id="li")
    assert office.take(found) == ()


def test_the_same_ruling_again_changes_nothing_and_another_reason_is_another_ruling() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    assert ruled(office, "wang")[:3] == [n.Ruled, n.Transferred, e.Decided]
    assert ruled(office, "wang") == []
    assert ruled(office, "wang", "另有凭证")[0] is n.Ruled
    assert ruled(office, "zhao")[0] is n.Ruled


def test_a_ruling_overrules_the_entries_of_others_once() -> None:
    office = Office()
    registered(office, "wang")
    registered(office, "zhao")
    office.check_in("v1", phone=PHONE)
    ruled(office, "zhao")
    ruled(office, "zhao", "另有凭证")
    rulings = [event for event in office.told(n.Ruled) if isinstance(event, n.Ruled)]
    assert [ruling.overrules for ruling in rulings] == [("old-wang",), ()]


def test_a_ruling_on_a_car_that_nobody_checked_in_from_gives_nobody_a_visitor() -> None:
    office = Office()
    office.take(c.Arrive(at=office.now, visit_id="v1", plate=PLATE))
    assert ruled(office, "wang") == [n.Refused]
    assert office.state.visits["v1"].owner_id is None


def test_a_ruling_on_one_past_visit_leaves_the_others_of_that_day_alone() -> None:
    office = Office()
    for visit_id in ("v1", "v2"):
        office.check_in(visit_id, phone=PHONE)
        office.take(c.Finish(at=office.now, visit_id=visit_id))
    assert ruled(office, "zhao") == [n.Ruled, e.Decided]
    decided = office.told(e.Decided)[-1]
    assert isinstance(decided, e.Decided)
    assert (decided.visit_id, decided.owner_id, decided.host_id) == ("v1", "zhao", "li")


def test_a_ruling_for_who_is_away_leaves_the_visitor_with_the_host_whose_turn_is_owed() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    office.take(c.Away(at=office.now, consultant_id="wang", is_excused=True))
    ruled(office, "wang")
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id, visit.turn_of) == ("wang", "li", "li")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["li"]
    decided = office.told(e.Decided)[-1]
    assert isinstance(decided, e.Decided)
    assert decided.is_turn_used
    assert "courtesy" in decided.flags


def test_a_visit_that_moves_puts_the_first_host_back_into_the_line() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    ruled(office, "wang")
    assert office.host("v1") == "wang"
    assert office.state.line == ("wang", "zhao", "li")
    assert office.line == ("li", "wang", "zhao")


def test_who_enters_the_visitor_afterwards_has_received_him_when_he_came() -> None:
    office = Office()
    came_at = office.now
    office.check_in("v1", phone=PHONE)
    office.take(c.Ack(at=office.now, consultant_id="li", visit_id="v1"))
    office.now += timedelta(hours=2)
    assert entered(office, "li") == [n.Registered]
    told = office.told(n.Registered)[-1]
    assert isinstance(told, n.Registered)
    assert told.registration.received_at == came_at
    assert not told.registration.is_unreceived
    assert entered(office, "wang", "13900001111", number=2) == [n.Registered]
    told = office.told(n.Registered)[-1]
    assert isinstance(told, n.Registered)
    assert told.registration.received_at == office.now
    assert told.registration.is_unreceived


def test_whose_visitor_moves_stands_behind_everybody_who_was_called_meanwhile() -> None:
    office = Office(("li", "wang", "zhao", "chen"))
    office.check_in("v1", phone=PHONE)
    office.check_in("v2")
    ruled(office, "chen")
    assert office.state.line == ("zhao", "chen", "wang", "li")
