"""A site by pages alone: from nothing to the first claimed alert, and then a manager's month."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from broker.launch.join_command import main as join
from broker.mqtt_server.plain_client import PlainClient, way_of
from gate.settings import GateSettings
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import rings
from tests.browser.handheld_rig import chromium
from tests.browser.screens import TABLET, Screens, check_in
from tests.customer_tables import DAY, csv_of
from tests.site import RunningSite, running_site
from tests.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]
PAGES = (
    "",
    "/people",
    "/people/zhoumin",
    "/rules",
    "/days",
    "/house",
    "/history",
    "/customers",
    "/devices",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """The manager's desk at a running site."""

    page: Page
    site: RunningSite
    screens: Screens

    def open(self, path: str) -> None:
        """Open a page of the settings."""
        self.page.goto(f"{self.site.said['console']}settings{path}")

    def fill(self, **values: str) -> None:
        """Fill fields in; ``__`` in a name stands for a dot."""
        for name, text in values.items():
            self.page.get_by_test_id(f"field-{name.replace('__', '.')}").fill(text)

    def press(self, name: str) -> None:
        """Press a button or link."""
        self.page.get_by_test_id(name).first.click()

    def add(self, name: str, role: str) -> str:
        """Add somebody; the PIN that is shown once."""
        self.open("/people/new")
        self.fill(name=name)
        self.page.get_by_test_id(f"role-{role}").check()
        self.press("save")
        return self.page.get_by_test_id("pin").inner_text()

    def bring(self, table: Path, would: str) -> None:
        """Try a table of customers, and enter it."""
        self.open("/customers")
        self.page.get_by_test_id("table").set_input_files(table)
        self.press("try")
        expect(self.page.get_by_test_id("counts")).to_contain_text(would)
        self.press("enter")
        expect(self.page.get_by_test_id("said")).to_be_visible()

    def close_on(self, day: str, name: str) -> None:
        """A holiday."""
        self.open("/days")
        self.page.get_by_test_id("on-0").fill(day)
        self.page.get_by_test_id("name-0").fill(name)
        self.press("save")
        self.is_saved()

    def hand_over(self, leaver: str, to: str) -> None:
        """Somebody with one customer leaves, who gets another consultant."""
        self.open(f"/people/{leaver}/leave")
        expect(self.page.get_by_test_id("left-behind")).to_contain_text("1 位")
        self.press("confirm")
        self.page.get_by_test_id(f"even-{to}").check()
        self.page.get_by_test_id("even-reason").fill("离职移交")
        self.press("hand-over-evenly")
        self.is_saved()
        expect(self.page.get_by_test_id("none-left")).to_be_visible()

    def finds(self, text: str, kind: str, shown: str) -> None:
        """Ctrl-K finds this as soon as it is typed, and Escape closes it."""
        self.page.keyboard.press("Control+k")
        self.page.get_by_test_id("find-text").press_sequentially(text)
        expect(self.page.get_by_test_id(kind).first).to_contain_text(shown)
        assert not violations(self.page)
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_test_id("find-text")).to_be_hidden()

    def add_device(self, name: str, kind: str) -> str:
        """Add a device; what the page shows to be scanned or typed."""
        self.open("/devices")
        self.page.get_by_test_id("device-name").fill(name)
        self.page.get_by_test_id("device-kind").select_option(kind)
        self.press("add-device")
        assert not violations(self.page)
        return self.page.get_by_test_id("address").inner_text()

    def retire(self, device_id: str) -> None:
        """Retire it."""
        self.open("/devices")
        self.press(f"retire-{device_id}")
        self.is_saved()

    def is_saved(self) -> None:
        """The page says so."""
        expect(self.page.get_by_test_id("saved")).to_be_visible()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=chromium())
        yield running
        running.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The first manager has entered themselves, at a site of which no file was touched."""
    folder = tmp_path_factory.mktemp("by_page")
    with (folder / "log").open("w") as log, running_site(folder / "data", log=log) as site:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(str(site.said["first_run"]))
        found = Desk(page, site, Screens(browser, site))
        found.fill(name="陈静")
        found.press("save")
        expect(page.get_by_test_id("pin")).to_be_visible()
        yield found


@pytest.fixture(scope="module")
def pin(desk: Desk) -> str:
    """周敏's: she works here, and the site is always open."""
    found = desk.add("周敏", "consultant")
    desk.open("/rules")
    desk.fill(policy__open="00:00", policy__close="24:00")
    desk.press("save")
    desk.is_saved()
    return found


def test_from_nothing_to_the_first_claimed_alert(desk: Desk, pin: str) -> None:
    phone = desk.screens.phone("zhoumin", pin)
    phone.get_by_test_id("tab-line").tap()
    phone.get_by_test_id("do-join").tap()
    tablet = desk.screens.tablet()
    check_in(tablet, "yes", "no", "no")
    rings(phone, is_ringing=True)
    phone.get_by_test_id("tab-alerts").tap()
    phone.get_by_test_id("claim").first.tap()
    expect(tablet.get_by_test_id("set-out")).to_contain_text("周敏 已出发")
    found = desk.site.query("select host_id, claimed_by, rule from visits")
    assert found == [("zhoumin", "zhoumin", "R14")]
    assert not (desk.site.data / "config" / "site.toml").exists()
    authors = "select body ->> 'by' from journal where kind = 'SettingsChange' order by seq"
    assert [by for (by,) in desk.site.query(authors)] == [None, "chenjing", "chenjing"]


def is_ok(answer: Response | None) -> bool:
    """Whether the page came as it should."""
    return answer is not None and answer.ok


def test_a_tablet_comes_in_by_its_code_and_is_out_once_it_is_retired(desk: Desk, pin: str) -> None:
    assert pin
    tablet = desk.screens.browser.new_context(viewport=TABLET).new_page()
    address = desk.add_device("侧门", "tablet")
    assert eventually(lambda: is_ok(tablet.goto(address))), "the kiosk hears of it soon"
    expect(tablet.get_by_test_id("named")).to_have_text("侧门")
    expect(tablet.get_by_test_id("language-zh-CN")).to_be_visible()
    desk.retire("cemen")
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
        desk.retire("beimen")
        assert eventually(lambda: gate.was_thrown_off)
    finally:
        gate.close()


def test_a_manager_s_month(desk: Desk, pin: str, tmp_path: Path) -> None:
    assert pin
    desk.add("王芳", "consultant")
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


def test_the_pages_are_accessible_on_a_desk_and_on_a_phone(desk: Desk, pin: str) -> None:
    assert pin
    for width in (1280, 390):
        desk.page.set_viewport_size({"width": width, "height": 844})
        for path in PAGES:
            desk.open(path)
            assert violations(desk.page) == [], (path, width)
