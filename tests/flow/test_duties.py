"""Duties of the posts as the hub tells, keeps and counts them."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from broker.console.people_view import Person
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.local.post_box import PostBox
from broker.queries.duty_book import HubDuties
from broker.rules.duties import DutyState
from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from shared.errors import MessageError
from shared.messages import (
    Alert,
    AlertClosed,
    AlertKind,
    Booking,
    BookingKind,
    Message,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers, time_passes
from tests.hub_fixtures import PEOPLE, clocked
from tests.register_rows import cells

TABLE = (
    DutyPlan(key="carts", post="parking", text="车况检查", times="09:30", late=Late.RUN),
    DutyPlan(key="patrol", post="door", text="巡逻", times="10:00", late=Late.SKIP),
    DutyPlan(key="fruit", post="bar", text="备水果", times="10:30"),
    DutyPlan(key="film", post="door", text="开影片", times="vip-5", late=Late.RUN),
)
CHEN = Person("chen", "陈经理", ("manager",), "6666")
WU = Person("wu", "小吴", ("parking",), "3333")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def opened(folder: Path, clock: FakeClock) -> Hub:
    return clocked(open_hub(folder, PEOPLE, Policy(duties=TABLE), clock), clock)


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    hub = opened(tmp_path, clock)
    assert told(time_passes(hub)) == []
    return hub


def told(found: list[Message]) -> list[tuple[str, str | None]]:
    return [
        (one.title, one.role) for one in found if isinstance(one, Alert) and "任务" in one.title
    ]


def until(hub: Hub, clock: FakeClock, hours: int, minutes: int) -> list[Message]:
    local = hub.decider.policy.local(clock.moment)
    clock.moment = local.replace(hour=hours, minute=minutes, second=0)
    return time_passes(hub)


def reports(hub: Hub, kind: ReportKind, by: str, key: str, **more: str) -> list[Message]:
    duty_id = next(duty.duty_id for duty in hub.duties.of_day(today(hub)) if key in duty.duty_id)
    number = hub.journal.head()
    report = StaffReport(
        report_id=f"r-{number.seq if number else 0}",
        staff_id=by,
        kind=kind,
        reported_at=hub.clock(),
        duty_id=duty_id,
        **more,  # type: ignore[arg-type]
    )
    return answers(hub, report)


def today(hub: Hub) -> date:
    return hub.decider.policy.local(hub.clock()).date()


def states(hub: Hub) -> dict[str, str]:
    return {duty.text: duty.state for duty in hub.duties.of_day(today(hub))}


def test_a_duty_is_told_once_climbs_quietly_and_is_ticked_once(hub: Hub, clock: FakeClock) -> None:
    (alert,) = [one for one in until(hub, clock, 9, 30) if isinstance(one, Alert)]
    assert (alert.kind, alert.role, alert.level, alert.needs_claim) == (
        *(AlertKind.TASK, "parking", "info"),
        False,
    )
    assert "车况检查" in alert.text
    assert time_passes(hub) == []
    assert told(until(hub, clock, 9, 45)) == [("任务还没办", "parking"), ("任务还没办", "door")]
    closed = reports(hub, ReportKind.DUTY_DONE, "wu", "carts")
    assert {type(one) for one in closed} == {AlertClosed}
    assert told(until(hub, clock, 10, 0)) == [("岗位任务", "door")], "nobody hears of it any more"
    with pytest.raises(MessageError, match="小吴"):
        reports(hub, ReportKind.DUTY_DONE, "zhao", "carts")


def test_only_the_post_and_the_manager_tick_a_duty(hub: Hub, clock: FakeClock) -> None:
    until(hub, clock, 9, 30)
    refused = reports(hub, ReportKind.DUTY_DONE, "lin", "carts")
    assert "manager" in {one.role for one in refused if isinstance(one, Alert)}
    assert states(hub)["车况检查"] == DutyState.TOLD
    reports(hub, ReportKind.DUTY_IMPOSSIBLE, "chen", "carts", reason="车在维修")
    assert states(hub)["车况检查"] == DutyState.IMPOSSIBLE
    assert [line.may for line in HubDuties(hub, PostBox()).today(WU)] == [()]


def test_an_outage_leaves_each_duty_to_its_policy_and_a_restart_tells_nothing_twice(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    hub.inbox.db.close()
    clock.moment += timedelta(hours=3)
    hub = opened(tmp_path, clock)
    assert told(time_passes(hub)) == [("岗位任务", "parking"), ("过了时间的任务", "manager")]
    assert states(hub) == {"车况检查": "told", "巡逻": "skipped", "备水果": "asked"}
    hub.inbox.db.close()
    hub = opened(tmp_path, clock)
    assert told(time_passes(hub)) == []
    may = {line.text: line.may for line in HubDuties(hub, PostBox()).today(CHEN)}
    assert may["备水果"] == ("duty_run", "duty_skip")
    assert told(reports(hub, ReportKind.DUTY_RUN, "chen", "fruit")) == [("岗位任务", "manager")]


def test_a_first_day_without_a_duty_is_planned_and_the_next_is_not_taken_for_the_first(
    tmp_path: Path, clock: FakeClock
) -> None:
    clock.moment += timedelta(hours=12)
    hub = opened(tmp_path, clock)
    assert told(time_passes(hub)) == []
    assert states(hub) == {}
    hub.inbox.db.close()
    clock.moment += timedelta(hours=15)
    hub = opened(tmp_path, clock)
    assert told(time_passes(hub)) == [("岗位任务", "parking"), ("过了时间的任务", "manager")]
    assert states(hub) == {"车况检查": "told", "巡逻": "skipped", "备水果": "asked"}


def test_the_register_and_the_days_report_have_what_was_missed(hub: Hub, clock: FakeClock) -> None:
    until(hub, clock, 9, 30)
    reports(hub, ReportKind.DUTY_DONE, "wu", "carts")
    until(hub, clock, 10, 0)
    until(hub, clock, 10, 30)
    reports(hub, ReportKind.DUTY_IMPOSSIBLE, "chen", "fruit", reason="没有货")
    report = [one for one in until(hub, clock, 18, 30) if isinstance(one, Alert)][-1]
    assert "任务没办 1，未结事项 0" in report.text
    seen = {row["duty"]: (row["state"], row["who"], row["reason"]) for row in cells(hub, "duties")}
    assert seen == {
        "车况检查": ("已完成", "小吴", ""),
        "巡逻": ("没有办", "", ""),
        "备水果": ("未办成", "陈经理", "没有货"),
    }
    clock.moment += timedelta(days=1)
    time_passes(hub)
    assert hub.duties.find("20261123-1000-patrol").state == DutyState.MISSED  # type: ignore[union-attr]


def test_a_clock_a_day_ahead_loses_no_duty_once_it_is_right(hub: Hub, clock: FakeClock) -> None:
    right = clock.moment
    clock.moment = right + timedelta(days=1, hours=3)
    time_passes(hub)
    clock.moment = right + timedelta(minutes=5)
    time_passes(hub)
    assert set(states(hub).values()) == {"planned"}
    assert told(until(hub, clock, 9, 30)) == [("岗位任务", "parking")]


def test_a_vips_plan_makes_its_steps_due_before_the_arrival(hub: Hub, clock: FakeClock) -> None:
    answers(
        hub,
        Booking(
            booking_id="b-1",
            staff_id="chen",
            kind=BookingKind.VIP,
            booked_at=NINE,
            name="周总",
            vip_level="vip",
            plates=("浙A00001",),
            starts_at=NINE + timedelta(hours=3),
        ),
    )
    assert time_passes(hub) == []
    assert "开影片 · VIP 12:00" in states(hub)
    until(hub, clock, 11, 54)
    (alert,) = [one for one in until(hub, clock, 11, 55) if isinstance(one, Alert)]
    assert (alert.role, alert.title) == ("door", "岗位任务")
    assert "VIP 12:00" in alert.text
