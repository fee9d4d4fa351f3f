"""A staff member's phone with the handheld page open, as the browser tests hold it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from broker.mqtt_server import mosquitto
from shared.messages import Alert
from tests.broker.console.fake_site import CHEN, LI, OTHERS, SUN, ZHAO
from tests.browser.handheld_rig import chromium
from tests.servers import wait_until

MARKS = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(mosquitto.find_mosquitto() is None, reason="mosquitto is not installed"),
]

EVERYBODY = (LI, ZHAO, CHEN, SUN, *OTHERS)
PINS = {person.staff_id: person.pin for person in EVERYBODY}


@dataclass(frozen=True)
class Phone:
    """One person's phone with the page open."""

    page: Page

    def card(self, of: Alert) -> Locator:
        return self.page.locator(f"article[data-alert-id='{of.alert_id}']")

    def shows(self, of: Alert, state: str, within_s: float = 5.0) -> None:
        expect(self.card(of)).to_have_attribute("data-state", state, timeout=within_s * 1000)

    def rings(self, is_ringing: bool = True, within_s: float = 5.0) -> None:
        word = str(is_ringing).lower()
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-ringing", word, timeout=within_s * 1000)

    def comes_to(self, claim: str, within_s: float) -> bool:
        """Whether the JavaScript ``claim`` comes true; the page's policy lets no other wait run."""
        return wait_until(lambda: bool(self.page.evaluate(claim)), within_s=within_s)

    def is_connected(self, word: str = "true", within_s: float = 20.0) -> None:
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-connected", word, timeout=within_s * 1000)


def log_in(page: Page, address: str, staff_id: str) -> Phone:
    """Log ``staff_id`` in with name and PIN, and start the watch."""
    page.goto(address)
    page.get_by_test_id(f"person-{staff_id}").click()
    for digit in PINS[staff_id]:
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("enter").click()
    phone = Phone(page)
    phone.is_connected()
    page.get_by_test_id("start").click()
    return phone


PhoneOf = Callable[[str], Phone]
