"""Cases: two promises that are each kept or broken once; pauses, reopening, call-backs."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.rules.call_backs import SAMPLED_SHARE, is_drawn
from broker.rules.case_classes import CLASSES, CallBack
from broker.rules.cases import MAY_FOLLOW, Act, CaseLife, CaseMove, State, after, opened
from broker.rules.office_hours import office_hours
from broker.rules.policy import Policy
from tests.bench.call_backs import drawn_month, wrongs_of

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office_hours(Policy())
NINE = datetime(2026, 11, 23, 9, tzinfo=ZONE)
"""A Monday."""


def no() -> bool:
    return False


def yes() -> bool:
    return True


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


def case(kind: str = "complaint", **more: bool) -> CaseLife:
    return opened("k", kind, NINE, OFFICE, **more)


def done(
    was: CaseLife, *steps: tuple[Act, datetime], draw: Callable[[], bool] = no, **more: object
) -> CaseLife:
    for act, moment in steps:
        was = after(was, replace(CaseMove(act=act, at=moment), **more), OFFICE, draw)
    return was


def lateness(of: CaseLife) -> dict[str, bool]:
    return {kept.what: kept.is_late for kept in of.kept}


def test_a_complaint_has_half_an_hour_and_three_working_days() -> None:
    fresh = case()
    assert (fresh.acknowledge_by, fresh.solve_by) == (at("23 09:30"), at("26 09:00"))


def test_one_reply_keeps_one_promise_and_not_both() -> None:
    answered = done(case(), (Act.ACKNOWLEDGE, at("23 09:20")))
    assert lateness(answered) == {"acknowledge": False}
    assert answered.solve_by == at("26 09:00")
    assert answered.overdue(at("26 09:01")) == ("solve",)


def test_what_is_solved_at_once_keeps_both() -> None:
    solved = done(case(), (Act.SOLVE, at("23 09:10")))
    assert lateness(solved) == {"acknowledge": False, "solve": False}


def test_a_late_answer_stays_late_however_the_case_ends() -> None:
    ended = done(
        case(),
        (Act.ACKNOWLEDGE, at("23 10:00")),
        (Act.SOLVE, at("23 11:00")),
        (Act.CLOSE, at("23 12:00")),
    )
    assert ended.was_late
    assert lateness(ended) == {"acknowledge": True, "solve": False}


def test_while_it_waits_for_the_customer_nothing_is_overdue_and_the_clock_rests() -> None:
    waiting = done(case(), (Act.ACKNOWLEDGE, at("23 09:10")), (Act.WAIT, at("23 18:00")))
    assert waiting.overdue(at("30 09:00")) == ()
    resumed = done(waiting, (Act.RESUME, at("27 10:00")))
    # 27 working hours were promised, 8 of them had passed: 19 are left, from Friday at ten.
    assert resumed.solve_by == OFFICE.due(at("27 10:00"), timedelta(hours=19))


def test_a_pause_over_a_night_costs_no_working_time() -> None:
    paused = done(case(), (Act.WAIT, at("23 18:30")), (Act.RESUME, at("24 08:30")))
    assert paused.solve_by == at("26 09:00")


def test_what_was_broken_before_the_pause_stays_broken() -> None:
    waiting = done(case(), (Act.ACKNOWLEDGE, at("23 09:10")), (Act.WAIT, at("27 09:00")))
    assert waiting.overdue(at("27 10:00")) == ("solve",)
    solved = done(waiting, (Act.RESUME, at("27 11:00")), (Act.SOLVE, at("27 11:30")))
    assert lateness(solved)["solve"]


def test_reopening_begins_both_promises_anew_and_forgets_no_lateness() -> None:
    late = done(case(), (Act.ACKNOWLEDGE, at("23 10:00")), (Act.SOLVE, at("23 11:00")))
    anew = done(late, (Act.REOPEN, at("25 09:00")))
    assert (anew.state, anew.reopened) == (State.NEW, 1)
    assert (anew.acknowledge_by, anew.solve_by) == (at("25 09:30"), at("30 09:00"))
    assert anew.was_late


def test_another_time_that_was_agreed_counts_and_saves_no_broken_promise() -> None:
    agreed = after(
        case(), CaseMove(act=Act.PROMISE, at=at("23 10:00"), by_when=at("28 09:00")), OFFICE, no
    )
    assert agreed.solve_by == at("28 09:00")
    too_late = after(
        case(), CaseMove(act=Act.PROMISE, at=at("27 10:00"), by_when=at("30 09:00")), OFFICE, no
    )
    assert lateness(too_late)["solve"]
    assert too_late.solve_by == at("30 09:00")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_an_act_that_makes_no_sense_changes_nothing(act: Act, state: State) -> None:
    was = replace(case(), state=state)
    step = CaseMove(act=act, at=at("24 09:00"), by_when=at("25 09:00"))
    if state not in MAY_FOLLOW[act]:
        assert after(was, step, OFFICE, no) == was


ACTS = st.lists(
    st.tuples(st.sampled_from(list(Act)), st.timedeltas(timedelta(0), timedelta(days=3))),
    max_size=12,
)


@given(st.sampled_from(list(CLASSES)), ACTS)
def test_whatever_is_done_lateness_only_grows_and_no_promise_runs_where_nobody_works(
    kind: str, acts: list[tuple[Act, timedelta]]
) -> None:
    now, was = NINE, case(kind)
    for act, wait in acts:
        now += wait
        step = CaseMove(act=act, at=now, by_when=now + timedelta(days=1))
        fresh = after(was, step, OFFICE, yes)
        late = [kept for kept in was.kept if kept.is_late]
        assert fresh.kept[: len(was.kept)] == was.kept
        assert len([kept for kept in fresh.kept if kept.is_late]) >= len(late)
        if fresh.state is State.WAITING and not was.overdue(now):
            assert fresh.overdue(now + timedelta(days=60)) == ()
        if not fresh.is_open:
            assert fresh.overdue(now + timedelta(days=60)) == ()
        was = fresh


@pytest.mark.parametrize(
    ("kind", "is_called"),
    [(row.name, row.call_back is CallBack.ALWAYS) for row in CLASSES.values()],
)
def test_who_complained_is_called_back(kind: str, is_called: bool) -> None:
    solved = done(case(kind), (Act.SOLVE, at("23 10:00")))
    assert solved.is_call_back_due is is_called


@pytest.mark.parametrize("kind", ["complaint", "repair"])
def test_the_three_exceptions_are_never_called(kind: str) -> None:
    solve = (Act.SOLVE, at("23 10:00"))
    assert not done(case(kind, is_anonymous=True), solve, draw=yes).is_call_back_due
    assert not done(case(kind), solve, draw=yes, is_on_the_spot=True).is_call_back_due
    assert not done(case(kind), solve, draw=yes, is_sensitive=True).is_call_back_due


def test_nobody_is_called_twice() -> None:
    called = done(case(), (Act.SOLVE, at("23 10:00")), (Act.CALL_BACK, at("23 11:00")))
    assert called.called_back_at
    again = done(called, (Act.REOPEN, at("24 09:00")), (Act.SOLVE, at("24 10:00")))
    assert not again.is_call_back_due


def test_of_a_month_s_repairs_never_fewer_than_the_share_are_called_over_10_000_months() -> None:
    chance = random.Random(20261123)
    shares = []
    for _ in range(10_000):
        solved, chosen = chance.randint(1, 40), 0
        for number in range(solved):
            chosen += is_drawn(chosen, number, chance.random())
            assert chosen >= SAMPLED_SHARE * (number + 1)
        shares.append(chosen / solved)
    assert min(shares) >= SAMPLED_SHARE
    assert sum(shares) / len(shares) < 0.9, "by chance, and not everybody"


def test_a_month_of_repairs_that_are_paused_reopened_and_excepted_keeps_the_share() -> None:
    chance = random.Random(20261123)
    for _ in range(60):
        assert wrongs_of(drawn_month(chance)) == []
