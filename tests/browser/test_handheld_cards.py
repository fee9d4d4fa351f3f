"""One event, one card; what rings stays on top; what can't be taken back can be undone."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace as changed
from playwright.sync_api import Page, ViewportSize, expect

from shared.clock import now
from shared.messages import AckAnswer, Alert, AlertKind, Level, ReportKind, Rung
from tests.browser.handheld_phone import MARKS, PhoneOf
from tests.browser.handheld_rig import Rig, alert, claimed, report_of
from tests.browser.post_alerts import post_alert
from tests.unanswered import UnansweredSite, nobody_answers
from tests.waiting import eventually

pytestmark = MARKS

SIZES: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 360, "height": 640})
DESK: ViewportSize = {"width": 1280, "height": 800}
SCREENS = 2
VISITS_ON_PAGE = """() => [...document.querySelectorAll("article[data-alert-id]")]
    .filter((card) => ["ringing", "claiming"].includes(card.dataset.state))
    .map((card) => card.dataset.alertId)"""


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> UnansweredSite:
    return nobody_answers(tmp_path_factory.mktemp("lonely"))


FITS = f"""document.documentElement.scrollHeight <= {SCREENS} * innerHeight
    && document.documentElement.scrollWidth <= innerWidth"""


def fits_on_two_screens(page: Page) -> None:
    """Lists are drawn anew a moment after the screen changed."""
    assert eventually(lambda: bool(page.evaluate(FITS))), page.evaluate(
        "[document.documentElement.scrollHeight, innerHeight, document.body.dataset.tab]"
    )


@pytest.mark.parametrize("staff_id", ["chen", "sun"])
def test_after_ten_minutes_without_an_answer_a_phone_fits_on_two_screens(
    rig: Rig, phone_of: PhoneOf, lonely: UnansweredSite, staff_id: str, tmp_path: Path
) -> None:
    before, rig.site.view = rig.site.view, lonely.view(tmp_path)
    try:
        phone, told = phone_of(staff_id), lonely.open_alerts(staff_id)
        for each in told:
            rig.hub.send(each)
        visits = {each.visit_id for each in told}
        assert len(visits) < len(told) or staff_id != "chen"
        expect(phone.page.get_by_test_id("waiting")).to_contain_text(f"还有 {len(visits) - 1} 条")
        of_visit = {each.alert_id: each.visit_id for each in told}
        open_cards = [of_visit[key] for key in phone.page.evaluate(VISITS_ON_PAGE)]
        assert len(open_cards) == len(set(open_cards))
        for size in SIZES:
            phone.page.set_viewport_size(size)
            for tab in ("people", "line", "alerts"):
                if phone.page.get_by_test_id(f"tab-{tab}").is_visible():
                    phone.go(tab)
                    fits_on_two_screens(phone.page)
        if staff_id == "chen":
            phone.page.set_viewport_size(DESK)
            phone.page.goto(rig.url("/"))
            expect(phone.page.get_by_test_id("panel-people")).to_be_visible()
            fits_on_two_screens(phone.page)
    finally:
        rig.site.view = before


def test_what_is_asked_twice_of_one_visit_is_one_card_and_one_answer(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("sun")
    first = alert(role="parking", visit_id="one", title="车辆到访", raised_s_ago=5)
    second = alert(role="parking", visit_id="one", title="请协助")
    for each in (first, second):
        rig.hub.send(each)
    expect(phone.card(second)).to_contain_text("车辆到访")
    expect(phone.page.locator("article[data-alert-id]")).to_have_count(1)
    phone.page.get_by_test_id("claim").click()
    assert eventually(
        lambda: {ack.alert_id for ack in rig.hub.acks("sun")} == {first.alert_id, second.alert_id}
    )


def test_a_message_on_a_locked_phone_leads_to_the_card_of_its_alert(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    first, second = (alert(staff_id="li", visit_id=each, raised_s_ago=5) for each in "ab")
    news = alert(staff_id="li", visit_id="c", needs_claim=False)
    for each in (first, second, news):
        rig.hub.send(each)
    expect(phone.card(second)).to_be_visible()
    phone.go("line")
    for each in (second, first, news):  # the page is open: the phone follows the link in it
        phone.page.evaluate(f"location.hash = 'alert={each.alert_id}'")
        expect(phone.page.locator("article.card")).to_have_attribute("data-alert-id", each.alert_id)
    phone.page.evaluate(f"location.hash = 'alert={first.alert_id}'")
    phone.page.reload()
    phone.is_connected()
    for each in (first, second):
        rig.hub.send(each)
    expect(phone.page.locator("article.card")).to_have_attribute("data-alert-id", first.alert_id)
    phone.page.get_by_test_id("claim").click()
    assert eventually(lambda: [ack.alert_id for ack in rig.hub.acks("li")] == [first.alert_id])


@pytest.mark.parametrize(
    ("kind", "actions", "words"),
    [
        (AlertKind.CALL, ("claim",), "我来接待"),
        (AlertKind.NOTICE, ("claim",), "知道了"),
        (AlertKind.TASK, ("claim",), "已办好"),
    ],
)
def test_each_kind_asks_for_its_own_answer(
    rig: Rig, phone_of: PhoneOf, kind: AlertKind, actions: tuple[str, ...], words: str
) -> None:
    phone, told = phone_of("li"), alert(staff_id="li", kind=kind, actions=actions)
    rig.hub.send(told)
    expect(phone.page.get_by_test_id("claim")).to_have_text(words)
    if kind is AlertKind.TASK:
        phone.page.get_by_test_id("do-cannot").click()
        assert eventually(lambda: bool(rig.hub.acks("li", AckAnswer.PASS_ON)))
    if kind is AlertKind.NOTICE:
        phone.page.get_by_test_id("claim").click()
        rig.hub.send(claimed("li", "李敏", told))
        expect(phone.page.get_by_test_id("empty")).to_be_visible()


def test_the_card_shows_who_was_asked_before(rig: Rig, phone_of: PhoneOf) -> None:
    phone, moment = phone_of("chen"), now() - timedelta(seconds=40)
    before = (Rung(name="王强", at=moment), Rung(name="李敏", at=moment, has_passed=True))
    told = post_alert("manager", "chen", ladder=before)
    rig.hub.send(told)
    ladder = phone.card(told).get_by_test_id("ladder")
    expect(ladder).to_contain_text("王强 ✗ 未应答")
    expect(ladder).to_contain_text("李敏 ✗ 去不了")


def test_what_rings_stays_on_top_of_every_tab_and_sheet_and_is_answered_there(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", visitor="张女士")
    bar = phone.page.get_by_test_id("ring-bar")
    phone.go("line")
    rig.hub.send(call)
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("浙A88888 张女士")
    phone.page.get_by_test_id("do-away").click()
    expect(phone.page.get_by_test_id("sheet").get_by_test_id("ring-bar")).to_be_visible()
    phone.page.get_by_test_id("ring-show").click()
    expect(phone.page.get_by_test_id("sheet")).to_be_hidden()
    expect(phone.card(call)).to_be_visible()
    expect(bar).to_be_hidden()
    phone.go("people")
    phone.page.get_by_test_id("ring-claim").click()
    assert eventually(lambda: bool(rig.hub.acks("li")))
    expect(bar).to_be_hidden()


def test_what_cannot_be_taken_back_is_undone_by_a_tap(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("post-gate")
    button = phone.page.get_by_test_id("panel-cars").get_by_test_id("do-no_plate")
    button.click()
    phone.page.get_by_test_id("undo").click()
    expect(phone.page.get_by_test_id("toast")).to_have_count(0)
    expect(button).to_be_enabled()
    button.click()
    phone.at_once()
    assert report_of(rig, "post-gate").kind is ReportKind.NO_PLATE


def test_a_refusal_stands_in_the_form_that_was_sent_and_nothing_filled_in_is_lost(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    rig.hub.refuses = {"zh-CN": "这位客户由赵磊跟进中。"}
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-register").click()
    phone.page.get_by_test_id("form-send").click()
    expect(phone.page.get_by_test_id("form-said")).to_have_text("这位客户由赵磊跟进中。")
    typed = phone.page.get_by_test_id("field-phone").locator("input")
    expect(typed).to_have_value("13800138000")


def test_an_answer_of_the_rules_stands_in_the_form_and_does_not_ring(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    rig.hub.gives_receipts = False
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-register").click()
    phone.page.get_by_test_id("form-send").click()
    assert eventually(lambda: bool(rig.hub.registrations("li")))
    asked = rig.hub.registrations("li")[0]
    text = "不予受理：该客户由赵磊跟进中。"
    told = changed(refusal(text), answers_id=asked.registration_id)
    rig.hub.send(told)
    expect(phone.page.get_by_test_id("form-said")).to_have_text(text)
    phone.rings(False)


def refusal(text: str) -> Alert:
    return alert(staff_id="li", kind=AlertKind.NOTICE, plate=None, text=text, level=Level.NORMAL)


def test_the_green_card_goes_with_the_end_of_the_reception(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", visit_id="v1")
    rig.hub.send(call)
    phone.page.get_by_test_id("claim").click()
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")
    phone.page.get_by_test_id("do-finished").click()
    phone.at_once()
    expect(phone.page.get_by_test_id("empty")).to_be_visible()


def test_a_dispute_among_a_card_s_news_is_read_there_and_one_tap_puts_all_of_it_away(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    news = alert(staff_id="li", visit_id="two-news", needs_claim=False, raised_s_ago=60)
    rig.hub.send(changed(news, title="主张归属", actions=("dispute",)))
    newer = alert(staff_id="li", visit_id="two-news", needs_claim=False, title="移交")
    rig.hub.send(newer)
    expect(phone.card(newer)).to_contain_text("主张归属")
    expect(phone.card(newer).get_by_test_id("do-dispute")).to_be_visible()
    phone.card(newer).get_by_test_id("put-away").click()
    expect(phone.page.get_by_test_id("empty")).to_be_visible()
