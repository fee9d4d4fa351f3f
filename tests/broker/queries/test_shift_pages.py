"""The pages of the shifts: a manager plans, colleagues swap by consent, leave is granted."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from broker.rules.line import queue
from broker.rules.shifts import Shift
from shared.messages import Alert
from tests.fakes import NINE
from tests.settings_rig import Manager, SettingsRig, forms_in

PLAN = "/settings/shifts"
TODAY = NINE.date()
TOMORROW = TODAY + timedelta(1)
DAY_S = 86_400.0


def off(manager: Manager, who: str, *days: str) -> None:
    """Somebody's week, without these days."""
    week = [day for day in "1234567" if day not in days]
    form: dict[str, str | list[str]] = {"part": "weeks", f"was.{who}": "null", "confirmed": "yes"}
    saved = manager.post(PLAN, {**form, f"week.{who}": week})
    assert saved.status_code == 303


def asked_of(rig: SettingsRig) -> str:
    (request,) = rig.hub.choices.policy.shifts.requests
    return request.request_id


def swap(person: Manager, first: str, with_id: str, takes_on: str = "") -> TestResponse:
    return person.post("/shifts", {"first": first, "with_id": with_id, "takes_on": takes_on})


def shift(rig: SettingsRig, who: str, days: int) -> Shift:
    return rig.hub.choices.policy.shifts.of(who, TODAY + timedelta(days))


def told(rig: SettingsRig, who: str) -> list[str]:
    rows = (row.message for row in rig.hub.outbox.waiting(1000))
    found = [message for message in rows if isinstance(message, Alert)]
    return [alert.title for alert in found if who in (alert.staff_id, alert.role)]


def test_the_manager_plans_weeks_days_and_leave_and_takes_each_back(
    rig: SettingsRig, manager: Manager
) -> None:
    off(manager, "li", "2")
    assert (shift(rig, "li", 0), shift(rig, "li", 1)) == (Shift.ON, Shift.OFF)
    page = manager.get(PLAN).text
    assert f'data-testid="cell-li-{TOMORROW}" data-shift="off"' in page
    day = {"part": "day", "staff_id": "li", "on": str(TOMORROW)}
    manager.post(PLAN, {**day, "how": "on"})
    assert shift(rig, "li", 1) is Shift.ON
    manager.post(PLAN, {**day, "how": "week"})
    assert shift(rig, "li", 1) is Shift.OFF
    leave = {"part": "leave", "staff_id": "li", "first": str(TOMORROW), "last": str(TOMORROW)}
    manager.post(PLAN, {**leave, "reason": "年假"})
    assert shift(rig, "li", 1) is Shift.LEAVE
    assert "年假" in manager.get("/settings/history").text
    (held,) = rig.hub.choices.policy.shifts.leaves
    manager.post(PLAN, {"part": "gone", "gone": held.leave_id})
    assert shift(rig, "li", 1) is Shift.OFF
    off(manager, "li")
    rig.assert_sound()


