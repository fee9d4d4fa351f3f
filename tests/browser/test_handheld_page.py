"""The handheld page in a real Chromium, over a real MQTT server with a site's access lists."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from broker import mosquitto
from shared.clock import now
from shared.messages import Alert, AlertClosed, CloseReason, Level, NodeState
from shared.topics import topic_of
from tests.browser.handheld_rig import SITE, Rig, alert, chromium, claimed
from tests.console.fake_site import CHEN, LI, SUN, ZHAO
from tests.servers import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(mosquitto.find_mosquitto() is None, reason="mosquitto is not installed"),
]

PINS = {person.staff_id: person.pin for person in (LI, ZHAO, CHEN, SUN)}


@dataclass(frozen=True)
class Phone:
    """One person's phone with the page open."""

    page: Page

    def card(self, of: Alert) -> Locator:
        return self.page.locator(f"article[data-alert-id='{of.alert_id}']")

    def shows(self, of: Alert, state: str, within_s: float = 5.0) -> None:
        expect(self.card(of)).to_have_attribute("data-state", state, timeout=within_s * 1000)

    def rings(self, is_ringing: bool = True, within_s: float = 5.0) -> None:
        word = str(is_ringing).lower()
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-ringing", word, timeout=within_s * 1000)

    def comes_to(self, claim: str, within_s: float) -> bool:
        """Whether the JavaScript ``claim`` comes true; the page's policy lets no other wait run."""
        return wait_until(lambda: bool(self.page.evaluate(claim)), within_s=within_s)

    def is_connected(self, word: str = "true", within_s: float = 20.0) -> None:
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-connected", word, timeout=within_s * 1000)


PhoneOf = Callable[[str], Phone]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    built = Rig(tmp_path_factory.mktemp("handheld"))
    built.start()
    yield built
    built.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium())
        yield started
        started.close()


@pytest.fixture
def phone_of(rig: Rig, browser: Browser) -> Iterator[PhoneOf]:
    """Logs a person in on a phone of his own and starts the watch."""
    contexts = []

    def open_page(staff_id: str) -> Phone:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        contexts.append(context)
        page = context.new_page()
        page.goto(rig.url("/login"))
        page.get_by_test_id(f"person-{staff_id}").click()
        for digit in PINS[staff_id]:
            page.get_by_test_id(f"pin-{digit}").click()
        page.get_by_test_id("enter").click()
        phone = Phone(page)
        phone.is_connected()
        page.get_by_test_id("start").click()
        return phone

    rig.hub.heard.clear()
    yield open_page
    rig.start_mqtt()  # where a test ended before it could
    for context in contexts:
        context.close()


