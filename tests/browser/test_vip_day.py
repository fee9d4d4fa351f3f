"""A VIP's visit (004) from an hour before to the farewell, on the phones of those who do it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Locator, Page, expect

from broker.rules.duties import DEVICE_ANSWERS_WITHIN
from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from broker.site_file import SitePeople, Staff
from tests.browser.handheld_phone import MARKS
from tests.browser.living_site import LivingSite, living_site
from tests.fakes import NINE
from tests.samples import NATURAL, arrival, departure
from tests.waiting import eventually

pytestmark = MARKS

PEOPLE = SitePeople(
    staff=(
        Staff(id="li", name="李敏", roles=("consultant",), pin="1111"),
        Staff(id="lin", name="小林", roles=("gate", "parking", "door"), pin="2222"),
        Staff(id="guo", name="小郭", roles=("steward", "bar", "showflat"), pin="3333"),
        Staff(id="chen", name="陈经理", roles=("manager",), pin="4444"),
    ),
    order=("li",),
)
TABLE = (
    DutyPlan(key="room", post="steward", text="布置贵宾室和红地毯", times="plan-60"),
    DutyPlan(key="cooling", post="door", text="空调调到适宜温度", times="plan-45", scene="cooling"),
    DutyPlan(key="wait", post="manager", text="到喷泉处等候贵宾", times="plan-10"),
    DutyPlan(
        key="film",
        post="showflat",
        text="开模型灯，放宣传片",
        times="plan-5",
        late=Late.RUN,
        scene="hall",
        scene_value="film",
    ),
    DutyPlan(key="farewell", post="door", text="列队送别贵宾", times="plan.left+0"),
)
AT = NINE + timedelta(minutes=70)
VIP_CAR, OTHER_CAR = "浙A00005", "浙A00006"


@pytest.fixture
def site(tmp_path: Path, phone_browser: Browser) -> Iterator[LivingSite]:
    with living_site(tmp_path, phone_browser, PEOPLE, Policy(duties=TABLE)) as living:
        yield living


def plan(page: Page, site: LivingSite) -> None:
    """The manager books the house for 贺总, by page."""
    page.goto(f"{site.url}/plans/new")
    local = AT + timedelta(hours=8)
    page.locator("[name=kind]").select_option("vip")
    for name, text in {
        "name": "贺总",
        "plates": VIP_CAR,
        "starts_at": f"{local:%Y-%m-%dT%H:%M}",
        "ends_at": f"{local + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "rooms": "贵宾室, 一号车位",
    }.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=is_exclusive]").check()
    page.get_by_test_id("book").click()
    expect(page.get_by_test_id("plans")).to_contain_text("贵宾室 · 一号车位")


def card(phone: Page, text: str) -> Locator:
    """What the phone shows within moments."""
    shown = phone.locator("article:visible", has_text=text).first
    expect(shown).to_be_visible()
    return shown


def tick(phone: Page, text: str) -> None:
    """Whoever holds the phone sees the task, does it and says so."""
    card(phone, text)
    phone.get_by_test_id("do-duty_done").first.click()
    phone.get_by_test_id("at-once").click()


def duties(site: LivingSite, desk: Page, **said: str) -> None:
    """What the page of duties says of these, each by a piece of its text."""

    def is_so() -> bool:
        desk.goto(f"{site.url}/duties")
        lines = desk.locator(".duty").all_inner_texts()
        return all(
            any(text in line and state in line for line in lines) for text, state in said.items()
        )

    assert eventually(is_so)


def car(site: LivingSite, plate: str, number: int) -> None:
    site.say("gate-north", arrival(plate, number, seen_at=site.clock()))


def test_a_vip_s_visit_from_an_hour_before_to_the_farewell(site: LivingSite) -> None:
    door, steward, chen = (site.phone(who) for who in ("lin", "guo", "chen"))
    desk = chen.context.new_page()
    plan(desk, site)
    site.clock.move_to(AT - timedelta(minutes=60))
    tick(steward, "布置贵宾室和红地毯")
    devices_are_told(site, desk, door)
    another_visitor_is_asked_to_wait(site, door, steward)
    site.clock.move_to(AT)
    car(site, VIP_CAR, 2)
    card(door, "贺总")
    site.clock.move_to(AT + timedelta(minutes=40))
    site.say("gate-north", departure(VIP_CAR, 3, seen_at=site.clock()))
    chen.get_by_test_id("do-visitor_left").click()
    tick(door, "列队送别贵宾")
    card(steward, "可入场")
    steward.get_by_test_id("do-let_in").click()
    duties(site, desk, 列队送别="已完成 · 小林")


def devices_are_told(site: LivingSite, desk: Page, door: Page) -> None:
    """One is silent, and a person does it; the other does it and says so."""
    site.clock.move_to(AT - timedelta(minutes=45))
    assert site.told("device-cooling", "scene/cooling")["value"] == "on"
    site.clock.move_to(site.clock() + DEVICE_ANSWERS_WITHIN)
    tick(door, "空调调到适宜温度")
    site.clock.move_to(AT - timedelta(minutes=5))
    assert site.does("hall").value == "film"
    duties(
        site,
        desk,
        布置贵宾室="已完成 · 小郭",
        空调调到="已完成 · 小林",
        开模型灯="已完成 · hall",
        到喷泉处="待办",
    )


def another_visitor_is_asked_to_wait(site: LivingSite, door: Page, steward: Page) -> None:
    """Gate, door and steward hear of the car; the visitor hears when else, and waits first."""
    car(site, OTHER_CAR, 1)
    card(steward, "送上楼书")
    card(door, OTHER_CAR)
    door.get_by_test_id("do-turned_away").click()
    card(steward, "请联系并约定参观时间").get_by_test_id("claim").click()
    moment = site.clock()
    site.say("kiosk-lobby", replace(NATURAL, checked_in_at=moment, sent_at=moment))
    notice = str(site.told("kiosk-lobby", "kiosk/lobby/assignment")["notice"])
    assert "候补" in notice
