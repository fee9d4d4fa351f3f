"""Every page and every form of the staff's app: who gets in, and who does not any more.

The routes are read from the app, so that a new one without a row here fails.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from broker.console.app import create_app
from broker.console.guard import SESSION_LIFETIME
from broker.console.parts import NAME, Parts
from broker.console.secure_view import Secure
from broker.handlers.context import Hub
from broker.queries.own_data import OwnData
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import FakeSite, StandingClock
from tests.broker.console.own_page import HubAtHand
from tests.broker.console.routes import BY_ROLE, EVERYBODY, ROUTES, Row
from tests.hub_fixtures import clock as hub_clock
from tests.hub_fixtures import hub

__all__ = ["hub", "hub_clock"]

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
        is_guess = endpoint.startswith(("own.", "guest_change."))
        asking = [Browser(app, f"198.51.100.{number}")] if is_guess else browsers
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
