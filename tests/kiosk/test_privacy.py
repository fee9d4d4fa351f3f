"""Nothing of a visitor outlives their page, and strangers see nothing."""

import gc
import re

import pytest

from kiosk.visits import GRACE_S
from shared.messages import Roster
from tests.fakes import NINE
from tests.kiosk.house import House, Visitor

PAGES = ("/", "/check-in/first_visit", "/done", "/assignment", "/staff", "/health", "/nowhere")


@pytest.fixture
def house() -> House:
    house = House()
    house.tell_roster()
    return house


@pytest.fixture
def visitor(house: House) -> Visitor:
    """A visitor who typed their details and is checked in."""
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "no")
    visitor.consent("yes")
    visitor.send("/check-in/details", phone="13800138000", surname="欧阳")
    return visitor


def test_the_reset_leaves_nothing_in_memory_or_on_any_page(house: House) -> None:
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("no", "no", "no")
    visitor.send("/check-in/consultant", named_text="独一无二的名字")
    visitor.send("/reset")
    gc.collect()
    assert "独一无二的名字" not in repr([visit.answers for visit in house.visits.under_way])
    for path in (*PAGES, "/check-in/consultant", "/check-in/details"):
        assert "独一无二的名字" not in visitor.open(path)
    assert visitor.shows("language-zh-CN")


def test_a_tablet_that_went_dark_is_forgotten_too(house: House) -> None:
    visitor = house.tablet()
    visitor.begin()
    house.clock.pass_s(house.settings.idle_reset_s + GRACE_S + 1)
    house.visits.forget_idle()
    assert not house.visits.under_way
    visitor.open("/check-in/first_visit")
    assert visitor.shows("language-zh-CN")


def test_who_reads_larger_text_has_twice_the_time(house: House) -> None:
    visitor = house.tablet()
    visitor.send("/begin", language="en", larger="yes")
    assert 'data-idle-reset-s="60"' in visitor.open("/check-in/first_visit")
    house.clock.pass_s(2 * house.settings.idle_reset_s)
    house.visits.forget_idle()
    assert house.visits.under_way


def test_who_is_still_typing_is_not_forgotten(house: House) -> None:
    visitor = house.tablet()
    visitor.begin()
    for _ in range(10):
        house.clock.pass_s(20)
        assert visitor.browser.get("/alive").status_code == 204
    visitor.open("/check-in/first_visit")
    assert visitor.shows("question-first_visit")


def test_after_the_last_page_no_page_shows_what_was_typed(house: House, visitor: Visitor) -> None:
    for path in (*PAGES, "/check-in/details", "/check-in/consent"):
        page = visitor.open(path)
        assert "13800138000" not in page
        assert "欧阳" not in page


def test_another_tablet_never_sees_this_visitor(house: House, visitor: Visitor) -> None:
    other = house.tablet()
    other.begin()
    for path in PAGES:
        assert "欧阳" not in other.open(path)


def test_a_log_line_holds_no_phone_and_no_name(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        visitor = house.tablet()
        visitor.begin()
        visitor.answer("yes", "no", "no")
        visitor.consent("yes", car="type")
        visitor.send("/check-in/plate", plate="浙A88888")
        visitor.send("/check-in/details", phone="13800138000", surname="欧阳")
    assert "check-in" in caplog.text
    for private in ("13800138000", "欧阳", "浙A88888"):
        assert private not in caplog.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_never_stored_and_runs_no_foreign_script(house: House, path: str) -> None:
    headers = house.tablet().browser.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/check-in/first_visit", "/nowhere"])
def test_no_page_needs_an_inline_script_or_style(house: House, path: str) -> None:
    visitor = house.tablet()
    visitor.begin()
    page = visitor.open(path)
    assert page.count("<script") == page.count("<script src=")
    assert "<style" not in page
    assert "style=" not in page
    assert " onclick" not in page


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(house: House) -> None:
    cookie = house.browser().get("/login").headers["Set-Cookie"]
    assert cookie.startswith("kiosk-lobby=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_the_form_fields_offer_nothing_that_was_typed_before(house: House) -> None:
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "no")
    page = visitor.consent("yes")
    fields = [field for field in re.findall("<input[^>]*>", page) if "maxlength" in field]
    assert len(fields) == 2
    assert all('autocomplete="off"' in field for field in fields)


def test_a_static_file_is_kept_by_the_browser_and_named_by_its_content(house: House) -> None:
    browser = house.tablet().browser
    (address,) = re.findall(r"/static/kiosk\.css\?v=[0-9a-f]{16}", browser.get("/").text)
    with browser.get(address) as named, browser.get("/static/kiosk.css") as bare:
        assert "immutable" in named.headers["Cache-Control"]
        assert bare.headers["Cache-Control"] == "no-cache"


def test_a_phone_is_compared_with_other_projects_only_by_a_tick_of_its_own(house: House) -> None:
    for number, (compares, ticked) in enumerate([(False, True), (True, False), (True, True)]):
        house.tell(Roster(consultants=(), sent_at=NINE, known_across=compares))
        visitor = house.tablet()
        visitor.begin()
        visitor.answer("yes", "no", "no")
        visitor.consent("yes")
        assert visitor.shows("across-group") is compares
        tick = {"across.group": "yes"} if ticked and compares else {}
        visitor.send("/check-in/details", phone="13800138000", **tick)
        assert house.check_ins()[number].agrees_across is bool(tick)
        visitor.send("/reset")
