"""The texts that stand ready on a consultant's phone for whom they have to call."""

from dataclasses import replace as with_changes
from datetime import date
from urllib.parse import unquote

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from broker.console.follow_up_view import FollowUpLine
from broker.console.ready_texts import TEXTS
from broker.console.site_view import TurnLine
from broker.rules.line import Note
from broker.site_file import SiteBrand
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import MARKS, PhoneOf
from tests.browser.handheld_rig import Rig

pytestmark = MARKS

DUE = FollowUpLine("r-1", "李敏", "汪先生", "13800001111", (), "today", date(2026, 11, 23))


def test_a_text_opens_in_the_phone_s_own_messages_with_name_and_directions(
    rig: Rig, phone_of: PhoneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = SiteBrand(directions="地铁 2 号线 & 龙翔桥 B 口")
    monkeypatch.setattr(rig.site.settings, "people", replace(rig.site.settings.people, brand=brand))
    monkeypatch.setattr(rig.site, "to_call", (DUE,))
    page = phone_of("li").page
    page.get_by_test_id("tab-people").click()
    page.get_by_test_id("do-text").click()
    for key in TEXTS:
        expect(page.get_by_test_id(f"text-{key}")).to_be_visible()
    link = page.get_by_test_id("text-directions").get_attribute("href") or ""
    address, _, body = link.partition("?&body=")
    assert (address, "&" in body) == ("sms:13800001111", False)
    assert unquote(body).startswith(
        "汪先生您好，我是西湖壹号的李敏。到我们这里：地铁 2 号线 & 龙翔桥"
    )
    assert violations(page) == []
    line = (TurnLine("li", "李敏", Note.RESTING), *rig.site.view.line)
    monkeypatch.setattr(rig.site, "view", with_changes(rig.site.view, line=line))
    page.get_by_test_id("sheet-close").click()
    page.get_by_test_id("tab-line").click()
    expect(page.get_by_test_id("place")).to_contain_text("有回访逾期，轮次暂停")


def test_without_directions_no_text_promises_them_and_other_projects_are_named(
    rig: Rig, phone_of: PhoneOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = (("binjiang", "2026-03-01", ""), ("xihu", "2026-11-20", "2026-12-05"))
    monkeypatch.setattr(rig.site, "to_call", (with_changes(DUE, known=elsewhere),))
    page = phone_of("li").page
    page.get_by_test_id("tab-people").click()
    panel = page.get_by_test_id("panel-follow_ups")
    expect(panel).to_contain_text("已知于项目 binjiang，自 2026-03-01")
    expect(panel).to_contain_text("受项目 xihu 保护至 2026-12-05")
    page.get_by_test_id("do-text").click()
    expect(page.get_by_test_id("text-thanks")).to_be_visible()
    expect(page.get_by_test_id("text-directions")).to_have_count(0)
