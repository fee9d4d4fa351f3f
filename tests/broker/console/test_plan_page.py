"""The page of plans: what is shown, what is sent when one is entered, answered, moved, copied."""

from datetime import timedelta

import pytest

from shared.messages import BookingKind
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_plans import FakePlans
from tests.broker.console.fake_site import FakeSite

WHEN = "2026-11-24T10:00"


@pytest.fixture
def plans(site: FakeSite) -> FakePlans:
    return site.plans


def test_who_is_expected_and_what_is_asked_for_stands_there_with_its_buttons(
    manager: Browser, consultant: Browser
) -> None:
    page = manager.get("/plans").text
    for words in ("贺&lt;总&gt;", "清场接待", "VIP1 · A3", "改时间", "批准", "退回", "待批准"):
        assert words in page
    assert "没有计划和预约" in consultant.get("/plans").text


def test_a_plan_is_sent_as_it_was_typed(manager: Browser, plans: FakePlans) -> None:
    answer = manager.post(
        "/plans/new",
        kind="vip",
        name="贺总",
        plates="浙A00005、浙A00006",
        level="A",
        starts_at=WHEN,
        ends_at="2026-11-24T11:00",
        rooms="VIP1、A3",
        party_size="4",
        is_exclusive="yes",
    )
    assert answer.status_code == 303
    (booked,) = plans.booked
    assert (booked.kind, booked.vip_level, booked.is_exclusive) == (BookingKind.VIP, "A", True)
    assert booked.plates == ("浙A00005", "浙A00006")
    assert (booked.rooms, booked.party_size) == (("VIP1", "A3"), 4)
    assert booked.starts_at.isoformat() == "2026-11-24T10:00:00+08:00"


@pytest.mark.parametrize(
    "lacks", [{"starts_at": ""}, {"phone": ""}, {"ends_at": WHEN}, {"kind": "party"}]
)
def test_what_is_no_plan_is_said_and_what_was_typed_stays(
    consultant: Browser, plans: FakePlans, lacks: dict[str, str]
) -> None:
    given = {"kind": "request", "phone": "13800000001", "starts_at": WHEN, "name": "贺总"} | lacks
    answer = consultant.post("/plans/new", **given)
    assert answer.status_code == 409
    assert "请写明到访时间" in answer.text
    assert "贺总" in answer.text
    assert plans.booked == []


def test_a_time_that_is_taken_is_answered_with_the_next_free_ones(
    manager: Browser, plans: FakePlans
) -> None:
    plans.is_full = True
    answer = manager.post("/plans/new", kind="vip", phone="13800000001", starts_at=WHEN)
    assert answer.status_code == 409
    assert "11-24 09:30" in answer.text
    assert "已经取消" in manager.post("/plans/b-1", act="cancel").text


def test_a_plan_is_moved_and_an_application_answered_with_a_reason(
    manager: Browser, plans: FakePlans
) -> None:
    manager.post("/plans/b-1", act="move", starts_at=WHEN, ends_at="2026-11-24T11:00")
    manager.post("/plans/b-2", act="decline", reason=" 当天已有安排 ")
    moved, declined = plans.stepped
    assert moved.starts_at is not None
    assert moved.starts_at.isoformat() == "2026-11-24T10:00:00+08:00"
    assert (declined.act, declined.reason, declined.staff_id) == ("decline", "当天已有安排", "chen")


def test_a_copy_has_everything_but_the_time_and_what_is_masked(manager: Browser) -> None:
    page = manager.get("/plans/new?copy=b-1").text
    assert "浙A00005" in page
    assert "VIP1, A3" in page
    assert "138****0001" not in page


SERIES = {"kind": "vip", "phone": "13800000001", "level": "A", "starts_at": WHEN, "every": "2"}


def test_a_plan_that_comes_again_is_planned_as_one(manager: Browser, plans: FakePlans) -> None:
    page = manager.get("/plans/new").text
    assert 'data-testid="every"' in page
    answer = manager.post("/plans/new", **SERIES, times="3", ends_at="2026-11-24T11:30")
    assert answer.status_code == 303
    (asked,) = plans.series
    starts = [row.starts_at for row in asked.plans]
    assert [f"{at:%m-%d %H:%M %z}" for at in starts] == [
        *("11-24 10:00 +0800", "12-08 10:00 +0800", "12-22 10:00 +0800")
    ]
    assert {row.ends_at and row.ends_at - row.starts_at for row in asked.plans} == {
        timedelta(minutes=90)
    }
    assert len({row.booking_id for row in asked.plans}) == 3
    assert (asked.by, asked.plans[2].level, asked.plans[2].host_id) == ("chen", "A", None)
    assert plans.booked == []


@pytest.mark.parametrize(
    "odd",
    [
        {"every": "3"},
        {"times": "1"},
        {"times": "27"},
        {"times": ""},
        {"times": "两次"},
        {"starts_at": "9999-12-31T10:00"},
        {"kind": "appointment"},
    ],
)
def test_a_series_that_nobody_means_is_said(
    manager: Browser, plans: FakePlans, odd: dict[str, str]
) -> None:
    assert manager.post("/plans/new", **(SERIES | {"times": "3"} | odd)).status_code == 409
    assert (plans.series, plans.booked) == ([], [])


def test_only_a_manager_plans_a_series(consultant: Browser, plans: FakePlans) -> None:
    assert 'data-testid="every"' not in consultant.get("/plans/new").text
    given = SERIES | {"kind": "appointment", "times": "3", "ends_at": "2026-11-24T11:00"}
    assert consultant.post("/plans/new", **given).status_code == 403
    assert plans.series == []


def test_whoever_says_that_they_come_later_is_moved_by_one_tap(
    manager: Browser, plans: FakePlans
) -> None:
    assert 'data-testid="late-15"' in manager.get("/plans").text
    at = {"starts_at": "2026-11-23T23:50", "ends_at": "2026-11-24T00:30"}
    assert manager.post("/plans/b-1", late="15", seen="mark", **at).status_code == 303
    (moved,) = plans.stepped
    assert moved.act == "move"
    assert [at and f"{at:%d %H:%M}" for at in (moved.starts_at, moved.ends_at)] == [
        *("24 00:05", "24 00:45")
    ]
    for odd in ("7", "x", "-15"):
        assert manager.post("/plans/b-1", late=odd, **at).status_code == 409
    assert len(plans.stepped) == 1


def test_the_host_alone_looks_through_the_customer_s_card(
    manager: Browser, consultant: Browser
) -> None:
    page = manager.get("/plans/b-1/card").text
    for words in ("贺&lt;总&gt;", "等样板房", "三房&lt;大&gt;", "登记"):
        assert words in page
    assert consultant.get("/plans/b-1/card").status_code == 404
    assert manager.get("/plans/b-2/card").status_code == 404
