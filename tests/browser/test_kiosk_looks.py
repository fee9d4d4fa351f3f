"""Every page of the tablet in every language at three sizes: axe-core finds nothing, a finger hits
every target, an old eye reads every line, and nothing overflows.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from shared.words import LANGUAGES
from tests.bench.kiosk_pace import (
    PERSON_S,
    TAPS,
    TARGET_KB,
    TARGET_S,
    TARGET_TAPS,
    check_in,
    first_load_kb,
)
from tests.browser.accessibility import LAYOUT_RULES, violations
from tests.browser.handheld_rig import chromium
from tests.browser.kiosk_tablet import SIZES, TABLET, Served, context_of, served, tablet_of
from tests.browser.kiosk_walk import check_in_pages, every_page
from tests.browser.measures import LARGER_TEXT_PX, faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]


@pytest.fixture
def site() -> Iterator[Served]:
    with served(idle_warning_s=600, idle_reset_s=900, has_printer=True) as running:
        yield running


def at_each_size(page: Page, name: str) -> list[str]:
    """What is wrong with the page shown, each line with its name and the screen's width."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        rules = () if size is TABLET else LAYOUT_RULES
        wrong = faults(page) + violations(page, rules)
        found += [f"{name} at {size['width']}: {one}" for one in wrong]
    page.set_viewport_size(TABLET)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_and_tapped(
    kiosk_browser: Browser, site: Served, language: str
) -> None:
    context = context_of(kiosk_browser)
    tablet = tablet_of(context, site.url)
    tablet.page.emulate_media(reduced_motion="reduce")
    found = [
        line
        for name in every_page(site, tablet, language)
        for line in at_each_size(tablet.page, name)
    ]
    context.close()
    assert not found, "\n".join(found)


def test_the_first_page_is_light_and_a_natural_visit_takes_few_taps(
    kiosk_browser: Browser, site: Served
) -> None:
    assert first_load_kb(kiosk_browser, site) < TARGET_KB
    context = context_of(kiosk_browser)
    pace = check_in(tablet_of(context, site.url), rest=lambda _: None)
    context.close()
    assert pace.taps <= TARGET_TAPS
    # At a person's pace: the taps' seconds and whatever the pages took.
    assert pace.took_s + PERSON_S * len(TAPS) < TARGET_S


@pytest.mark.parametrize("language", LANGUAGES)
def test_larger_text_is_large_and_still_fits(
    kiosk_browser: Browser, site: Served, language: str
) -> None:
    context = context_of(kiosk_browser)
    tablet = tablet_of(context, site.url)
    tablet.page.emulate_media(reduced_motion="reduce")
    found = []
    for name in check_in_pages(site, tablet, language, is_larger=True):
        if name != "welcome":
            wrong = faults(tablet.page, text_px=LARGER_TEXT_PX, may_scroll=True)
            found += [f"{name}: {one}" for one in wrong]
    context.close()
    assert not found, "\n".join(found)
