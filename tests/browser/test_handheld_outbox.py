"""What a person taps while the hub, the MQTT server or the page itself is away is not lost."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from shared.clock import now
from shared.messages import AckAnswer, NodeState, ReportKind
from tests.browser.accessibility import violations
from tests.browser.handheld_phone import MARKS, Phone, PhoneOf, log_in, send_form
from tests.browser.handheld_rig import Rig, alert, chromium, report_of
from tests.waiting import eventually

pytestmark = MARKS

STORES = {
    "forbidden": """Object.defineProperty(window, "indexedDB", {
        value: { open() { throw new DOMException("private", "SecurityError"); } },
    });""",
    "stuck": """Object.defineProperty(window, "indexedDB", { value: { open: () => ({}) } });""",
}
"""Stores of a browser that keep nothing: of a private window, and one that never answers."""


def waits(phone: Phone, *words: str) -> None:
    """The line of what waits says this."""
    for said in words:
        expect(phone.page.get_by_test_id("unsent-count")).to_contain_text(said)


def waits_for_nothing(phone: Phone) -> None:
    unsent = phone.page.get_by_test_id("unsent")
    expect(unsent).to_have_attribute("data-waiting", "0")
    expect(unsent).to_be_hidden()


def finish(phone: Phone) -> None:
    """The reception ends; the phone says that it has noted it."""
    button = phone.page.get_by_test_id("do-finished")
    button.click()
    phone.at_once()
    expect(button).to_have_text("已记下待发")


def without_network(rig: Rig, phone: Phone) -> None:
    rig.kill_mqtt()
    phone.is_connected("false")


def test_what_was_tapped_without_a_network_arrives_once_and_in_order(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    waits_for_nothing(phone)
    without_network(rig, phone)
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-register").click()
    send_form(phone)
    finish(phone)
    waits(phone, "待发送（2）", "没有网络")
    phone.page.get_by_test_id("unsent-count").click()
    first, second = phone.page.get_by_test_id("unsent-item").all()
    expect(first).to_contain_text("登记客户 · 张女士 · 138****8000 · 浙A·8**88")
    expect(second).to_contain_text("接待结束 · 张女士")
    assert "13800138000" not in phone.page.get_by_test_id("unsent").inner_text()
    assert violations(phone.page) == []
    rig.start_mqtt()  # with nothing remembered
    phone.is_connected()
    waits_for_nothing(phone)
    order = [said.topic.rsplit("/", 1)[1] for said in rig.hub.heard if "presence" not in said.topic]
    assert list(dict.fromkeys(order)) == ["registration", "report"]
    (registration,) = rig.hub.registrations("li")
    assert registration.sent_at is not None
    assert registration.sent_at > registration.registered_at, "made then, sent now"


def test_a_claim_waits_as_well_and_one_that_came_too_late_is_said_and_rings_again(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone, call = phone_of("li"), alert(staff_id="li")
    rig.hub.send(call)
    phone.shows(call, "ringing")
    without_network(rig, phone)
    phone.card(call).get_by_test_id("claim").click()
    waits(phone, "待发送（1）")
    rig.hub.refuses = {"zh-CN": "您的应答隔了 10 分钟才送到，没有算数。"}
    rig.start_mqtt()
    refused = phone.page.get_by_test_id("refused-item")
    expect(refused).to_contain_text("我来接待")
    expect(refused).to_contain_text("没有算数")
    rig.hub.refuses = {}
    phone.rings()
    expect(phone.card(call).get_by_test_id("claim")).to_be_in_viewport()
    phone.page.reload()
    expect(refused).to_contain_text("没有算数")
    refused.get_by_test_id("unsent-remove").click()
    expect(refused).to_have_count(0)
    assert len({ack.ack_id for ack in rig.hub.acks("li", AckAnswer.CLAIM)}) == 1


def test_a_reload_while_the_hub_says_nothing_loses_nothing(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    rig.hub.gives_receipts = False
    phone.do("finished")
    assert eventually(lambda: bool(rig.hub.reports("li")))
    phone.page.reload()
    waits(phone, "待发送（1）", "正在发送")
    rig.hub.gives_receipts = True
    waits_for_nothing(phone)
    assert len(rig.hub.reports("li")) == 1


def test_what_the_hub_never_answers_holds_nothing_up_and_can_be_given_up(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    rig.hub.gives_receipts = False
    phone.do("finished")
    phone.do("leave", "line")
    assert eventually(lambda: {said.kind for said in rig.hub.reports("li")} == {*BOTH})
    waits(phone, "待发送（2）")
    phone.page.get_by_test_id("unsent-count").click()
    stuck = phone.page.get_by_test_id("unsent-item").filter(has_text="接待结束")
    expect(stuck).to_contain_text("中枢没有回应这一条")
    stuck.get_by_test_id("unsent-remove").click()
    expect(stuck).to_have_count(0)
    rig.hub.gives_receipts = True
    waits_for_nothing(phone)


BOTH = (ReportKind.FINISHED, ReportKind.LEAVE)


def test_a_phone_that_dies_right_after_the_tap_has_kept_it(
    rig: Rig, phone_browser: Browser, tmp_path: Path
) -> None:
    rig.hub.heard.clear()
    phone = open_phone(phone_browser, rig, tmp_path)
    without_network(rig, phone)
    finish(phone)
    kill_all(processes_of(tmp_path))
    rig.start_mqtt()
    again = open_phone(phone_browser, rig, tmp_path)
    assert report_of(rig, "li").kind is ReportKind.FINISHED
    again.page.context.close()


def open_phone(browser: Browser, rig: Rig, folder: Path) -> Phone:
    """A phone whose store lies in ``folder``; who died there has to log in again."""
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=chromium(), viewport={"width": 390, "height": 844}
    )
    context.clear_cookies()
    return log_in(context.pages[0], rig.url("/login"), "li")


def processes_of(folder: Path) -> list[int]:
    """The browser whose store lies in ``folder``."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes()
        except OSError:  # it has just ended
            continue
        if f"--user-data-dir={folder}".encode() in words:
            found.append(int(entry.parent.name))
    return found