def test_an_alert_is_claimed_and_the_claim_repeats_until_the_hub_answers(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone, call = phone_of("li"), alert(staff_id="li", level=Level.URGENT)
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
    assert wait_until(lambda: len(rig.hub.acks("li")) >= 2, within_s=8)
    acks = rig.hub.acks("li")
    assert {ack.alert_id for ack in acks} == {call.alert_id}
    assert len({ack.ack_id for ack in acks}) == 1, "a repeat is the same ack"
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")
    expect(phone.card(call)).to_contain_text("您已接下")
    count = len(rig.hub.acks("li"))
    phone.page.wait_for_timeout(3_500)
    assert len(rig.hub.acks("li")) == count, "the hub answered: no more repeats"


def test_the_second_phone_falls_silent_within_a_second(rig: Rig, phone_of: PhoneOf) -> None:
    first, second = phone_of("li"), phone_of("zhao")
    call = alert(role="consultant")
    rig.hub.send(call)
    first.rings()
    second.rings()
    first.page.get_by_test_id("claim").click()
    assert wait_until(lambda: bool(rig.hub.acks("li")), within_s=5)
    rig.hub.send(claimed("li", "李敏", call))
    second.rings(False, within_s=1.0)
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
    # A live subscriber gets a retained publish without its flag: this phone comes afterwards.
    latecomer = phone_of("sun")
    rig.hub.send(again)
    latecomer.shows(again, "ringing")
    assert latecomer.page.locator("article").count() == 1
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


def test_a_lost_server_is_shown_and_the_claim_waits_for_it(rig: Rig, phone_of: PhoneOf) -> None:
    phone, gone = phone_of("li"), alert(role="consultant", raised_s_ago=20)
    call = alert(staff_id="li")
    rig.hub.send(gone)
    phone.shows(gone, "ringing")
    rig.hub.send(call)
    phone.shows(call, "ringing")
    rig.kill_mqtt()
    phone.is_connected("false", within_s=5)
    expect(phone.page.get_by_test_id("connection")).to_contain_text("未连接 自 ")
    expect(phone.page.get_by_test_id("connection")).to_contain_text("收不到提醒")
    phone.rings(False)
    phone.card(call).get_by_test_id("claim").click()
    expect(phone.card(call)).to_contain_text("连上后自动上报")
    rig.hub.heard.clear()
    rig.start_mqtt()
    phone.is_connected()
    expect(phone.page.get_by_test_id("connection")).to_contain_text("已连接")
    assert wait_until(lambda: bool(rig.hub.acks("li")), within_s=10)
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")
    phone.shows(gone, "expired", within_s=12)  # the hub did not send it again: it is over
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
    assert wait_until(lambda: bool(rig.hub.presences("li")), within_s=15)
    rig.hub.send(call)
    phone.rings()
    assert phone.card(call).count() == 1
    phone.page.wait_for_timeout(6_000)  # longer than the hub's time to repeat
    phone.shows(call, "ringing")


def test_a_claim_survives_a_reload(rig: Rig, phone_of: PhoneOf) -> None:
    phone, call = phone_of("li"), alert(staff_id="li")
    rig.hub.send(call)
    phone.page.get_by_test_id("claim").click()
    assert wait_until(lambda: bool(rig.hub.acks("li")), within_s=5)
    before = rig.hub.acks("li")[0]
    rig.hub.heard.clear()
    phone.page.reload()
    phone.is_connected()
    assert wait_until(lambda: bool(rig.hub.acks("li")), within_s=8)
    assert rig.hub.acks("li")[0] == before
    rig.hub.send(call)  # the hub sends what is open again
    phone.shows(call, "claiming")
    phone.rings(False)
    rig.hub.send(claimed("li", "李敏", call))
    phone.shows(call, "mine")


def test_the_newest_stands_on_top_and_another_can_be_chosen(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    older = alert(staff_id="li", raised_s_ago=30)
    newer = alert(staff_id="li", plate="粤BD12345", text="粤BD12345 到访")
    rig.hub.send(older)
    rig.hub.send(newer)
    expect(phone.card(newer).get_by_test_id("claim")).to_be_enabled()
    expect(phone.page.locator("[data-part=others]")).to_contain_text("还有 1 条待接")
    phone.card(older).click()
    phone.card(older).get_by_test_id("claim").click()
    assert wait_until(lambda: bool(rig.hub.acks("li")), within_s=5)
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


def test_a_phone_says_that_it_is_there_and_is_missed_when_it_is_gone(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("sun")
    assert wait_until(lambda: len(rig.hub.presences("sun")) >= 3, within_s=8)
    first, *_, last = rig.hub.presences("sun")
    assert (first["kind"], first["state"], first["problem"]) == ("staff", "online", "sound_off")
    assert last["problem"] is None, "started: it can ring"
    assert last["connected_at"] == first["connected_at"]
    assert last["device_id"].startswith("d")
    assert last["round_trip_ms"] is not None
    phone.page.context.close()
    assert wait_until(lambda: rig.hub.presences("sun")[-1]["state"] == "offline", within_s=20)


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
    right = rig.site.passwords["chen"]
    rig.site.passwords["chen"] = "no longer"
    try:
        phone.page.reload()
        phone.page.wait_for_url("**/login?why=refused", timeout=15_000)
        expect(phone.page.get_by_test_id("message")).to_contain_text("消息服务器拒绝了此账号")
    finally:
        rig.site.passwords["chen"] = right


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
    assert phone.comes_to("felt.filter((one) => one.length > 3).length >= 2", within_s=8)
    assert phone.page.evaluate("said") == [], "only the phone's own voices may read a name"
    # A voice of the phone itself.
    phone.page.evaluate("speechSynthesis.getVoices = () => []")
    assert phone.comes_to("said.length === 1", within_s=15)
    assert phone.page.evaluate("said") == [call.speech]
    rig.hub.send(claimed("zhao", "赵磊", call))
    assert phone.comes_to("felt.at(-1) === 0", within_s=1)
    count = phone.page.evaluate("felt.length")
    phone.page.wait_for_timeout(4_500)
    assert phone.page.evaluate("felt.length") == count


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
    assert wait_until(lambda: len(rig.hub.presences("li")) > greetings, within_s=3)
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
    assert rig.site.passwords["li"] not in phone.page.content()
