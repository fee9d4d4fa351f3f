"""Every page and every form of the staff's app: who gets in, and who does not any more.

The routes are read from the app, so that a new one without a row here fails.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from broker.console.app import create_app
from broker.console.guard import SESSION_LIFETIME
from broker.console.parts import NAME, Parts
from broker.console.secure_view import Secure
from broker.console.wall_ticket import wall_ticket
from broker.handlers.context import Hub
from broker.queries.own_data import OwnData
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import CHEN, LI, OTHERS, SUN, ZHAO, FakeSite, StandingClock
from tests.broker.console.own_page import HubAtHand
from tests.hub_fixtures import clock as hub_clock
from tests.hub_fixtures import hub

__all__ = ["hub", "hub_clock"]

EVERYBODY = (LI, ZHAO, CHEN, SUN, *OTHERS)
BY_ROLE = {person.roles[0]: person for person in EVERYBODY}
ALL = frozenset(BY_ROLE)
GATE = frozenset({"gate", "manager"})
MANAGERS = frozenset({"manager"})
READERS = frozenset({"consultant", "steward", "manager"})
PARTIES = frozenset({"consultant", "manager"})


@dataclass(frozen=True, slots=True)
class Row:
    """A route: an address of it, and the posts whose holders get in."""

    path: str
    who: frozenset[str] = ALL


@dataclass(frozen=True, slots=True)
class Open:
    """A route that needs no log-in. ``status``: what anybody gets."""

    path: str
    status: int = 200


WALL = f"/wall/{wall_ticket(SECRET, '1')}"
ROUTES: dict[tuple[str, str], Row | Open] = {
    ("GET", "static"): Open("/static/base.css"),
    ("GET", "look.static"): Open("/look/tokens.css"),
    ("GET", "look.style"): Open("/look/brand.css"),
    ("GET", "look.brand_file"): Open("/look/brand/guessed.png", 404),
    ("GET", "specimen.show"): Open("/look"),
    ("GET", "door.log_in"): Open("/login"),
    ("POST", "door.log_in_by_pin"): Open("/login", 400),
    ("GET", "door.enter"): Open("/enter/forged", 403),
    ("GET", "first.manager"): Open("/first/forged", 404),
    ("POST", "first.manager"): Open("/first/forged", 404),
    ("POST", "door.log_out"): Open("/logout", 303),
    ("POST", "door.speak"): Open("/language", 303),
    ("GET", "health.show"): Open("/health"),
    ("GET", "health.metrics"): Open("/metrics", 404),
    ("GET", "health.live"): Row("/health/live", MANAGERS),
    ("GET", "health.head"): Row("/head", MANAGERS),
    ("GET", "pages.manifest"): Open("/manifest.webmanifest"),
    ("GET", "pages.offline_worker"): Open("/offline_worker.js"),
    ("GET", "pages.offline"): Open("/offline"),
    ("GET", "enrolment.steps"): Open("/secure"),
    ("GET", "enrolment.for_android"): Open("/secure/site-ca.crt"),
    ("GET", "enrolment.for_apple"): Open("/secure/site-ca.mobileconfig"),
    ("GET", "wall.show"): Open(WALL),
    ("GET", "wall.live"): Open(f"{WALL}/live"),
    ("GET", "guest.show"): Open("/guest/guessed", 404),
    ("GET", "invitations.link"): Row("/invitations/guessed"),
    ("GET", "own.show"): Open("/me/guessed", 404),
    ("GET", "own.correct"): Open("/me/guessed/correct", 404),
    ("POST", "own.save"): Open("/me/guessed/correct", 404),
    ("GET", "own.copy"): Open("/me/guessed/copy", 404),
    ("GET", "own.ask"): Open("/me/guessed/erase", 404),
    ("POST", "own.erase"): Open("/me/guessed/erase", 404),
    ("GET", "pages.handheld"): Row("/handheld"),
    ("GET", "pages.account"): Row("/api/account"),
    ("GET", "desk.me"): Row("/api/me"),
    ("GET", "desk.why"): Row("/api/why/v1", PARTIES),
    ("GET", "disputes.past"): Row("/disputes"),
    ("GET", "disputes.one"): Row("/dispute/v2", PARTIES),
    ("GET", "disputes.pack"): Row("/dispute/v2/pack", PARTIES),
    ("GET", "disputes.pack_file"): Row("/dispute/v2/pack.json", PARTIES),
    ("POST", "disputes.unmasked"): Row("/dispute/v2", MANAGERS),
    ("GET", "disputes.patterns"): Row("/patterns", MANAGERS),
    ("GET", "pages.console"): Row("/", MANAGERS),
    ("GET", "pages.live"): Row("/live", MANAGERS),
    ("GET", "pages.phone"): Row("/phone/li", MANAGERS),
    ("POST", "pages.sign_out"): Row("/sign-out/li", MANAGERS),
    ("GET", "papers.cards"): Row("/cards", MANAGERS),
    ("GET", "papers.roster"): Row("/roster"),
    ("GET", "papers.others"): Row("/others", MANAGERS),
    ("GET", "registers.offered"): Row("/registers"),
    ("GET", "registers.one"): Row("/registers/visits", READERS),
    ("GET", "registers.printed"): Row("/registers/visits/print", READERS),
    ("GET", "registers.written"): Row("/registers/visits/file", READERS),
    ("GET", "reports.day"): Row("/reports/day", MANAGERS),
    ("GET", "reports.replay"): Row("/reports/replay", MANAGERS),
    ("GET", "reports.week"): Row("/reports/week", MANAGERS),
    ("GET", "reports.month"): Row("/reports/month", MANAGERS),
    ("GET", "cases.listed"): Row("/cases"),
    ("GET", "cases.asked"): Row("/cases/new"),
    ("POST", "cases.opened"): Row("/cases/new"),
    ("GET", "cases.codes"): Row("/cases/codes", MANAGERS),
    ("GET", "cases.one"): Row("/cases/k1"),
    ("POST", "cases.worked"): Row("/cases/k1"),
    ("GET", "cases.slip"): Row("/cases/k1/slip"),
    ("GET", "duties.today"): Row("/duties"),
    ("POST", "duties.ticked"): Row("/duties/d-1"),
    ("GET", "calendar.feed"): Open("/calendar/guessed.ics", 404),
    ("POST", "pictures.of_brand"): Row("/settings/picture/brand/logo", MANAGERS),
    ("POST", "pictures.of_person"): Row("/settings/picture/person/li", MANAGERS),
    ("GET", "shifts.own"): Row("/shifts"),
    ("POST", "shifts.ask"): Row("/shifts"),
    ("POST", "shifts.answer"): Row("/shifts/guessed"),
    ("GET", "shift_plan.plan"): Row("/settings/shifts", MANAGERS),
    ("POST", "shift_plan.plan"): Row("/settings/shifts", MANAGERS),
    ("POST", "first_pages.alert"): Row("/settings/first/alert", MANAGERS),
    ("GET", "first_pages.camera"): Row("/settings/first/camera", MANAGERS),
    ("POST", "first_pages.camera"): Row("/settings/first/camera", MANAGERS),
    ("GET", "first_pages.picture"): Row("/settings/first/camera.jpg", MANAGERS),
    ("GET", "first_pages.key"): Row("/settings/first/key", MANAGERS),
    ("POST", "first_pages.key"): Row("/settings/first/key", MANAGERS),
    ("GET", "joins.join"): Open("/join/guessed", 403),
    ("GET", "devices.everything"): Row("/settings/devices", MANAGERS),
    ("POST", "devices.everything"): Row("/settings/devices", MANAGERS),
    ("POST", "devices.change"): Row("/settings/devices/side", MANAGERS),
    ("GET", "plans.listed"): Row("/plans"),
    ("GET", "plans.asked"): Row("/plans/new", READERS),
    ("POST", "plans.booked"): Row("/plans/new", READERS),
    ("POST", "plans.stepped"): Row("/plans/b-1"),
    ("GET", "passes.found"): Row("/passes", GATE),
    ("GET", "passes.edit"): Row("/passes/edit", MANAGERS),
    ("POST", "passes.edit"): Row("/passes/edit", MANAGERS),
    ("GET", "feedback.say_it"): Open("/feedback/show_flat"),
    ("POST", "feedback.said"): Open("/feedback/show_flat", 400),
    ("GET", "enrolment.code"): Row("/secure/code", MANAGERS),
    ("GET", "wall_link.link"): Row("/wall", MANAGERS),
    ("GET", "imports.tables"): Row("/settings/customers", MANAGERS),
    ("GET", "imports.empty_form"): Row("/settings/customers/template.csv", MANAGERS),
    ("POST", "imports.upload"): Row("/settings/customers", MANAGERS),
    ("GET", "imports.one"): Row("/settings/customers/guessed", MANAGERS),
    ("POST", "imports.enter"): Row("/settings/customers/guessed", MANAGERS),
    ("POST", "imports.take_back"): Row("/settings/customers/take-back/imp-1", MANAGERS),
    ("GET", "find.find"): Row("/find?q=li", MANAGERS),
    ("GET", "settings.index"): Row("/settings", MANAGERS),
    ("GET", "settings.rules"): Row("/settings/rules", MANAGERS),
    ("POST", "settings.rules"): Row("/settings/rules", MANAGERS),
    ("GET", "settings.days"): Row("/settings/days", MANAGERS),
    ("POST", "settings.days"): Row("/settings/days", MANAGERS),
    ("GET", "settings.duties"): Row("/settings/duties", MANAGERS),
    ("POST", "settings.duties"): Row("/settings/duties", MANAGERS),
    ("GET", "settings.house"): Row("/settings/house", MANAGERS),
    ("POST", "settings.house"): Row("/settings/house", MANAGERS),
    ("GET", "settings.history"): Row("/settings/history", MANAGERS),
    ("POST", "settings.take_back"): Row("/settings/take-back/c-1", MANAGERS),
    ("GET", "people.everybody"): Row("/settings/people", MANAGERS),
    ("GET", "people.add"): Row("/settings/people/new", MANAGERS),
    ("POST", "people.add"): Row("/settings/people/new", MANAGERS),
    ("GET", "people.one"): Row("/settings/people/li", MANAGERS),
    ("POST", "people.one"): Row("/settings/people/li", MANAGERS),
    ("POST", "people.fresh_pin"): Row("/settings/people/li/pin", MANAGERS),
    ("GET", "people.leave"): Row("/settings/people/li/leave", MANAGERS),
    ("POST", "people.leave"): Row("/settings/people/li/leave", MANAGERS),
    ("GET", "people.customers"): Row("/settings/people/li/customers", MANAGERS),
    ("POST", "people.customers"): Row("/settings/people/li/customers", MANAGERS),
}
GUARDED = {key: row for key, row in ROUTES.items() if isinstance(row, Row)}


@pytest.fixture
def site() -> FakeSite:
    return FakeSite(staff=EVERYBODY, secure=Secure(8443, 8080, 8884, b"der"))


@pytest.fixture
def app(site: FakeSite, clock: StandingClock, hub: Hub) -> Flask:
    return create_app(site, SECRET, clock, OwnData(hub, HubAtHand(hub), clock))


def ask(browser: Browser, method: str, path: str) -> TestResponse:
    return browser.get(path) if method == "GET" else browser.post(path)


def gets_in(answer: TestResponse) -> bool:
    """Whether this is the page itself: no refusal, and no way to the log-in."""
    to_the_log_in = answer.status_code == 303 and "/login" in str(answer.location)
    return answer.status_code not in (401, 403) and not to_the_log_in


def logged_in(app: Flask, role: str) -> Browser:
    person = BY_ROLE[role]
    browser = Browser(app, f"192.0.2.{100 + list(BY_ROLE).index(role)}")
    assert browser.log_in(person.staff_id, person.pin).status_code == 303
    return browser


def thief_of(app: Flask, browser: Browser) -> Browser:
    """Another browser with a copy of the cookie."""
    cookie = browser.client.get_cookie("yingbin_staff")
    assert cookie
    thief = Browser(app, "192.0.2.66")
    thief.client.set_cookie("yingbin_staff", cookie.value)
    return thief


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(ROUTES)


def test_a_row_s_address_leads_to_its_route(app: Flask) -> None:
    for (method, endpoint), row in ROUTES.items():
        with app.test_request_context(row.path, method=method) as context:
            assert context.request.endpoint == endpoint, row.path


def test_what_is_open_is_open_to_all_and_tells_everybody_the_same(app: Flask) -> None:
    browsers = [Browser(app), logged_in(app, "parking"), logged_in(app, "manager")]
    for number, ((method, endpoint), row) in enumerate(ROUTES.items()):
        if isinstance(row, Row) or endpoint == "door.log_out":
            continue
        # Wrong secrets soon have to wait, so each comes from an address of its own.
        asking = [Browser(app, f"198.51.100.{number}")] if "own." in endpoint else browsers
        for browser in asking:
            with ask(browser, method, row.path) as answer:
                assert answer.status_code == row.status, endpoint


def test_nobody_gets_in_without_a_log_in(app: Flask) -> None:
    for (method, endpoint), row in GUARDED.items():
        assert not gets_in(ask(Browser(app), method, row.path)), endpoint


@pytest.mark.parametrize("role", BY_ROLE)
def test_each_post_gets_in_where_its_row_says_and_nowhere_else(app: Flask, role: str) -> None:
    browser = logged_in(app, role)
    found = {key for key, row in GUARDED.items() if gets_in(ask(browser, key[0], row.path))}
    assert found == {key for key, row in GUARDED.items() if role in row.who}


def log_out(_app: Flask, browser: Browser, _role: str) -> None:
    browser.post("/logout")


def sign_out(app: Flask, _browser: Browser, role: str) -> None:
    parts: Parts = app.extensions[NAME]
    parts.log_ins.end_all_of(BY_ROLE[role].staff_id)


def leave(app: Flask, _browser: Browser, role: str) -> None:
    site = app.extensions[NAME].site
    site.staff = tuple(person for person in EVERYBODY if person != BY_ROLE[role])
    site.gone = (BY_ROLE[role],)


def work_all_day(app: Flask, _browser: Browser, _role: str) -> None:
    app.extensions[NAME].clock.forward(SESSION_LIFETIME.total_seconds())


def get_a_new_pin(app: Flask, _browser: Browser, role: str) -> None:
    site = app.extensions[NAME].site
    fresh = replace(BY_ROLE[role], pin="975310")
    site.staff = tuple(fresh if each == BY_ROLE[role] else each for each in EVERYBODY)


@pytest.mark.parametrize("end", [log_out, sign_out, leave, work_all_day, get_a_new_pin])
@pytest.mark.parametrize("role", BY_ROLE)
def test_when_it_is_over_neither_the_page_nor_a_stolen_cookie_gets_in_anywhere(
    app: Flask, role: str, end: Callable[[Flask, Browser, str], None]
) -> None:
    browser = logged_in(app, role)
    thief = thief_of(app, browser)
    assert gets_in(thief.get("/handheld")), "the copy is as good as the cookie until then"
    end(app, browser, role)
    for (method, endpoint), row in GUARDED.items():
        for left in (browser, thief):
            assert not gets_in(ask(left, method, row.path)), endpoint


@pytest.mark.parametrize("key", [key for key in ROUTES if key[0] == "POST"], ids=str)
def test_no_form_is_taken_without_its_page_s_token(app: Flask, key: tuple[str, str]) -> None:
    browser = logged_in(app, "manager")
    for data in ({}, {"csrf": "guessed"}):
        assert browser.client.post(ROUTES[key].path, data=data).status_code in (400, 404), key
    assert gets_in(browser.get("/handheld"))
