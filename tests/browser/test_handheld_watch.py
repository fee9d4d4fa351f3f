"""The posts at the doors call out: a forced entry by one tap, a visitor who walks on by a form."""

import pytest
from playwright.sync_api import expect

from shared.messages import ReportKind
from tests.broker.console.fake_site import OFFERED
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import MARKS, PhoneOf, send_form
from tests.browser.handheld_rig import Rig, report_of
from tests.waiting import eventually

pytestmark = MARKS


def test_security_tells_of_a_forced_entry_by_one_tap(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("post-security")
    phone.page.get_by_test_id("do-forced_entry").click()
    report = report_of(rig, "post-security")
    assert (report.kind, report.post) == (ReportKind.FORCED_ENTRY, "security")
    assert violations(phone.page) == []


def test_the_posts_see_who_need_not_be_entered_and_say_that_it_rains(
    rig: Rig, phone_of: PhoneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rig.site, "offered", {**OFFERED, "exempt": ("vip_room",)})
    panel = phone_of("post-gate").page.get_by_test_id("panel-watch")
    expect(panel).to_contain_text("免登记：VIP 室")
    panel.get_by_test_id("do-weather").click()
    page = panel.page
    assert violations(page) == []
    page.get_by_test_id("tap-rain").click()
    assert report_of(rig, "post-gate").kind is ReportKind.RAIN


def test_the_gate_sends_a_workman_on_to_the_next_post(rig: Rig, phone_of: PhoneOf) -> None:
    page = (phone := phone_of("post-gate")).page
    page.get_by_test_id("do-sent_on").click()
    assert violations(page) == []
    page.get_by_test_id("field-next_post").locator("[data-value=engineering]").click()
    page.get_by_test_id("field-bound_for").locator("input").fill("样板房")
    page.get_by_test_id("field-party_size").get_by_text("+").click()
    page.get_by_test_id("field-looks").locator("input").fill("蓝色工装")
    send_form(phone)
    assert eventually(lambda: bool(rig.hub.reports("post-gate")))
    (report,) = rig.hub.reports("post-gate")
    assert (report.kind, report.post) == (ReportKind.SENT_ON, "engineering")
    assert (report.place, report.party_size, report.note) == ("样板房", 2, "蓝色工装")