@pytest.mark.parametrize(
    "form",
    [
        {"part": "leave", "staff_id": "li", "first": "2026-11-25", "last": "2026-11-24"},
        {"part": "leave", "staff_id": "li", "first": "soon", "last": "2026-11-24"},
        {"part": "leave", "staff_id": "nobody", "first": "2026-11-24", "last": "2026-11-24"},
        {"part": "day", "staff_id": "li", "on": "2026-13-24", "how": "on"},
        {"part": "weeks", "was.li": "{", "week.li": "1"},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    rig: SettingsRig, manager: Manager, form: dict[str, str | list[str]]
) -> None:
    before = rig.changes()
    refused = manager.post(PLAN, form)
    assert refused.status_code == 422
    assert 'class="field__problem"' in refused.text
    assert rig.changes() == before


def test_two_swap_a_day_by_consent_and_the_manager_hears_of_it(
    rig: SettingsRig, manager: Manager
) -> None:
    off(manager, "wang", "2")
    off(manager, "li", "3")
    li, wang = rig.by_code("li"), rig.by_code("wang")
    other = TODAY + timedelta(2)
    assert swap(li, str(TOMORROW), "wang", str(other)).status_code == 303
    assert "请你换班" in told(rig, "wang")
    path = f"/shifts/{asked_of(rig)}"
    assert 'data-testid="agree"' in wang.get("/shifts").text
    assert (li.post(path, {"answer": "yes"}).status_code, shift(rig, "wang", 1)) == (409, Shift.OFF)
    assert rig.by_code("wu").post(path, {"answer": "yes"}).status_code == 409
    assert wang.post(path, {"answer": "yes"}).status_code == 303
    assert [shift(rig, who, days) for who in ("li", "wang") for days in (1, 2)] == [
        *(Shift.OFF, Shift.ON, Shift.ON, Shift.OFF)
    ]
    assert "同意了" in told(rig, "li")
    assert "换班" in told(rig, "manager")
    assert wang.post(path, {"answer": "yes"}).status_code == 409
    rig.pass_s(DAY_S)
    assert queue(rig.hub.decider.state) == ("wang",)
    rig.pass_s(DAY_S)
    assert queue(rig.hub.decider.state) == ("li",)
    rig.restart()
    rig.assert_sound()


def test_a_swap_that_is_refused_or_taken_back_changes_no_day(
    rig: SettingsRig, manager: Manager
) -> None:
    off(manager, "wang", "2")
    li, wang = rig.by_code("li"), rig.by_code("wang")
    for person in (li, wang):
        assert swap(li, str(TOMORROW), "wang").status_code == 303
        assert person.post(f"/shifts/{asked_of(rig)}", {"answer": "no"}).status_code == 303
        assert rig.hub.choices.policy.shifts.requests == ()
    assert [shift(rig, who, 1) for who in ("li", "wang")] == [Shift.ON, Shift.OFF]
    assert told(rig, "li").count("没有同意") == 1


def test_a_swap_that_became_impossible_cannot_be_agreed_to(
    rig: SettingsRig, manager: Manager
) -> None:
    off(manager, "wang", "2")
    li, wang = rig.by_code("li"), rig.by_code("wang")
    swap(li, str(TOMORROW), "wang")
    leave: dict[str, str | list[str]] = {
        "part": "leave",
        "staff_id": "wang",
        "first": str(TOMORROW),
    }
    manager.post(PLAN, {**leave, "first": str(TOMORROW), "last": str(TOMORROW)})
    refused = wang.post(f"/shifts/{asked_of(rig)}", {"answer": "yes"})
    assert refused.status_code == 409
    assert 'data-testid="problem"' in refused.text
    assert shift(rig, "li", 1) is Shift.ON


@pytest.mark.parametrize(
    ("first", "with_id"),
    [("2026-11-24", "wu"), ("2026-11-24", "nobody"), ("2025-01-01", "wang"), ("x", "wang")],
)
def test_nobody_swaps_with_another_post_or_on_days_that_are_over(
    rig: SettingsRig, manager: Manager, first: str, with_id: str
) -> None:
    off(manager, "wang", "2")
    off(manager, "wu", "2")
    assert swap(rig.by_code("li"), first, with_id).status_code == 409
    assert rig.hub.choices.policy.shifts.requests == ()


def test_only_so_many_requests_wait_for_an_answer(rig: SettingsRig) -> None:
    li = rig.by_code("li")
    days = [str(TODAY + timedelta(days)) for days in range(1, 7)]
    answers = [li.post("/shifts", {"first": day, "last": day}).status_code for day in days]
    assert answers == [303] * 5 + [409]


def test_leave_that_begins_today_is_granted_by_a_manager_and_ends_a_call(
    rig: SettingsRig, manager: Manager
) -> None:
    li = rig.by_code("li")
    form: dict[str, str | list[str]] = {"first": str(TODAY), "last": str(TOMORROW)}
    assert li.post("/shifts", {**form, "reason": "家中有事"}).status_code == 303
    path = f"/shifts/{asked_of(rig)}"
    assert li.post(path, {"answer": "yes"}).status_code == 409
    assert "家中有事" in manager.get(PLAN).text
    assert manager.post(path, {"answer": "yes"}).status_code == 303
    assert queue(rig.hub.decider.state) == ("wang",)
    assert shift(rig, "li", 1) is Shift.LEAVE
    rig.assert_sound()


def test_before_opening_the_manager_hears_who_and_what_is_missing_once(
    rig: SettingsRig,
) -> None:
    rig.pass_s(DAY_S - 3600)
    assert "手机没连上" not in told(rig, "manager"), "nobody wrote shifts"
    off(rig.manager(), "lin", "2")
    for _ in range(3):
        rig.pass_s(60)
    lacking = told(rig, "manager")
    assert lacking.count("今天没人的岗位") == 1
    assert lacking.count("手机没连上") == 1


def test_the_second_of_two_managers_who_plan_the_same_day_sees_what_the_first_did(
    rig: SettingsRig, manager: Manager
) -> None:
    second, form = rig.by_code("he"), {"part": "day", "staff_id": "li", "on": str(TOMORROW)}
    (opened,) = (fields for _, fields in forms_in(second.get(PLAN).text) if "swaps" in fields)
    assert manager.fill_in(PLAN, **form, how="off").status_code == 303
    late = second.post(PLAN, {**opened, "staff_id": "wang", "on": str(TOMORROW), "how": "off"})
    assert late.status_code == 422
    assert "陈经理" in late.text
    assert shift(rig, "wang", 1) is Shift.ON
    for _, fields in forms_in(late.text):
        if "swaps" in fields:
            again = {**fields, "staff_id": "wang", "on": str(TOMORROW), "how": "off"}
            assert "trial" in second.post(PLAN, again).text  # nobody would be left
            again |= {"confirmed": "yes"}
            assert second.post(PLAN, again).status_code == 303
    assert (shift(rig, "li", 1), shift(rig, "wang", 1)) == (Shift.OFF, Shift.OFF)


def test_the_second_of_two_managers_who_write_the_same_week_sees_what_the_first_did(
    rig: SettingsRig, manager: Manager
) -> None:
    second = rig.by_code("he")
    off(manager, "li", "2")
    week: dict[str, str | list[str]] = {"part": "weeks", "was.li": "null", "week.li": ["1"]}
    late = second.post(PLAN, week)
    assert late.status_code == 422
    assert "陈经理" in late.text
    assert (shift(rig, "li", 1), shift(rig, "li", 2)) == (Shift.OFF, Shift.ON)


LAST_BUT_ONE = {"part": "leave", "staff_id": "wang", "first": str(TOMORROW), "last": str(TOMORROW)}


@pytest.mark.parametrize(
    "form",
    [
        {"part": "leave", "staff_id": "li", "first": str(TOMORROW), "last": str(TOMORROW)},
        {"part": "day", "staff_id": "li", "on": str(TOMORROW), "how": "off"},
        {"part": "weeks", "was.li": "null", "week.li": [*"134567"]},
    ],
)
def test_a_day_that_would_have_nobody_is_shown_before_it_is_saved(
    rig: SettingsRig, manager: Manager, form: dict[str, str | list[str]]
) -> None:
    assert manager.post(PLAN, LAST_BUT_ONE).status_code == 303
    asked = manager.post(PLAN, form)
    assert f'data-testid="bare-{TOMORROW}"' in asked.text
    assert shift(rig, "li", 1) is Shift.ON
    kept = next(fields for _to, fields in forms_in(asked.text) if "part" in fields)
    assert manager.post(PLAN, {**kept, "confirmed": "yes"}).status_code == 303
    assert shift(rig, "li", 1) is not Shift.ON
    assert manager.post(PLAN, LAST_BUT_ONE).status_code == 303  # it had nobody before
    rig.assert_sound()


def test_leave_that_was_asked_for_is_tried_as_well(rig: SettingsRig, manager: Manager) -> None:
    assert manager.post(PLAN, LAST_BUT_ONE).status_code == 303
    leave = {"first": str(TOMORROW), "last": str(TOMORROW), "reason": "年假"}
    assert rig.by_code("li").post("/shifts", leave).status_code == 303
    grant = f"/shifts/{asked_of(rig)}"
    shown = manager.post(grant, {"answer": "yes"})
    assert f'data-testid="bare-{TOMORROW}"' in shown.text
    assert shift(rig, "li", 1) is Shift.ON
    assert manager.post(grant, {"answer": "yes", "confirmed": "yes"}).status_code == 303
    assert shift(rig, "li", 1) is Shift.LEAVE
