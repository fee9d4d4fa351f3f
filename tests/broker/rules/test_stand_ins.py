"""A colleague receives for a while: stands in, helps, is handed the visitor (R6, R12, R24)."""

from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import KEEP_ORDER, Policy
from broker.rules.state import MANAGER
from tests.office import MORNING, Office

PHONE = "13800138000"


def called(*order: str, policy: Policy | None = None) -> Office:
    """Somebody checked in, and the first in line was called."""
    office = Office(order or ("li", "wang", "zhao"), policy or Policy())
    office.check_in("v1")
    return office


def stood_in(policy: Policy | None = None) -> Office:
    """Zhao stands in for Li."""
    office = called(policy=policy)
    office.do(c.StandIn, consultant_id="zhao", for_id="li")
    return office


def code(office: Office) -> str | None:
    """Why the last refusal was one."""
    because = office.last(n.Refused).because
    return because.code if because else None


def test_a_stand_in_receives_at_once_and_the_turn_stays_with_who_was_called() -> None:
    office = stood_in()
    decided, visit = office.last(e.Decided), office.state.visits["v1"]
    assert (decided.rule, decided.host_id, decided.turn_of) == ("R24", "zhao", "li")
    assert decided.is_turn_used
    assert (decided.owner_id, decided.flags) == ("li", ("natural", "courtesy"))
    assert (visit.claimed_by, visit.acked_at, visit.stood_in_at) == ("zhao", MORNING, MORNING)
    assert office.line == ("wang", "zhao")


@pytest.mark.parametrize("who", ["li", "wang"])
def test_nobody_stands_in_for_themselves_or_while_they_receive_somebody(who: str) -> None:
    office = Office()
    office.known("wang")
    office.check_in("v0", phone=PHONE)
    office.check_in("v1")
    office.do(c.StandIn, consultant_id=who, for_id="li")
    assert (office.host("v1"), code(office)) == ("li", "not_allowed_must_be_free")


def test_where_nobody_was_called_nobody_stands_in() -> None:
    office = Office()
    office.do(c.StandIn, consultant_id="zhao", for_id="li")
    refused = office.last(n.Refused)
    assert (refused.consultant_id, refused.visit_id, refused.rule) == ("zhao", None, "R24")
    assert code(office) == "not_allowed_no_open_call"


@pytest.mark.parametrize(("seconds", "is_counted"), [(899, False), (900, False), (901, True)])
def test_a_stand_in_of_more_than_fifteen_minutes_uses_the_stand_in_s_turn_too(
    seconds: int, is_counted: bool
) -> None:
    office = stood_in()
    office.wait(seconds)
    assert (office.told(n.StandInTurnUsed) != []) is is_counted
    assert office.line == (("wang",) if is_counted else ("wang", "zhao"))


def test_the_stand_in_s_turn_is_counted_once_and_at_its_own_moment() -> None:
    office = stood_in()
    office.pass_s(7200)
    office.do(c.Tick)
    office.wait(3600)
    (counted,) = office.all_of(n.StandInTurnUsed)
    assert (counted.consultant_id, counted.visit_id) == ("zhao", "v1")
    assert counted.at == MORNING + timedelta(minutes=15)


def test_both_are_back_at_the_end_of_the_line_when_a_counted_stand_in_is_over() -> None:
    office = stood_in()
    office.wait(901)
    office.do(c.Finish, visit_id="v1")
    assert office.line == ("wang", "li", "zhao")


def test_a_short_stand_in_costs_the_stand_in_no_place() -> None:
    office = called("li", "zhao", "wang")
    office.do(c.StandIn, consultant_id="zhao", for_id="li")
    office.do(c.Finish, visit_id="v1")
    assert office.line == ("zhao", "wang", "li")


def test_in_a_ring_nobody_is_put_to_the_end_twice() -> None:
    office = stood_in(Policy(after_reception=KEEP_ORDER))
    office.do(c.Finish, visit_id="v1")
    assert office.told(e.Rejoined) == []
    assert office.line == ("wang", "zhao", "li")


@pytest.mark.parametrize("is_helper", [False, True])
def test_the_third_stand_in_of_a_day_uses_the_stand_in_s_turn_at_once(is_helper: bool) -> None:
    office = Office(("li", "wang", "chen", "zhao"))
    for number, first in enumerate(("li", "wang", "chen"), start=1):
        assert office.told(n.StandInTurnUsed) == []
        visit_id = f"v{number}"
        assert office.check_in(visit_id).host_id == first
        if is_helper:
            office.do(c.Help, visit_id=visit_id, for_id=first, consultant_id="zhao")
        else:
            office.do(c.StandIn, consultant_id="zhao", for_id=first)
        if number < 3:
            office.do(c.Finish, visit_id=visit_id)
    assert office.last(n.StandInTurnUsed).visit_id == "v3"
    assert office.host("v3") == "zhao"
    assert "zhao" not in office.line


def test_who_is_stood_in_for_a_third_time_costs_the_third_stand_in_their_turn() -> None:
    office = Office(("li", "wang", "zhao", "chen"), Policy(after_reception=KEEP_ORDER))
    for number, who in enumerate(("wang", "zhao", "chen"), start=1):
        day = office.now.date()
        office.do(c.NextDay, on=day, order=("li", "wang", "zhao", "chen"))
        office.check_in(f"v{number}")
        office.do(c.StandIn, consultant_id=who, for_id="li")
        if number < 3:
            office.do(c.Finish, visit_id=f"v{number}")
    assert [used.consultant_id for used in office.all_of(n.StandInTurnUsed)] == ["chen"]


def test_on_the_next_day_stand_ins_are_counted_anew() -> None:
    office = stood_in()
    office.wait(86_400)
    assert office.state.stand_ins == {}


