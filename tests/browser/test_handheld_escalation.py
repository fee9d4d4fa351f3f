"""A visitor whom nobody comes for, every part real: tablet, hub, MQTT server and three phones."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from broker.launch.demo import site_toml
from shared.clock import now
from tests.browser.handheld_phone import MARKS, fell_silent_at_once, note_silence, rings
from tests.browser.screens import Screens, check_in
from tests.site import RunningSite, running_site
from tests.waiting import eventually

pytestmark = MARKS

POLICY = """
open = "00:00"
close = "24:00"
repeat_after_s = 3
second_after_s = 6
manager_after_s = 12
"""
"""Quicker than a site's."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site without a gate, so that nothing but the visitor makes a phone ring."""
    folder = tmp_path_factory.mktemp("site")
    people = folder / "config" / "site.toml"
    people.parent.mkdir()
    people.write_text(site_toml(now()), encoding="utf-8")
    people.with_name("policy.toml").write_text(POLICY, encoding="utf-8")
    with (folder / "log").open("w") as log, running_site(folder, log=log) as running:
        yield running


def why(phone: Page, button: str) -> None:
    phone.get_by_test_id("tab-alerts" if button == "why_me" else "tab-line").tap()
    phone.get_by_test_id(f"do-{button}").first.tap()
    expect(phone.get_by_test_id("lines-why")).to_be_visible()


def register(phone: Page, site: RunningSite) -> None:
    """Enter the visitor whom this phone's person receives."""
    phone.get_by_test_id("panel-mine").get_by_test_id("do-register").tap()
    phone.get_by_test_id("field-surname").locator("input").fill("吴")
    phone.get_by_test_id("field-salutation").get_by_text("女士").tap()
    phone.get_by_test_id("field-phone").locator("input").fill("13600136000")
    phone.get_by_test_id("form-send").tap()
    entered = "select consultant_id, surname, salutation from registrations where phone = '{}'"
    found = [("li", "吴", "女士")]  # whom the turn is: wang only stands in
    assert eventually(lambda: site.query(entered.format("13600136000")) == found)


def finish(phone: Page) -> None:
    """The reception ends."""
    phone.get_by_test_id("panel-mine").get_by_test_id("do-finished").tap()
    phone.get_by_test_id("at-once").tap()
    expect(phone.get_by_test_id("panel-mine")).to_be_hidden()


def test_nobody_answers_until_a_colleague_stands_in_for_the_first(
    phone_browser: Browser, site: RunningSite
) -> None:
    screens = Screens(phone_browser, site)
    first, second, manager = screens.phone("li"), screens.phone("wang"), screens.phone("chen")
    tablet = screens.tablet()
    check_in(tablet, "yes", "no", "no")
    rings(first, is_ringing=True)
    expect(first.locator("article.card")).to_contain_text("（第 2 次）")
    stand_in = second.locator("article.card[data-state=ringing]")
    expect(stand_in).to_contain_text("代 李敏")
    expect(manager.get_by_test_id("panel-waiting")).to_contain_text("已通知")
    expect(manager.get_by_test_id("panel-people").get_by_test_id("thing-li")).to_contain_text(
        "已被叫到"
    )
    rings(manager, is_ringing=True)
    unanswered = manager.locator("article[data-state=ringing]", has_text="李敏未应答")
    expect(unanswered).to_have_count(1)
    note_silence(first)
    stand_in.locator(".claim").tap()
    expect(second.locator("article[data-state=mine]")).to_have_count(1)
    fell_silent_at_once(first)
    expect(unanswered).to_have_count(0)
    expect(first.get_by_test_id("missed-count")).to_have_text("未接 1")
    assert site.query("select host_id, claimed_by, rule from visits") == [("wang", "wang", "R24")]
    why(first, "why_not_me")
    expect(first.get_by_test_id("lines-why")).to_contain_text("由王强补位")
    why(second, "why_me")
    expect(second.get_by_test_id("lines-why")).to_contain_text("由您接待")
    second.get_by_test_id("sheet-close").tap()
    register(second, site)
    finish(second)
    over = "select count(*) from visits where finished_at is not null"
    assert eventually(lambda: site.query(over) == [(1,)])


def test_the_manager_excuses_who_asked_for_leave(phone_browser: Browser, site: RunningSite) -> None:
    screens = Screens(phone_browser, site)
    consultant, manager = screens.phone("zhao"), screens.phone("chen")
    consultant.get_by_test_id("tab-line").tap()
    consultant.get_by_test_id("panel-turn").get_by_test_id("do-away").tap()
    consultant.get_by_test_id("field-reason").get_by_text("用餐").tap()
    consultant.get_by_test_id("form-send").tap()
    expect(consultant.get_by_test_id("place")).to_contain_text("暂离")
    manager.get_by_test_id("tab-line").tap()
    person = manager.get_by_test_id("panel-people").get_by_test_id("thing-zhao")
    expect(person).to_contain_text("用餐")
    person.get_by_test_id("do-grant_leave").tap()
    expect(consultant.get_by_test_id("place")).to_contain_text("准假")
