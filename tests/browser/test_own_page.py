"""A visitor's own page on a real phone-sized Chromium: large, readable, erased with two taps."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from broker.console.app import create_app
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.queries.own_data import OwnData
from broker.rules.policy import Policy
from shared.messages import ReportKind, StaffReport
from shared.web_server import WebServer, listen
from tests.broker.console.fake_site import FakeSite
from tests.broker.console.own_page import MINE, HubAtHand
from tests.browser.accessibility import violations
from tests.browser.handheld_rig import chromium
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs Chromium"),
]

PHONE: ViewportSize = {"width": 390, "height": 844}
SMALLEST_PX = 48
LANGUAGES = ("zh-CN", "en", "zh-TW")


@dataclass
class House:
    """A hub with its pages, and visitors who were there."""

    hub: Hub
    address: str

    def visitor(self, number: int) -> str:
        """Lets a visitor come and go; the address of their own page."""
        secret = f"{number:032d}"
        key = hashlib.sha256(secret.encode()).hexdigest()
        name = f"c-{number}"
        come = replace(MINE, check_in_id=name, phone=f"1390000{number:04d}", plate=None)
        handle(self.hub, replace(come, page_key=key))
        visit = self.hub.visits.of_check_in(name)
        assert visit is not None
        gone = StaffReport(
            report_id=f"s-{number}",
            staff_id=visit.host_id or "li",
            kind=ReportKind.FINISHED,
            reported_at=self.hub.clock(),
            visit_id=visit.visit_id,
        )
        handle(self.hub, gone)
        return f"{self.address}/me/{secret}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, clock = tmp_path_factory.mktemp("hub"), FakeClock()
    hub = open_hub(folder, PEOPLE, Policy(), clock)
    app = create_app(FakeSite(), "k", clock, OwnData(hub, HubAtHand(hub), clock))
    listener = listen("127.0.0.1", 0)
    server = WebServer(app, listener)
    server.start()
    yield House(hub, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium())
        yield started
        started.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(viewport=PHONE, has_touch=True)
    yield context.new_page()
    context.close()


def too_small(page: Page) -> list[str]:
    """What a thumb would miss."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll('a, button, input:not([type=hidden])')]
            .filter(element => { const box = element.getBoundingClientRect();
                return box.width < least || box.height < least; })
            .map(element => element.outerHTML)""",
        SMALLEST_PX,
    )
    return found


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_own_page_is_easy_to_read_and_to_tap(
    house: House, phone: Page, language: str
) -> None:
    url = house.visitor(100 + LANGUAGES.index(language))
    for path in ("", "/correct", "/erase", "/no/such"):
        phone.goto(f"{url}{path}?lang={language}")
        assert violations(phone) == [], path
        assert too_small(phone) == [], path
        assert not overflows(phone), path


def test_a_visitor_corrects_a_name_takes_a_copy_and_is_erased(house: House, phone: Page) -> None:
    url = house.visitor(1)
    phone.goto(url)
    expect(phone.get_by_test_id("kept-name")).to_have_text("欧阳先生")
    phone.get_by_test_id("correct").tap()
    phone.locator("input[name=surname]").fill("司徒")
    phone.get_by_test_id("save").tap()
    expect(phone.get_by_test_id("said")).to_have_text("已更正。")
    expect(phone.get_by_test_id("kept-name")).to_have_text("司徒先生")
    with phone.expect_download() as copy:
        phone.get_by_test_id("copy").tap()
    assert "司徒" in Path(copy.value.path()).read_text(encoding="utf-8")
    phone.get_by_test_id("erase").tap()
    phone.get_by_test_id("erase-now").tap()
    expect(phone.get_by_test_id("problem")).to_contain_text("已经删除")
    phone.goto(url)
    expect(phone.get_by_test_id("problem")).to_contain_text("二维码已过期")


def test_a_visitor_may_still_change_their_mind(house: House, phone: Page) -> None:
    phone.goto(house.visitor(2))
    phone.get_by_test_id("erase").tap()
    phone.get_by_test_id("keep").tap()
    expect(phone.get_by_test_id("kept-name")).to_have_text("欧阳先生")


def test_the_page_works_by_keyboard_alone_and_runs_no_script(house: House, phone: Page) -> None:
    phone.goto(house.visitor(3))
    assert phone.locator("script").count() == 0
    for _ in range(12):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.dataset.testid") == "erase":
            break
    phone.keyboard.press("Enter")
    expect(phone.get_by_test_id("erase-now")).to_be_visible()
