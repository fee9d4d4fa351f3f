import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.state import MANAGER
from tests.office import Office

PHONE = "13800138000"


def kinds(followed: tuple[e.Event, ...]) -> list[type[e.Event]]:
    return [type(event) for event in followed[1:]]


def ack(office: Office, who: str, visit_id: str = "v1") -> list[type[e.Event]]:
    return kinds(office.take(c.Ack(at=office.now, consultant_id=who, visit_id=visit_id)))


def away(office: Office, who: str, *, is_excused: bool = False) -> list[type[e.Event]]:
    command = c.Away(at=office.now, consultant_id=who, is_excused=is_excused)
    return kinds(office.take(command))


def stand_in(office: Office, who: str, for_id: str) -> list[type[e.Event]]:
    return kinds(office.take(c.StandIn(at=office.now, consultant_id=who, for_id=for_id)))


def assist(office: Office, who: str | None, for_id: str) -> list[type[e.Event]]:
    command = c.Help(at=office.now, visit_id="v1", for_id=for_id, consultant_id=who)
    return kinds(office.take(command))


def called(*order: str) -> Office:
    """Somebody checked in, and the first in line was called."""
    office = Office(order or ("li", "wang", "zhao"))
    office.check_in("v1")
    return office


def of_an_owner() -> Office:
    """Wang was called for a customer whom Wang owns."""
    office = Office()
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    return office


def later(office: Office, seconds: float) -> Office:
    """Time has passed, and the rules have had no tick since."""
    office.now = office.now.fromtimestamp(office.now.timestamp() + seconds, office.now.tzinfo)
    return office


def test_a_call_is_taken_once_and_by_whom_it_called() -> None:
    office = called()
    assert ack(office, "wang") == [n.Refused]
    assert ack(office, "li") == [e.Acknowledged]
    assert ack(office, "li") == []
    assert ack(office, "li", "v9") == []


def test_nobody_takes_a_car_that_has_not_checked_in() -> None:
    office = Office()
    office.take(c.Arrive(at=office.now, visit_id="v1", plate="浙A88888"))
    assert ack(office, "li") == []


def test_who_answers_after_everybody_was_passed_over_gets_the_visitor_after_all() -> None:
    office = called("li")
    office.wait(121)
    assert office.host("v1") is None
    assert ack(office, "li") == [e.CameBack, e.Decided, e.Acknowledged]
    assert office.host("v1") == "li"


def test_who_answers_too_late_while_another_was_called_is_told_so() -> None:
    office = later(called(), 121)
    assert ack(office, "li")[-1] is n.Refused
    assert office.host("v1") == "wang"


def test_leave_for_who_is_away_counts_and_the_same_again_does_not() -> None:
    office = Office()
    assert away(office, "li") == [e.WentAway]
    assert away(office, "li") == []
    assert away(office, "li", is_excused=True) == [e.WentAway]
    assert away(office, "li", is_excused=True) == []


def test_who_is_not_here_cannot_go_away_nor_end_the_day_twice() -> None:
    office = Office()
    end = c.Leave(at=office.now, consultant_id="li")
    assert kinds(office.take(end)) == [e.Left]
    assert office.take(end) == ()
    assert away(office, "li") == []
    start = c.Join(at=office.now, consultant_id="li")
    assert kinds(office.take(start)) == [e.Joined]
    assert office.take(start) == ()
    assert office.line == ("wang", "zhao", "li")


def test_only_leave_withdraws_a_call_and_only_one_that_was_not_taken() -> None:
    office = called()
    assert away(office, "li") == [e.WentAway]
    assert office.host("v1") == "li"
    assert away(office, "li", is_excused=True)[0] is n.CallWithdrawn
    assert office.host("v1") == "wang"
    ack(office, "wang")
    assert away(office, "wang", is_excused=True) == [e.WentAway]
    assert office.host("v1") == "wang"


def test_who_was_never_away_nor_missed_a_call_need_not_come_back() -> None:
    office = called()
    back = c.Back(at=office.now, consultant_id="wang")
    assert office.take(back) == ()
    away(office, "wang")
    assert kinds(office.take(back)) == [e.CameBack]


