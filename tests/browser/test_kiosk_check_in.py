"""Visitors at a tablet of a whole site: each is sent to the right consultant."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext

from broker.mqtt_server import mosquitto
from broker.mqtt_server.accounts import read_accounts
from shared.clock import now
from shared.codec import encode
from shared.ids import new_id
from shared.messages import Booking, BookingKind
from shared.topics import topic_of
from tests.browser import kiosk_site
from tests.browser.handheld_rig import chromium
from tests.browser.kiosk_site import NAMES, OWNERS, ROTATION, check_ins, last_visit
from tests.browser.kiosk_tablet import Tablet, context_of
from tests.kiosk_visitor import KioskVisitor
from tests.servers import client, wait_for_port
from tests.site import RunningSite
from tests.waiting import CAME_AT_ALL_S, eventually, while_busy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(mosquitto.find_mosquitto() is None, reason="mosquitto is not installed"),
]

NO = ("yes", "no", "no")
"""Three times «no»: the first visit, no family, nobody was in touch."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with kiosk_site.kiosk_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def context(kiosk_browser: Browser) -> Iterator[BrowserContext]:
    opened = context_of(kiosk_browser)
    yield opened
    opened.close()


@pytest.fixture
def tablet(context: BrowserContext, site: RunningSite) -> Tablet:
    page = context.new_page()
    page.goto(str(site.said["kiosk"]))
    return Tablet(page, str(site.said["kiosk"]).partition("/enter/")[0])


@dataclass(frozen=True, slots=True)
class Case:
    """One visitor's answers, the rule that decides, and the consultant who owns the customer."""

    rule: str
    answers: tuple[str, str, str] = NO
    owner: str | None = None
    taps: tuple[str, ...] = ()
    """Taps between the questions and the page of the car."""
    phone: str | None = None
    plate: str | None = None
    family_phone: str | None = None


def go(tablet: Tablet, case: Case, language: str = "zh-CN") -> None:
    """From the welcome to the last page."""
    tablet.tap(f"language-{language}", *(f"answer-{answer}" for answer in case.answers))
    tablet.tap(*case.taps, "car-type" if case.plate else "car-none")
    if case.phone is None and case.plate is None:
        tablet.tap("consent-no")
        return
    tablet.tap("consent-yes")
    if case.plate:
        tablet.type("plate", case.plate)
        tablet.tap("plate-done")
    if case.phone:
        tablet.type("phone", case.phone)
    if case.family_phone:
        tablet.type("family-phone", case.family_phone)
    tablet.tap("finish")


TABLE = (
    Case("R14"),
    Case("R9", ("yes", "no", "yes"), "he", ("consultant-he", "evidence-wechat")),
    Case("R6", owner="qian", plate=kiosk_site.QIAN_S_CAR),
    Case("R7", ("no", "no", "no"), "zhao", ("consultant-zhao",), kiosk_site.ZHAO_S_FORMER_CUSTOMER),
    Case("R5", owner="shi", phone=kiosk_site.SHI_S_APPOINTMENT),
)
"""Each kind of answer once."""
WALKED_TOO = (
    Case("R13", ("unsure", "no", "no")),
    Case("R13", ("no", "no", "no"), taps=("skip",)),
    Case("R13", ("yes", "no", "yes"), taps=("skip", "evidence-sms")),
    Case("R11", ("yes", "yes", "no"), taps=("skip",)),
    Case("R10", ("yes", "yes", "no"), "lv", ("consultant-lv",)),
    Case("R6", owner="wang", phone=kiosk_site.WANG_S_CUSTOMER),
)


@pytest.mark.parametrize(
    "case",
    [*TABLE, *(pytest.param(case, marks=pytest.mark.walk) for case in WALKED_TOO)],
    ids=lambda case: f"{case.rule}-{case.answers}",
)
def test_every_row_of_the_decision_table_names_the_right_consultant(
    tablet: Tablet, site: RunningSite, case: Case
) -> None:
    if case.rule == "R5":
        book(site, case)
    go(tablet, case)
    tablet.sees("host-name")
    decided, shown = last_visit(site), tablet.page.get_by_test_id("host-name").inner_text()
    assert decided["rule"] == case.rule
    assert shown == NAMES[decided["host_id"]]
    if case.owner is not None:
        assert (decided["owner_id"], decided["host_id"]) == (case.owner, case.owner)
        assert shown == OWNERS[case.owner]
    else:
        assert shown in ROTATION.values()


def test_the_family_s_phone_leads_to_their_consultant_and_shows_nothing_of_them(
    tablet: Tablet, site: RunningSite
) -> None:
    known, unknown = kiosk_site.WANG_S_CUSTOMER, "13600136000"
    pages = []
    for own, of_family in (("13600000001", known), ("13600000002", unknown)):
        way = Case("R6", ("yes", "yes", "no"), taps=("skip",), phone=own, family_phone=of_family)
        go(tablet, way)
        tablet.sees("host-name")
        decided = last_visit(site)
        pages.append(tablet.page.inner_text("main").replace(NAMES[decided["host_id"]], "·"))
        if of_family == known:
            assert (decided["rule"], decided["owner_id"]) == ("R6", "wang")
        else:
            assert decided["rule"] == "R11"
        tablet.tap("home")
    assert not any(phone in page for page in pages for phone in (known, known[-4:]))


