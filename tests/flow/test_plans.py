"""Plans by page (接待计划): asked for, approved, moved with their steps, cancelled."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.local.questions import PlanStep
from broker.rules.duties import DutyState
from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from shared.errors import MessageError
from shared.messages import Alert, Booking, BookingKind, Message, ReportKind
from tests.fakes import NINE, FakeClock
from tests.hub_answers import after, answers, report, time_passes
from tests.hub_fixtures import PEOPLE, clocked

TABLE = (
    DutyPlan(key="fruit", post="parking", text="果盘", times="vip-45", late=Late.RUN),
    DutyPlan(key="lights", post="parking", text="沙盘灯", times="vip-5", late=Late.RUN),
)
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    return clocked(open_hub(tmp_path, PEOPLE, Policy(duties=TABLE), clock), clock)


def asked(kind: BookingKind, by: str, number: int = 1, **more: object) -> Booking:
    booking = Booking(
        booking_id=f"b-{number}",
        staff_id=by,
        kind=kind,
        booked_at=NINE,
        starts_at=TEN,
        ends_at=TEN + timedelta(hours=1),
        name="贺总",
        phone=f"1390000000{number}",
        vip_level="vip",
    )
    return replace(booking, **more)


def step(
    act: str, by: str = "chen", number: int = 1, starts_at: datetime | None = None
) -> PlanStep:
    return PlanStep(
        step_id=f"{act}-{by}-{number}",
        booking_id=f"b-{number}",
        asked_at=NINE,
        staff_id=by,
        act=act,
        starts_at=starts_at,
        ends_at=starts_at and starts_at + timedelta(hours=1),
    )


def titles(found: Iterable[Message]) -> dict[str, str]:
    return {one.role or one.staff_id or "": one.title for one in found if isinstance(one, Alert)}


def names(hub: Hub) -> list[str]:
    return [plan.booking_id or "" for plan in hub.decider.state.expected]


def states(hub: Hub) -> dict[str, DutyState]:
    on = hub.decider.policy.local(hub.clock()).date()
    return {duty.text[:2]: duty.state for duty in hub.duties.of_day(on)}


def test_what_a_consultant_asks_for_counts_once_the_manager_approves(hub: Hub) -> None:
    assert titles(answers(hub, asked(BookingKind.REQUEST, "li"))) == {"manager": "接待申请"}
    assert names(hub) == []
    with pytest.raises(MessageError):
        answers(hub, step("approve", "li"))
    found = answers(hub, step("approve"))
    assert titles(found)["li"] == "申请有答复"
    assert names(hub) == ["b-1"]
    assert hub.decider.state.asked == ()
    with pytest.raises(MessageError):
        answers(hub, step("approve", number=1))


def test_what_is_declined_counts_for_nobody_and_the_asker_hears_why(hub: Hub) -> None:
    answers(hub, asked(BookingKind.REQUEST, "li"))
    found = answers(hub, replace(step("decline"), reason="当天已有安排"))
    (told,) = [one for one in found if isinstance(one, Alert) and one.staff_id == "li"]
    assert "退回" in told.text
    assert "当天已有安排" in told.text
    assert (names(hub), hub.decider.state.asked) == ([], ())


def test_a_consultant_s_own_word_plans_no_vip(hub: Hub) -> None:
    answers(hub, asked(BookingKind.VIP, "li"))
    assert (names(hub), hub.decider.state.asked) == ([], ())


def test_what_was_asked_for_is_not_approved_over_a_time_that_was_taken_since(hub: Hub) -> None:
    answers(hub, asked(BookingKind.REQUEST, "li", is_exclusive=True))
    answers(hub, asked(BookingKind.VIP, "chen", 2, is_exclusive=True))
    with pytest.raises(MessageError, match="最近可约"):
        answers(hub, step("approve"))
    assert names(hub) == ["b-2"]
    assert len(hub.decider.state.asked) == 1


def test_moving_a_plan_moves_only_what_is_still_to_do(hub: Hub, clock: FakeClock) -> None:
    answers(hub, asked(BookingKind.VIP, "chen"))
    found = after(hub, clock, 15 * 60)
    fruit = next(one for one in found if isinstance(one, Alert) and "果盘" in one.text)
    answers(hub, report(ReportKind.DUTY_DONE, "wu", duty_id=fruit.visit_id))
    answers(hub, step("move", starts_at=TEN + timedelta(hours=2)))
    time_passes(hub)
    assert states(hub) == {"果盘": DutyState.DONE, "沙盘": DutyState.PLANNED}
    assert not [one for one in after(hub, clock, 3600) if isinstance(one, Alert)]
    found = after(hub, clock, 6000)
    assert [one.text for one in found if isinstance(one, Alert) and "沙盘灯" in one.text]


def test_a_cancelled_plan_frees_its_time_and_its_steps(hub: Hub, clock: FakeClock) -> None:
    answers(hub, asked(BookingKind.VIP, "chen", is_exclusive=True, host_id="li"))
    after(hub, clock, 15 * 60)
    found = answers(hub, step("cancel"))
    assert titles(found)["li"] == "到访取消"
    time_passes(hub)
    assert {*states(hub).values()} == {DutyState.DROPPED}
    answers(hub, asked(BookingKind.VIP, "chen", 2, is_exclusive=True, booked_at=hub.clock()))
    assert names(hub) == ["b-2"]


def test_a_move_onto_somebody_else_s_time_changes_nothing(hub: Hub) -> None:
    answers(hub, asked(BookingKind.VIP, "chen", is_exclusive=True))
    later = TEN + timedelta(hours=3)
    two = asked(BookingKind.VIP, "chen", 2, is_exclusive=True, starts_at=later)
    answers(hub, replace(two, ends_at=later + timedelta(hours=1)))
    with pytest.raises(MessageError, match="清场"):
        answers(hub, step("move", starts_at=later))
    assert [plan.starts_at for plan in hub.decider.state.expected] == [TEN, later]


def test_a_room_is_somebody_s_at_one_time(hub: Hub) -> None:
    answers(hub, asked(BookingKind.VIP, "chen", rooms=("VIP1", "A3")))
    found = answers(hub, asked(BookingKind.VIP, "chen", 2, rooms=("VIP1",)))
    assert [one.text for one in found if isinstance(one, Alert) and "VIP1" in one.text]
    assert names(hub) == ["b-1"]
    answers(hub, asked(BookingKind.VIP, "chen", 3, rooms=("VIP2",)))
    assert names(hub) == ["b-1", "b-3"]
