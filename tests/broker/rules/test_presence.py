"""Who is in line: leaving, joining, passed over, skips taken back, the day's order (R21, R23)."""

from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from tests.office import MORNING, Office

PHONE, OTHER_PHONE = "13800138000", "13900001111"


def next_day(office: Office, hour: int = 8) -> None:
    """It is so late on the next day, and nobody has done anything yet."""
    office.now = office.now.replace(hour=hour, minute=0, second=0) + timedelta(days=1)


def excused(office: Office, *people: str) -> None:
    """These are on leave."""
    for who in people:
        office.do(c.Away, consultant_id=who, is_excused=True)


def test_who_ended_a_day_is_in_no_later_line_before_they_join() -> None:
    office = Office()
    office.do(c.Leave, consultant_id="li")
    for _ in range(2):
        next_day(office, hour=9)
        office.do(c.Tick)
        assert office.line == ("wang", "zhao")
    assert office.check_in("v1").host_id == "wang"


@pytest.mark.parametrize(
    ("hour", "minute", "line"),
    [(8, 29, ("li", "wang", "zhao")), (8, 30, ("wang", "zhao", "li"))],
)
def test_who_joins_before_opening_has_yesterday_s_place_and_later_the_end(
    hour: int, minute: int, line: tuple[str, ...]
) -> None:
    office = Office()
    office.do(c.Leave, consultant_id="li")
    next_day(office, hour)
    office.now = office.now.replace(minute=minute)
    office.do(c.Join, consultant_id="li")
    assert office.line == line


def test_who_is_new_joins_at_the_end_also_before_opening() -> None:
    office = Office(now=MORNING.replace(hour=8))
    office.do(c.SetRoster, consultants=(*office.state.roster.values(), new_here()))
    office.do(c.Join, consultant_id="sun")
    assert office.line == ("li", "wang", "zhao", "sun")


def new_here() -> c.Consultant:
    return c.Consultant(id="sun", name="孙丽")


def test_leave_for_lunch_ends_with_the_day() -> None:
    office = Office()
    excused(office, "li")
    next_day(office)
    office.do(c.Tick)
    assert (office.line, office.state.absent) == (("li", "wang", "zhao"), {})


def test_who_has_left_the_company_or_is_the_manager_joins_no_line() -> None:
    office = Office()
    office.do(c.LeavesCompany, consultant_id="li")
    assert office.do(c.Join, consultant_id="li") == ()
    assert office.do(c.Join, consultant_id=MANAGER) == ()
    assert office.line == ("wang", "zhao")


def test_who_ends_the_day_while_called_is_passed_over_and_the_next_is_called() -> None:
    office = Office()
    office.check_in("v1")
    kinds = [type(event) for event in office.do(c.Leave, consultant_id="li")]
    assert kinds == [n.PassedOver, e.Rejoined, e.Left, e.Decided]
    assert (office.host("v1"), office.last(n.PassedOver).is_declined) == ("wang", False)


def all_passed(office: Office) -> None:
    """A visitor came, and everybody was passed over."""
    office.check_in("v1", phone=PHONE)
    office.wait(120 * len(office.line) + 121)
    assert office.host("v1") is None


def test_who_was_passed_over_is_called_for_the_next_visitor_but_not_for_this_one() -> None:
    office = Office(("li", "wang"))
    all_passed(office)
    for who in ("li", "wang"):
        office.do(c.Away, consultant_id=who)
        office.do(c.Back, consultant_id=who)
    assert office.host("v1") is None
    assert office.check_in("v2").host_id == "li"


def test_a_late_comer_is_called_for_a_visitor_for_whom_all_others_were_passed_over() -> None:
    office = Office(("li", "wang", "zhao"))
    office.do(c.Leave, consultant_id="zhao")
    all_passed(office)
    office.do(c.Join, consultant_id="zhao")
    assert office.host("v1") == "zhao"


