"""A visitor's own phone in a real Chromium: from the code at the door to the host's name."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from shared.messages import Coming
from shared.words import LANGUAGES
from tests.browser.accessibility import LAYOUT_RULES, violations
from tests.browser.handheld_rig import chromium
from tests.browser.kiosk_tablet import SIZES, Served, Tablet, context_of, served, tablet_of
from tests.browser.kiosk_walk import phone_pages
from tests.browser.measures import faults
from tests.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]

SMALL: ViewportSize = {"width": 360, "height": 640}
USUAL: ViewportSize = {"width": 390, "height": 844}
TEXT_PX, LARGER_PX = 16, 20
WITHOUT_VISIT = ("own-phone", "phone-over", "phone-used")
SURNAME = "欧阳独"
LONGEST = "en"
"""Its words need the most room."""
SHOWN = "document.getElementById('door').dataset.shown"


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    """A kiosk that phones reach under the address of its pages."""
    with served(
        idle_warning_s=600,
        idle_reset_s=900,
        own_phone_url="http://127.0.0.1",
        visitor_page_url="http://127.0.0.1:9",
        wifi_name="Xihu-Guest",
    ) as running:
        yield running


@pytest.fixture
def opened(kiosk_browser: Browser) -> Iterator[Callable[[ViewportSize], BrowserContext]]:
    contexts = []

    def open_one(size: ViewportSize) -> BrowserContext:
        contexts.append(context_of(kiosk_browser, size))
        return contexts[-1]

    yield open_one
    for context in contexts:
        context.close()


def phone_of(context: BrowserContext, site: Served) -> Tablet:
    """A phone that has just scanned what the screen shows."""
    phone = Tablet(context.new_page(), site.url)
    phone.open(f"/own-phone/{site.house.parts.door.links.shown()}")
    phone.sees("language-zh-CN")
    return phone


def by_ruler(page: Page) -> list[str]:
    return faults(page, text_px=TEXT_PX, may_scroll=True)


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
def test_every_page_of_the_way_fits_a_small_phone(
    opened: Callable[[ViewportSize], BrowserContext], site: Served, language: str
) -> None:
    """Down to the host's name."""
    phone = phone_of(opened(SMALL), site)
    phone.page.emulate_media(reduced_motion="reduce")
    found = []
    for name in phone_pages(site, phone, language):
        for size in (USUAL, SMALL):
            phone.page.set_viewport_size(size)
            wrong = by_ruler(phone.page)
            wrong += violations(phone.page, () if size is SMALL else LAYOUT_RULES)
            found += [f"{name} at {size['width']}: {fault}" for fault in wrong]
    assert not found, "\n".join(found)


@pytest.mark.walk
def test_larger_text_fits_a_small_phone_as_well(
    opened: Callable[[ViewportSize], BrowserContext], site: Served
) -> None:
    phone = phone_of(opened(SMALL), site)
    phone.page.emulate_media(reduced_motion="reduce")
    found = [
        f"{name}: {fault}"
        for name in phone_pages(site, phone, "en", is_larger=True)
        for fault in faults(
            phone.page, text_px=TEXT_PX if name in WITHOUT_VISIT else LARGER_PX, may_scroll=True
        )
    ]
    assert not found, "\n".join(found)


def test_the_welcome_with_the_code_still_fits_every_tablet_and_renews_it(
    opened: Callable[[ViewportSize], BrowserContext], site: Served
) -> None:
    tablet, found = tablet_of(opened(SIZES[0]), site.url), []
    tablet.sees("own-phone")
    tablet.page.emulate_media(reduced_motion="reduce")
    for language in LANGUAGES:
        site.speak(language)
        tablet.open("/")
        for size in SIZES:
            tablet.page.set_viewport_size(size)
            wrong = faults(tablet.page) + violations(tablet.page, LAYOUT_RULES)
            found += [f"{language} at {size['width']}: {fault}" for fault in wrong]
    site.speak("zh-CN")
    assert not found, "\n".join(found)
    before = tablet.page.evaluate(SHOWN)
    phone_of(opened(SMALL), site).tap("language-en")
    assert eventually(lambda: tablet.page.evaluate(SHOWN) != before)


def test_the_sheet_for_the_door_is_printed_without_what_stands_around_it(
    opened: Callable[[ViewportSize], BrowserContext], site: Served
) -> None:
    tablet = tablet_of(opened(SIZES[0]), site.url)
    tablet.become_staff()
    tablet.tap("staff-door")
    tablet.sees("sheet")
    assert faults(tablet.page, may_scroll=True) + violations(tablet.page) == []
    tablet.page.emulate_media(media="print")
    expect(tablet.page.get_by_test_id("sheet")).to_be_visible()
    expect(tablet.page.get_by_test_id("sheet-print")).to_be_hidden()


def test_a_phone_that_is_done_keeps_nothing_for_the_back_button_or_the_cache(
    opened: Callable[[ViewportSize], BrowserContext], site: Served
) -> None:
    context = opened(SMALL)
    phone, before = phone_of(context, site), len(site.house.check_ins())
    phone.tap("language-zh-CN", "answer-yes", "answer-no", "answer-no", "car-none", "consent-yes")
    phone.type("surname", SURNAME)
    phone.tap("finish")
    phone.sees("done")
    check_in = site.house.check_ins()[before]
    assert check_in.surname == SURNAME
    site.house.assign(check_in, "李敏", coming=Coming.SET_OUT)
    phone.sees("set-out")
    site.house.assign(check_in, "李敏", coming=Coming.MET)
    phone.sees("phone-over")
    site.house.receive(check_in)
    for _ in range(phone.page.evaluate("history.length")):
        assert SURNAME not in phone.page.content()
        assert str(check_in.visitor_number) not in phone.page.locator("body").inner_text()
        phone.page.go_back()
        phone.page.wait_for_load_state()
    kept = "path => fetch(path, {cache: 'only-if-cached', mode: 'same-origin'}).then(r => r.ok)"
    assert not phone.page.evaluate(f"path => ({kept})(path).catch(() => false)", "/done")


def test_a_phone_that_lay_dark_for_too_long_shows_nothing_when_it_wakes(
    opened: Callable[[ViewportSize], BrowserContext], site: Served
) -> None:
    phone = phone_of(opened(SMALL), site)
    phone.tap("language-zh-CN", "answer-yes", "answer-no", "answer-no", "car-none", "consent-yes")
    phone.type("surname", SURNAME)
    site.house.clock.pass_s(24 * 3600)
    site.house.visits.forget_idle()
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.sees("phone-over")
    expect(phone.page.get_by_test_id("surname")).to_have_count(0)
    assert SURNAME not in phone.page.content()
