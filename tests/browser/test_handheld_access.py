"""Every post's page for every eye and hand: axe-core, large targets, three languages, offline."""

import pytest
from playwright.sync_api import Page, expect

from shared.words import LANGUAGES
from tests.browser.accessibility import LAYOUT_RULES, violations
from tests.browser.handheld_phone import EVERYBODY, MARKS, Phone, PhoneOf
from tests.browser.handheld_rig import Rig
from tests.browser.post_alerts import POSTS, post_alert
from tests.catalogues import table_of

pytestmark = MARKS

SMALLEST_PX = 56
"""A finger in a glove."""
APART_PX = 8
BY_ROLE = {person.roles[0]: person for person in EVERYBODY}
FORMS = {
    "gate": {"correct": "alerts"},
    "parking": {"greeted": "alerts"},
    "consultant": {
        "register": "alerts",
        "seated": "alerts",
        "owner_found": "alerts",
        "hand_over": "alerts",
        "claim_visitor": "line",
        "away": "line",
        "look_up": "people",
        "why_me": "alerts",
    },
    "manager": {
        "ruling": "people",
        "take_back_skip": "line",
        "set_order": "line",
        "close_day": "line",
    },
}
"""The forms of a post, and the tab of the button that opens each."""
LAYERS = ("main :is(button, a), footer :is(button, a)", ".bar button", ".tabs button")
"""What scrolls, and what stays on top of it."""
TABLE = table_of("broker")


TARGETS = """(within) => [...document.querySelectorAll(within)]
    .filter((node) => node.checkVisibility())
    .map((node) => [node.innerText || node.ariaLabel || node.name, node.getBoundingClientRect()])
    .map(([words, at]) => [words, at.left, at.top, at.right, at.bottom])"""
"""Words and edges of everything that can be hit, in one question to the page."""


def is_large(page: Page, within: str) -> list[tuple[str, float, float, float, float]]:
    """The targets, each large enough for a glove."""
    found = [tuple(target) for target in page.evaluate(TARGETS, within)]
    small = [
        target
        for target in found
        if min(target[3] - target[1], target[4] - target[2]) < SMALLEST_PX
    ]
    assert small == []
    return found


def is_large_and_apart(page: Page) -> None:
    """Every target is large, and between any two there is room."""
    for layer in LAYERS:
        are_apart(is_large(page, layer))


def are_apart(boxes: list[tuple[str, float, float, float, float]]) -> None:
    for place, (words, *box) in enumerate(boxes):
        for other_words, *other in boxes[place + 1 :]:
            gap_x = max(box[0], other[0]) - min(box[2], other[2])
            gap_y = max(box[1], other[1]) - min(box[3], other[3])
            assert max(gap_x, gap_y) >= APART_PX, (words, other_words)


def fits(page: Page) -> None:
    """Nothing has to be pushed sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sheet_is_good(phone: Phone, form: str, tab: str) -> None:
    page = phone.page
    phone.go(tab)
    page.get_by_test_id(f"do-{form}").first.click()
    sheet = page.get_by_test_id("sheet")
    expect(sheet).to_be_visible()
    assert violations(page) == [], form
    is_large(page, "dialog button, dialog input")
    page.get_by_test_id("sheet-close").click()


@pytest.mark.parametrize("role", POSTS)
def test_a_post_s_page_is_read_by_everybody_and_hit_with_gloves(
    rig: Rig, phone_of: PhoneOf, role: str
) -> None:
    person = BY_ROLE[role]
    phone = phone_of(person.staff_id)
    page = phone.page
    expect(page.locator("[data-part=panels-alerts]")).to_be_attached()
    page.emulate_media(reduced_motion="reduce")
    call = post_alert(role, person.staff_id)
    rig.hub.send(call)
    phone.shows(call, "ringing")
    for theme in ("dark", "light"):
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        assert violations(page) == [], (role, theme)
        is_large_and_apart(page)
        fits(page)
        phone.go("more")
        assert violations(page, LAYOUT_RULES) == [], (role, theme, "more")
        is_large_and_apart(page)
        page.get_by_test_id("theme").click()
        phone.go("alerts")
    for form, tab in FORMS.get(role, {}).items():  # the colours are the same variables
        sheet_is_good(phone, form, tab)


def test_the_console_and_the_log_in_are_read_by_everybody(rig: Rig, phone_of: PhoneOf) -> None:
    page = phone_of("chen").page
    page.goto(rig.url("/"))
    expect(page.get_by_test_id("panel-people")).to_be_visible()
    assert violations(page) == []
    page.get_by_test_id("panel-waiting").get_by_test_id("do-ruling").first.click()
    assert violations(page) == []
    page.goto(rig.url("/login"))
    assert violations(page) == []
    are_apart(is_large(page, "button, a"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_speaks_the_language_that_its_person_chose(
    rig: Rig, phone_of: PhoneOf, language: str
) -> None:
    phone = phone_of("post-bar")
    phone.go("more")
    phone.page.get_by_test_id(f"language-{language}").click()
    phone.is_connected()
    page = phone.page
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_test_id("start")).to_have_text(TABLE["handheld.start"][language])
    expect(page.get_by_test_id("connection")).to_have_text(TABLE["link.connected"][language])
    order = post_alert("bar", "post-bar")
    rig.hub.send(order)
    expect(page.get_by_test_id("claim")).to_have_text(TABLE["act.take"][language])
    people = TABLE["alert.people"][language].format(count=3)
    expect(phone.card(order)).to_contain_text(people)
    fits(page)


def test_every_post_sounds_and_shakes_in_its_own_way(rig: Rig, phone_of: PhoneOf) -> None:
    page = phone_of("li").page
    sounds = page.evaluate("import('/static/handheld/sounds.js').then((all) => all.SOUNDS)")
    assert set(sounds) == set(POSTS)
    assert len({str(sound["pitch"]) for sound in sounds.values()}) == len(POSTS)
    assert len({str(sound["pattern"]) for sound in sounds.values()}) == len(POSTS)


def test_without_a_network_the_app_opens_and_says_so(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("post-cart")
    page = phone.page
    assert phone.comes_to("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("offline")).to_have_text("连不上案场的服务器")
    assert violations(page) == []
    page.context.set_offline(False)
    page.get_by_role("link").click()
    phone.is_connected()