def test_whose_turn_it_is_takes_over_and_the_stand_in_s_turn_is_not_counted() -> None:
    office = stood_in()
    office.do(c.Away, consultant_id="li")
    office.wait(600)
    followed = office.do(c.TakeOver, consultant_id="li", visit_id="v1")
    assert [type(event) for event in followed] == [e.CameBack, e.Decided, e.Acknowledged]
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.turn_of, visit.stood_in_at) == ("li", "li", None)
    assert (visit.claimed_by, office.state.absent) == ("li", {})
    assert "courtesy" not in office.last(e.Decided).flags
    office.wait(3600)
    assert office.told(n.StandInTurnUsed) == []
    assert office.do(c.TakeOver, consultant_id="li", visit_id="v1") == ()


def test_after_a_take_over_the_stand_in_whose_turn_was_counted_stands_at_the_end() -> None:
    office = called("li", "zhao", "wang")
    office.do(c.StandIn, consultant_id="zhao", for_id="li")
    office.wait(901)
    office.do(c.TakeOver, consultant_id="li", visit_id="v1")
    assert office.line == ("wang", "zhao")


def test_nobody_else_takes_over_and_only_from_a_stand_in() -> None:
    office = stood_in()
    office.do(c.TakeOver, consultant_id="wang", visit_id="v1")
    assert (office.host("v1"), code(office)) == ("zhao", "not_allowed_no_stand_in")
    office.check_in("v2")
    office.do(c.TakeOver, consultant_id="zhao", visit_id="v2")
    assert office.host("v2") == "wang"
    office.do(c.Arrive, visit_id="car", plate="浙A88888")
    assert office.do(c.TakeOver, consultant_id="li", visit_id="car") == ()
    assert office.do(c.TakeOver, consultant_id="li", visit_id="v9") == ()


def test_a_manager_who_helps_has_no_turn_that_could_be_counted() -> None:
    office = called()
    office.do(c.Help, visit_id="v1", for_id="li", manager_id="boss")
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.turn_of, visit.claimed_by) == (MANAGER, "li", "boss")
    office.wait(3600)
    assert office.told(n.StandInTurnUsed) == []
    office.do(c.Finish, visit_id="v1")
    assert office.line == ("wang", "zhao", "li")


def test_who_helps_with_an_owner_s_customer_uses_no_turn_however_often_and_long() -> None:
    office = Office()
    for number in range(3):
        phone = f"1380013800{number}"
        office.known("li", phone=phone)
        office.check_in(f"v{number}", phone=phone)
        office.do(c.Help, visit_id=f"v{number}", for_id="li", consultant_id="zhao")
        decided = office.last(e.Decided)
        assert (decided.rule, decided.owner_id, decided.is_turn_used) == ("R6", "li", False)
        office.wait(1800)
        office.do(c.Finish, visit_id=f"v{number}")
    assert office.told(n.StandInTurnUsed) == []
    assert office.line == ("li", "wang", "zhao")


def handed(office: Office, who: str, **said: object) -> e.Event | None:
    """What followed last when the visitor was to be handed to ``who``; None: nothing."""
    followed = office.do(c.HandOver, visit_id="v1", consultant_id=who, **said)
    return followed[-1] if followed else None


def test_a_hand_over_is_a_courtesy_owner_and_turn_stay_as_they_were() -> None:
    office = called()
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    decided = handed(office, "zhao")
    assert isinstance(decided, e.Decided)
    assert (decided.owner_id, decided.host_id, decided.turn_of) == ("li", "zhao", "li")
    assert (decided.rule, decided.is_turn_used) == ("R14", True)
    assert decided.flags == ("natural", "courtesy")
    assert office.told(n.MakeUpGranted) == []
    office.wait(3600)
    assert office.host("v1") == "zhao"  # somebody received the visitor: nobody is passed over
    assert office.told(n.StandInTurnUsed) == []


def test_who_was_handed_a_visitor_that_nobody_received_yet_must_answer_too() -> None:
    office = called()
    handed(office, "zhao")
    office.wait(121)
    assert office.last(n.Declined).consultant_id == "zhao"
    assert office.host("v1") == "li"


def test_the_owner_or_the_manager_may_ask_for_a_hand_over_and_nobody_else() -> None:
    office = Office()
    office.known("wang")
    office.do(c.Away, consultant_id="wang")
    office.check_in("v1", phone=PHONE)
    assert office.host("v1") == "li"
    assert isinstance(handed(office, "zhao", by="zhao"), n.Refused)
    assert code(office) == "not_allowed_others_visitor"
    assert isinstance(handed(office, "zhao", by="wang"), e.Decided)
    assert isinstance(handed(office, "li", by="boss", is_manager=True), e.Decided)
    assert office.state.visits["v1"].owner_id == "wang"


def test_a_hand_over_needs_somebody_free_and_a_host_who_gives() -> None:
    office = called()
    assert handed(office, "li") is None
    office.check_in("v2")
    assert isinstance(handed(office, "wang"), n.Refused)
    assert (office.last(n.Refused).consultant_id, code(office)) == (
        *("li", "not_allowed_must_be_free"),
    )
    assert office.do(c.HandOver, visit_id="v9", consultant_id="zhao") == ()
    office.do(c.Arrive, visit_id="car", plate="浙A88888")
    assert office.do(c.HandOver, visit_id="car", consultant_id="zhao") == ()


def test_a_visitor_who_waits_is_handed_to_nobody() -> None:
    office = Office(("li", "wang"))
    for who in ("li", "wang"):
        office.do(c.Away, consultant_id=who, is_excused=True)
    office.check_in("v1")
    assert office.host("v1") is None
    assert handed(office, "wang", by="boss", is_manager=True) is None
