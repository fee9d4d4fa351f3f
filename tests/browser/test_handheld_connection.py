"""The handheld page when the network, the hub, the password or the window goes away."""

import time

from msgspec.structs import replace
from playwright.sync_api import expect

from shared.messages import NodeState
from tests.browser.handheld_phone import MARKS, Phone, PhoneOf
from tests.browser.handheld_rig import Rig, alert, claimed
from tests.waiting import eventually

pytestmark = MARKS


def test_a_lost_server_is_shown_and_the_claim_waits_for_it(rig: Rig, phone_of: PhoneOf) -> None:
    phone, gone = phone_of("li"), alert(role="consultant", raised_s_ago=20)
    call = alert(staff_id="li")
    rig.hub.send(gone)
    phone.shows(gone, "ringing")
    rig.hub.send(call)
    phone.shows(call, "ringing")
    rig.kill_mqtt()
    phone.is_connected("false")
    expect(phone.page.get_by_test_id("connection")).to_contain_text("未连接 自 ")
    expect(phone.page.get_by_test_id("connection")).to_contain_text("收不到提醒")
    phone.rings(False)
    phone.card(call).get_by_test_id("claim").click()
    expect(phone.card(call)).to_contain_text("连上后自动上报")
    rig.hub.heard.clear()
    rig.start_mqtt()
    phone.is_connected()
    expect(phone.page.get_by_test_id("connection")).to_contain_text("已连接")
    assert eventually(lambda: bool(rig.hub.acks("li")))
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")
    phone.shows(gone, "expired")  # the hub did not send it again: it is over
    phone.rings(False)


def test_an_alert_that_is_still_true_rings_again_after_a_reconnect(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone, call = phone_of("li"), alert(staff_id="li")
    rig.hub.send(call)
    phone.rings()
    rig.kill_mqtt()
    phone.rings(False)
    rig.hub.heard.clear()
    rig.start_mqtt()
    assert eventually(lambda: bool(rig.hub.presences("li")))
    rig.hub.send(call)
    phone.rings()
    assert phone.card(call).count() == 1
    phone.page.wait_for_timeout(6_000)  # longer than the hub's time to repeat
    phone.shows(call, "ringing")


def test_a_claim_survives_a_reload(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li")
    rig.hub.gives_receipts = False
    rig.hub.send(call)
    phone.page.get_by_test_id("claim").click()
    assert eventually(lambda: bool(rig.hub.acks("li")))
    before = rig.hub.acks("li")[0]
    rig.hub.heard.clear()
    phone.page.reload()
    phone.is_connected()
    assert eventually(lambda: bool(rig.hub.acks("li")))
    (again,) = rig.hub.acks("li")
    assert replace(again, sent_at=before.sent_at) == before
    rig.hub.send(call)  # the hub sends what is open again
    phone.shows(call, "claiming")
    phone.rings(False)
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")


def test_a_phone_says_that_it_is_there_and_is_missed_when_it_is_gone(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("sun")
    assert eventually(lambda: len(rig.hub.presences("sun")) >= 3)
    first, *_, last = rig.hub.presences("sun")
    assert (first["kind"], first["state"], first["problem"]) == ("staff", "online", "sound_off")
    assert last["problem"] is None, "started: it can ring"
    assert last["connected_at"] == first["connected_at"]
    assert last["device_id"].startswith("d")
    assert last["round_trip_ms"] is not None
    assert last["waiting"] == 0
    phone.page.context.close()
    assert eventually(lambda: rig.hub.presences("sun")[-1]["state"] == "offline")


def test_a_second_window_takes_over_and_the_first_stops(rig: Rig, phone_of: PhoneOf) -> None:
    first = phone_of("li")
    second = Phone(first.page.context.new_page())
    second.page.goto(rig.url("/handheld"))
    second.is_connected()
    first.is_connected("false")
    expect(first.page.get_by_test_id("connection")).to_contain_text("已在另一个窗口值守")
    call = alert(staff_id="li")
    rig.hub.send(call)
    second.rings()
    assert first.card(call).count() == 0


def test_a_refused_password_leads_back_to_the_log_in(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("chen")
    rig.admits = False
    try:
        phone.page.evaluate("localStorage.removeItem('yingbin.device')")  # a new account, then
        phone.page.reload()
        phone.page.wait_for_url("**/login?why=refused")
        expect(phone.page.get_by_test_id("message")).to_contain_text("消息服务器拒绝了此账号")
    finally:
        rig.admits = True


def test_whoever_is_signed_out_sees_the_log_in_within_seconds(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("chen")
    rig.sign_out("chen")
    phone.page.wait_for_url("**/login?why=ended", timeout=15_000)
    expect(phone.page.get_by_test_id("message")).to_contain_text("登录已失效")


def test_a_hub_that_is_away_is_told_although_the_server_answers(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    expect(phone.page.get_by_test_id("connection")).to_have_text("已连接")
    rig.hub.say(NodeState.OFFLINE)
    expect(phone.page.get_by_test_id("connection")).to_contain_text("中枢离线 自 ")
    phone.is_connected()
    greetings = len(rig.hub.presences("li"))
    rig.hub.say(NodeState.ONLINE)
    expect(phone.page.get_by_test_id("connection")).to_have_text("已连接")
    assert eventually(lambda: len(rig.hub.presences("li")) > greetings)
    last = rig.hub.presences("li")[-1]["connected_at"]
    assert last != rig.hub.presences("li")[0]["connected_at"], "greets a new hub as somebody new"


def test_the_page_keeps_its_own_policy(rig: Rig, phone_of: PhoneOf) -> None:
    complaints: list[str] = []
    phone = phone_of("li")
    phone.page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    phone.page.on("pageerror", lambda error: complaints.append(str(error)))
    phone.page.reload()
    phone.is_connected()
    phone.page.get_by_test_id("start").click()
    rig.hub.send(alert(staff_id="li"))
    phone.rings()
    time.sleep(1.5)
    assert complaints == []
    content = phone.page.content()
    assert not [account for account in rig.accounts if account.password in content]
