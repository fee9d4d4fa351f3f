"""A staff member's phone with the handheld page open, as the browser tests hold it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from broker.mqtt_server import mosquitto
from shared.messages import Alert
from tests.broker.console.fake_site import CHEN, LI, OTHERS, SUN, ZHAO
from tests.browser.handheld_rig import chromium
from tests.waiting import eventually

MARKS = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(mosquitto.find_mosquitto() is None, reason="mosquitto is not installed"),
]

EVERYBODY = (LI, ZHAO, CHEN, SUN, *OTHERS)
_NOTE_SILENCE = """() => {
    const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
    let cameAt = 0;
    Object.defineProperty(MessageEvent.prototype, "data", {
        get() { cameAt = this.timeStamp; return data.get.call(this); },
    });
    new MutationObserver(() => {
        const isSilent = document.body.dataset.ringing === "false";
        if (isSilent) window.rangOnForMs = performance.now() - cameAt;
    }).observe(document.body, { attributeFilter: ["data-ringing"] });
}"""
"""By the page's own clock: a busy machine brings the message late, and the silence with it."""

PINS = {person.staff_id: person.pin for person in EVERYBODY}


def rings(page: Page, *, is_ringing: bool) -> None:
    word = str(is_ringing).lower()
    expect(page.locator("body")).to_have_attribute("data-ringing", word)


def note_silence(page: Page) -> None:
    """From now on the page notes how long after the message that ended it the ringing went on."""
    page.evaluate(_NOTE_SILENCE)


def fell_silent_at_once(page: Page) -> None:
    """The ringing ended within a second of the message that ended it."""
    rings(page, is_ringing=False)
    assert page.evaluate("window.rangOnForMs") < 1000


@dataclass(frozen=True)
class Phone:
    """One person's phone with the page open."""

    page: Page

    def card(self, of: Alert) -> Locator:
        return self.page.locator(f"article[data-alert-id='{of.alert_id}']")

    def shows(self, of: Alert, state: str) -> None:
        expect(self.card(of)).to_have_attribute("data-state", state)

    def rings(self, is_ringing: bool = True) -> None:
        rings(self.page, is_ringing=is_ringing)

    def comes_to(self, claim: str) -> bool:
        """Whether the JavaScript ``claim`` comes true; Playwright's wait is barred by the page."""
        return eventually(lambda: bool(self.page.evaluate(claim)))

    def go(self, tab: str) -> None:
        """Tap the tab ``tab``."""
        self.page.get_by_test_id(f"tab-{tab}").click()

    def do(self, name: str, tab: str = "alerts") -> None:
        """Do in ``tab`` what can't be taken back, at once."""
        self.go(tab)
        self.page.get_by_test_id(f"do-{name}").click()
        self.at_once()

    def at_once(self) -> None:
        """Do without the moment in which what was tapped can be undone."""
        self.page.get_by_test_id("at-once").click()

    def is_connected(self, word: str = "true") -> None:
        expect(self.page.locator("body")).to_have_attribute("data-connected", word)


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


def send_form(phone: Phone) -> None:
    """Send the form in the sheet, which then closes."""
    phone.page.get_by_test_id("form-send").click()
    expect(phone.page.get_by_test_id("sheet")).to_be_hidden()
