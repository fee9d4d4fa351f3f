"""Every register, report and class of cases of a real day in Chromium: on a phone, and on paper."""

import re
import threading
from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, FilePayload, Page, expect
from waitress import create_server

from broker.console.app import create_app
from broker.console.people_view import Person
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.local.questions import CaseOpened
from broker.registers.all_registers import REGISTERS
from broker.rules.case_classes import CLASSES
from broker.rules.policy import Policy
from shared.messages import Outcome, ReportKind
from shared.words import LANGUAGES
from tests.broker.console.own_page import HubAtHand
from tests.browser.accessibility import LAYOUT_RULES, violations
from tests.browser.staff_log_in import logged_in
from tests.busy_day import OWNED_PHONE, PHONE, live_through, report
from tests.defect_pictures import lying_down
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.hub_site import site_of
from tests.servers import free_ports

pytestmark = pytest.mark.browser

MANAGER = Person("chen", "陈经理", ("manager",), "6666")
REPORTS = ("day", "week", "month", "replay")
EMPTY = {"channels", "passes"}
"""No agency's customer came on this day, and no car with a pass."""
TROUBLE = "窗边的灯不亮"
SHEET = re.compile(rb"/Type /Page\b")
SIZE = "async each => { await each.decode(); return [each.naturalWidth, each.naturalHeight]; }"
A_KEY = re.compile(r"\b(?:register|figure|paper|case|channel|origin|report)[._][a-z]+")
"""What stands where a sentence lacks."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a hub whose day has something for every register."""
    folder, clock = tmp_path_factory.mktemp("registers"), FakeClock()
    hub = open_hub(folder, PEOPLE, Policy(), clock)
    live_through(hub, clock)
    fill_the_rest(hub)
    (port,) = free_ports(1)
    app = create_app(site_of(hub, folder, HubAtHand(hub)), "a key for tests only", clock)
    web = create_server(app, host="127.0.0.1", port=port, threads=1)
    threading.Thread(target=web.run, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    web.close()
    hub.inbox.db.conn.close()


def fill_the_rest(hub: Hub) -> None:
    """A case of each class, and a customer who is called."""
    for kind in CLASSES:
        bare = CaseOpened(
            case_id=f"k-{kind}", asked_at=hub.clock(), kind_of_case=kind, text=TROUBLE, phone=PHONE
        )
        handle(hub, replace(bare, staff_id="li"))
    of = "select registration_id from registrations where phone = ?"
    ((owned,),) = hub.inbox.db.execute(of, [OWNED_PHONE]).fetchall()
    said = {"registration_id": owned, "outcome": Outcome.NO_ANSWER}
    report(hub, ReportKind.FOLLOWED_UP, "wang", **said)


def looked_at(page: Page, address: str, language: str) -> int:
    """Open the page, which is as it should be; how many rows a register has on it."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, address
    assert page.locator("html").get_attribute("lang") == language
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0 or address.endswith("/print"), f"{address} is {wide} px too wide"
    text = page.locator("body").inner_text()
    assert A_KEY.findall(text) == [], address
    if "/registers/" not in address:
        return 0
    assert PHONE not in text, f"{address} shows a phone in full"
    return page.locator("tbody tr:not(:has([data-testid=no-rows]))").count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_register_and_report_is_read_on_a_phone(
    phone_browser: Browser, url: str, language: str
) -> None:
    page = logged_in(phone_browser, url, language, MANAGER)
    shown = {}
    for name in REGISTERS:
        shown[name] = looked_at(page, f"{url}/registers/{name}", language)
        assert violations(page, LAYOUT_RULES) == [], name
    assert {name for name, count in shown.items() if not count} == EMPTY
    for name in REPORTS:
        looked_at(page, f"{url}/reports/{name}", language)
        assert violations(page, LAYOUT_RULES) == [], name
    page.context.close()


def test_paper_and_file_have_the_rows_of_the_page(phone_browser: Browser, url: str) -> None:
    page = logged_in(phone_browser, url, "zh-CN", MANAGER)
    for name in REGISTERS:
        address = f"{url}/registers/{name}"
        shown = looked_at(page, address, "zh-CN")
        file = page.request.get(f"{address}/file").body()
        _, *rows = openpyxl.load_workbook(BytesIO(file)).worksheets[0].values
        printed = looked_at(page, f"{address}/print", "zh-CN")
        if name != "look_ups":  # where each of these readings is noted
            assert len(rows) == printed == shown, name
        assert SHEET.search(page.pdf(prefer_css_page_size=True))
    for name in REPORTS:
        page.goto(f"{url}/reports/{name}")
        assert SHEET.search(page.pdf(prefer_css_page_size=True))
        if name != "replay":
            link = page.get_by_test_id("file").get_attribute("href")
            book = openpyxl.load_workbook(BytesIO(page.request.get(f"{url}{link}").body()))
            _, *rows = book.worksheets[0].values
            assert len(rows) == {"day": 1, "week": 7, "month": 30}[name], "a row a day"
    page.context.close()


@pytest.mark.parametrize("name", ["day", "week", "month"])
def test_each_number_of_a_report_opens_as_many_rows(
    phone_browser: Browser, url: str, name: str
) -> None:
    page = logged_in(phone_browser, url, "zh-CN", MANAGER)
    page.goto(f"{url}/reports/{name}")
    numbers = page.locator("main a[href*='/registers/']:not([data-testid=middle])").evaluate_all(
        "found => found.map((each) => [each.getAttribute('href'), each.textContent])"
    )
    assert len(numbers) > 15, "figures, and consultants or channels"
    assert any("host=" in href or "," in href.replace("%2C", ",") for href, _ in numbers)
    for href, number in numbers:
        register, _, rows = href.partition("?")
        paper = page.request.get(f"{url}{register}/print?{rows}").text()
        if not register.endswith("/look_ups"):  # where each of these readings is noted
            counted = paper.partition("<tbody>")[2].count("<tr>")
            assert counted == int(number), href
    page.context.close()


def test_a_visitor_s_picture_of_a_defect_is_seen_at_the_console_and_on_the_slip(
    phone_browser: Browser, url: str
) -> None:
    photo = FilePayload(name="王先生.jpg", mimeType="image/jpeg", buffer=lying_down())
    visitor = phone_browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    visitor.goto(f"{url}/feedback/show_flat?lang=zh-CN")
    expect(visitor.get_by_test_id("no-faces")).to_contain_text("不要拍到人脸")
    visitor.locator("[name=text]").fill("墙角裂了")
    visitor.locator("[name=name]").fill("裂缝")
    visitor.get_by_test_id("picture").set_input_files([photo])
    wide = visitor.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (wide <= 0, violations(visitor, LAYOUT_RULES)) == (True, [])
    visitor.get_by_test_id("send").click()
    expect(visitor.get_by_test_id("said")).to_be_visible()
    visitor.context.close()
    page = logged_in(phone_browser, url, "zh-CN", MANAGER)
    page.goto(f"{url}/cases")
    page.get_by_role("link", name="裂缝").click()
    expect(page.get_by_test_id("defect")).to_have_count(1)
    assert page.get_by_test_id("defect").locator("img").evaluate(SIZE) == [1280, 960]
    page.goto(f"{url}/cases/k-repair")
    page.get_by_test_id("picture").set_input_files([photo, photo])
    page.get_by_test_id("bring").click()
    expect(page.get_by_test_id("defect")).to_have_count(2)
    page.get_by_test_id("take-out-1").click()
    expect(page.get_by_test_id("defect")).to_have_count(1)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (wide <= 0, violations(page, LAYOUT_RULES)) == (True, [])
    page.get_by_test_id("slip").click()
    assert page.locator(".slip__defects img").evaluate(SIZE) == [1280, 960]
    assert len(SHEET.findall(page.pdf(prefer_css_page_size=True))) == 1, "three parts on one sheet"
    page.context.close()


def test_a_case_of_each_class_is_entered_and_read_in_every_language(
    phone_browser: Browser, url: str
) -> None:
    page = logged_in(phone_browser, url, "zh-CN", MANAGER)
    made = []
    for kind in CLASSES:
        page.goto(f"{url}/cases/new?kind={kind}")
        page.locator("[name=text]").fill(TROUBLE)
        page.get_by_test_id("open-case").click()
        expect(page.get_by_text(TROUBLE).first).to_be_visible()
        made.append(page.url)
    assert len({*made}) == len(CLASSES)
    slip = [f"{address}/slip" for address in made if page.request.get(f"{address}/slip").ok]
    assert len(slip) == 1, "of the repair"
    page.context.close()
    for language in LANGUAGES:
        page = logged_in(phone_browser, url, language, MANAGER)
        for address in (*made, *slip):
            looked_at(page, address, language)
            assert violations(page, LAYOUT_RULES) == [], address
        page.context.close()
