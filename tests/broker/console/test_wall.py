"""The page on the wall: who may open it, what it shows, and what it hides."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from broker.console.app import create_app
from broker.console.site_view import NodeLine, Overview, Post, PostLine, VisitLine, VisitState
from broker.console.wall import WallChoice
from broker.console.wall_ticket import is_good, wall_ticket
from broker.console.wall_view import ROWS
from shared.messages import Brand, NodeKind
from shared.words import LANGUAGES, read_words
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import NINE, FakeSite, StandingClock, busy_morning

PATH = f"/wall/{wall_ticket(SECRET, '1')}"


def wall(site: FakeSite, choice: WallChoice, path: str = PATH) -> str:
    """The page as a screen without cookies gets it."""
    return Browser(create_app(site, SECRET, StandingClock(), wall=choice)).get(path).text


def test_the_screen_needs_nobody_who_logs_in(browser: Browser) -> None:
    assert browser.get(PATH).status_code == 200
    assert browser.get(f"{PATH}/live").status_code == 200


@pytest.mark.parametrize(
    "ticket", ["guess", wall_ticket("another key", "1"), wall_ticket(SECRET, "0")]
)
def test_a_forged_or_ended_link_opens_nothing(browser: Browser, ticket: str) -> None:
    for path in (f"/wall/{ticket}", f"/wall/{ticket}/live"):
        answer = browser.get(path)
        assert answer.status_code in (303, 403, 404)
        assert "8**88" not in answer.text


def test_another_stamp_ends_every_link_that_was_given_out(site: FakeSite) -> None:
    assert "已失效" in wall(site, WallChoice(stamp="2"))
    assert is_good(SECRET, wall_ticket(SECRET, "2"), "2")


def test_a_log_in_by_qr_is_no_ticket_for_the_wall_nor_the_other_way_round(browser: Browser) -> None:
    assert browser.get(f"/enter/{wall_ticket(SECRET, '1')}").status_code == 403


def test_the_ticket_opens_no_other_page(browser: Browser) -> None:
    browser.get(PATH)
    assert browser.get("/").status_code == 303
    assert browser.get("/api/account").status_code == 401


def test_only_a_manager_finds_the_link(
    consultant: Browser, manager: Browser, browser: Browser
) -> None:
    assert browser.get("/wall").status_code == 303
    assert consultant.get("/wall").status_code == 403
    page = manager.get("/wall?lang=en").text
    found = re.search(r'data-testid="address" href="([^"]+)"', page)
    assert found
    assert browser.get(found[1]).status_code == 200
    assert 'href="/wall"' in manager.get("/").text


def test_plates_phones_and_names_stay_hidden_unless_the_house_shows_names(site: FakeSite) -> None:
    hidden = wall(site, WallChoice())
    named = wall(site, WallChoice(shows_names=True))
    for page in (hidden, named):
        assert "88888" not in page
        assert "13800138000" not in page
        assert "浙A·8**88" in page
    assert "刘先生" not in hidden
    assert "刘先生" in named


def test_who_waits_stands_first_who_came_first_and_it_says_who_comes(site: FakeSite) -> None:
    page = wall(site, WallChoice(shows_names=True))
    waiting = page[page.index('data-testid="waiting"') : page.index('data-testid="arrivals"')]
    assert waiting.index("王先生") < waiting.index("刘先生")
    assert "赵磊接待" in waiting
    assert "3 分钟" in waiting
    assert "张女士" not in waiting  # already received


def test_the_line_shows_who_is_next_and_who_cannot_be_called(site: FakeSite) -> None:
    page = wall(site, WallChoice())
    line = page[page.index('data-testid="line"') :]
    assert line.index("赵磊") < line.index("李敏")
    assert "接待中" in line


def test_arrivals_leave_the_wall_after_a_quarter_of_an_hour(site: FakeSite) -> None:
    clock = StandingClock()
    screen = Browser(create_app(site, SECRET, clock))
    assert "浙A·8**88" in screen.get(PATH).text
    clock.forward(5 * 60)
    assert "浙A·8**88" not in screen.get(PATH).text


def test_a_device_that_is_offline_is_named(site: FakeSite) -> None:
    assert "离线：登记台 lobby" in wall(site, WallChoice())
    fine = replace(site, view=Overview())
    assert "手机离线" not in wall(fine, WallChoice())
    assert "设备正常" in wall(fine, WallChoice())


def test_six_phones_that_are_offline_are_not_called_fine(site: FakeSite) -> None:
    nodes = tuple(
        NodeLine(f"s{number}", NodeKind.STAFF, "", is_online=False, seen_at=NINE)
        for number in range(6)
    )
    posts = tuple(PostLine(f"s{number}", "", ("door",), Post.OFF) for number in range(6))
    page = wall(replace(site, view=Overview(nodes=nodes, posts=posts)), WallChoice())
    assert "6 部手机离线" in page
    assert "设备正常" not in page
    at_lunch = tuple(replace(line, post=Post.AWAY) for line in posts)
    assert "设备正常" in wall(
        replace(site, view=Overview(nodes=nodes, posts=at_lunch)), WallChoice()
    )


def test_more_than_fits_is_counted(site: FakeSite) -> None:
    waiting = VisitState.WAITING
    many = tuple(
        VisitLine(f"v{n}", NINE, f"浙A1000{n % 10}", None, None, waiting, None, None)
        for n in range(ROWS + 3)
    )
    page = wall(replace(site, view=replace(busy_morning(), visits=many)), WallChoice())
    assert "另有 3 位" in page
    assert f">{ROWS + 3}</span>" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wall_speaks_each_language(site: FakeSite, language: str) -> None:
    page = wall(site, WallChoice(), f"{PATH}?lang={language}")
    assert f'lang="{language}"' in page
    assert read_words("broker").say("wall.waiting", language) in page
    assert f"lang={language}" in page[page.index("data-url") :]


def test_the_hall_shows_numbers_and_nobody_s_name_or_plate(site: FakeSite) -> None:
    went_at = NINE - timedelta(minutes=1)
    numbered = tuple(
        replace(
            visit,
            number=str(101 + at),
            claimed_at=went_at if visit.state is VisitState.SERVING else None,
        )
        for at, visit in enumerate(site.view.visits)
    )
    shown = replace(site, view=replace(site.view, visits=numbered))
    page = wall(shown, WallChoice(shows_names=True), f"{PATH}?scene=hall")
    assert re.findall(r'data-testid="number-(now|next)">(\d+)', page) == [
        ("now", "103"),
        ("next", "102"),
        ("next", "101"),
    ]
    assert not [word for word in ("张女士", "刘先生", "8**88", "赵磊") if word in page]


def test_an_empty_list_says_what_the_day_was_and_what_comes_next(site: FakeSite) -> None:
    quiet = replace(site, view=replace(site.view, visits=()))
    page = wall(quiet, WallChoice())
    assert "今天已接待 0 组" in page
    assert "下一位预约" in page


def test_the_house_s_own_name_and_picture_stand_in_its_hall(site: FakeSite) -> None:
    brand = Brand(welcome="hall.mp4", en="Cloud Bay")
    branded = replace(site, worn=(brand, "pictures"))
    page = wall(branded, WallChoice(), f"{PATH}?scene=hall&lang=en")
    assert "Cloud Bay" in page
    assert 'src="/look/brand/hall.mp4" autoplay muted loop' in page


def hall(site: FakeSite) -> str:
    return wall(site, WallChoice(), f"{PATH}?scene=hall")


def test_the_hall_shows_the_code_for_own_phones_while_its_tablet_is_online(site: FakeSite) -> None:
    """As the tablet's heartbeat says; another address is another code."""
    door = "http://192.0.2.10:8080/own-phone/"
    tablet = NodeLine("lobby", NodeKind.KIOSK, "大厅", True, NINE, door=f"{door}one")
    seen = replace(site, view=Overview(nodes=(tablet,)))
    first = hall(seen)
    assert 'data-testid="door"' in first
    assert "<svg" in first
    later = replace(site, view=Overview(nodes=(replace(tablet, door=f"{door}two"),)))
    assert hall(later) != first
    for gone in (replace(tablet, is_online=False), replace(tablet, door=None)):
        assert 'data-testid="door"' not in hall(replace(site, view=Overview(nodes=(gone,))))
