"""A guest moves or cancels by their invitation: what is offered, asked of the hub, guessed."""

from dataclasses import replace

import pytest

from broker.console.app import create_app
from broker.console.guest_ticket import guest_ticket
from broker.console.site_view import Overview
from shared.words import LANGUAGES
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import NINE, FakeSite, StandingClock
from tests.broker.console.invited_guest import LINE, TICKET, site_with_a_guest

PAGE = f"/guest/{TICKET}/change"
MOVED = {"act": "move", "at": NINE.isoformat()}


@pytest.fixture
def site() -> FakeSite:
    return site_with_a_guest()


def test_the_time_is_moved_or_given_up_by_the_guest_s_own_link(
    browser: Browser, site: FakeSite
) -> None:
    assert PAGE in browser.get(f"/guest/{TICKET}").text
    page = browser.get(PAGE).text
    for shown in ("10:00", "11-23 09:00", "11-24 09:00", "李敏"):
        assert shown in page
    for hidden in ("周女士", "88888"):
        assert hidden not in page
    answer = browser.post(PAGE, **MOVED)
    assert (answer.status_code, answer.location) == (303, f"/guest/{TICKET}?lang=zh-CN")
    assert "预约已取消" in browser.post(PAGE, act="cancel").text
    assert site.plans.changed == [("b-1", NINE), ("b-1", None)]


@pytest.mark.parametrize(
    "odd",
    [
        {"act": "approve"},
        {"act": ""},
        {"at": ""},
        {"at": "2026-11-23T09:00"},
        {"at": "=1+1"},
        {"at": "9" * 10_000},
        {"at": "😀"},
    ],
)
def test_what_is_no_change_changes_nothing(
    browser: Browser, site: FakeSite, odd: dict[str, str]
) -> None:
    assert browser.post(PAGE, **(MOVED | odd)).status_code == 400
    assert site.plans.changed == []


def test_a_time_that_was_taken_meanwhile_is_said(browser: Browser, site: FakeSite) -> None:
    site.plans.is_full = True
    answer = browser.post(PAGE, **MOVED)
    assert answer.status_code == 409
    assert "这个时间约不上了" in answer.text


@pytest.mark.parametrize(
    "ticket", ["guess", guest_ticket("another key", "b-1"), guest_ticket(SECRET, "b-2")]
)
def test_a_guess_and_a_booking_that_is_over_change_nothing(
    browser: Browser, site: FakeSite, ticket: str
) -> None:
    assert browser.get(f"/guest/{ticket}/change").status_code == 404
    assert browser.post(f"/guest/{ticket}/change", act="cancel").status_code == 404
    assert site.plans.changed == []


def test_whoever_changes_it_again_and_again_waits_and_nobody_else_does(
    browser: Browser, site: FakeSite
) -> None:
    assert [browser.post(PAGE, **MOVED).status_code for _ in range(5)][2:] == [303, 429, 429]
    assert browser.get(f"/guest/{TICKET}").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(browser: Browser, language: str) -> None:
    assert f'<html lang="{language}"' in browser.get(f"{PAGE}?lang={language}").text


def test_who_has_come_is_offered_no_change() -> None:
    came = FakeSite(view=Overview(expected=(replace(LINE, has_come=True),)))
    page = Browser(create_app(came, SECRET, StandingClock())).get(f"/guest/{TICKET}").text
    assert 'data-testid="change"' not in page
