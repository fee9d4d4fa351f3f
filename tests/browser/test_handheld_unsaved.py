"""What a person taps while the hub's disk takes nothing: done at once, kept until it is saved."""

from playwright.sync_api import expect

from shared.messages import NodeState, ReportKind
from tests.browser.handheld_phone import MARKS, PhoneOf
from tests.browser.handheld_rig import Rig
from tests.waiting import eventually

pytestmark = MARKS


def test_what_the_hub_only_heard_is_kept_and_goes_in_order_to_the_hub_that_saves_it(
    rig: Rig, phone_of: PhoneOf
) -> None:
    phone = phone_of("li")
    rig.hub.saves = False
    for button, tab in (("do-finished", "alerts"), ("do-leave", "line")):
        phone.go(tab)
        phone.page.get_by_test_id(button).click()
        phone.at_once()
    tapped = [ReportKind.FINISHED, ReportKind.LEAVE]
    assert eventually(lambda: [said.kind for said in rig.hub.reports("li")] == tapped)
    count = phone.page.get_by_test_id("unsent-count")
    expect(count).to_contain_text("待发送（2）")
    expect(count).to_contain_text("中枢暂时存不了盘")
    phone.page.reload()
    expect(count).to_contain_text("待发送（2）")
    expect(count).to_contain_text("中枢暂时存不了盘")  # it heard both again
    expect(phone.page.get_by_test_id("unsent-remove")).to_have_count(0)
    rig.hub.say(NodeState.OFFLINE)  # its power fails before its disk works again
    expect(count).to_contain_text("中枢")
    rig.hub.heard.clear()
    rig.hub.saves = True
    rig.hub.say(NodeState.ONLINE)
    expect(phone.page.get_by_test_id("unsent")).to_be_hidden()
    assert [said.kind for said in rig.hub.reports("li")] == tapped
