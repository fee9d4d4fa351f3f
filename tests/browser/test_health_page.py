"""The page of the site's health in a real Chromium: on a phone, on a desk, fresh by itself."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect
from waitress import create_server

from broker.console.app import create_app
from broker.console.health_page import HealthPages, serve_health
from broker.console.health_view import CheckLine
from broker.health.site_figures import Condition
from shared.clock import now
from shared.words import LANGUAGES
from tests.broker.console.fake_health import FakeHealth
from tests.broker.console.fake_site import CHEN, FakeSite
from tests.browser.accessibility import violations
from tests.servers import free_ports

pytestmark = pytest.mark.browser

SIZES = ((390, 844), (1280, 900))
FINE = (CheckLine("disk", "磁盘", Condition.FINE),)


@dataclass
class HealthSite:
    """The staff's pages of a site whose health a test changes."""

    health: FakeHealth = field(default_factory=FakeHealth)

    def __post_init__(self) -> None:
        (self.port,) = free_ports(1)
        app = create_app(FakeSite(), "a key for tests only", now)
        serve_health(app, HealthPages(self.health))
        self._web = create_server(app, host="127.0.0.1", port=self.port, threads=4)
        threading.Thread(target=self._web.run, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self) -> None:
        self._web.close()


@pytest.fixture
def served() -> Iterator[HealthSite]:
    built = HealthSite()
    yield built
    built.stop()


@pytest.fixture
def page(served: HealthSite, phone_browser: Browser) -> Iterator[Page]:
    """The manager, logged in, at the page."""
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(served.url("/login?to=health"))
    page.get_by_test_id(f"person-{CHEN.staff_id}").click()
    for digit in CHEN.pin:
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("enter").click()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    yield page
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_read_on_a_phone_and_on_a_desk_in_each_language(page: Page, language: str) -> None:
    page.get_by_test_id(f"language-{language}").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        first = page.get_by_test_id("remedy-phones").bounding_box()
        tile = page.get_by_test_id("tile-cameras").bounding_box()
        assert first
        assert tile
        assert first["y"] < min(height, tile["y"])
        for theme in ("dark", "light"):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            assert violations(page) == []


def test_it_is_fresh_by_itself_and_says_when_it_is_not(served: HealthSite, page: Page) -> None:
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-condition", "wrong")
    page.locator("summary").click()
    served.health.checks = FINE
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-condition", "fine")
    expect(page.get_by_test_id("check-disk")).to_be_visible()  # what was opened stays open
    expect(page.get_by_test_id("to-do")).to_have_count(0)
    page.route("**/health/live", lambda route: route.abort())
    expect(page.locator("[data-part=stale]")).to_be_visible()
    page.unroute("**/health/live")
    expect(page.locator("[data-part=stale]")).to_be_hidden()


def test_the_code_of_the_journal_s_end_fits_on_a_phone(served: HealthSite, page: Page) -> None:
    page.get_by_test_id("head").click()
    code = page.get_by_test_id("qr").locator("svg")
    box = code.bounding_box()
    assert box
    assert 250 < box["width"] <= 390
    drawn = code.evaluate("svg => svg.getBBox().width <= svg.viewBox.baseVal.width")
    assert drawn
    assert violations(page) == []
