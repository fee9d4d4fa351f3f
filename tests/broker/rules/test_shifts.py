"""Who is on duty when (排班), and what that does to the line."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.advice import AdviceError
from broker.rules.policy import Policy
from broker.rules.shifts import (
    LeaveDays,
    Shift,
    ShiftRequest,
    Shifts,
    SwappedDay,
    Week,
    otherwise,
    posts_without,
    swapped,
    why_not,
)
from tests.office import Office

MONDAY = date(2026, 11, 23)
TUESDAY, SUNDAY = MONDAY + timedelta(1), MONDAY + timedelta(6)
WEEK = Shifts(weeks=(Week(staff_id="li", days="12345"), Week(staff_id="wang", days="234567")))
SWAP = ShiftRequest(request_id="s", by="li", first=TUESDAY, with_id="zhao", takes_on=SUNDAY)


def leave(who: str, first: date, last: date) -> LeaveDays:
    return LeaveDays(leave_id=f"l-{who}", staff_id=who, first=first, last=last)


def test_a_week_holds_unless_a_day_was_swapped_and_leave_holds_before_both() -> None:
    assert [WEEK.of("li", SUNDAY), WEEK.of("wang", MONDAY)] == [Shift.OFF, Shift.OFF]
    assert WEEK.of("nobody", SUNDAY) is Shift.ON
    day = otherwise(SwappedDay(on=SUNDAY), "li", comes=True)
    assert replace(WEEK, days=(day,)).of("li", SUNDAY) is Shift.ON
    both = replace(WEEK, days=(day,), leaves=(leave("li", TUESDAY, SUNDAY),))
    assert [both.of("li", MONDAY + timedelta(n)) for n in (0, 1, 6, 7)] == [
        *(Shift.ON, Shift.LEAVE, Shift.LEAVE, Shift.ON)
    ]


@pytest.mark.parametrize("days", ["8", "21", "11", "1 2", "0"])
def test_what_is_no_week_is_refused(days: str) -> None:
    with pytest.raises(AdviceError):
        Week(staff_id="li", days=days)


def test_leave_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(AdviceError):
        leave("li", TUESDAY, MONDAY)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (SWAP, None),
        (replace(SWAP, takes_on=None), None),
        (replace(SWAP, with_id="li"), "error.shift_own"),
        (replace(SWAP, first=SUNDAY), "error.shift_not_on"),
        (replace(SWAP, with_id="wang"), "error.shift_not_free"),
        (replace(SWAP, takes_on=MONDAY), "error.shift_not_off"),
        (replace(SWAP, takes_on=TUESDAY), "error.shift_not_theirs"),
        (replace(SWAP, first=MONDAY - timedelta(1)), "error.shift_range"),
        (replace(SWAP, first=MONDAY + timedelta(99)), "error.shift_range"),
        (replace(SWAP, with_id=None, last=SUNDAY), None),
        (replace(SWAP, with_id=None, last=MONDAY), "advice.leave_range"),
        (replace(SWAP, with_id=None), "advice.leave_range"),
    ],
)
def test_a_request_that_cannot_be_says_why(asked: ShiftRequest, problem: str | None) -> None:
    shifts = replace(WEEK, weeks=(*WEEK.weeks, Week(staff_id="zhao", days="13567")))
    asked = replace(asked, takes_on=None) if asked.with_id is None else asked
    found = why_not(shifts, asked, MONDAY)
    assert (found.key if found else None) == problem


@given(
    weeks=st.lists(st.sets(st.sampled_from("1234567")), min_size=2, max_size=2),
    first=st.integers(0, 20),
    takes=st.none() | st.integers(0, 20),
)
def test_a_swap_that_makes_sense_moves_just_these_days_between_just_these_two(
    weeks: list[set[str]], first: int, takes: int | None
) -> None:
    days = ["".join(sorted(week)) for week in weeks]
    shifts = Shifts(weeks=(Week(staff_id="a", days=days[0]), Week(staff_id="b", days=days[1])))
    on = MONDAY + timedelta(first)
    takes_on = None if takes is None else MONDAY + timedelta(takes)
    asked = ShiftRequest(request_id="s", by="a", first=on, with_id="b", takes_on=takes_on)
    if why_not(shifts, asked, MONDAY):
        return
    after = replace(shifts, days=tuple(swapped(shifts, asked)))
    moved = {on, takes_on}
    for each in (MONDAY + timedelta(number) for number in range(28)):
        for who, mate in (("a", "b"), ("b", "a")):
            expected = shifts.of(mate if each in moved else who, each)
            assert after.of(who, each) is expected
    assert why_not(after, asked, MONDAY) is not None, "the same can't be agreed to twice"


def test_posts_without_anybody_are_named_in_their_order() -> None:
    assert posts_without([("bar",), ("gate", "door")], ("door", "cart", "bar", "gate")) == ("cart",)


def test_who_is_off_is_not_in_line_and_stands_where_they_stood_on_their_next_day() -> None:
    office = Office(("li", "wang", "zhao"))
    office.policy = Policy(shifts=Shifts(leaves=(leave("li", TUESDAY, TUESDAY),)))
    office.wait(86_400)
    assert list(office.line) == ["wang", "zhao"]
    assert office.last(e.DayBegan).off_duty == ("li",)
    assert office.check_in("v1").host_id == "wang"
    office.do(c.Finish, visit_id="v1")
    office.wait(86_400)
    assert list(office.line) == ["li", "zhao", "wang"]
    assert office.check_in("v2").host_id == "li"


def test_who_comes_on_their_day_off_is_in_line_and_who_went_home_stays_there() -> None:
    office = Office(("li", "wang", "zhao"))
    office.do(c.Leave, consultant_id="zhao")
    office.policy = Policy(
        shifts=Shifts(leaves=(leave("li", TUESDAY, TUESDAY), leave("zhao", TUESDAY, TUESDAY)))
    )
    office.wait(86_400)
    assert list(office.line) == ["wang"]
    office.do(c.Join, consultant_id="li")
    assert list(office.line) == ["wang", "li"]
    office.wait(86_400)
    assert list(office.line) == ["wang", "li"], "zhao has begun no day since (R21)"


def test_nobody_who_left_the_company_comes_back_from_a_day_off() -> None:
    office = Office(("li", "wang"))
    office.policy = Policy(shifts=Shifts(leaves=(leave("li", TUESDAY, TUESDAY),)))
    office.wait(86_400)
    office.do(c.LeavesCompany, consultant_id="li")
    office.wait(86_400)
    assert list(office.line) == ["wang"]
    assert office.state.off_duty == frozenset()
