"""The manager's papers: cards for the tablet's camera, and the list of service visitors."""

from dataclasses import replace
from datetime import timedelta

import pytest
import segno

from broker.console.site_view import OtherLine
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import NINE, FakeSite


def test_there_is_a_card_for_each_consultant_and_for_nobody_else(manager: Browser) -> None:
    page = manager.get("/cards").text
    assert "card-li" in page
    assert "card-zhao" in page
    assert "card-sun" not in page


def test_a_card_s_code_says_which_consultant_of_which_site(manager: Browser) -> None:
    code = segno.make("yingbin:card:xihu:li", error="m", micro=False)
    assert code.svg_inline(border=2, light="#fff", omitsize=True) in manager.get("/cards").text


def test_who_is_in_is_shown_since_when_and_who_left_when(manager: Browser, site: FakeSite) -> None:
    courier = OtherLine("delivery", "赵师傅", 2, "王强", "37", NINE, None)
    gone = OtherLine("construction", "钱工", 1, None, "36", NINE, NINE + timedelta(minutes=5))
    site.view = replace(site.view, others=(courier, gone))
    page = manager.get("/others").text
    for words in ("送货", "赵师傅 × 2", "王强", "2026-11-23 09:00", "仍在场内", "施工", "09:05"):
        assert words in page


def test_on_a_quiet_day_the_page_says_so(manager: Browser) -> None:
    assert "今天没有其他来访" in manager.get("/others").text


@pytest.mark.parametrize("path", ["/cards", "/others"])
def test_both_are_the_manager_s_and_linked_from_the_console(
    manager: Browser, consultant: Browser, browser: Browser, path: str
) -> None:
    assert f'href="{path}"' in manager.get("/").text
    assert consultant.get(path).status_code == 403
    assert browser.get(path).status_code == 303


def test_the_roster_for_an_outage_holds_the_line_also_in_a_code_that_needs_no_network(
    manager: Browser,
) -> None:
    page = manager.get("/roster").text
    text = "截至 2026-11-23 09:00 的轮排\n1 赵磊\n2 李敏 接待中"
    code = segno.make(text, error="m", micro=False)
    assert code.svg_inline(border=4, light="#fff", omitsize=True) in page
    for words in ("赵磊", "李敏", "接待中", "停电断网", "占轮次"):
        assert words in page
    assert "13800138000" not in page, "whose customer anybody is stays off the sheet"
