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

    def phone(self, staff_id: str) -> Page:
        people = tomllib.loads((self.site.data / "config/site.toml").read_text(encoding="utf-8"))
        pin = next(person["pin"] for person in people["staff"] if person["id"] == staff_id)
        page = self.browser.new_context(viewport=PHONE, has_touch=True).new_page()
        page.goto(str(self.site.said["handheld"]))
        page.get_by_test_id(f"person-{staff_id}").tap()
        for digit in pin:
            page.get_by_test_id(f"pin-{digit}").tap()
        page.get_by_test_id("enter").tap()
        page.get_by_test_id("start").tap()
        expect(page.locator("body")).to_have_attribute("data-connected", "true")
        return page


def check_in(tablet: Page, *answers: str) -> None:
    """Check a visitor in: the three questions, no car and no phone number."""
    tablet.get_by_test_id("language-zh-CN").tap()
    for answer in answers:
        tablet.get_by_test_id(f"answer-{answer}").tap()
    tablet.get_by_test_id("car-none").tap()
    tablet.get_by_test_id("consent-no").tap()
