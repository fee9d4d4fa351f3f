"""The page on the wall in a real Chromium: fresh by itself, honest when it is not."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from waitress import create_server

from broker.console.app import create_app
from broker.console.site_view import NodeLine, Overview, TurnLine, VisitLine, VisitState
from broker.console.wall import WallChoice
from broker.console.wall_ticket import wall_ticket
from broker.rules.line import Note
from shared.clock import now
from shared.messages import NodeKind
from shared.words import LANGUAGES
from tests.broker.console.fake_site import FakeSite, busy_morning
from tests.browser.accessibility import violations
from tests.servers import free_ports

pytestmark = pytest.mark.browser

SECRET = "a key for tests only"


@dataclass
class WallSite:
    """The staff's pages of a site that a test changes, served to a screen."""

    site: FakeSite = field(default_factory=FakeSite)

    def __post_init__(self) -> None:
        (self.port,) = free_ports(1)
        app = create_app(self.site, SECRET, now, wall=WallChoice(shows_names=True))
        self._web = create_server(app, host="127.0.0.1", port=self.port, threads=4)
        threading.Thread(target=self._web.run, daemon=True).start()

    def url(self, language: str = "zh-CN") -> str:
        ticket = wall_ticket(SECRET, "1")
        return f"http://127.0.0.1:{self.port}/wall/{ticket}?lang={language}"

    def stop(self) -> None:
        self._web.close()


def crowded(moment: datetime) -> Overview:
    """More of everything than fits: by car and on foot, waiting, called, received."""
    plates = ("浙AD12345", "沪B66611", "粤Z1234港", None)
    states = (VisitState.CALLED, VisitState.WAITING, VisitState.SERVING, VisitState.ARRIVED)
    visits = (
        VisitLine(
            f"v{n}", moment - timedelta(minutes=n / 2), plate, "欧阳女士", host, state, None, None
        )
        for n, (plate, state, host) in enumerate(
            zip(plates * 6, states * 6, ("赵磊", None) * 12, strict=True)
        )
    )
    notes = (None, Note.RECEIVING, Note.MAKE_UP) * 5
    line = (TurnLine(str(n), "欧阳建国", note) for n, note in enumerate(notes))
    return replace(busy_morning(moment), visits=tuple(visits), line=tuple(line))


@pytest.fixture(scope="module")
def served() -> Iterator[WallSite]:
    built = WallSite()
    yield built
    built.stop()


@pytest.fixture
def screen(served: WallSite, phone_browser: Browser) -> Iterator[Page]:
    served.site.view = busy_morning(now())
    context = phone_browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_read_it_and_it_fits_the_screen(
    served: WallSite, screen: Page, language: str
) -> None:
    served.site.view = crowded(now())
    screen.goto(served.url(language))
    assert violations(screen) == []
    size = screen.evaluate("[document.body.scrollWidth, document.body.scrollHeight]")
    assert size[0] <= 1920
    assert size[1] <= 1080
    heights = screen.evaluate(
        "[...document.querySelectorAll('.wall__row strong')]"
        ".map(element => parseFloat(getComputedStyle(element).fontSize))"
    )
    assert min(heights) >= 56  # 5 m away: letters of 25 mm on a screen of 55 inches


def test_the_hall_can_be_read_and_fits_busy_and_empty(served: WallSite, screen: Page) -> None:
    visits = crowded(now()).visits
    numbered = tuple(replace(visit, number=str(100 + at)) for at, visit in enumerate(visits))
    door = "http://192.0.2.10:8080/own-phone/AAAAAAAAAAAAAAAA"
    tablet = NodeLine("lobby", NodeKind.KIOSK, "大厅", True, now(), door=door)
    for view in (replace(Overview(), visits=numbered, nodes=(tablet,)), Overview()):
        served.site.view = view
        screen.goto(f"{served.url('en')}&scene=hall")
        assert violations(screen) == []
        size = screen.evaluate("[document.body.scrollWidth, document.body.scrollHeight]")
        assert (size[0] <= 1920, size[1] <= 1080) == (True, True)
        assert screen.get_by_test_id("number-next").count() == (2 if view.visits else 0)
        assert screen.get_by_test_id("door").count() == len(view.nodes)


def test_it_shows_what_is_new_without_anybody_s_hand(served: WallSite, screen: Page) -> None:
    screen.goto(served.url())
    expect(screen.get_by_test_id("waiting")).to_contain_text("刘先生")
    served.site.view = Overview()
    expect(screen.get_by_test_id("waiting")).to_contain_text("没有客户在等候")
    expect(screen.get_by_test_id("stale")).to_be_hidden()


def test_it_says_since_when_it_is_not_fresh_and_recovers(served: WallSite, screen: Page) -> None:
    screen.goto(served.url())
    screen.context.set_offline(True)
    expect(screen.get_by_test_id("stale")).to_contain_text("连接中断")
    clock = screen.get_by_test_id("clock").inner_text()
    expect(screen.get_by_test_id("stale")).to_contain_text(clock)
    screen.context.set_offline(False)
    expect(screen.get_by_test_id("stale")).to_be_hidden()


def test_a_link_that_was_ended_shows_nothing_more(served: WallSite, screen: Page) -> None:
    screen.route("**/live?**", lambda route: route.fulfill(status=403, body=""))
    screen.goto(served.url())
    expect(screen.get_by_test_id("stale")).to_contain_text("已失效")
    expect(screen.get_by_test_id("live")).to_be_hidden()
