"""Every page of the tablet in every language at three sizes: axe-core finds nothing, a finger hits
every target, an old eye reads every line, and nothing overflows.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

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

HOME, *OTHERS = LANGUAGES
FITS = "document.documentElement.scrollHeight <= innerHeight"
LONGEST = "en"
"""Its words need the most room."""


@pytest.fixture
def site() -> Iterator[Served]:
    with served(idle_warning_s=600, idle_reset_s=900, has_printer=True) as running:
        yield running


def by_ruler(page: Page, _size: ViewportSize) -> list[str]:
    return faults(page)


def by_ruler_and_axe(page: Page, size: ViewportSize) -> list[str]:
    return faults(page) + violations(page, () if size is TABLET else LAYOUT_RULES)


def walk(
    browser: Browser,
    site: Served,
    language: str,
    look: Callable[[Page, ViewportSize], list[str]],
) -> list[str]:
    """What is wrong with the pages, each line with a page's name and the screen's width."""
    context, found = context_of(browser), []
    tablet = tablet_of(context, site.url)
    tablet.page.emulate_media(reduced_motion="reduce")
    for name in every_page(site, tablet, language):
        for size in SIZES:
            tablet.page.set_viewport_size(size)
            found += [f"{name} at {size['width']}: {fault}" for fault in look(tablet.page, size)]
        tablet.page.set_viewport_size(TABLET)
    context.close()
    return found


@pytest.mark.parametrize(
    "language", [HOME, *(pytest.param(language, marks=pytest.mark.walk) for language in OTHERS)]
)
def test_every_page_can_be_read_and_tapped(
    kiosk_browser: Browser, site: Served, language: str
) -> None:
    assert walk(kiosk_browser, site, language, by_ruler_and_axe) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_page_s_words_fit_in_the_other_languages(
    kiosk_browser: Browser, site: Served, language: str
) -> None:
    """Colours and elements are the same there; words are longer."""
    assert walk(kiosk_browser, site, language, by_ruler) == []


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


@pytest.mark.parametrize(
    "language",
    [
        LONGEST,
        *(
            pytest.param(language, marks=pytest.mark.walk)
            for language in LANGUAGES
            if language != LONGEST
        ),
    ],
)
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
            found += [f"{name}: {fault}" for fault in wrong]
        if name in ("consent", "care") and not tablet.page.evaluate(FITS):
            found.append(f"{name}: it does not fit")
    context.close()
    assert not found, "\n".join(found)
