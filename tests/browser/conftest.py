"""A site around the handheld page, and phones with the page open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.handheld_phone import PINS, Phone, PhoneOf
from tests.browser.handheld_rig import Rig, chromium


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    built = Rig(tmp_path_factory.mktemp("handheld"))
    built.start()
    yield built
    built.stop()


@pytest.fixture(scope="module")
def phone_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium())
        yield started
        started.close()


@pytest.fixture(scope="module")
def kiosk_browser() -> Iterator[Browser]:
    """As visitors meet it: pages may be kept for the back button, which Playwright turns off."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(), ignore_default_args=["--disable-back-forward-cache"]
        )
        yield started
        started.close()


@pytest.fixture
def phone_of(rig: Rig, phone_browser: Browser) -> Iterator[PhoneOf]:
    """Logs a person in on a phone of his own and starts the watch."""
    contexts = []

    def open_page(staff_id: str) -> Phone:
        context = phone_browser.new_context(viewport={"width": 390, "height": 844})
        contexts.append(context)
        page = context.new_page()
        page.goto(rig.url("/login"))
        page.get_by_test_id(f"person-{staff_id}").click()
        for digit in PINS[staff_id]:
            page.get_by_test_id(f"pin-{digit}").click()
        page.get_by_test_id("enter").click()
        phone = Phone(page)
        phone.is_connected()
        page.get_by_test_id("start").click()
        return phone

    rig.hub.heard.clear()
    yield open_page
    rig.start_mqtt()  # where a test ended before it could
    for context in contexts:
        context.close()
