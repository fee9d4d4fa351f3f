"""Alerts on the handheld page: real Chromium, a real MQTT server with a site's access lists."""

from playwright.sync_api import expect

from shared.clock import now
from shared.messages import Ack, AckAnswer, Alert, AlertClosed, CloseReason, Level, ReportKind
from shared.topics import topic_of
from tests.browser.handheld_phone import MARKS, PhoneOf, fell_silent_at_once, note_silence
from tests.browser.handheld_rig import SITE, Rig, alert, claimed
from tests.waiting import eventually

pytestmark = MARKS


def test_an_alert_is_claimed_and_the_claim_repeats_until_the_hub_answers(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", level=Level.URGENT)
    rig.hub.gives_receipts = False
    rig.hub.send(call)
    phone.shows(call, "ringing")
    phone.rings()
    plate = phone.card(call).get_by_test_id("plate")
    assert plate.inner_text() == "浙A88888"
    assert float(plate.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 72
    button = phone.page.get_by_test_id("claim")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 96
    button.click()
    phone.shows(call, "claiming")
    phone.rings(False)
    assert eventually(lambda: len(rig.hub.acks("li")) >= 2)
    acks = rig.hub.acks("li")
    assert {ack.alert_id for ack in acks} == {call.alert_id}
    assert len({ack.ack_id for ack in acks}) == 1, "a repeat is the same ack"
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")
    expect(phone.card(call)).to_contain_text("您已接下")
    later = alert(staff_id="li")
    rig.hub.send(later)  # its «shown» comes after any repeat that was still on its way
    assert eventually(lambda: bool(shown(rig, later)))
    count = len(rig.hub.acks("li"))
    phone.page.wait_for_timeout(3_500)
    assert len(rig.hub.acks("li")) == count, "the hub answered: no more repeats"


def shown(rig: Rig, of: Alert) -> list[Ack]:
    return [ack for ack in rig.hub.acks("li", AckAnswer.SHOWN) if ack.alert_id == of.alert_id]


def test_the_second_phone_falls_silent_within_a_second(rig: Rig, phone_of: PhoneOf) -> None:
    first, second = phone_of("li"), phone_of("zhao")
    call = alert(role="consultant")
    rig.hub.send(call)
    first.rings()
    second.rings()
    first.page.get_by_test_id("claim").click()
    assert eventually(lambda: bool(rig.hub.acks("li")))
    note_silence(second.page)
    rig.hub.send(claimed("li", "李敏", call))
    fell_silent_at_once(second.page)
    second.shows(call, "claimed")
    expect(second.card(call)).to_contain_text("李敏 已接待")


def test_nothing_rings_that_is_over_or_not_for_this_person(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("sun")  # parking
    late = alert(role="parking", raised_s_ago=700, lives_s=600)
    kept, again = alert(role="parking"), alert(role="parking")
    closed_first, not_mine = alert(role="parking"), alert(staff_id="li")
    topic = topic_of(kept, site=SITE)
    rig.hub.send(late)
    rig.hub.send(kept, retain=True)
    for payload in (b"{", b"null", b"[]", b"\xff", b'{"alert_id": 5}', b'{"alert_id": "x"}'):
        rig.hub.send_raw(topic, payload)
    rig.hub.send(claimed("li", "李敏", closed_first))
    rig.hub.send(closed_first)
    rig.hub.send(not_mine)
    # MQTT marks a message as retained only for those who subscribe later: hence another phone.
    latecomer = phone_of("sun")
    rig.hub.send(again)
    latecomer.shows(again, "ringing")
    assert latecomer.page.locator("article[data-alert-id]").count() == 1
    for over in (late, closed_first, not_mine):
        assert phone.card(over).count() == 0
    rig.hub.send_raw(topic, b"", retain=True)


def test_an_alert_expires_in_silence(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", lives_s=2)
    rig.hub.send(call)
    phone.rings()
    phone.shows(call, "expired")
    phone.rings(False)
    expect(phone.card(call)).to_contain_text("已过期")


def test_news_that_need_nobody_do_not_keep_ringing(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    news = alert(staff_id="li", level=Level.INFO, needs_claim=False)
    rig.hub.send(news)
    phone.shows(news, "info")
    phone.rings(False)
    assert phone.page.get_by_test_id("claim").count() == 0
    phone.page.get_by_test_id("put-away").click()
    expect(phone.page.get_by_test_id("empty")).to_be_visible()


def test_the_newest_stands_on_top_and_another_can_be_chosen(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    older = alert(staff_id="li", raised_s_ago=30)
    newer = alert(staff_id="li", plate="粤BD12345", text="粤BD12345 到访")
    rig.hub.send(older)
    rig.hub.send(newer)
    expect(phone.card(newer).get_by_test_id("claim")).to_be_enabled()
    expect(phone.page.get_by_test_id("waiting")).to_contain_text("还有 1 条待接")
    phone.page.get_by_test_id("choose").click()
    phone.card(older).get_by_test_id("claim").click()
    assert eventually(lambda: bool(rig.hub.acks("li")))
    assert rig.hub.acks("li")[0].alert_id == older.alert_id
    for call in (older, newer):
        rig.hub.send(called_off(call))
        phone.shows(call, "cancelled")


def called_off(call: Alert) -> AlertClosed:
    """The hub calls ``call`` off."""
    return AlertClosed(
        alert_id=call.alert_id,
        visit_id=call.visit_id,
        reason=CloseReason.CANCELLED,
        closed_at=now(),
    )


def test_the_phone_vibrates_speaks_and_stops_at_once(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", level=Level.URGENT)
    phone.page.evaluate(
        """() => {
            window.felt = []; window.said = []; window.hushed = 0;
            navigator.vibrate = (pattern) => window.felt.push(pattern);
            speechSynthesis.getVoices = () => [{ lang: "zh-CN", localService: false }];
            speechSynthesis.speak = (sentence) => window.said.push(sentence.text);
            speechSynthesis.cancel = () => (window.hushed += 1);
        }"""
    )
    rig.hub.send(call)
    phone.rings()
    assert phone.comes_to("felt.filter((pattern) => pattern.length > 3).length >= 2")
    assert phone.page.evaluate("said") == [], "only the phone's own voices may read a name"
    # Without any list of voices the phone's own voice reads.
    phone.page.evaluate("speechSynthesis.getVoices = () => []")
    assert phone.comes_to("said.length === 1")
    assert phone.page.evaluate("said") == [call.speech]
    rig.hub.send(claimed("zhao", "赵磊", call))
    assert phone.comes_to("felt.at(-1) === 0")
    count = phone.page.evaluate("felt.length")
    phone.page.wait_for_timeout(4_500)
    assert phone.page.evaluate("felt.length") == count


def test_a_consultant_reports_the_end_of_a_reception_with_one_tap(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    button = phone.page.get_by_test_id("do-finished")
    button.click()
    phone.at_once()
    expect(button).to_have_text("已上报")
    assert eventually(lambda: bool(rig.hub.reports("li")))
    (report,) = rig.hub.reports("li")
    assert (report.staff_id, report.kind, report.visit_id) == ("li", ReportKind.FINISHED, "v1")
    assert phone_of("sun").page.get_by_test_id("do-finished").count() == 0
