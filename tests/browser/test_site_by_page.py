"""A site by pages alone: from nothing to the first claimed alert, and then a manager's month."""

import itertools
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Response, expect, sync_playwright

from broker.launch.join_command import main as join
from broker.mqtt_server.plain_client import PlainClient, way_of
from gate.settings import GateSettings
from shared.clock import now
from shared.codec import to_json
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError
from shared.messages import NodeKind, NodeState
from shared.node import Node
from shared.words import LANGUAGES
from tests.broker.console.routes import ROUTES
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import rings
from tests.browser.handheld_rig import chromium
from tests.browser.manager_desk import Desk
from tests.browser.screens import TABLET, Screens, check_in
from tests.customer_tables import DAY, csv_of
from tests.samples import arrival
from tests.site import running_site
from tests.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]
PAGES = {
    "settings.index": "",
    "settings.rules": "/rules",
    "settings.days": "/days",
    "settings.duties": "/duties",
    "settings.house": "/house",
    "settings.history": "/history",
    "people.everybody": "/people",
    "people.add": "/people/new",
    "people.one": "/people/zhoumin",
    "people.leave": "/people/zhoumin/leave",
    "people.customers": "/people/chenfang/customers",
    "shift_plan.plan": "/shifts",
    "devices.everything": "/devices",
    "imports.tables": "/customers",
    "first_pages.camera": "/first/camera",
    "first_pages.key": "/first/key",
}
"""Every page of the settings, by its route."""
README = Path(__file__).parents[2] / "README.md"
STEPS_OF_THE_WALK = 9
QUARTER_OF_AN_HOUR_S = 900
SEEN_ON_THE_WAY = {"imports.one", "imports.empty_form", "first_pages.picture", "channels.one"}
LOOKS = list(itertools.product((1280, 390), LANGUAGES))
"""A desk's and a phone's width, in each language; a page has each width in another language."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=chromium())
        yield running
        running.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The first manager has entered themselves, at a site of which no file was touched."""
    folder, began_s = tmp_path_factory.mktemp("by_page"), time.monotonic()
    with (folder / "log").open("w") as log, running_site(folder / "data", log=log) as site:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(str(site.said["first_run"]))
        page.get_by_test_id("field-name").fill("陈静")
        page.get_by_test_id("save").click()
        own_pin = page.get_by_test_id("pin").inner_text()
        yield Desk(page, site, Screens(browser, site), own_pin, began_s)


@pytest.fixture(scope="module")
def pin(desk: Desk) -> str:
    """周敏's: she works here, and the site is always open."""
    found = desk.add("周敏", "consultant")
    desk.open("/house")
    desk.page.get_by_test_id("field-brand.zh-CN").fill("云栖雅苑")
    desk.press("save")
    desk.is_saved()
    desk.open("/rules")
    desk.fill(policy__open="00:00", policy__close="24:00")
    desk.press("save")
    desk.is_saved()
    return found


def test_from_nothing_to_the_first_claimed_alert(desk: Desk, pin: str) -> None:
    phone = desk.screens.phone("zhoumin", pin)
    phone.get_by_test_id("tab-line").tap()
    phone.get_by_test_id("do-join").tap()
    desk.open("")
    desk.page.get_by_test_id("ring-who").select_option("zhoumin")
    desk.press("ring")
    rings(phone, is_ringing=True)
    phone.get_by_test_id("tab-alerts").tap()
    phone.get_by_test_id("claim").first.tap()
    assert eventually(lambda: "alert" in desk.done())
    tablet = desk.screens.tablet()
    check_in(tablet, "yes", "no", "no")
    rings(phone, is_ringing=True)
    phone.get_by_test_id("claim").first.tap()
    expect(tablet.get_by_test_id("set-out")).to_contain_text("周敏 已出发")
    found = desk.site.query("select host_id, claimed_by, rule from visits")
    assert found == [("zhoumin", "zhoumin", "R14")]
    assert not (desk.site.data / "config" / "site.toml").exists()
    authors = "select body ->> 'by' from journal where kind = 'SettingsChange' order by seq"
    assert [by for (by,) in desk.site.query(authors)] == [None, *["chenjing"] * 3]
    assert desk.done() == {"house", "people", "phone", "tablet", "alert", "visit"}
    assert time.monotonic() - desk.began_s + 60 * minutes_of_the_walk() < QUARTER_OF_AN_HOUR_S


def minutes_of_the_walk() -> float:
    """What a person reads and types for, by the table of the first quarter of an hour."""
    walk = README.read_text(encoding="utf-8").partition("**The first quarter of an hour**")[2]
    about = re.findall(r"^\| \d \|.*\| (\d*½?) min \|$", walk, re.MULTILINE)
    assert len(about) == STEPS_OF_THE_WALK
    return sum(float(text.replace("½", ".5")) for text in about[:-1])  # then the alert is claimed


def is_ok(answer: Response | None) -> bool:
    """Whether the page came as it should."""
    return answer is not None and answer.ok


