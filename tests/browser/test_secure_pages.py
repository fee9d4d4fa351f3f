"""A phone learns to trust the site and is alerted over TLS: Chromium with the site's authority."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from broker.certificates.keeping import authority_in
from broker.console.app import create_app
from broker.console.secure_view import Secure
from broker.mqtt_server import mosquitto
from shared.clock import now
from shared.web_server import WebServer, listen
from tests.broker.console.fake_site import FakeSite, busy_morning
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import EVERYBODY, MARKS, log_in
from tests.browser.handheld_rig import Rig, alert, chromium
from tests.certified import Certified, certified
from tests.servers import free_ports

pytestmark = [
    *MARKS,
    pytest.mark.skipif(shutil.which("certutil") is None, reason="certutil is not installed"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("certified"))


@pytest.fixture(scope="module")
def rig(site: Certified, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A site whose pages and MQTT server speak TLS besides."""
    page_port, mqtts, wss = free_ports(3)
    secure = Secure(page_port, 0, wss, authority_in(site.folder))
    fake = FakeSite(staff=EVERYBODY, view=busy_morning(now()), secure=secure)
    ports = mosquitto.TlsPorts(site.server, (mqtts, wss))
    built = Rig(tmp_path_factory.mktemp("rig"), fake, secure=ports)
    built.start()
    app = create_app(built.site, "a secret for tests", built.clock, log_ins=built.log_ins)
    pages = WebServer(app, listen("127.0.0.1", 0), site.settings(page_port))
    pages.start()
    yield built
    pages.stop()
    built.stop()


@contextmanager
def phone(home: Path, authority: str | None) -> Iterator[BrowserContext]:
    """A Chromium of its own, which trusts ``authority`` as its user told it."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = ("certutil", "-d", f"sql:{store}")
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    if authority is not None:
        taken = ("-A", "-t", "C,,", "-n", "site", "-i", authority)
        subprocess.run([*certutil, *taken], check=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=chromium(),
            env={"HOME": str(home)},
            viewport={"width": 390, "height": 844},
        )
        yield opened
        opened.close()


def secure_url(rig: Rig, path: str) -> str:
    assert rig.site.secure is not None
    return f"https://127.0.0.1:{rig.site.secure.page_port}{path}"


def test_a_phone_that_took_the_certificate_goes_on_by_itself_and_is_alerted(
    rig: Rig, site: Certified, tmp_path: Path
) -> None:
    with phone(tmp_path, site.ca_file) as browser:
        page = browser.new_page()
        page.goto(rig.url("/secure"))
        page.wait_for_url(secure_url(rig, "/login"))
        li = log_in(page, page.url, "li")
        assert page.evaluate("isSecureContext")
        assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        cookies = {cookie["name"]: cookie["secure"] for cookie in browser.cookies()}
        assert cookies["__Host-yingbin_staff"] is True
        call = alert(staff_id="li")
        rig.hub.send(call)
        li.shows(call, "ringing")


def test_a_phone_that_trusts_nobody_sees_the_steps_and_is_warned_at_the_secure_page(
    rig: Rig, tmp_path: Path
) -> None:
    with phone(tmp_path, None) as browser:
        page = browser.new_page()
        page.goto(rig.url("/secure"))
        expect(page.get_by_test_id("get-android")).to_be_visible()
        expect(page.locator("body")).to_have_attribute("data-trusts", "false")
        with pytest.raises(PlaywrightError, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(secure_url(rig, "/login"))


def test_the_way_to_trust_can_be_read_by_everybody(rig: Rig, tmp_path: Path) -> None:
    with phone(tmp_path, None) as browser:
        page = browser.new_page()
        page.goto(rig.url("/secure"))
        for opened in ("apple", "android"):
            page.get_by_test_id(opened).evaluate("part => (part.open = true)")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_test_id("language-en").click()
        expect(page.locator("h1")).to_have_text("Let this phone trust the site")
        log_in_page: Page = browser.new_page()
        log_in_page.goto(rig.url("/login"))
        expect(log_in_page.get_by_test_id("plain")).to_be_visible()
