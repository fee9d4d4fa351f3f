"""A site from nothing to the first claimed alert, by pages alone: nobody touches a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.accessibility import violations
from tests.browser.handheld_phone import rings
from tests.browser.handheld_rig import chromium
from tests.browser.screens import Screens, check_in
from tests.site import RunningSite, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=chromium())
        yield running
        running.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    with (tmp_path / "log").open("w") as log, running_site(tmp_path / "data", log=log) as running:
        yield running


def add(desk: Page, address: str, name: str, role: str) -> str:
    """Add somebody, and read the PIN that is shown once."""
    desk.goto(f"{address}settings/people/new")
    desk.get_by_test_id("field-name").fill(name)
    desk.get_by_test_id(f"role-{role}").check()
    desk.get_by_test_id("save").click()
    return desk.get_by_test_id("pin").inner_text()


def test_a_site_is_set_up_from_nothing_to_the_first_claimed_alert(
    browser: Browser, site: RunningSite
) -> None:
    screens, address = Screens(browser, site), str(site.said["console"])
    desk = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    desk.goto(str(site.said["first_run"]))
    desk.get_by_test_id("field-name").fill("陈静")
    desk.get_by_test_id("save").click()
    expect(desk.get_by_test_id("pin")).to_be_visible()
    pin = add(desk, address, "周敏", "consultant")
    desk.goto(f"{address}settings/rules")
    desk.get_by_test_id("field-policy.open").fill("00:00")
    desk.get_by_test_id("field-policy.close").fill("24:00")
    desk.get_by_test_id("save").click()
    expect(desk.get_by_test_id("saved")).to_be_visible()
    phone = screens.phone("zhoumin", pin)
    phone.get_by_test_id("tab-line").tap()
    phone.get_by_test_id("do-join").tap()
    tablet = screens.tablet()
    check_in(tablet, "yes", "no", "no")
    rings(phone, is_ringing=True)
    phone.get_by_test_id("tab-alerts").tap()
    phone.get_by_test_id("claim").first.tap()
    expect(tablet.get_by_test_id("set-out")).to_contain_text("周敏 已出发")
    rule = "select host_id, claimed_by, rule from visits"
    assert site.query(rule) == [("zhoumin", "zhoumin", "R14")]
    assert not (site.data / "config" / "site.toml").exists()
    authors = "select body ->> 'by' from journal where kind = 'SettingsChange' order by seq"
    assert [by for (by,) in site.query(authors)] == [None, "chenjing", "chenjing"]
    for page in ("", "/people", "/people/zhoumin", "/rules", "/days", "/house", "/history"):
        desk.goto(f"{address}settings{page}")
        assert violations(desk) == [], page