def test_who_was_passed_over_is_not_called_for_the_same_visitor_by_coming_back() -> None:
    office = called("li")
    office.wait(121)
    back = c.Back(at=office.now, consultant_id="li")
    assert office.take(back) == ()
    away(office, "li")
    assert kinds(office.take(back)) == [e.CameBack]
    assert office.host("v1") is None
    assert office.check_in("v2").host_id == "li"


def test_who_ends_the_day_after_taking_the_visitor_keeps_them() -> None:
    office = called()
    ack(office, "li")
    assert kinds(office.take(c.Leave(at=office.now, consultant_id="li"))) == [e.Left]
    assert office.host("v1") == "li"


def test_a_stand_in_needs_an_open_call_of_somebody_else() -> None:
    office = called()
    assert stand_in(office, "zhao", "wang") == [n.Refused]
    assert stand_in(office, "li", "li") == [n.Refused]
    assert stand_in(office, "zhao", "li") == [e.Decided, e.Acknowledged]
    assert stand_in(office, "wang", "li") == [n.Refused]
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.turn_of) == ("zhao", "li")


@pytest.mark.parametrize("seconds", [120, 121])
def test_a_stand_in_after_two_minutes_finds_another_called(seconds: int) -> None:
    office = later(called(), seconds)
    followed = stand_in(office, "zhao", "li")
    assert office.host("v1") == ("zhao" if seconds == 120 else "wang")
    assert (followed[-1] is n.Refused) == (seconds == 121)


def test_whose_turn_it_is_may_pass_it_on_once() -> None:
    office = called()
    passed = c.PassOn(at=office.now, consultant_id="li", visit_id="v1")
    other = c.PassOn(at=office.now, consultant_id="zhao", visit_id="v1")
    assert office.take(other) == ()
    assert kinds(office.take(passed))[0] is n.PassedOver
    told = office.told(n.PassedOver)[-1]
    assert isinstance(told, n.PassedOver)
    assert told.is_declined
    assert office.take(passed) == ()
    ack(office, "wang")
    assert office.take(c.PassOn(at=office.now, consultant_id="wang", visit_id="v1")) == ()


def test_an_owner_who_cannot_come_keeps_the_customer() -> None:
    office = of_an_owner()
    declined = c.PassOn(at=office.now, consultant_id="wang", visit_id="v1")
    assert kinds(office.take(declined))[0] is n.Declined
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id) == ("wang", "li")


def test_whoever_helps_must_be_free_and_the_call_open() -> None:
    office = of_an_owner()
    assert assist(office, "zhao", "li") == [n.Refused]
    away(office, "zhao")
    assert assist(office, "zhao", "wang") == [n.Refused]
    office.take(c.Back(at=office.now, consultant_id="zhao"))
    assert assist(office, "zhao", "wang") == [e.Decided, e.Acknowledged]
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id, visit.turn_of) == ("wang", "zhao", None)
    assert assist(office, "li", "zhao") == [n.Refused]


def test_a_helper_who_serves_somebody_else_is_refused_and_the_manager_never_is() -> None:
    office = of_an_owner()
    office.known("zhao", phone="13900001111")
    office.check_in("v2", phone="13900001111")
    assert assist(office, "zhao", "wang") == [n.Refused]
    assert assist(office, None, "wang") == [e.Decided, e.Acknowledged]
    assert office.host("v1") == MANAGER


@pytest.mark.parametrize("seconds", [120, 121])
def test_help_for_a_turn_after_two_minutes_comes_too_late(seconds: int) -> None:
    office = later(called(), seconds)
    followed = assist(office, "zhao", "li")
    assert (followed[-1] is n.Refused) == (seconds == 121)
    assert office.host("v1") == ("zhao" if seconds == 120 else "wang")


def test_nobody_helps_with_a_visit_that_is_over_or_a_car_that_has_not_checked_in() -> None:
    office = Office()
    assert assist(office, "zhao", "li") == [n.Refused]
    office.take(c.Arrive(at=office.now, visit_id="v1", plate="浙A88888"))
    assert assist(office, "zhao", "li") == [n.Refused]


def test_who_does_not_come_has_not_declined() -> None:
    office = Office()
    away(office, "wang")
    office.wait(1)
    office.check_in("v1")
    office.wait(121)
    told = [skip for skip in office.told(n.PassedOver) if isinstance(skip, n.PassedOver)]
    assert [(skip.consultant_id, skip.is_declined) for skip in told] == [
        ("li", False),
        ("wang", False),
    ]