def test_only_their_own_word_takes_who_was_passed_over_to_a_visitor_who_waits() -> None:
    office = Office(("li", "wang"))
    all_passed(office)
    office.do(c.Away, consultant_id="wang")
    followed = office.do(c.Ack, consultant_id="wang", visit_id="v1")
    assert [type(event) for event in followed] == [e.CameBack, e.Decided, e.Acknowledged]
    visit = office.state.visits["v1"]
    assert (visit.host_id, visit.turn_of, visit.passed) == ("wang", "wang", ("li",))
    assert office.state.absent == {}
    office.wait(600)
    assert office.host("v1") == "wang"


def test_who_was_passed_over_and_comes_while_another_is_called_is_told_so() -> None:
    office = Office(("li", "wang"))
    office.check_in("v1")
    office.wait(121)
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    refused = office.last(n.Refused)
    assert refused.because is not None
    assert (office.host("v1"), refused.consultant_id, refused.because.code) == (
        *("wang", "li", "not_allowed_others_visitor"),
    )


@pytest.mark.parametrize("how", [c.Back, c.Ack])
def test_an_owner_who_did_not_answer_takes_the_customer_who_still_waits(
    how: type[c.Command],
) -> None:
    office = Office(("wang", "zhao"))
    office.known("wang")
    excused(office, "zhao")
    office.check_in("v1", phone=PHONE)
    office.wait(121)
    assert office.host("v1") is None
    visit = {"visit_id": "v1"} if how is c.Ack else {}
    office.do(how, consultant_id="wang", **visit)
    assert (office.host("v1"), office.state.visits["v1"].turn_of) == ("wang", None)


def test_an_owner_whose_customer_a_colleague_receives_need_not_come_back() -> None:
    office = Office(("wang", "li"))
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.do(c.PassOn, consultant_id="wang", visit_id="v1")
    assert office.host("v1") == "li"
    assert office.do(c.Back, consultant_id="wang") == ()


def test_an_owner_who_comes_back_while_a_helper_is_called_leaves_the_visitor_with_them() -> None:
    office = Office(("wang", "li"))
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.wait(121)
    office.do(c.Ack, consultant_id="wang", visit_id="v1")
    assert office.host("v1") == "li"
    assert office.last(n.Refused).consultant_id == "wang"


def test_who_says_that_they_cannot_come_is_passed_over_by_their_own_word() -> None:
    office = Office()
    office.check_in("v1")
    office.do(c.PassOn, consultant_id="li", visit_id="v1")
    skip = office.last(n.PassedOver)
    assert (skip.consultant_id, skip.called_at, skip.is_declined) == ("li", MORNING, True)
    assert office.line == ("zhao", "li")


def test_a_skip_that_is_taken_back_gives_the_place_back_and_not_this_visitor() -> None:
    office = Office()
    office.check_in("v1")
    office.wait(121)
    assert office.line == ("zhao", "li")
    taken = {"visit_id": "v1", "consultant_id": "li", "reason": "在接待领导"}
    office.do(c.TakeBackSkip, **taken)
    told = office.last(n.SkipTakenBack)
    assert (told.consultant_id, told.visit_id, told.reason) == ("li", "v1", "在接待领导")
    assert (office.line, office.host("v1")) == (("li", "zhao"), "wang")
    assert office.do(c.TakeBackSkip, **taken) == ()
    office.do(c.PassOn, consultant_id="wang", visit_id="v1")
    assert office.host("v1") == "zhao"


def test_a_place_given_back_stands_behind_those_who_were_before() -> None:
    office = Office(("li", "wang", "zhao", "chen"))
    excused(office, "li")
    office.check_in("v1")
    office.wait(121)
    office.do(c.TakeBackSkip, visit_id="v1", consultant_id="wang", reason="设备故障")
    assert office.line == ("li", "wang", "chen")


