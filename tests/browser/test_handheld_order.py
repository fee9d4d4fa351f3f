"""The day's order on the manager's phone: everybody is shown, rows are drawn or moved by arrows."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import violations
from tests.browser.handheld_phone import MARKS, PhoneOf, send_form
from tests.browser.handheld_rig import Rig, report_of
from tests.waiting import eventually

pytestmark = MARKS


def shown_order(page: Page) -> list[str]:
    names = page.locator(".places__name")
    return [str(name.get_attribute("data-value")) for name in names.all()]


def drawn_to_the_top(page: Page, handle: Locator) -> None:
    """Draw a row by its handle before all others."""
    handle.scroll_into_view_if_needed()
    held, top = handle.bounding_box(), page.locator(".places__one").first.bounding_box()
    assert held is not None
    assert top is not None
    x = held["x"] + held["width"] / 2
    page.mouse.move(x, held["y"] + held["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, top["y"] + 2, steps=10)
    page.mouse.up()


def test_the_order_is_drawn_by_its_handles_or_set_by_arrows(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("chen")
    page = phone.page
    phone.go("line")
    page.get_by_test_id("do-set_order").click()
    rows, before = page.locator(".places__one"), shown_order(page)
    assert len(before) >= 2
    drawn_to_the_top(page, rows.last.get_by_test_id("handle"))
    assert eventually(lambda: shown_order(page) == [before[-1], *before[:-1]])
    rows.first.get_by_test_id("down").click()
    assert shown_order(page)[1] == before[-1]
    rows.nth(1).get_by_test_id("up").click()
    expect(rows.first.locator(".places__name")).to_contain_text("1 · ")
    assert violations(page) == []
    send_form(phone)
    report = report_of(rig, "chen")
    assert report.order == (before[-1], *before[:-1])
    assert report.seen == rig.site.overview().order_mark
