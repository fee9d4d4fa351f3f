"""The tablets and phones of a whole site in a real Chromium."""

import tomllib
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.site import RunningSite

TABLET: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Screens:
    """Opens pages, each with cookies of its own; Chromium is shared."""

    browser: Browser
    site: RunningSite

    def tablet(self) -> Page:
        page = self.browser.new_context(viewport=TABLET, has_touch=True).new_page()
        page.goto(str(self.site.said["kiosk"]))
        return page

    def phone(self, staff_id: str, pin: str | None = None) -> Page:
        """Somebody's phone, logged in; without ``pin`` by the one in ``site.toml``."""
        pin = pin or self._pin(staff_id)
        page = self.browser.new_context(viewport=PHONE, has_touch=True).new_page()
        page.goto(str(self.site.said["handheld"]))
        page.get_by_test_id(f"person-{staff_id}").tap()
        for digit in pin:
            page.get_by_test_id(f"pin-{digit}").tap()
        page.get_by_test_id("enter").tap()
        page.get_by_test_id("start").tap()
        expect(page.locator("body")).to_have_attribute("data-connected", "true")
        return page

    def _pin(self, staff_id: str) -> str:
        people = tomllib.loads((self.site.data / "config/site.toml").read_text(encoding="utf-8"))
        return next(str(who["pin"]) for who in people["staff"] if who["id"] == staff_id)


def check_in(tablet: Page, *answers: str) -> None:
    """Check a visitor in: the three questions, no car and no phone number."""
    tablet.get_by_test_id("language-zh-CN").tap()
    for answer in answers:
        tablet.get_by_test_id(f"answer-{answer}").tap()
    tablet.get_by_test_id("car-none").tap()
    tablet.get_by_test_id("consent-no").tap()
