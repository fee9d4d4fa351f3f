"""How a call lives on the phones: real Chromium at 390×844, a real MQTT server, a played hub."""

from msgspec import to_builtins
from msgspec.structs import replace as changed
from playwright.sync_api import expect

from broker.alerts.calls import Guest, calls_at_check_in
from broker.rules.policy import Policy
from broker.wording.alert_text import wording_of
from broker.wording.decisions import Teller
from shared.clock import now
from shared.ids import new_id
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    CloseReason,
)
from shared.words import LANGUAGES
from tests.browser.handheld_phone import (
    MARKS,
    Phone,
    PhoneOf,
    fell_silent_at_once,
    note_silence,
)
from tests.browser.handheld_rig import Rig, alert, claimed
from tests.browser.post_alerts import post_alert
from tests.waiting import eventually

pytestmark = MARKS


def closed(of: Alert, reason: CloseReason, by_id: str | None = None) -> AlertClosed:
    return AlertClosed(
        alert_id=of.alert_id,
        visit_id=of.visit_id,
        reason=reason,
        by_staff_id=by_id,
        closed_at=now(),
    )


def notes_what_is_said(phone: Phone) -> None:
    phone.page.evaluate(
        """() => {
            window.said = [];
            speechSynthesis.getVoices = () => [];
            speechSynthesis.speak = (said) => window.said.push(`${said.lang} ${said.text}`);
        }"""
    )


def test_a_call_goes_from_the_first_to_the_second_to_the_manager(
    rig: Rig, phone_of: PhoneOf
) -> None:
    first, second, manager = phone_of("li"), phone_of("zhao"), phone_of("chen")
    call = alert(staff_id="li", visitor="张女士", party_size=2, place="大厅", visitor_number="A12")
    rig.hub.send(call)
    first.rings()
    card = first.card(call)
    for words in ("张女士", "2 位", "大厅", "号码 A12"):
        expect(card).to_contain_text(words)
    again = changed(call, repeat=1)
    rig.hub.send(again)
    expect(card).to_contain_text("（第 2 次）")
    to_second = changed(
        call, alert_id=new_id(), staff_id="zhao", instead_of="李敏", actions=("claim", "stand_in")
    )
    rig.hub.send(to_second)
    second.rings()
    expect(second.card(to_second)).to_contain_text("代 李敏")
    to_manager = post_alert("manager", "chen")
    rig.hub.send(to_manager)
    manager.rings()
    expect(manager.card(to_manager)).to_contain_text("代 赵磊")
    manager.page.get_by_test_id("claim").click()
    assert eventually(lambda: bool(rig.hub.acks("chen")))
    for phone in (first, second, manager):
        note_silence(phone.page)
    for ring in (call, to_second, to_manager):
        rig.hub.send(claimed("chen", "陈静", ring))
    for phone in (first, second, manager):
        fell_silent_at_once(phone.page)
    expect(first.page.locator("body")).to_contain_text("陈静 已接待")


