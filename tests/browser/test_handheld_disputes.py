"""Claims, hand-overs, departures, skips and the day's close on the phones of a played site."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from shared.messages import Ground, ReportKind
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import MARKS, PhoneOf, send_form
from tests.browser.handheld_rig import Rig, alert, claimed, report_of

pytestmark = MARKS


@pytest.fixture(autouse=True)
def _same_morning(rig: Rig) -> Iterator[None]:
    seen = rig.site.view
    yield
    rig.site.view = seen


def change(rig: Rig, visit_id: str, **changes: Any) -> None:
    """What the site knows of this visit from now on."""
    visits = (
        replace(visit, **changes) if visit.visit_id == visit_id else visit
        for visit in rig.site.view.visits
    )
    rig.site.view = replace(rig.site.view, visits=tuple(visits))


def visit(page: Page, panel: str, visit_id: str) -> Locator:
    return page.get_by_test_id(f"panel-{panel}").get_by_test_id(f"thing-{visit_id}")


def test_a_consultant_claims_a_colleague_s_visitor_with_one_tap(
    rig: Rig, phone_of: PhoneOf
) -> None:
    page = phone_of("zhao").page
    page.get_by_test_id("tab-line").click()
    visit(page, "turn", "v1").get_by_test_id("do-claim_visitor").click()
    page.get_by_test_id("tap-wechat").click()
    expect(page.get_by_test_id("sheet")).to_be_hidden()
    claim = report_of(rig, "zhao")
    assert (claim.kind, claim.visit_id, claim.evidence) == (
        ReportKind.CLAIM,
        "v1",
        Ground.WECHAT,
    )


def test_who_has_claimed_reads_the_evidence_and_claims_no_more(rig: Rig, phone_of: PhoneOf) -> None:
    change(rig, "v1", claimants=("li", "zhao"))
    page = phone_of("zhao").page
    page.get_by_test_id("tab-line").click()
    row = visit(page, "turn", "v1")
    expect(row.get_by_test_id("do-dispute")).to_be_visible()
    expect(row.get_by_test_id("do-claim_visitor")).to_have_count(0)


def test_a_host_gives_a_visitor_to_the_owner_on_a_ground(rig: Rig, phone_of: PhoneOf) -> None:
    page = phone_of("li").page
    visit(page, "mine", "v1").get_by_test_id("do-owner_found").click()
    page.get_by_test_id("tap-card").click()
    expect(page.get_by_test_id("form-said")).to_contain_text("归属顾问")
    owners = page.get_by_test_id("field-owner").get_by_role("button")
    assert owners.all_inner_texts() == ["赵磊"], "not the host"
    owners.click()
    page.get_by_test_id("tap-card").click()
    expect(page.get_by_test_id("sheet")).to_be_hidden()
    report = report_of(rig, "li")
    assert (report.kind, report.for_staff_id) == (ReportKind.OWNER_FOUND, "zhao")
    assert (report.visit_id, report.evidence) == ("v1", Ground.CARD)


def test_a_host_asks_a_colleague_to_receive(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    visit(phone.page, "mine", "v1").get_by_test_id("do-hand_over").click()
    expect(phone.page.get_by_test_id("sheet")).to_contain_text("归属和轮次都不变")
    phone.page.get_by_test_id("field-colleague").get_by_text("赵磊").click()
    send_form(phone)
    report = report_of(rig, "li")
    assert (report.kind, report.visit_id, report.for_staff_id) == (
        ReportKind.HAND_OVER,
        "v1",
        "zhao",
    )


@pytest.mark.parametrize(
    ("button", "kind"),
    [("visitor_left", ReportKind.LEFT), ("still_here", ReportKind.STILL_HERE)],
)
def test_a_host_says_with_one_tap_whether_the_visitor_left_with_the_car(
    rig: Rig, phone_of: PhoneOf, button: str, kind: ReportKind
) -> None:
    change(rig, "v1", is_departure_asked=True)
    page = phone_of("li").page
    visit(page, "mine", "v1").get_by_test_id(f"do-{button}").click()
    report = report_of(rig, "li")
    assert (report.kind, report.visit_id) == (kind, "v1")


def test_whose_turn_it_is_takes_over_from_the_stand_in(rig: Rig, phone_of: PhoneOf) -> None:
    change(rig, "v1", stood_in_for="zhao")
    page = phone_of("zhao").page
    page.get_by_test_id("tab-line").click()
    visit(page, "turn", "v1").get_by_test_id("do-take_over").click()
    page.get_by_test_id("at-once").click()
    report = report_of(rig, "zhao")
    assert (report.kind, report.visit_id) == (ReportKind.TAKE_OVER, "v1")


def test_a_manager_takes_a_skip_back_with_a_reason(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("chen")
    page = phone.page
    page.get_by_test_id("tab-line").click()
    page.get_by_test_id("panel-skips").get_by_test_id("do-take_back_skip").click()
    page.get_by_test_id("form-send").click()
    expect(page.get_by_test_id("form-said")).to_have_text("请填写：理由")
    page.get_by_test_id("field-reason").locator("input").fill("手机没电")
    send_form(phone)
    report = report_of(rig, "chen")
    assert (report.kind, report.visit_id, report.for_staff_id, report.reason) == (
        ReportKind.TAKE_BACK_SKIP,
        "v3",
        "li",
        "手机没电",
    )


def test_a_manager_sees_what_is_open_before_the_day_is_closed(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("chen")
    phone.go("line")
    phone.page.get_by_test_id("do-close_day").click()
    for words in ("刘先生", "王先生 · 已通知 · 赵磊", "张女士 · 接待中 · 李敏"):
        expect(phone.page.get_by_test_id("field-still_open")).to_contain_text(words)
    send_form(phone)
    assert report_of(rig, "chen").kind is ReportKind.CLOSE_DAY


def test_a_manager_is_asked_about_everybody_whom_a_new_order_drops(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("chen")
    page = phone.page
    page.get_by_test_id("tab-line").click()
    page.get_by_test_id("do-set_order").click()
    rows = page.get_by_test_id("field-order").get_by_role("listitem")
    expect(rows).to_have_count(2)
    page.get_by_test_id("field-order").locator("[data-value=li]").click()
    page.get_by_test_id("form-send").click()
    expect(page.get_by_test_id("form-said")).to_contain_text("新轮序里没有 1 人：李敏")
    assert rig.hub.reports("chen") == []
    send_form(phone)
    assert report_of(rig, "chen").order == ("zhao",)


def test_the_evidence_opens_over_the_page_and_the_phone_goes_on_ringing(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("zhao")
    told = alert(staff_id="zhao", visit_id="v2", actions=("dispute",), needs_claim=False)
    rig.hub.send(told)
    phone.card(told).get_by_test_id("do-dispute").click()
    sheet = phone.page.get_by_test_id("sheet")
    expect(sheet.get_by_test_id("dispute-state")).to_have_text("有争议，待裁定")
    assert violations(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rig.hub.send(alert(staff_id="zhao"))
    phone.rings()
    sheet.get_by_test_id("ring-show").click()
    expect(sheet).to_be_hidden()


def test_news_of_a_visit_in_one_s_care_is_read_before_the_visit_s_card_stands_again(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", visit_id="v1")
    rig.hub.send(call)
    phone.card(call).get_by_test_id("claim").click()
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")
    news: dict[str, Any] = {
        "staff_id": "li",
        "visit_id": "v1",
        "actions": ("dispute",),
        "needs_claim": False,
    }
    older = alert(**news, title="轮次还回", raised_s_ago=60)
    newer = alert(**news, title="主张归属")
    rig.hub.send(older)
    expect(phone.card(call)).to_contain_text("轮次还回")
    rig.hub.send(newer)
    expect(phone.card(newer).get_by_test_id("do-dispute")).to_be_visible()
    phone.card(newer).get_by_test_id("put-away").click()
    phone.shows(call, "mine")


def test_evidence_that_is_none_of_theirs_is_not_shown(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("sun")
    told = alert(staff_id="sun", visit_id="v2", actions=("dispute",), needs_claim=False)
    rig.hub.send(told)
    phone.card(told).get_by_test_id("do-dispute").click()
    expect(phone.page.get_by_test_id("sheet")).to_contain_text("暂时打不开")


def test_a_manager_rules_from_the_evidence_on_their_phone(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("chen")
    sheet = phone.page.get_by_test_id("sheet")
    phone.go("people")
    phone.page.get_by_test_id("do-past_decisions").click()
    sheet.get_by_test_id("decision-v2").click()
    expect(sheet.get_by_test_id("dispute-state")).to_be_visible()
    sheet.get_by_test_id("do-ruling").click()
    sheet.get_by_test_id("field-owner").get_by_text("李敏").click()
    sheet.get_by_test_id("field-reason").locator("input").fill("登记在先")
    send_form(phone)
    ruling = report_of(rig, "chen")
    assert (ruling.kind, ruling.visit_id, ruling.for_staff_id, ruling.reason) == (
        ReportKind.RULING,
        "v2",
        "li",
        "登记在先",
    )
