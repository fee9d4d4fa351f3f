"""A site around the handheld page, and phones with the page open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from shared.clock import now
from tests.broker.console.fake_site import FakeSite, busy_morning
from tests.browser.handheld_phone import EVERYBODY, Phone, PhoneOf, log_in
from tests.browser.handheld_rig import Rig, chromium
from tests.waiting import CAME_AT_ALL_S

expect.set_options(timeout=CAME_AT_ALL_S * 1000)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    site = FakeSite(staff=EVERYBODY, view=busy_morning(now()))
    built = Rig(tmp_path_factory.mktemp("handheld"), site)
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
    """As visitors meet it, with pages kept for the back button, which Playwright turns off."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(), ignore_default_args=["--disable-back-forward-cache"]
        )
        yield started
        started.close()


@pytest.fixture
def phone_of(rig: Rig, phone_browser: Browser) -> Iterator[PhoneOf]:
    """Logs a person in on a phone of their own and starts the watch."""
    contexts = []

    def open_page(staff_id: str) -> Phone:
        context = phone_browser.new_context(viewport={"width": 390, "height": 844})
        contexts.append(context)
        return log_in(context.new_page(), rig.url("/login"), staff_id)

    rig.hub.heard.clear()
    rig.hub.gives_receipts = rig.hub.saves = True
    rig.hub.refuses = {}
    yield open_page
    rig.start_mqtt()  # where a test ended before it could
    for context in contexts:
        context.close()
