"""Plans by page, end to end: a series, a customer's card before the appointment, a late arrival."""

import re
from pathlib import Path

from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from shared.messages import BookingKind, Outcome, ReportKind
from tests.hub_answers import answers, registration, report
from tests.settings_rig import Manager, SettingsRig

PHONE = "13900000001"
VIP = {"kind": "vip", "level": "vip", "phone": PHONE, "name": "贺总", "is_exclusive": "yes"}
WEEKLY = {
    **VIP,
    "starts_at": "2026-11-24T10:00",
    "ends_at": "2026-11-24T11:00",
    "every": "1",
    "times": "4",
}


def starts(rig: SettingsRig) -> list[str]:
    local = rig.hub.decider.policy.local
    return [f"{local(plan.starts_at):%m-%d %H:%M}" for plan in rig.hub.decider.state.expected]


def test_a_series_is_planned_as_a_whole_or_not_at_all(rig: SettingsRig, manager: Manager) -> None:
    other = {**VIP, "phone": "13900000002", "starts_at": "2026-12-08T10:30"}
    other["ends_at"] = "2026-12-08T12:00"
    assert manager.post("/plans/new", other).status_code == 303
    refused = manager.post("/plans/new", WEEKLY)
    assert refused.status_code == 409
    assert "第 3 条排不上" in refused.text
    assert 'value="4"' in refused.text
    assert starts(rig) == ["12-08 10:30"]
    assert manager.post("/plans/new", {**WEEKLY, "times": "2"}).status_code == 303
    assert starts(rig) == ["12-08 10:30", "11-24 10:00", "12-01 10:00"]
    rig.assert_sound()


def test_before_an_appointment_the_host_looks_through_their_own_records(
    tmp_path: Path,
) -> None:
    card = DutyPlan(
        key="card", post="host", text="预约核对", times="appointment-30", late=Late.SKIP
    )
    rig = SettingsRig(tmp_path, policy=Policy(duties=(card,)))
    answers(rig.hub, registration(1, "li", PHONE))
    said = report(ReportKind.FOLLOWED_UP, "li", registration_id="r-1", outcome=Outcome.COMING)
    answers(rig.hub, said)
    li, wang = rig.manager("li", "1111"), rig.manager("wang", "2222")
    form = {
        "kind": BookingKind.APPOINTMENT,
        "phone": PHONE,
        "starts_at": "2026-11-23T15:00",
        "ends_at": "2026-11-23T16:00",
        "host_id": "li",
    }
    assert li.post("/plans/new", form).status_code == 303
    (plan,) = rig.hub.decider.state.expected
    rig.pass_s(1)
    page = li.get("/duties").text
    assert "预约核对 · 15:00" in page
    assert f"/plans/{plan.booking_id}/card" in page
    card_page = li.get(f"/plans/{plan.booking_id}/card").text
    assert PHONE in card_page
    for words in ("登记", "回访 · 会再来"):
        assert words in card_page, card_page
    for reader in (wang, rig.manager()):
        assert reader.get(f"/plans/{plan.booking_id}/card").status_code == 404
    assert "预约核对" not in wang.get("/duties").text
    rig.assert_sound()


def test_a_customer_who_says_that_they_are_late_is_moved_with_what_is_still_to_do(
    rig: SettingsRig, manager: Manager
) -> None:
    at = {"starts_at": "2026-11-23T15:00", "ends_at": "2026-11-23T16:00"}
    form = {"kind": "appointment", "phone": PHONE, "host_id": "li", **at}
    assert manager.post("/plans/new", form).status_code == 303
    (plan,) = rig.hub.decider.state.expected
    seen = re.search(r'name="seen" value="([^"]+)"', manager.get("/plans").text)
    assert seen
    late = {**at, "late": "30"}
    path = f"/plans/{plan.booking_id}"
    assert manager.post(path, {**late, "seen": seen[1]}).status_code == 303
    assert starts(rig) == ["11-23 15:30"]
    assert manager.post(path, {**late, "seen": seen[1]}).status_code == 409, "moved by now"
    rig.assert_sound()


def offered(page: str) -> list[str]:
    return re.findall(r"<option[^>]*>(11-23 [0-9:]+)", page)


def test_a_customer_books_a_time_that_is_free_by_the_consultant_s_link(rig: SettingsRig) -> None:
    answers(rig.hub, registration(1, "wang", "13900000009"))
    li, guest, other = rig.manager("li", "1111"), Manager(rig.app), Manager(rig.app)
    path = li.get("/plans/link").location
    before = offered(guest.get(path).text)
    assert before[-1] == "11-23 17:30"
    assert "11-23 09:00" not in before, "it is nine already"
    kept = {**VIP, "phone": "13900000007", "starts_at": "2026-11-23T13:00"}
    assert (
        rig.manager().post("/plans/new", {**kept, "ends_at": "2026-11-23T14:00"}).status_code == 303
    )
    at = {"at": "2026-11-23T16:00:00+08:00", "agreed": "on"}
    refused = guest.post(path, {**at, "phone": "13900000009"})
    assert refused.status_code == 409, "a colleague's customer"
    assert "王强" not in refused.text
    booked = guest.post(path, {**at, "phone": PHONE})
    assert booked.status_code == 303
    assert "16:00" in guest.get(booked.location).text
    assert other.post(path, {**at, "phone": "13900000003"}).status_code == 409, "it is taken"
    after = offered(other.get(path).text)
    gone = {f"11-23 {clock}" for clock in ("15:30", "16:00", "16:30")}
    assert gone <= set(before) - set(after)
    assert "11-23 13:30" not in after, "the house is kept for somebody"
    wang = rig.manager("wang", "2222").get("/plans/link").location
    assert "11-23 16:00" in offered(other.get(wang).text)
    plan = rig.hub.decider.state.expected[-1]
    assert (plan.flag, plan.host_id, plan.phone) == ("appointment", "li", PHONE)
    rig.assert_sound()