def test_a_tablet_comes_in_by_its_code_and_is_out_once_it_is_retired(desk: Desk, pin: str) -> None:
    assert pin
    tablet = desk.screens.browser.new_context(viewport=TABLET).new_page()
    address = desk.add_device("北厅", "tablet")
    assert eventually(lambda: is_ok(tablet.goto(address))), "the kiosk hears of it soon"
    expect(tablet.get_by_test_id("named")).to_have_text("北厅")
    expect(tablet.get_by_test_id("language-zh-CN")).to_be_visible()
    desk.retire("beiting")
    expect(tablet.get_by_test_id("pin")).to_be_visible()


def test_a_gate_joins_by_its_link_and_is_cut_off_once_it_is_retired(
    desk: Desk, pin: str, tmp_path: Path
) -> None:
    assert pin
    link = desk.add_device("北门", "gate").split()[-1]
    words = [link, "--config", str(tmp_path / "etc"), "--state", str(tmp_path / "var")]
    assert join(words, Terminal("zh-CN")) == 0
    with pytest.raises(OperatorError, match="used"):
        join(words, Terminal("en"))
    settings = read_config(GateSettings, tmp_path / "etc" / "gate.toml")
    assert settings.gate_id == "beimen"
    gate = PlainClient(way_of(settings.mqtt), settings.mqtt, client_id=settings.mqtt.client_id)
    try:
        assert eventually(lambda: gate.open().refusal is None)
        topic = f"yingbin/v1/{settings.site}/gate/beimen"
        node = Node(settings.site, "beimen", NodeKind.GATE, "9.9")
        car = replace(arrival("浙A12345", seen_at=now()), gate_id="beimen", sent_at=now())
        gate.say(f"{topic}/status", to_json(node.status(NodeState.ONLINE)), is_retained=True)
        gate.say(f"{topic}/arrival", to_json(car))
        assert eventually(lambda: {"camera", "plate"} <= desk.done())
        expect(desk.page.get_by_test_id("last-plate")).to_contain_text("**45")
        desk.retire("beimen")
        assert eventually(lambda: gate.was_thrown_off)
    finally:
        gate.close()


def test_the_key_of_the_backups_is_shown_to_whoever_types_their_pin_again(
    desk: Desk, pin: str
) -> None:
    desk.open("/first/key")
    for typed in (pin, desk.own_pin):
        desk.page.get_by_test_id("key-pin").fill(typed)
        desk.press("key-show")
    expect(desk.page.get_by_test_id("key-text")).to_contain_text("AGE-SE")
    assert not violations(desk.page)
    assert desk.done() == set(), "the first steps are over"
    seen = "select body ->> 'by' from journal where kind = 'KeyShown'"
    assert desk.site.query(seen) == [("chenjing",)]


def test_a_manager_s_month(desk: Desk, pin: str, tmp_path: Path) -> None:
    desk.swap("zhoumin", pin, "wangfang", desk.add("王芳", "consultant"))
    desk.close_on("2027-02-06", "除夕")
    desk.open("/rules")
    desk.fill(policy__protection_days="20")
    desk.press("save")
    desk.is_saved()
    table = tmp_path / "客户.csv"
    rows = [["王芳", DAY, "张", "13900000001", "浙A00001"], ["周敏", DAY, "李", "13900000002", ""]]
    table.write_bytes(csv_of(*rows).encode("gb18030"))
    for is_again in (False, True):
        desk.bring(table, "新客户 2 位")
        counting = "select consultant_id from registrations where not is_overruled order by 1"
        assert desk.site.query(counting) == [("wangfang",), ("zhoumin",)]
        if not is_again:
            desk.open("/customers")
            expect(desk.page.get_by_test_id("entered")).to_contain_text(table.name)
            desk.press("take-back")
            desk.is_saved()
            assert desk.site.query(counting) == []
    desk.hand_over("wangfang", "zhoumin")
    assert desk.site.query(counting) == [("zhoumin",), ("zhoumin",)]
    desk.finds("0002", "found-customer", "139****0002")
    desk.open("/history")
    desk.press("take-back")
    desk.is_saved()
    kept = "select body from journal where kind = 'SettingsChange' order by seq desc limit 1"
    assert eventually(lambda: "undoes" in json.loads(str(desk.site.query(kept)[0][0])))


def test_every_page_of_the_settings_is_seen() -> None:
    asked = (key[1] for key, row in ROUTES.items() if key[0] == "GET" if "/settings" in row.path)
    assert {*asked} == PAGES.keys() | SEEN_ON_THE_WAY


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.walk)])
def test_the_pages_are_accessible_on_a_desk_and_on_a_phone(
    desk: Desk, pin: str, every: int
) -> None:
    assert pin
    if every > 1:
        desk.add("陈芳", "consultant")
        desk.open("/people/chenfang/leave")
        desk.press("confirm")
    for number, (width, language) in enumerate(LOOKS):
        desk.page.set_viewport_size({"width": width, "height": 844})
        desk.open("")
        desk.press(f"language-{language}")
        first = (number + number // len(LANGUAGES)) % every
        for path in list(PAGES.values())[first::every]:
            desk.open(path)
            expect(desk.page.locator("html")).to_have_attribute("lang", language)
            assert violations(desk.page) == [], (path, width, language)
            wide = desk.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, language)
