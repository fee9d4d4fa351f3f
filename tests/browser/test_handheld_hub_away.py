"""The hub is killed while a consultant goes on working, and comes back: every part is real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from broker.mqtt_server import mosquitto
from broker.mqtt_server.accounts import Account, new_account
from shared.clock import now
from shared.codec import encode
from shared.ids import new_id
from shared.topics import Party, topic_of
from tests.bench.hub_process import HubProcess
from tests.browser.handheld_phone import Phone as AnyPhone
from tests.browser.handheld_phone import send_form
from tests.browser.handheld_rig import chromium
from tests.fakes import SITE
from tests.samples import NATURAL
from tests.servers import client, mqtt_server
from tests.site import rows_of
from tests.waiting import eventually

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(mosquitto.find_mosquitto() is None, reason="mosquitto is not installed"),
]

PEOPLE = """
order = ["li"]

[[staff]]
id = "li"
name = "李敏"
roles = ["consultant"]
pin = "1357"

[[staff]]
id = "chen"
name = "陈静"
roles = ["manager"]
pin = "8642"
"""
HUB, KIOSK = new_account(Party.HUB, "hub"), new_account(Party.KIOSK, "lobby")
STAFF = [
    new_account(Party.STAFF, "li", ("consultant",)),
    new_account(Party.STAFF, "chen", ("manager",)),
]


@dataclass(frozen=True, slots=True)
class House:
    """A hub that can be killed, its MQTT server, and the tablet's account."""

    hub: HubProcess
    mqtt_port: int
    folder: Path
    tablet: Account

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows_of(self.folder, query)

    def visitor_comes(self) -> None:
        check_in = replace(NATURAL, check_in_id=new_id(), checked_in_at=now(), sent_at=now())
        with client(self.mqtt_port, self.tablet.username, self.tablet.password) as tablet:
            sent = tablet.client.publish(topic_of(check_in, site=SITE), encode(check_in), qos=1)
            sent.wait_for_publish()


@pytest.fixture(params=["mosquitto", "embedded"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with mqtt_server(tmp_path, request.param, [HUB, KIOSK, *STAFF]) as server:
        policy = 'open = "00:00"\nclose = "24:00"\n'
        hub = HubProcess(tmp_path, server.port, HUB.password, people=PEOPLE, policy=policy)
        hub.tell_pages(server.ws_port)
        hub.start()
        yield House(hub, server.port, tmp_path, KIOSK)
        hub.stop()


def log_in(page: Page, house: House) -> None:
    page.goto(f"{house.hub.url}/login")
    page.get_by_test_id("person-li").click()
    for digit in "1357":
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("enter").click()
    is_with_the_hub(page)
    page.get_by_test_id("start").click()


def is_with_the_hub(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    expect(page.locator("body")).to_have_attribute("data-hub", "online")


def test_work_goes_on_while_the_hub_is_away_and_all_of_it_arrives_once_and_in_order(
    house: House, phone_browser: Browser
) -> None:
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    log_in(page, house)
    house.visitor_comes()
    page.get_by_test_id("claim").click()
    page.get_by_test_id("do-finished").wait_for()

    house.hub.kill()
    expect(page.locator("body")).to_have_attribute("data-hub", "offline")
    page.get_by_test_id("do-register").click()
    page.get_by_test_id("field-surname").locator("input").fill("周")
    page.get_by_test_id("field-phone").locator("input").fill("13900000001")
    send_form(AnyPhone(page))
    page.get_by_test_id("do-finished").click()
    page.get_by_test_id("at-once").click()
    expect(page.get_by_test_id("unsent-count")).to_contain_text("待发送（2） · 中枢不在线")
    page.close()

    house.hub.start()
    page = context.new_page()
    page.goto(f"{house.hub.url}/handheld")
    is_with_the_hub(page)
    expect(page.get_by_test_id("unsent")).to_be_hidden()
    kinds = "select kind from messages order by rowid"
    assert eventually(lambda: house.rows(kinds) == [("Registration",), ("StaffReport",)])
    (ended,) = house.rows("select host_id from visits where finished_at is not null")
    assert ended == ("li",)
    assert house.rows("select topic, reason from rejected") == []
    context.close()
