"""Nothing jumps away under a finger or an eye while a page comes up (cumulative layout shift)."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.handheld_phone import log_in
from tests.browser.handheld_rig import Rig, chromium
from tests.browser.kiosk_tablet import SIZES, context_of, served, tablet_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]

MOST_SHIFT = 0.05
"""Half of what https://web.dev/articles/cls calls good."""
WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
    const jumps = list.getEntries().filter((entry) => !entry.hadRecentInput);
    for (const jump of jumps) window.shifted += jump.value;
}).observe({ type: "layout-shift", buffered: true });
"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def shifted(page: Page) -> float:
    page.evaluate(TWO_FRAMES)
    return float(page.evaluate("shifted"))


@pytest.mark.parametrize("staff_id", ["li", "chen"])
def test_a_phone_s_page_comes_up_where_it_stays(
    rig: Rig, phone_browser: Browser, staff_id: str
) -> None:
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    log_in(page, rig.url("/login"), staff_id)
    page.add_init_script(WATCH)
    page.goto(rig.url("/handheld"))
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    expect(page.locator("body")).to_have_attribute("data-asked", "true")
    expect(page.locator("body")).to_have_attribute("data-hub", "online")
    assert shifted(page) < MOST_SHIFT
    context.close()


def test_the_manager_s_desk_comes_up_where_it_stays(rig: Rig, phone_browser: Browser) -> None:
    context = phone_browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    log_in(page, rig.url("/login"), "chen")
    page.add_init_script(WATCH)
    page.goto(rig.url("/"))
    expect(page.get_by_test_id("panel-people")).to_be_visible()
    assert shifted(page) < MOST_SHIFT
    context.close()


def test_the_tablet_s_pages_come_up_where_they_stay(phone_browser: Browser) -> None:
    with served(own_phone_url="http://127.0.0.1") as site:
        tablet = tablet_of(context_of(phone_browser, SIZES[0]), site.url)
        tablet.page.add_init_script(WATCH)
        tablet.open("/")
        found = {"welcome": shifted(tablet.page)}
        tablet.tap("language-zh-CN")
        for answer in ("yes", "no", "no"):
            tablet.sees(f"answer-{answer}")
            found[tablet.page.url] = shifted(tablet.page)
            tablet.tap(f"answer-{answer}")
        assert {page: moved for page, moved in found.items() if moved >= MOST_SHIFT} == {}
        tablet.page.context.close()
