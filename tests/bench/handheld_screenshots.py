"""Pictures of each post's page, dark and outdoor.

[--out DIR]        where they go; default build/handhelds
[--language TAG]   zh-CN, en or zh-TW
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from shared.clock import now
from shared.words import LANGUAGES
from tests.broker.console.fake_site import FakeSite, busy_morning
from tests.browser.handheld_phone import EVERYBODY, Phone, log_in
from tests.browser.handheld_rig import Rig, chromium
from tests.browser.post_alerts import POSTS, post_alert
from tests.site import ROOT
from tests.waiting import CAME_AT_ALL_S

PHONE: ViewportSize = {"width": 390, "height": 844}
TABS = ("alerts", "people", "line", "more")
DESK: ViewportSize = {"width": 1280, "height": 900}
SETTLED_MS = 700
"""The page asks for its panels soon after it opened."""
FORMS = {
    "gate": {"correct": "alerts"},
    "parking": {"greeted": "alerts"},
    "consultant": {
        "register": "alerts",
        "seated": "alerts",
        "why_me": "alerts",
        "look_up": "people",
        "away": "line",
    },
    "manager": {"ruling": "people", "stand_in_for": "line", "set_order": "line"},
}
"""The sheets of a post, by the button that opens each, and its tab."""


class Camera:
    """Takes the pictures of one site."""

    def __init__(self, browser: Browser, rig: Rig, out: Path, language: str) -> None:
        self._browser, self._rig, self._out, self._language = browser, rig, out, language

    def take_all(self) -> None:
        """Every post, then the console."""
        for role in POSTS:
            self.take_post(role)
        self.take_console()

    def take_post(self, role: str) -> None:
        """A post's phone: nothing to do, a call, the call for the sun, and each of its forms."""
        person = next(person for person in EVERYBODY if person.roles[0] == role)
        page = self._page(PHONE)
        phone = log_in(page, self._rig.url("/login"), person.staff_id)
        for tab in TABS:
            if page.get_by_test_id(f"tab-{tab}").is_visible():
                phone.go(tab)
                self._save(page, f"{role}-{tab}", is_whole=True)
        phone.go("alerts")
        call = post_alert(role, person.staff_id, raised_s_ago=75)
        self._rig.hub.send(call)
        phone.shows(call, "ringing")
        self._save(page, f"{role}-call")
        phone.go("more")
        self._save(page, f"{role}-call-elsewhere")
        page.get_by_test_id("theme").click()
        phone.go("alerts")
        self._save(page, f"{role}-call-outdoor")
        for form, tab in FORMS.get(role, {}).items():
            phone.go(tab)
            self._take_form(phone, role, form)
        page.context.close()

    def take_console(self) -> None:
        """The manager's desk."""
        page = self._page(DESK)
        log_in(page, self._rig.url("/login"), "chen")
        page.goto(self._rig.url("/"))
        expect(page.get_by_test_id("panel-people")).to_be_visible()
        self._save(page, "console", is_whole=True)
        page.context.close()

    def _take_form(self, phone: Phone, role: str, form: str) -> None:
        phone.page.get_by_test_id(f"do-{form}").first.click()
        self._save(phone.page, f"{role}-form-{form}")
        phone.page.get_by_test_id("sheet-close").click()

    def _page(self, size: ViewportSize) -> Page:
        page = self._browser.new_context(viewport=size).new_page()
        page.goto(self._rig.url("/login"))
        page.get_by_test_id(f"language-{self._language}").click()
        return page

    def _save(self, page: Page, name: str, *, is_whole: bool = False) -> None:
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=self._out / f"{name}.png", full_page=is_whole)


def main() -> int:
    """Play a site, take the pictures, end it."""
    expect.set_options(timeout=CAME_AT_ALL_S * 1000)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "handhelds")
    parser.add_argument("--language", choices=LANGUAGES, default="zh-CN")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tools:
        rig = Rig(Path(folder), FakeSite(staff=EVERYBODY, view=busy_morning(now())))
        rig.start()
        browser = tools.chromium.launch(executable_path=chromium())
        Camera(browser, rig, asked.out, asked.language).take_all()
        browser.close()
        rig.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
