"""Duties as the table says them: when each is due, and what becomes of one that is late."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from broker.rules.duties import (
    DEVICE_ANSWERS_WITHIN,
    LADDER,
    Duty,
    DutyAct,
    DutyState,
    DutyStep,
    after,
    due,
    next_at,
    put_right,
)
from broker.rules.duty_planning import of_day, still_to_plan, to_drop
from broker.rules.duty_table import DutyPlan, Late, PlannedArrival
from broker.rules.policy import Policy, SpecialDay
from tests.office import MORNING

TODAY = MORNING.date()


def plan(times: str = "09:00", late: Late = Late.ASK, key: str = "carts") -> DutyPlan:
    return DutyPlan(key=key, post="cart", text="电瓶车车况", times=times, late=late)


def house(*plans: DutyPlan, **chosen: object) -> Policy:
    return Policy(duties=plans, **chosen)  # type: ignore[arg-type]


def of_today(policy: Policy) -> Duty:
    (duty,) = of_day(policy, TODAY).values()
    return duty


def at(clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return MORNING.replace(hour=hours, minute=minutes)


def lived(duty: Duty, policy: Policy, *moments: datetime) -> Duty:
    """The duty after somebody looked at these moments."""
    for moment in moments:
        if step := due(duty, policy, moment):
            duty = after(duty, step)
    return duty


@pytest.mark.parametrize(
    ("times", "clocks"),
    [
        ("08:00", ["08:00"]),
        ("13:30 08:00 08:00", ["08:00", "13:30"]),
        ("open-30", ["08:00"]),
        ("close+10 open", ["08:30", "18:40"]),
        ("09:00-11:00/60", ["09:00", "10:00", "11:00"]),
        ("open~10:00/45", ["08:30", "09:15", "10:00"]),
        ("17:00-close/60", ["17:00", "18:00"]),
        ("close+999", []),
    ],
)
def test_a_duty_is_due_at_the_times_of_the_table(times: str, clocks: list[str]) -> None:
    found = of_day(house(plan(times)), TODAY).values()
    assert [f"{duty.due_at:%H:%M}" for duty in found] == clocks


def test_a_house_that_never_closes_has_its_rounds_all_day() -> None:
    found = of_day(house(plan("open-close/60"), open="00:00", close="24:00"), TODAY).values()
    assert [duty.due_at.hour for duty in found] == list(range(24))


def test_nothing_is_due_on_a_closed_day_and_shorter_hours_move_what_hangs_on_them() -> None:
    closed, short = date(2026, 11, 24), date(2026, 11, 25)
    policy = house(
        plan("open-30 12:00"),
        special_days=(SpecialDay(on=closed), SpecialDay(on=short, open="10:00", close="16:00")),
    )
    assert of_day(policy, closed) == {}
    assert [f"{duty.due_at:%H:%M}" for duty in of_day(policy, short).values()] == ["09:30", "12:00"]


@pytest.mark.parametrize(
    "times", ["", "25:00", "8:00", "open-", "09:00-18:00/0", "18:00-09:00/60", "noon", "08:00,"]
)
def test_times_that_no_clock_shows_are_refused(times: str) -> None:
    with pytest.raises(ValueError, match="duties"):
        plan(times)


def test_a_key_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="duties"):
        house(plan(), plan("10:00"))


def test_what_is_not_done_climbs_the_ladder_once_and_is_missed_at_the_end_of_its_day() -> None:
    policy = house(plan())
    duty = lived(of_today(policy), policy, at("08:59"))
    assert duty.state is DutyState.PLANNED
    duty = lived(duty, policy, at("09:00"), at("09:10"))
    assert (duty.state, duty.rung) == (DutyState.TOLD, 0)
    duty = lived(duty, policy, at("09:15"), at("09:16"))
    assert duty.rung == 1
    duty = lived(duty, policy, at("09:30"), at("22:00"))
    assert (duty.state, duty.rung) == (DutyState.TOLD, len(LADDER))
    assert duty.is_overdue(at("22:00"))
    midnight = policy.start_of(TODAY + timedelta(days=1))
    assert next_at(duty, policy) == midnight
    assert lived(duty, policy, midnight).state is DutyState.MISSED


def test_an_outage_rings_the_last_rung_only() -> None:
    policy = house(plan())
    told = lived(of_today(policy), policy, at("09:00"))
    step = due(told, policy, at("12:00"))
    assert step == DutyStep(DutyAct.CLIMB, at("12:00"), rung=len(LADDER))


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (Late.RUN, DutyState.TOLD),
        (Late.SKIP, DutyState.SKIPPED),
        (Late.ASK, DutyState.ASKED),
    ],
)
def test_what_an_outage_swallowed_goes_by_its_policy(late: Late, state: DutyState) -> None:
    policy = house(plan(late=late))
    assert lived(of_today(policy), policy, at("09:15")).state is DutyState.TOLD
    assert lived(of_today(policy), policy, at("09:16")).state is state


def test_who_is_asked_says_whether_it_is_still_done() -> None:
    policy = house(plan())
    asked = lived(of_today(policy), policy, at("12:00"))
    done = after(asked, DutyStep(DutyAct.TELL, at("12:05"), "chen"))
    left_out = after(asked, DutyStep(DutyAct.SKIP, at("12:05"), "chen"))
    assert (done.state, left_out.state) == (DutyState.TOLD, DutyState.SKIPPED)
    assert lived(asked, policy, at("23:59")).state is DutyState.ASKED


def test_what_is_done_stays_done() -> None:
    policy = house(plan())
    done = after(of_today(policy), DutyStep(DutyAct.DONE, at("08:50"), "han"))
    assert lived(done, policy, at("09:00"), at("20:00")) == done
    for act in set(DutyAct) - {DutyAct.PUT_RIGHT}:
        assert after(done, DutyStep(act, at("09:00"), "wu")) == done
    assert put_right(done, at("08:00")) is None


def test_a_clock_that_was_ahead_ends_nothing_for_good_and_rings_nothing_twice() -> None:
    policy = house(plan(), plan("15:00", key="fruit"))
    ahead = policy.start_of(TODAY + timedelta(days=1)) + timedelta(hours=9)
    first, second = (
        lived(duty, policy, *moments)
        for duty, moments in zip(
            of_day(policy, TODAY).values(), [(at("09:00"), ahead), (ahead,)], strict=True
        )
    )
    assert {first.state, second.state} == {DutyState.MISSED}
    righted = [after(duty, put_right(duty, at("09:20"))) for duty in (first, second)]  # type: ignore[arg-type]
    assert [duty.state for duty in righted] == [DutyState.TOLD, DutyState.PLANNED]
    assert lived(righted[0], policy, at("09:20")).rung == 1


def test_a_changed_table_plans_only_what_is_to_come_and_drops_what_it_has_no_more() -> None:
    before = of_day(house(plan("09:00 14:00"), plan("16:00", key="fruit")), TODAY)
    wanted = of_day(house(plan("08:00 14:00 15:00")), TODAY)
    new = still_to_plan(wanted, before, at("10:00"))
    assert [f"{duty.due_at:%H:%M}" for duty in new] == ["15:00"]
    dropped = to_drop(wanted, before.values())
    assert sorted(f"{duty.due_at:%H:%M}" for duty in dropped) == ["09:00", "16:00"]


def test_the_steps_of_a_plan_hang_on_its_arrival_and_go_by_their_policy() -> None:
    policy = house(plan("vip-45 plan+5", Late.RUN, "cooling"), plan("a-60", key="guides"))
    arrivals = (PlannedArrival("vip", at("10:30")), PlannedArrival("A", at("14:00")))
    found = of_day(policy, TODAY, arrivals)
    clocks = {f"{duty.due_at:%H:%M} {duty.text}" for duty in found.values()}
    assert clocks == {
        *("09:45 电瓶车车况 · VIP 10:30", "10:35 电瓶车车况 · VIP 10:30"),
        *("14:05 电瓶车车况 · A 14:00", "13:00 电瓶车车况 · A 14:00"),
    }
    late = still_to_plan(found, {}, at("10:00"))
    assert len(late) == 4, "what a plan made late should have had before goes by its policy"
    moved = of_day(policy, TODAY, (PlannedArrival("vip", at("11:00")), arrivals[1]))
    told = {key: lived(duty, policy, at("09:45")) for key, duty in found.items()}
    dropped = to_drop(moved, told.values())
    assert [f"{duty.due_at:%H:%M}" for duty in dropped] == ["10:35"], "what was told stays told"


def test_what_is_done_after_a_visit_counts_from_the_good_bye() -> None:
    policy = house(plan("plan.left+15 vip-5"))
    here = PlannedArrival("vip", at("10:30"), "b-1")
    assert [f"{duty.due_at:%H:%M}" for duty in of_day(policy, TODAY, (here,)).values()] == ["10:25"]
    gone = PlannedArrival("vip", at("10:30"), "b-1", at("11:40"))
    found = of_day(policy, TODAY, (gone,)).values()
    assert sorted(f"{duty.due_at:%H:%M}" for duty in found) == ["10:25", "11:55"]


def test_a_plan_has_its_steps_on_a_day_on_which_the_house_is_closed() -> None:
    closed = house(plan("vip-45 09:00"), special_days=(SpecialDay(on=TODAY),))
    (duty,) = of_day(closed, TODAY, (PlannedArrival("vip", at("10:30")),)).values()
    assert f"{duty.due_at:%H:%M}" == "09:45"


def scene(late: Late = Late.RUN, within_minutes: int = 5) -> Policy:
    row = plan("09:00", late)
    return house(replace(row, scene="lights", scene_value="film", within_minutes=within_minutes))


def test_a_device_is_told_first_and_a_person_once_it_was_silent_for_too_long() -> None:
    policy = scene()
    duty = of_today(policy)
    assert next_at(duty, policy) == at("09:00")
    switched = lived(duty, policy, at("09:00"))
    assert (switched.state, switched.switched_at) == (DutyState.SWITCHED, at("09:00"))
    over = at("09:00") + DEVICE_ANSWERS_WITHIN
    assert next_at(switched, policy) == over
    assert lived(switched, policy, over - timedelta(seconds=1)) == switched
    told = lived(switched, policy, over)
    assert (told.state, told.told_at, told.rung) == (DutyState.TOLD, over, 0)
    done = after(told, DutyStep(DutyAct.DONE, over, "lights"))
    assert (done.state, done.by) == (DutyState.DONE, "lights")


@pytest.mark.parametrize(
    ("late", "state"),
    [(Late.RUN, DutyState.TOLD), (Late.SKIP, DutyState.SKIPPED), (Late.ASK, DutyState.ASKED)],
)
def test_a_device_is_never_told_late(late: Late, state: DutyState) -> None:
    policy = scene(late)
    duty = of_today(policy)
    swallowed = lived(duty, policy, at("12:00"))
    assert (swallowed.state, swallowed.switched_at) == (state, None)
    cut_off = lived(duty, policy, at("09:00"), at("12:00"))
    assert cut_off.state is state


def test_a_clock_that_was_ahead_tells_a_device_nothing_twice() -> None:
    policy = scene()
    switched = lived(of_today(policy), policy, at("09:00"))
    step = put_right(switched, at("08:00"))
    assert step is not None
    righted = after(switched, step)
    assert (righted.state, righted.switched_at) == (DutyState.SWITCHED, at("08:00"))