def kill_all(pids: list[int]) -> None:
    """kill −9: nothing is written any more."""
    assert pids
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it ended with its parent
            continue


def test_what_a_dead_server_did_not_confirm_is_sent_anew_with_the_time_of_now(
    rig: Rig, phone_of: PhoneOf
) -> None:
    """The hub tells by `sent_at` how long a message waited on the phone."""
    phone = phone_of("li")
    rig.freeze_mqtt()
    button = phone.page.get_by_test_id("do-finished")
    button.click()
    phone.at_once()
    expect(button).to_have_text("已上报")
    without_network(rig, phone)
    moment = now()
    rig.start_mqtt()
    report = report_of(rig, "li")
    assert report.sent_at is not None
    assert report.sent_at > moment
    waits_for_nothing(phone)


def test_two_windows_of_a_person_send_once(rig: Rig, phone_of: PhoneOf) -> None:
    first = phone_of("li")
    without_network(rig, first)
    finish(first)
    second = Phone(first.page.context.new_page())
    second.page.goto(rig.url("/handheld"))
    waits(second, "待发送（1）")
    expect(first.page.get_by_test_id("connection")).to_contain_text("已在另一个窗口值守")
    first.go("line")
    button = first.page.get_by_test_id("do-leave")
    button.click()
    first.at_once()
    expect(button).to_have_text("请在另一个窗口操作")
    rig.start_mqtt()
    waits_for_nothing(second)
    assert report_of(rig, "li").kind is ReportKind.FINISHED


@pytest.mark.parametrize("store", STORES)
def test_a_browser_without_a_store_keeps_it_in_memory_and_says_so(
    rig: Rig, phone_browser: Browser, store: str
) -> None:
    rig.hub.heard.clear()
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(STORES[store])
    phone = log_in(context.new_page(), rig.url("/login"), "li")
    expect(phone.page.get_by_test_id("memory-only")).to_contain_text("关掉网页就会丢失")
    without_network(rig, phone)
    finish(phone)
    waits(phone, "待发送（1）")
    rig.start_mqtt()
    waits_for_nothing(phone)
    assert report_of(rig, "li").kind is ReportKind.FINISHED
    rig.hub.refuses = {"zh-CN": "没有办理。"}
    phone.do("leave", "line")
    refused = phone.page.get_by_test_id("refused-item")
    expect(refused).to_contain_text("下班")
    rig.hub.refuses = {}
    refused.get_by_test_id("unsent-remove").click()
    expect(refused).to_have_count(0)
    phone.go("more")
    phone.page.get_by_test_id("logout").click()
    phone.page.wait_for_url("**/login?why=out")
    context.close()


def test_logging_out_asks_first_and_then_leaves_nothing_behind(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    without_network(rig, phone)
    finish(phone)
    phone.go("more")
    phone.page.get_by_test_id("logout").click()
    expect(phone.page.get_by_test_id("sheet")).to_contain_text("还有 1 条没有发送")
    phone.page.get_by_test_id("ask-no").click()
    expect(phone.page.get_by_test_id("sheet")).to_be_hidden()
    phone.page.get_by_test_id("logout").click()
    phone.page.get_by_test_id("ask-yes").click()
    phone.page.wait_for_url("**/login?why=out")
    assert phone.comes_to("indexedDB.databases().then((found) => found.length === 0)")
    rig.start_mqtt()
    log_in(phone.page, rig.url("/login"), "li")
    waits_for_nothing(phone)
    assert rig.hub.reports("li") == []


def test_a_question_does_not_wait(rig: Rig, phone_of: PhoneOf) -> None:
    phone = phone_of("li")
    rig.hub.say(NodeState.OFFLINE)
    expect(phone.page.locator("body")).to_have_attribute("data-hub", "offline")
    phone.go("people")
    phone.page.get_by_test_id("do-look_up").click()
    phone.page.get_by_test_id("field-name").locator("input").fill("张")
    phone.page.get_by_test_id("form-send").click()
    expect(phone.page.get_by_test_id("form-said")).to_have_text("中枢不在线，现在查不了")
    rig.hub.say(NodeState.ONLINE)
    expect(phone.page.locator("body")).to_have_attribute("data-hub", "online")
    waits_for_nothing(phone)
    assert rig.hub.look_ups("li") == []


def test_what_is_for_the_moment_is_said_to_be_over_while_it_still_waits(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    without_network(rig, phone)
    phone.page.get_by_test_id("thing-v1").get_by_test_id("do-cart").click()
    phone.page.get_by_test_id("field-pick_up").get_by_text("样板房").click()
    send_form(phone)
    finish(phone)
    waits(phone, "待发送（2）")
    expect(phone.page.get_by_test_id("unsent-item").first).to_be_hidden()
    phone.page.evaluate("() => { const real = Date.now; Date.now = () => real() + 130_000; }")
    cart, finished = phone.page.get_by_test_id("unsent-item").all()
    expect(cart).to_contain_text("送到也不再办理")
    expect(finished).to_be_visible()
    expect(finished).not_to_contain_text("不再办理")
    cart.get_by_test_id("unsent-remove").click()
    rig.start_mqtt()
    waits_for_nothing(phone)
    assert report_of(rig, "li").kind is ReportKind.FINISHED