@pytest.mark.parametrize(("visit_id", "who"), [("v1", "wang"), ("v2", "li")])
def test_nobody_gets_a_place_back_who_was_not_passed_over_for_that_visitor(
    visit_id: str, who: str
) -> None:
    office = Office()
    office.check_in("v1")
    office.wait(121)
    command = {"visit_id": visit_id, "consultant_id": who, "reason": "没有"}
    assert office.do(c.TakeBackSkip, **command) == ()


def test_a_skip_of_yesterday_cannot_be_taken_back() -> None:
    office = Office()
    office.check_in("v1")
    office.wait(121)
    next_day(office)
    taken = office.do(c.TakeBackSkip, visit_id="v1", consultant_id="li", reason="晚了")
    assert not any(isinstance(event, n.SkipTakenBack) for event in taken)


def with_a_make_up() -> Office:
    """Zhao has a make-up turn and nobody else is there but Sun."""
    office = Office(("wang", "zhao", "sun"))
    office.known("wang")
    excused(office, "wang")
    office.check_in("v0", phone=PHONE)
    office.do(c.Ack, consultant_id="zhao", visit_id="v0")
    office.do(c.Finish, visit_id="v0")
    return office


@pytest.mark.parametrize("is_called", [True, False])
def test_a_make_up_turn_that_was_skipped_is_lost_and_comes_back_with_the_skip(
    *, is_called: bool
) -> None:
    office = with_a_make_up()
    if not is_called:
        office.do(c.Away, consultant_id="zhao")
        office.wait(121)
    office.check_in("v1")
    if is_called:
        office.wait(121)
    assert (office.host("v1"), office.state.make_ups) == ("sun", ())
    assert office.line == ("wang", "zhao")
    office.do(c.TakeBackSkip, visit_id="v1", consultant_id="zhao", reason="设备故障")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]
    assert office.line == ("zhao", "wang")


def test_the_manager_closes_the_day_and_what_was_open_is_listed() -> None:
    office = Office()
    office.check_in("v1")
    office.do(c.Arrive, visit_id="car", plate="浙A88888")
    followed = office.do(c.CloseDay)
    kinds = [type(event) for event in followed]
    assert kinds == [n.LeftOpen, e.Finished, e.Rejoined, e.DayClosed]
    assert (office.last(n.LeftOpen).visit_id, office.last(n.LeftOpen).consultant_id) == ("v1", "li")
    assert set(office.state.visits) == {"car"}


def test_the_order_of_the_day_may_be_set_with_its_first_command() -> None:
    office = Office()
    next_day(office)
    on = office.now.date()
    office.do(c.NextDay, on=on, order=("zhao", "li", "wang"))
    assert (office.state.today, office.line) == (on, ("zhao", "li", "wang"))
    assert len(office.all_of(e.DayBegan)) == 2


def test_an_order_leaves_at_home_who_ended_a_day_and_drops_who_is_not_in_it() -> None:
    office = Office(("li", "wang", "zhao"))
    office.do(c.Leave, consultant_id="li")
    next_day(office)
    office.do(c.NextDay, on=office.now.date(), order=("zhao", "li"))
    assert (office.line, office.state.line) == (("zhao",), ("zhao", "li"))


def test_a_day_set_ahead_begins_and_a_turn_of_the_day_before_is_over() -> None:
    office = Office()
    office.check_in("v1")
    tomorrow = office.now.date() + timedelta(days=1)
    office.do(c.NextDay, on=tomorrow)
    assert (office.state.today, office.state.visits) == (tomorrow, {})


def test_after_hours_nobody_is_called_who_was_passed_over_for_this_visitor_or_has_left() -> None:
    office = Office(("li", "wang"), Policy(duty=("li", "wang")), now=MORNING.replace(hour=18))
    office.check_in("v1")
    office.wait(121)
    office.do(c.Ack, consultant_id="wang", visit_id="v1")
    office.do(c.LeavesCompany, consultant_id="wang")
    assert office.host("v1") is None
    office.wait(3600)
    assert office.host("v1") == MANAGER
    assert office.check_in("v2").host_id == "li"