def test_a_repeat_rings_and_speaks_anew(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li")
    notes_what_is_said(phone)
    rig.hub.send(call)
    assert phone.comes_to("said.length === 1")
    rig.hub.send(changed(call, repeat=1, speech="Second call"))
    assert phone.comes_to("said.length === 2")
    assert phone.page.evaluate("said") == [f"zh-CN {call.speech}", "en-US Second call"]


def in_three_languages() -> Alert:
    """A host's call as the hub words it, to all consultants."""
    call = next(iter(calls_at_check_in(host_id="li", host="李敏")))
    guest = Guest("浙A88888", "张", "女士", party_size=2, place="hall")
    wordings = {tag: wording_of(call, guest, Teller({}, Policy(), tag)) for tag in LANGUAGES}
    own = to_builtins(wordings["zh-CN"])
    return alert(role="consultant", party_size=2, wordings=wordings, **own)


def test_two_phones_show_and_speak_one_alert_each_in_its_own_language(
    rig: Rig, phone_of: PhoneOf
) -> None:
    chinese, english = phone_of("li"), phone_of("zhao")
    english.go("more")
    english.page.get_by_test_id("language-en").click()
    english.is_connected()
    english.page.get_by_test_id("start").click()
    told = {
        chinese: ("请接待", "张女士", "大厅", "已登记，请到大厅接待"),
        english: ("Please receive", "Ms 张", "the hall", "checked in, please receive: the hall"),
    }
    spoken = {
        chinese: "zh-CN 浙A，五个八，张女士，两位",
        english: "en-US Zhejiang A, five eights, Ms 张, two people",
    }
    for phone in told:
        notes_what_is_said(phone)
    call = in_three_languages()
    rig.hub.send(call)
    for phone, (*words, beside) in told.items():
        phone.rings()
        for word in words:
            expect(phone.card(call)).to_contain_text(word)
        expect(phone.card(call).locator(".card__text")).to_have_text(beside)
        assert phone.comes_to(f"said[0]?.startsWith('{spoken[phone]}')")


def test_the_hub_hears_once_that_a_device_shows_an_alert(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li")
    rig.hub.send(call)
    phone.rings()
    rig.hub.send(call)
    rig.hub.send(changed(call, repeat=1))
    assert eventually(lambda: bool(rig.hub.acks("li", AckAnswer.SHOWN)))
    phone.page.reload()
    phone.is_connected()
    rig.hub.send(changed(call, repeat=2))
    phone.rings()
    (shown,) = rig.hub.acks("li", AckAnswer.SHOWN)
    assert shown.alert_id == call.alert_id
    assert shown.device_id
    assert rig.hub.acks("li") == [], "shown is no claim"


def test_what_rang_and_was_not_answered_is_kept_and_counted(rig: Rig, phone_of: PhoneOf) -> None:
    phone, colleague = phone_of("li"), phone_of("zhao")
    passed = alert(staff_id="li", actions=("claim", "pass_on"))
    taken, over = alert(role="consultant"), alert(staff_id="li", lives_s=10)
    mine, news = alert(staff_id="li"), alert(staff_id="li", needs_claim=False)
    called_off = alert(staff_id="li")
    rig.hub.send(passed)
    phone.card(passed).get_by_test_id("do-pass_on").click()
    phone.shows(passed, "passed")
    phone.rings(False)
    assert eventually(lambda: bool(rig.hub.acks("li", AckAnswer.PASS_ON)))
    rig.hub.send(closed(passed, CloseReason.PASSED_ON, "li"))
    for message in (taken, over, mine, news, called_off):
        rig.hub.send(message)
    phone.rings()
    rig.hub.send(claimed("zhao", "赵磊", taken))
    rig.hub.send(claimed("li", "李敏", mine))
    rig.hub.send(closed(called_off, CloseReason.CANCELLED))
    phone.shows(over, "expired")
    expect(phone.page.get_by_test_id("missed-count")).to_have_text("未接 3")
    missed = phone.page.get_by_test_id("missed")
    for words in ("您已转给下一位", "赵磊 已接待", "已过期"):
        expect(missed).to_contain_text(words)
    phone.page.reload()
    phone.is_connected()
    expect(phone.page.get_by_test_id("missed-count")).to_have_text("未接 3")
    phone.page.get_by_test_id("looked").click()
    expect(phone.page.get_by_test_id("missed-count")).to_be_hidden()
    phone.go("more")
    past = phone.page.get_by_test_id("past")
    past.get_by_test_id("more").click()
    expect(past).to_contain_text("您已转给下一位")
    expect(colleague.page.get_by_test_id("missed-count")).to_be_hidden()


def test_an_action_of_a_newer_hub_is_no_button(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("post-cart")
    call = alert(role="cart", actions=("claim", "fly", "arrived"))
    rig.hub.send(call)
    phone.rings()
    assert phone.card(call).get_by_role("button").count() == 1
