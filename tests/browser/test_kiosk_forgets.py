"""An idle tablet forgets its visitor: nothing is left on screen, in storage, history or caches."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from shared.pin_lock import LOCK_OUT_S, TRIES
from tests.browser.handheld_rig import chromium
from tests.browser.kiosk_tablet import Served, Tablet, context_of, served, tablet_of
from tests.kiosk.house import PIN
from tests.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]

SURNAME, PHONE, CRAFTSMAN = "欧阳独", "13800138000", "钱师傅独"
PRIVATE = (SURNAME, PHONE, CRAFTSMAN)
STORES = """async () => ({
  local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie,
  caches: await caches.keys(), databases: (await indexedDB.databases()).length,
})"""
EMPTY = {"local": {}, "session": {}, "cookies": "", "caches": [], "databases": 0}


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    """A kiosk that asks after five idle seconds and forgets after eight."""
    with served(idle_warning_s=5, idle_reset_s=8) as running:
        yield running


@pytest.fixture
def context(kiosk_browser: Browser) -> Iterator[BrowserContext]:
    opened = context_of(kiosk_browser)
    yield opened
    opened.close()


@pytest.fixture
def tablet(context: BrowserContext, site: Served) -> Tablet:
    return tablet_of(context, site.url)


def tell_everything(tablet: Tablet) -> None:
    """To the details, typed and corrected once, and not finished."""
    tablet.tap("language-zh-CN", "answer-yes", "answer-no", "answer-no", "car-none", "consent-yes")
    tablet.type("surname", SURNAME)
    tablet.type("phone", PHONE[:-1])
    tablet.tap("finish")
    tablet.sees("phone-problem")
    tablet.type("phone", PHONE)


def is_forgotten(tablet: Tablet, context: BrowserContext, site: Served) -> None:
    """Everywhere a curious next visitor could look."""
    page = tablet.page
    expect(page.get_by_test_id("language-zh-CN")).to_be_visible()
    assert eventually(lambda: not site.house.visits.under_way)
    assert page.evaluate(STORES) == EMPTY
    assert not re.search("|".join(PRIVATE), str(context.cookies()))
    for _ in range(page.evaluate("history.length")):
        assert not re.search("|".join(PRIVATE), page.content() + page.title())
        assert page.get_by_test_id("finish").count() == 0
        page.go_back()
        page.wait_for_load_state()


def test_an_idle_visitor_is_warned_then_forgotten_everywhere(
    tablet: Tablet, context: BrowserContext, site: Served
) -> None:
    tell_everything(tablet)
    expect(tablet.page.get_by_test_id("idle-warning")).to_be_visible()
    is_forgotten(tablet, context, site)


def test_the_courier_s_name_and_number_are_forgotten_as_well(
    tablet: Tablet, context: BrowserContext, site: Served
) -> None:
    tablet.tap("service", "kind-delivery")
    tablet.type("service-name", CRAFTSMAN)
    tablet.tap("service-finish")
    number = tablet.page.get_by_test_id("service-number").inner_text()
    tablet.tap("home")
    tablet.sees("language-zh-CN")
    tablet.page.go_back()
    tablet.sees("language-zh-CN")
    assert number not in tablet.page.content()
    is_forgotten(tablet, context, site)


def test_the_next_visitor_s_fields_are_empty_and_no_page_lies_in_the_cache(
    tablet: Tablet, site: Served
) -> None:
    tell_everything(tablet)
    tablet.tap("restart")
    tablet.sees("language-zh-CN")  # the visit is over
    tablet.tap("language-en", "answer-yes", "answer-no", "answer-no", "car-none", "consent-yes")
    for field in ("surname", "phone"):
        expect(tablet.page.get_by_test_id(field)).to_have_value("")
    kept = "path => fetch(path, {cache: 'only-if-cached', mode: 'same-origin'}).then(r => r.ok)"
    for path in ("/check-in/details", "/check-in/consent", "/done", "/"):
        is_kept = tablet.page.evaluate(f"path => ({kept})(path).catch(() => false)", path)
        assert not is_kept, path
    tablet.tap("restart")
    tablet.sees("language-zh-CN")  # the visit is over


def test_who_says_that_they_are_still_there_keeps_what_they_typed(tablet: Tablet) -> None:
    tablet.tap("language-zh-CN", "answer-yes", "answer-no", "answer-no", "car-none", "consent-yes")
    tablet.type("surname", SURNAME)
    expect(tablet.page.get_by_test_id("idle-warning")).to_be_visible()
    tablet.tap("idle-stay")
    expect(tablet.page.get_by_test_id("idle-warning")).to_be_hidden()
    expect(tablet.page.get_by_test_id("surname")).to_have_value(SURNAME)
    tablet.tap("restart")
    tablet.sees("language-zh-CN")  # the visit is over


def test_while_the_computer_is_away_the_idle_screen_is_empty(
    tablet: Tablet, context: BrowserContext, site: Served
) -> None:
    tell_everything(tablet)
    context.set_offline(True)
    expect(tablet.page.get_by_test_id("surname")).to_have_count(0)
    assert not re.search("|".join(PRIVATE), tablet.page.content())
    context.set_offline(False)
    is_forgotten(tablet, context, site)


def test_the_pin_locks_counts_down_and_holds_whatever_is_typed(
    tablet: Tablet, site: Served
) -> None:
    site.house.clock.pass_s(LOCK_OUT_S)
    tablet.open("/staff")
    for _ in range(TRIES):
        tablet.type("pin", "000000")
        tablet.tap("pin-enter")
        tablet.sees("pin-problem")
        site.house.clock.pass_s(8)
        if _ < TRIES - 1:
            tablet.open("/staff")
    expect(tablet.page.get_by_test_id("pin-problem")).to_contain_text(re.compile(r"请 2\d\d 秒"))
    expect(tablet.page.get_by_test_id("pin-enter")).to_be_disabled()
    tablet.open("/staff")
    tablet.type("pin", PIN)
    tablet.page.keyboard.press("Enter")
    tablet.sees("pin-problem")
    site.house.clock.pass_s(LOCK_OUT_S)
    tablet.become_staff()
    tablet.tap("staff-close")
    tablet.sees("language-zh-CN")


def focus(tablet: Tablet, test_id: str) -> None:
    """Go there with the tabulator key alone."""
    focused = "document.activeElement?.dataset?.testid ?? ''"
    for _ in range(60):
        if tablet.page.evaluate(focused) == test_id:
            return
        tablet.page.keyboard.press("Tab")
    raise AssertionError(f"the tabulator key never comes to {test_id}")


def test_the_whole_check_in_can_be_done_with_a_keyboard_alone(tablet: Tablet, site: Served) -> None:
    keys, before = tablet.page.keyboard, len(site.house.check_ins())
    way = ("language-zh-CN", "answer-yes", "answer-no", "answer-yes", "consultant-wang")
    for test_id in (*way, "evidence-card", "car-none", "consent-yes"):
        tablet.sees(test_id)
        focus(tablet, test_id)
        keys.press("Enter")
    tablet.sees("finish")
    focus(tablet, "surname")
    keys.type("张")
    focus(tablet, "salutation-先生")
    keys.press("ArrowRight")
    focus(tablet, "phone")
    keys.type(PHONE)
    focus(tablet, "finish")
    keys.press("Enter")
    tablet.sees("done")
    check_in = site.house.check_ins()[before]
    assert (check_in.named_consultant_id, check_in.phone) == ("wang", PHONE)
    assert (check_in.surname, check_in.salutation) == ("张", "女士")
    focus(tablet, "home")
    keys.press("Enter")
    tablet.sees("language-zh-CN")


def test_a_number_slip_is_printed_and_a_sound_is_made(tablet: Tablet) -> None:
    tablet.page.add_init_script("window.printed = 0; window.print = () => { printed += 1; };")
    tablet.become_staff()
    tablet.tap("staff-try", "try-print", "try-sound")
    assert tablet.page.evaluate("printed") == 1
    expect(tablet.page.get_by_test_id("sound-said")).to_contain_text("应当听到一声提示音")
    tablet.page.emulate_media(media="print")
    expect(tablet.page.get_by_test_id("slip")).to_be_visible()
    expect(tablet.page.get_by_test_id("try-print")).to_be_hidden()


def test_a_tablet_that_left_kiosk_mode_shows_nothing_more(tablet: Tablet) -> None:
    tablet.become_staff()
    tablet.tap("staff-leave", "exit-now")
    tablet.sees("left")
    tablet.tap("exit-blank")
    tablet.page.wait_for_url("about:blank")
    tablet.open("/")
    tablet.sees("pin")