def book(site: RunningSite, case: Case) -> None:
    """The manager's handheld books the customer for today."""
    account = next(
        account
        for account in read_accounts(site.data / "config" / "accounts.json")
        if account.username == f"staff-{kiosk_site.BOSS}"
    )
    moment = now()
    booking = Booking(
        booking_id=new_id(),
        staff_id=kiosk_site.BOSS,
        kind=BookingKind.APPOINTMENT,
        booked_at=moment,
        starts_at=moment,
        ends_at=moment + timedelta(hours=1),
        host_id=case.owner,
        phone=case.phone,
    )
    with client(site.mqtt_port, account.username, account.password) as handheld:
        topic = topic_of(booking, site=site.site)
        handheld.client.publish(topic, encode(booking), qos=1).wait_for_publish(CAME_AT_ALL_S)
    asked = "select count(*) from journal where kind = 'Booking'"
    assert eventually(lambda: site.query(asked) != [(0,)])


@pytest.mark.parametrize(
    "language",
    ["en", *(pytest.param(language, marks=pytest.mark.walk) for language in ("zh-CN", "zh-TW"))],
)
def test_three_times_no_takes_at_most_six_taps_in_every_language(
    tablet: Tablet, site: RunningSite, language: str
) -> None:
    go(tablet, Case("R14"), language)
    tablet.sees("host-name")
    assert tablet.taps - 1 <= 6
    assert last_visit(site)["rule"] == "R14"


def test_who_gives_no_name_is_received_just_the_same(tablet: Tablet, site: RunningSite) -> None:
    tablet.tap("language-zh-CN", *(f"answer-{answer}" for answer in NO), "car-type", "consent-no")
    tablet.sees("host-name")
    stored = "select json_extract(body, '$.phone'), json_extract(body, '$.consented_at')"
    (row,) = site.query(f"{stored} from check_ins order by rowid desc limit 1")
    assert row == (None, None)


def test_a_double_tap_a_reload_and_a_lost_network_make_one_record(
    tablet: Tablet, context: BrowserContext, site: RunningSite
) -> None:
    before = check_ins(site)
    tablet.tap("language-zh-CN", *(f"answer-{answer}" for answer in NO), "car-none")
    tablet.sees("consent-no")
    context.set_offline(True)
    tablet.tap("consent-no")
    tablet.page.wait_for_timeout(300)
    context.set_offline(False)
    tablet.open("/done")  # whatever the browser showed: the way goes on where it stood
    if tablet.page.get_by_test_id("consent-no").count():
        tablet.page.get_by_test_id("consent-no").dblclick()
    tablet.sees("host-name")
    tablet.page.reload()
    tablet.sees("host-name")
    assert check_ins(site) == before + 1


def test_a_hub_that_was_killed_has_the_check_in_ten_seconds_after_its_return(
    tablet: Tablet, context: BrowserContext, site: RunningSite
) -> None:
    before = check_ins(site)
    (hub,) = site.pids("broker hub")
    os.kill(hub, signal.SIGSTOP)
    go(tablet, Case("R14"))
    tablet.sees("please-wait")
    staff = Tablet(context.new_page(), tablet.url)
    staff.become_staff(kiosk_site.pin_of(site))
    assert staff.page.get_by_test_id("waiting-count").inner_text() == "1"
    site.kill("broker hub")
    assert eventually(lambda: site.pids("broker hub") not in ([], [hub]))
    wait_for_port(int(str(site.said["console"]).rsplit(":", 1)[1].rstrip("/")))
    returned_at = time.monotonic()
    assert eventually(lambda: check_ins(site) == before + 1)
    assert time.monotonic() - returned_at < while_busy(10)
    tablet.sees("host-name")
    staff.open("/staff")
    assert staff.page.get_by_test_id("waiting-count").inner_text() == "0"


def test_a_known_phone_and_an_unknown_one_get_the_same_answer_in_the_same_time(
    site: RunningSite,
) -> None:
    visitor = KioskVisitor(str(site.said["kiosk"]))
    known, unknown = kiosk_site.WANG_S_CUSTOMER, "13600136000"
    took_s: dict[str, list[float]] = {known: [], unknown: []}
    shown = set()

    def takes_the_same_time() -> bool:
        """Compares the quickest answers: the slower had to wait for other programs."""
        for phone in took_s:
            answer = visitor.leave_phone(phone)
            shown.add(answer.address)
            took_s[phone].append(answer.took_s)
        quick, slow = sorted(min(times) for times in took_s.values())
        return len(took_s[known]) >= 6 and slow - quick < 0.5 * slow

    assert eventually(takes_the_same_time)
    assert len(shown) == 1


def test_a_courier_comes_in_and_goes_out_by_a_number_alone(
    tablet: Tablet, site: RunningSite
) -> None:
    tablet.tap("service", "kind-delivery")
    tablet.type("service-name", "赵师傅")
    tablet.tap("service-finish")
    number = tablet.page.get_by_test_id("service-number").inner_text()
    tablet.tap("home", "service", "service-leave")
    tablet.type("leave-number", number)
    tablet.tap("leave-enter")
    tablet.sees("bye")
    assert "赵师傅" not in tablet.page.content()
    both = "select name from service_visits join service_visit_ends using (service_visit_id)"
    assert eventually(lambda: site.query(both) == [("赵师傅",)])
