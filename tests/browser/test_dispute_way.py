"""A claim, its dispute and the manager's ruling, on two phones and a desk: every part is real."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from broker.launch.demo import site_toml
from broker.mqtt_server import mosquitto
from shared.clock import now
from tests.browser.accessibility import violations
from tests.browser.handheld_rig import chromium
from tests.browser.screens import Screens, check_in
from tests.site import RunningSite, running_site
from tests.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(mosquitto.find_mosquitto() is None, reason="mosquitto is not installed"),
]

REASON = "客户出示了王强的名片"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site without a gate, open around the clock."""
    folder = tmp_path_factory.mktemp("dispute")
    people = folder / "config" / "site.toml"
    people.parent.mkdir()
    people.write_text(site_toml(now()), encoding="utf-8")
    hours = 'open = "00:00"\nclose = "24:00"\n'
    people.with_name("policy.toml").write_text(hours, encoding="utf-8")
    with (folder / "log").open("w") as log, running_site(folder, log=log) as running:
        yield running


@pytest.fixture(scope="module")
def screens(phone_browser: Browser, site: RunningSite) -> Screens:
    return Screens(phone_browser, site)


def claimed(screens: Screens, site: RunningSite) -> tuple[Page, Page, str]:
    """李敏 receives, 王强 claims: both phones, and the visit."""
    tablet, host, other = screens.tablet(), screens.phone("li"), screens.phone("wang")
    check_in(tablet, "yes", "no", "no")
    host.get_by_test_id("claim").first.tap()
    received = "select visit_id from visits where claimed_by = 'li'"
    assert eventually(lambda: bool(site.query(received)))
    visit_id = str(site.query(received)[0][0])
    other.get_by_test_id("tab-line").tap()
    mine = other.get_by_test_id("panel-turn").get_by_test_id(f"thing-{visit_id}")
    mine.get_by_test_id("do-claim_visitor").tap()
    expect(other.get_by_test_id("sheet")).to_contain_text("由经理裁定，现在的接待不变")
    assert violations(other) == []
    other.get_by_test_id("tap-card").tap()
    assert eventually(lambda: counted(site, "claimed") == 1)
    return host, other, visit_id


def rule(screens: Screens, site: RunningSite, visit_id: str) -> None:
    """The manager rules for 王强 on the page of the dispute, and reads the ruling there."""
    manager = screens.phone("chen")
    manager.goto(str(site.said["console"]) + f"dispute/{visit_id}")
    button = manager.get_by_test_id("do-ruling")
    expect(button).to_be_enabled()
    assert violations(manager) == []
    button.tap()
    expect(manager.get_by_test_id("sheet")).to_contain_text("从今天起重新算保护期")
    manager.get_by_test_id("field-owner").locator("[data-value=wang]").tap()
    manager.get_by_test_id("form-send").tap()
    expect(manager.get_by_test_id("form-said")).to_have_text("请填写：理由")
    manager.get_by_test_id("field-reason").locator("input").fill(REASON)
    manager.get_by_test_id("form-send").tap()
    expect(manager.get_by_test_id("dispute-ruling")).to_contain_text(REASON)
    assert eventually(lambda: site.query("select owner_id from visits") == [("wang",)])


def counted(site: RunningSite, event: str) -> int:
    """How often the journal notes it."""
    sql = f"""select count(*) from journal where kind = 'step' and body like '%"{event}"%'"""
    return int(site.query(sql)[0][0])


def test_a_claim_is_ruled_on_and_both_sides_read_the_reason(
    screens: Screens, site: RunningSite
) -> None:
    host, other, visit_id = claimed(screens, site)
    shown = host.locator("article").filter(has_text="主张归属").first
    expect(shown).to_be_visible()
    assert site.query("select host_id, owner_id from visits") == [("li", "li")], "nobody moves"
    row = host.get_by_test_id("panel-mine").get_by_test_id(f"thing-{visit_id}")
    row.get_by_test_id("do-dispute").tap()
    evidence = host.get_by_test_id("sheet").get_by_test_id("record")
    expect(evidence.get_by_test_id("dispute-state")).to_have_text("有争议，待裁定")
    expect(evidence.get_by_test_id("claim-wang")).to_contain_text("名片")
    expect(host.locator("body")).to_have_attribute("data-connected", "true")
    assert violations(host) == []

    rule(screens, site, visit_id)
    for phone in (host, other):
        phone.get_by_test_id("sheet-close").tap()
        phone.get_by_test_id("tab-alerts").tap()
        told = phone.locator("article").filter(has_text=REASON).first
        expect(told.get_by_test_id("do-dispute")).to_be_visible()
        phone.goto(str(site.said["console"]) + f"dispute/{visit_id}")
        expect(phone.get_by_test_id("dispute-ruling")).to_contain_text(f"理由：{REASON}")
        expect(phone.get_by_test_id("dispute-owner")).to_have_text("王强")


def test_the_loser_hears_of_the_ruling_on_their_own_phone(
    screens: Screens, site: RunningSite
) -> None:
    host = screens.phone("li")
    host.get_by_test_id("tab-line").tap()
    turn = host.get_by_test_id("panel-turn")
    turn.get_by_test_id("do-disputes").tap()
    sheet = host.get_by_test_id("sheet")
    expect(sheet.get_by_test_id("record")).to_contain_text("已裁定")
    sheet.get_by_role("link").first.tap()
    expect(sheet.get_by_test_id("dispute-ruling")).to_contain_text(REASON)


def test_who_has_no_part_in_it_is_refused(screens: Screens, site: RunningSite) -> None:
    ((visit_id,),) = site.query("select visit_id from visits")
    door = screens.phone("damen")
    door.goto(str(site.said["console"]) + f"dispute/{visit_id}")
    expect(door.get_by_test_id("problem")).to_contain_text("只给当事顾问和经理看")


def test_the_manager_finds_the_decision_and_what_stands_out(
    screens: Screens, site: RunningSite
) -> None:
    manager = screens.phone("chen")
    manager.set_viewport_size({"width": 1280, "height": 800})
    manager.goto(str(site.said["console"]) + "disputes?who=wang&disputed=on")
    expect(manager.get_by_test_id("record").get_by_role("link")).to_have_count(1)
    assert violations(manager) == []
    manager.goto(str(site.said["console"]) + "patterns")
    expect(manager.get_by_test_id("person-wang")).to_contain_text("1")
    assert violations(manager) == []
    assert manager.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert manager.evaluate("document.documentElement.scrollHeight <= 1.2 * innerHeight")
