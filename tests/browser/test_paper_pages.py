"""Registers, reports and cases in a real Chromium: in each language, on a phone, and on paper."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from waitress import create_server

from broker.console.app import create_app
from shared.clock import now
from shared.words import LANGUAGES
from tests.broker.console.fake_site import CHEN, FakeSite
from tests.browser.accessibility import violations
from tests.browser.staff_log_in import logged_in
from tests.servers import free_ports
from tests.waiting import eventually

pytestmark = pytest.mark.browser

PAGES = (
    *(
        "/registers",
        "/registers/visits",
        "/reports/day",
        "/reports/week",
        "/reports/month",
        "/roster",
    ),
    *("/reports/replay", "/shifts", "/settings/shifts", "/dispute/v2/pack"),
    *("/cases", "/cases/new", "/cases/k1", "/cases/k1/slip", "/feedback/show_flat"),
)
PAPER_ROWS = 120
A_ROW = "139****00013"
"""What stands in each of them: a phone, and how many came."""
SHEET = re.compile(rb"/Type /Page\b")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a site whose registers are long."""
    (port,) = free_ports(1)
    site = FakeSite()
    site.archive.paper_rows = PAPER_ROWS
    web = create_server(create_app(site, "a key for tests only", now), host="127.0.0.1", port=port)
    threading.Thread(target=web.run, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    web.close()


def printed(page: Page) -> list[str]:
    """What stands on each sheet of paper, without blanks."""
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    return [plain(sheet.extract_text()) for sheet in paper.pages]


def plain(text: str) -> str:
    """Without blanks; a font has one glyph for a character and for the radical that looks like it,
    and a PDF names either."""
    return "".join(unicodedata.normalize("NFKC", text).replace("戶", "户").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_paper_can_be_read_on_a_phone_in_every_language(
    phone_browser: Browser, url: str, language: str
) -> None:
    page = logged_in(phone_browser, url, language, CHEN)
    for path in PAGES:
        page.goto(f"{url}{path}{'?lang=' + language if 'feedback' in path else ''}")
        assert page.locator("html").get_attribute("lang") == language
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        assert violations(page) == [], path
    page.context.close()


def test_a_day_is_gone_through_by_the_slider_and_plays_by_itself(
    phone_browser: Browser, url: str
) -> None:
    page = logged_in(phone_browser, url, "zh-CN", CHEN)
    page.goto(f"{url}/reports/replay")
    line, visits = page.get_by_test_id("line"), page.get_by_test_id("visits")
    expect(line.get_by_role("listitem")).to_have_count(3)
    expect(visits).to_have_text("现在没有客户")
    page.get_by_test_id("slider").press("ArrowRight")
    expect(line.get_by_role("listitem")).to_have_text(["赵磊", "王强 暂离"])
    expect(visits).to_contain_text("<王女士>")
    page.get_by_test_id("frames").get_by_role("listitem").first.click()
    expect(line.get_by_role("listitem")).to_have_count(3)
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("now")).to_have_text("→ 李敏")
    expect(page.get_by_test_id("play")).to_have_attribute("aria-pressed", "false")
    expect(visits).to_contain_text("<王女士>")
    page.context.close()


def test_the_evidence_pack_is_printed_with_its_hash_and_without_buttons(
    phone_browser: Browser, url: str
) -> None:
    page = logged_in(phone_browser, url, "zh-CN", CHEN)
    page.goto(f"{url}/dispute/v2/pack")
    page.emulate_media(media="print")
    assert not page.locator(".record__nav").is_visible()
    assert page.get_by_test_id("sha256").is_visible()
    assert len(SHEET.findall(page.pdf(prefer_css_page_size=True))) >= 1
    page.context.close()


def test_a_long_register_is_printed_on_several_sheets_and_its_buttons_are_not(
    phone_browser: Browser, url: str
) -> None:
    page = logged_in(phone_browser, url, "zh-CN", CHEN)
    page.goto(f"{url}/registers/visits/print")
    page.emulate_media(media="print")
    assert page.locator("tbody tr").count() == PAPER_ROWS
    assert not page.locator(".record__nav").is_visible()
    assert page.locator(".register__paper").is_visible()
    heads = [text.strip() for text in page.locator("thead th").all_inner_texts()]
    sheets = printed(page)
    assert len(sheets) >= 3
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet, "its number, of so many"
        for words in (*heads[0].split(), *heads[1:]):
            assert plain(words) in sheet, (
                f"{words} on sheet {number}, the last with the signatures too"
            )
    assert sum(sheet.count(A_ROW) for sheet in sheets) == PAPER_ROWS, "each once, none cut in two"
    page.context.close()


def test_the_roster_is_one_sheet_and_is_printed_at_each_full_hour_while_its_box_is_ticked(
    phone_browser: Browser, url: str
) -> None:
    page = logged_in(phone_browser, url, "zh-CN", CHEN)
    page.clock.install(time="2026-11-23T09:50:00")
    page.goto(f"{url}/roster")
    page.evaluate("() => { window.sheets = 0; window.print = () => { window.sheets += 1; }; }")
    page.clock.run_for("20:00")
    page.get_by_test_id("hourly").check()
    page.clock.run_for("00:20")
    assert page.evaluate("window.sheets") == 0, "of the hour that is half over"
    page.clock.run_for("55:00")
    assert eventually(lambda: page.evaluate("window.sheets") == 1)
    page.clock.run_for("30:00")
    assert page.evaluate("window.sheets") == 1, "once an hour"
    page.emulate_media(media="print")
    assert not page.locator(".record__nav").is_visible()
    assert len(SHEET.findall(page.pdf(prefer_css_page_size=True))) == 1
    page.context.close()
