"""What each post does with its phone: 390×844, real Chromium, a real MQTT server, a played hub."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from shared.clock import now
from shared.messages import (
    Answer,
    LookUp,
    Registration,
    ReportKind,
)
from tests.browser.handheld_phone import MARKS, Phone, PhoneOf, send_form
from tests.browser.handheld_rig import Rig, alert, claimed, report_of
from tests.browser.post_alerts import post_alert
from tests.waiting import eventually

pytestmark = MARKS


def test_the_guard_corrects_a_plate_with_one_tap_or_by_keys(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("post-gate")
    call = post_alert("gate", "post-gate")
    rig.hub.send(call)
    phone.card(call).get_by_test_id("candidate").first.click()
    assert eventually(lambda: bool(rig.hub.corrections("north")))
    (correction,) = rig.hub.corrections("north")
    assert (correction.arrival_id, correction.plate) == ("car-2", "浙A88888")
    assert (correction.gate_id, correction.corrected_by) == ("north", "post-gate")
    phone.page.get_by_test_id("thing-car-1").get_by_test_id("do-correct").click()
    expect(phone.page.get_by_test_id("plate-typed")).to_have_text("浙A88888")
    phone.page.get_by_test_id("plate-clear").click()
    keys = phone.page.get_by_test_id("plate-keys")
    for key in "粤BD12345":
        keys.locator(f"[data-key='{key}']").click()
    expect(phone.page.get_by_test_id("plate-typed")).to_have_text("粤BD12345")
    send_form(phone)
    assert eventually(lambda: len(rig.hub.corrections("north")) == 2)
    assert rig.hub.corrections("north")[1].plate == "粤BD12345"
    phone.page.get_by_test_id("panel-cars").get_by_test_id("do-no_plate").click()
    phone.at_once()
    assert report_of(rig, "post-gate").kind is ReportKind.NO_PLATE


def test_parking_tells_the_name_how_many_and_an_umbrella(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("sun")
    call = alert(role="parking", visit_id="v2", actions=("claim", "greeted"))
    rig.hub.send(call)
    phone.card(call).get_by_test_id("do-greeted").click()
    surname = phone.page.get_by_test_id("field-surname").locator("input")
    expect(surname).to_have_value("王")
    surname.fill("汪")
    phone.page.get_by_test_id("field-party_size").get_by_text("+").click()
    phone.page.get_by_test_id("field-umbrella").get_by_role("button").click()
    send_form(phone)
    report = report_of(rig, "sun")
    assert (report.kind, report.visit_id) == (ReportKind.GREETED, "v2")
    assert (report.surname, report.salutation) == ("汪", "先生")
    assert (report.party_size, report.needs) == (2, ("umbrella",))


def registration_of(rig: Rig, staff_id: str) -> Registration:
    assert eventually(lambda: bool(rig.hub.registrations(staff_id)))
    (registration,) = rig.hub.registrations(staff_id)
    return registration


def test_a_consultant_registers_a_visitor_with_what_the_visit_knows(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-register").click()
    field = phone.page.get_by_test_id("field-phone").locator("input")
    expect(field).to_have_value("13800138000")
    expect(phone.page.get_by_test_id("plate-typed")).to_have_text("浙A88888")
    field.fill("1380013")
    phone.page.get_by_test_id("form-send").click()
    expect(phone.page.get_by_test_id("form-said")).to_contain_text("请填 11 位手机号")
    assert rig.hub.registrations("li") == []
    field.fill("13800138000")
    phone.page.get_by_test_id("field-channel").get_by_text("介绍").click()
    phone.page.get_by_test_id("field-wishes").locator("input").fill("三房，朝南")
    send_form(phone)
    registration = registration_of(rig, "li")
    assert (registration.visit_id, registration.surname, registration.salutation) == (
        "v1",
        "张",
        "女士",
    )
    assert (registration.phone, registration.plates) == ("13800138000", ("浙A88888",))
    assert (registration.channel, registration.note) == ("referral", "三房，朝南")


@pytest.mark.parametrize(("staff_id", "panel"), [("li", "mine"), ("chen", "waiting")])
def test_host_and_manager_link_a_visitor_with_their_family(
    rig: Rig, phone_of: PhoneOf, staff_id: str, panel: str
) -> None:
    phone = phone_of(staff_id)
    phone.go("alerts" if panel == "mine" else "people")
    row = phone.page.get_by_test_id(f"panel-{panel}").get_by_test_id("thing-v1")
    row.get_by_test_id("do-family").click()
    typed = phone.page.get_by_test_id("field-family_phone").locator("input")
    expect(typed).to_have_value("")  # the family's, not the visitor's own
    expect(phone.page.get_by_test_id("plate-typed")).not_to_contain_text("88")
    for text, problem in (("", "一项就够"), ("1390000", "请填 11 位手机号")):
        typed.fill(text)
        phone.page.get_by_test_id("form-send").click()
        expect(phone.page.get_by_test_id("form-said")).to_contain_text(problem)
    assert rig.hub.reports(staff_id) == []
    typed.fill("139 0000 0001")
    send_form(phone)
    report = report_of(rig, staff_id)
    assert (report.kind, report.visit_id) == (ReportKind.FAMILY, "v1")
    assert (report.phone, report.plate) == ("13900000001", None)


def test_the_family_s_car_is_enough_to_link_them(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-family").click()
    phone.page.get_by_test_id("plate-open").click()
    for key in "浙B12345":
        phone.page.get_by_test_id("plate-keys").locator(f"[data-key='{key}']").click()
    send_form(phone)
    report = report_of(rig, "li")
    assert (report.kind, report.phone, report.plate) == (ReportKind.FAMILY, None, "浙B12345")


def test_a_consultant_seats_a_visitor_and_leaves_with_a_reason(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-seated").click()
    phone.page.get_by_test_id("field-seat").locator("input").fill("洽谈区 3 座")
    drinks = phone.page.get_by_test_id("field-drinks")
    for drink in ("green_tea", "green_tea", "coffee"):
        drinks.locator(f"[data-value='{drink}']").click()
    send_form(phone)
    seated = report_of(rig, "li")
    assert (seated.kind, seated.visit_id, seated.place) == (ReportKind.SEATED, "v1", "洽谈区 3 座")
    assert seated.drinks == ("green_tea", "green_tea", "coffee")
    rig.hub.heard.clear()
    phone.go("line")
    phone.page.get_by_test_id("panel-turn").get_by_test_id("do-away").click()
    phone.page.get_by_test_id("field-reason").get_by_text("用餐").click()
    phone.page.get_by_test_id("field-leave").get_by_role("button").click()
    send_form(phone)
    away = report_of(rig, "li")
    assert (away.kind, away.note, away.is_excused) == (ReportKind.AWAY, "meal", True)


def look_up_of(rig: Rig, staff_id: str) -> LookUp:
    assert eventually(lambda: bool(rig.hub.look_ups(staff_id)))
    return rig.hub.look_ups(staff_id)[-1]


def test_a_look_up_is_answered_on_the_phone_and_says_that_it_is_logged(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("zhao")
    phone.go("people")
    phone.page.get_by_test_id("do-look_up").click()
    expect(phone.page.get_by_test_id("sheet")).to_contain_text("每次查询都会留痕")
    phone.page.get_by_test_id("field-phone").locator("input").fill("13800138000")
    phone.page.get_by_test_id("form-send").click()
    asked = look_up_of(rig, "zhao")
    assert asked.phone == "13800138000"
    found = "张女士 138****8000 归属李敏，保护期至 12-01 零点"
    for look_up_id, line in (("another", "somebody else's"), (asked.look_up_id, found)):
        rig.hub.send(
            Answer(look_up_id=look_up_id, staff_id="zhao", found=(line,), answered_at=now())
        )
    lines = phone.page.get_by_test_id("lines-look_up")
    expect(lines).to_contain_text(found)
    expect(lines).to_contain_text("本次查询已记录")


def test_why_it_was_me_and_why_it_was_not(rig: Rig, phone_of: PhoneOf) -> None:
    mine, other = phone_of("li"), phone_of("zhao")
    mine.page.get_by_test_id("thing-v1").get_by_test_id("do-why_me").click()
    lines = mine.page.get_by_test_id("lines-why")
    expect(lines).to_contain_text("由您接待。")
    expect(lines).to_contain_text("R6 · 浙A·8**88 由李敏于")
    other.go("line")
    other.page.get_by_test_id("panel-turn").get_by_test_id("thing-v1").get_by_test_id(
        "do-why_not_me"
    ).click()
    expect(other.page.get_by_test_id("lines-why")).to_contain_text("客户归属李敏，不按轮序。")
    expect(other.page.get_by_test_id("place")).to_contain_text("轮序第 1 位，共 2 位")


def test_a_colleague_stands_in_for_who_was_called(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    call = alert(staff_id="li", visit_id="v2", instead_of="赵磊", actions=("stand_in", "pass_on"))
    rig.hub.send(call)
    large = phone.card(call).locator(".claim")
    expect(large).to_have_text("我来补位")
    large.click()
    phone.shows(call, "claiming")
    assert eventually(lambda: bool(rig.hub.acks("li")))
    assert rig.hub.acks("li")[0].alert_id == call.alert_id


def test_the_bar_takes_an_order_and_says_when_it_is_served(rig: Rig, phone_of: PhoneOf) -> None:
    phone, order = phone_of("post-bar"), post_alert("bar", "post-bar")
    rig.hub.send(order)
    for words in ("洽谈区 3 座", "绿茶 ×2", "3 位"):
        expect(phone.card(order)).to_contain_text(words)
    expect(phone.card(order).get_by_test_id("claim")).to_have_text("我来处理")
    phone.card(order).get_by_test_id("claim").click()
    rig.hub.send(claimed("post-bar", "小许", order))
    phone.card(order).get_by_test_id("do-served").click()
    report = report_of(rig, "post-bar")
    assert (report.kind, report.visit_id) == (ReportKind.SERVED, order.visit_id)


def test_a_manager_rules_grants_leave_sends_a_stand_in_and_sets_the_line(
    rig: Rig, phone_of: PhoneOf
) -> None:
    page = phone_of("chen").page
    page.get_by_test_id("tab-people").click()
    page.get_by_test_id("panel-waiting").get_by_test_id("thing-v2").get_by_test_id(
        "do-ruling"
    ).click()
    page.get_by_test_id("field-owner").get_by_text("李敏").click()
    page.get_by_test_id("form-send").click()
    expect(page.get_by_test_id("form-said")).to_have_text("请填写：理由")
    page.get_by_test_id("field-reason").locator("input").fill("客户出示了短信")
    send_form(Phone(page))
    ruling = report_of(rig, "chen")
    assert (ruling.kind, ruling.visit_id, ruling.for_staff_id) == (ReportKind.RULING, "v2", "li")
    assert ruling.reason == "客户出示了短信"
    rig.hub.heard.clear()
    page.get_by_test_id("tab-line").click()
    zhao = page.get_by_test_id("panel-people").get_by_test_id("thing-zhao")
    zhao.get_by_test_id("do-grant_leave").click()
    leave = report_of(rig, "chen")
    assert (leave.kind, leave.for_staff_id, leave.is_excused) == (ReportKind.AWAY, "zhao", True)
    rig.hub.heard.clear()
    zhao.get_by_test_id("do-stand_in_for").click()
    page.get_by_test_id("field-stand_in").get_by_text("李敏").click()
    send_form(Phone(page))
    stand_in = report_of(rig, "chen")
    assert (stand_in.kind, stand_in.for_staff_id, stand_in.by_staff_id) == (
        ReportKind.STAND_IN,
        "zhao",
        "li",
    )
    rig.hub.heard.clear()
    page.get_by_test_id("tab-line").click()
    page.get_by_test_id("do-set_order").click()
    send_form(Phone(page))
    assert set(report_of(rig, "chen").order or ()) == {"li", "zhao"}


def test_the_console_sends_what_the_manager_decides_and_is_no_handheld(
    rig: Rig, phone_of: PhoneOf
) -> None:
    page = phone_of("chen").page
    page.goto(rig.url("/"))
    assert eventually(lambda: rig.hub.presences("chen")[-1]["state"] == "offline")
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    rig.hub.heard.clear()
    zhao = page.get_by_test_id("panel-people").get_by_test_id("thing-zhao")
    zhao.get_by_test_id("do-grant_leave").click()
    assert report_of(rig, "chen").for_staff_id == "zhao"
    assert rig.hub.presences("chen") == [], "the phone alone says whether it is there"


def test_a_form_is_kept_that_could_not_be_sent(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-cart").click()
    phone.page.get_by_test_id("field-pick_up").get_by_text("样板房").click()
    rig.kill_mqtt()
    phone.is_connected("false")
    send_form(phone)
    rig.hub.heard.clear()
    rig.start_mqtt()
    assert report_of(rig, "li").place == "show_flat"


def test_panels_say_when_they_could_not_be_refreshed(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    expect(phone.page.get_by_test_id("panel-mine")).to_contain_text("张女士")
    phone.page.route("**/api/me", lambda route: route.abort())
    rig.hub.send(alert(staff_id="li"))
    expect(phone.page.locator("[data-part=stale]")).to_contain_text("下面的信息停在")
    expect(phone.page.get_by_test_id("panel-mine")).to_contain_text("张女士")
    phone.page.unroute("**/api/me")
    seen = rig.site.view
    rig.site.view = replace(seen, visits=())
    try:
        rig.hub.send(alert(staff_id="li"))
        expect(phone.page.get_by_test_id("panel-mine")).to_be_hidden()
        expect(phone.page.locator("[data-part=stale]")).to_be_hidden()
    finally:
        rig.site.view = seen
