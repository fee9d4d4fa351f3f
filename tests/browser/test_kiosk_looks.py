"""Every page of the tablet in every language at three sizes: axe-core finds nothing, a finger hits
every target, an old eye reads every line, and nothing overflows.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from shared.words import LANGUAGES
from tests.browser.accessibility import violations
from tests.browser.handheld_rig import chromium
from tests.browser.kiosk_tablet import SIZES, TABLET, Served, context_of, served, tablet_of
from tests.browser.kiosk_walk import every_page
from tests.browser.measures import faults

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
        wrong = faults(page) + violations(page)
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
