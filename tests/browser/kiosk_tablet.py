"""A kiosk in the process of the test, shown in a real Chromium: every page can be reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect

from kiosk.app import create_app
from kiosk.site_texts import SiteTexts
from shared.web_server import WebServer, listen
from tests.kiosk.house import OPENED, PIN, TOKEN, House, settings
from tests.waiting import eventually

TABLET: ViewportSize = {"width": 1280, "height": 800}
UPRIGHT: ViewportSize = {"width": 800, "height": 1280}
LARGE: ViewportSize = {"width": 1920, "height": 1080}
SIZES = (TABLET, UPRIGHT, LARGE)


@dataclass(slots=True)
class Served:
    """A kiosk whose pages are served; the test plays the hub, there is no MQTT server."""

    house: House
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def speak(self, language: str) -> None:
        """The house's own language from now on."""
        self.house.parts.store.keep_site_texts(SiteTexts(language=language))


@contextmanager
def served(**changes: Any) -> Iterator[Served]:
    """A kiosk with its consultants, on a free port; its databases are closed at the end."""
    house = House(settings=settings(**changes))
    house.tell_roster()
    listener = listen("127.0.0.1", 0)
    server = WebServer(create_app(house.parts), listener)
    server.start()
    try:
        yield Served(house, listener.getsockname()[1])
    finally:
        server.stop()
        while OPENED:
            OPENED.pop().close()


@dataclass(slots=True)
class Tablet:
    """A tablet that is logged in, and the visitor in front of it."""

    page: Page
    url: str
    taps: int = field(default=0)

    def tap(self, *test_ids: str) -> None:
        """Tap one after the other, each as soon as it can be tapped."""
        for test_id in test_ids:
            self.page.get_by_test_id(test_id).first.tap()
            self.taps += 1

    def type(self, test_id: str, text: str) -> None:
        self.page.get_by_test_id(test_id).fill(text)

    def sees(self, test_id: str) -> None:
        expect(self.page.get_by_test_id(test_id).first).to_be_visible()

    def shows(self, test_id: str, *, as_name: str | None = None) -> str:
        """The name of the page that shows ``test_id``, once it does and lies still."""
        self.sees(test_id)
        self.page.wait_for_load_state()
        return as_name or test_id

    def hold_still(self) -> None:
        """Let the page that is shown not load itself anew under who measures it."""
        self.page.evaluate("for (let at = setTimeout(() => {}); at; at--) clearTimeout(at)")

    def let_in(self) -> None:
        self.open(f"/enter/{TOKEN}")

    def open(self, path: str) -> None:
        assert eventually(lambda: self._goes(path))

    def _goes(self, path: str) -> bool:
        """Whether it could go there: a page that is about to load itself anew ends our way."""
        try:
            self.page.goto(self.url + path)
        except Error as error:
            if "ERR_ABORTED" not in str(error):
                raise
            return False
        return True

    def become_staff(self, pin: str = PIN) -> None:
        self.open("/staff")
        self.type("pin", pin)
        self.tap("pin-enter")
        self.sees("waiting-count")


def context_of(browser: Browser, size: ViewportSize = TABLET) -> BrowserContext:
    return browser.new_context(viewport=size, has_touch=True)


def tablet_of(context: BrowserContext, url: str) -> Tablet:
    """A tablet at the welcome."""
    tablet = Tablet(context.new_page(), url)
    tablet.let_in()
    return tablet
