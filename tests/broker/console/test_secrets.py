"""What leaves the hub and what does not: passwords, PINs, headers, forged forms."""

import re

import pytest

from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import NINE

PAGES = ("/login", "/handheld", "/", "/live", "/phone/li", "/health", "/no-such-page")
PINS = ("1357", "2468", "8642", "7531")


def password_of(browser: Browser) -> str:
    return str(browser.get("/api/account").json["password"])  # type: ignore[index]


def test_no_page_holds_a_password_or_a_pin(manager: Browser, consultant: Browser) -> None:
    for person in (manager, consultant):
        password = password_of(person)
        for path in PAGES:
            text = person.get(path).text
            assert password not in text, path
            visible = re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
            assert not [pin for pin in PINS if pin in re.sub(r'value="[^"]*"', "", visible)], path


def test_a_typed_pin_is_not_sent_back(browser: Browser) -> None:
    assert "9173" not in browser.log_in("li", "9173").text


def test_the_account_is_told_only_with_a_session(browser: Browser, consultant: Browser) -> None:
    assert browser.get("/api/account").status_code == 401
    answer = consultant.get("/api/account")
    told = dict(answer.json)  # type: ignore[arg-type]
    username, password = told.pop("username"), told.pop("password")
    assert re.fullmatch("staff-li-[0-9a-f]{16}", username)
    assert len(password) >= 20
    assert told == {
        "site": "xihu",
        "staff_id": "li",
        "name": "李敏",
        "roles": ["consultant"],
        "client_id": username,
        "ws_port": 1884,
        "server_time": NINE.isoformat(),
        "zone": "Asia/Shanghai",
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_everybody_gets_their_own_account_only(consultant: Browser, manager: Browser) -> None:
    assert consultant.get("/api/account?staff_id=chen").json["staff_id"] == "li"  # type: ignore[index]
    assert manager.get("/api/account").json["username"].startswith("staff-chen-")  # type: ignore[index]


def test_the_password_stays_with_the_page_and_changes_with_the_log_in(consultant: Browser) -> None:
    before = password_of(consultant)
    assert password_of(consultant) == before
    assert consultant.get("/api/account?device=desk-2").json["password"] != before  # type: ignore[index]
    assert consultant.get("/api/account?device=../x").status_code == 400
    consultant.post("/logout")
    consultant.log_in("li", "1357")
    assert password_of(consultant) != before


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_form_without_the_page_s_token_is_refused(consultant: Browser, path: str) -> None:
    for data in ({}, {"csrf": ""}, {"csrf": "guessed"}):
        answer = consultant.client.post(path, data={**data, "staff_id": "li", "pin": "1357"})
        assert answer.status_code == 400
    assert consultant.get("/handheld").status_code == 200, "still logged in"


@pytest.mark.parametrize("path", ["/login", "/handheld", "/api/account", "/no-such-page"])
def test_every_answer_is_locked_down_and_never_kept(consultant: Browser, path: str) -> None:
    headers = consultant.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["worker-src"] == "'self'"
    assert policy["connect-src"] == "'self' ws: wss:"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_page_needs_an_exception_from_the_policy(manager: Browser) -> None:
    for path in PAGES:
        text = manager.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        assert not re.findall(r"<script(?![^>]*\ssrc=)", text), path


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(browser: Browser) -> None:
    cookie = browser.log_in("li", "1357").headers["Set-Cookie"]
    assert cookie.startswith("yingbin_staff=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_health_is_open_and_says_nothing_else(browser: Browser) -> None:
    assert browser.get("/health").json == {"status": "ok", "clock": "ok"}
