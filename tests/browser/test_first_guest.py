"""The whole way in a real Chromium, every part real: tablet, hub, MQTT server and two phones."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from broker.launch.demo import site_toml
from broker.mqtt_server import mosquitto
from shared.clock import now
from tests.browser.handheld_phone import fell_silent_at_once, note_silence, rings
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


@pytest.fixture(params=["mosquitto", "embedded"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningSite]:
    """A site without a gate, so that nothing but the visitor makes a phone ring."""
    if request.param == "mosquitto" and mosquitto.find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    people = tmp_path / "config" / "site.toml"
    people.parent.mkdir()
    people.write_text(site_toml(now()), encoding="utf-8")
    # The test may run at night, when only a manager would receive (R20).
    hours = 'open = "00:00"\nclose = "24:00"\n'
    people.with_name("policy.toml").write_text(hours, encoding="utf-8")
    with (
        (tmp_path / "log").open("w") as log,
        running_site(tmp_path, "--mqtt-server", request.param, log=log) as running,
    ):
        yield running


def test_a_visitor_checks_in_and_exactly_one_consultant_goes(
    browser: Browser, site: RunningSite
) -> None:
    screens = Screens(browser, site)
    tablet, consultant, door = screens.tablet(), screens.phone("li"), screens.phone("damen")
    check_in(tablet, "yes", "no", "no")
    expect(tablet.get_by_test_id("asked")).to_contain_text("正在请 李敏")
    for phone in (consultant, door):
        rings(phone, is_ringing=True)
    note_silence(door)
    consultant.get_by_test_id("claim").first.tap()
    fell_silent_at_once(door)
    expect(tablet.get_by_test_id("set-out")).to_contain_text("李敏 已出发")
    rings(consultant, is_ringing=False)
    expect(consultant.locator("article[data-state=mine]")).to_have_count(1)
    expect(door.locator("body")).to_contain_text("李敏")
    assert site.query("select host_id, claimed_by, rule from visits") == [("li", "li", "R14")]


def test_the_owner_s_phone_shows_the_plate_that_the_gate_read_from_a_picture(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        (tmp_path / "log").open("w") as log,
        running_site(tmp_path / "data", "--demo", "--every", "2", log=log) as site,
    ):
        owner = Screens(browser, site).phone("wang")
        rings(owner, is_ringing=True)
        shown = owner.get_by_test_id("plate").first.inner_text()
        assert "".join(shown.split()) == "浙A88888"
        expect(owner.locator("body")).to_contain_text("张女士")
        owner.get_by_test_id("claim").first.tap()
        expect(owner.locator("article[data-state=mine]").first).to_be_visible()
        claimed = "select count(*) from visits where plate = '浙A88888' and claimed_by = 'wang'"
        assert site.query(claimed) == [(1,)]


@pytest.mark.parametrize(
    "site", ["mosquitto", pytest.param("embedded", marks=pytest.mark.walk)], indirect=True
)
def test_when_the_hub_is_away_the_tablet_says_so_and_the_check_in_still_arrives(
    browser: Browser, site: RunningSite
) -> None:
    screens = Screens(browser, site)
    tablet, _ = screens.tablet(), screens.phone("li")
    (hub,) = site.pids("broker hub")
    os.kill(hub, signal.SIGSTOP)
    try:
        check_in(tablet, "yes", "no", "no")
        expect(tablet.get_by_test_id("please-wait")).to_contain_text("请稍候")
    finally:
        os.kill(hub, signal.SIGCONT)
    expect(tablet.get_by_test_id("host-name")).to_contain_text("李敏")
    assert site.query("select count(*) from check_ins") == [(1,)]
