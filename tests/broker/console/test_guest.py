"""An invitation: who may send it, what its page shows, and what a guess finds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.console.app import create_app
from broker.console.guest_ticket import booking_of, guest_ticket
from shared.words import LANGUAGES
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import NINE, FakeSite, StandingClock
from tests.broker.console.invited_guest import DOOR, LINE, TICKET, site_with_a_guest


@pytest.fixture
def site() -> FakeSite:
    return site_with_a_guest()


def test_the_guest_sees_when_and_with_whom_and_a_code_and_nothing_of_theirs(
    browser: Browser,
) -> None:
    page = browser.get(f"/guest/{TICKET}").text
    for shown in ("10:00", "11:00", "李敏", "<svg"):
        assert shown in page
    for hidden in ("周女士", "88888"):
        assert hidden not in page


def test_the_guest_s_own_calendar_reminds_them_and_names_nobody(browser: Browser) -> None:
    assert "/visit.ics" in browser.get(f"/guest/{TICKET}").text
    answer = browser.get(f"/guest/{TICKET}/visit.ics")
    assert answer.content_type.startswith("text/calendar")
    for line in ("DTSTART:20261123T020000Z", "DTEND:20261123T030000Z", "TRIGGER:-PT60M"):
        assert f"\r\n{line}\r\n" in answer.text
    assert answer.text.count("BEGIN:VEVENT") == 1
    for hidden in ("周女士", "88888"):
        assert hidden not in answer.text
    assert browser.get("/guest/guessed/visit.ics").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_each_language(browser: Browser, language: str) -> None:
    assert f'<html lang="{language}"' in browser.get(f"/guest/{TICKET}?lang={language}").text


def test_in_the_hall_the_same_phone_checks_in_at_once_by_the_tablet_s_door(
    browser: Browser, site: FakeSite
) -> None:
    assert f'href="{DOOR}?guest={TICKET}"' in browser.get(f"/guest/{TICKET}").text
    for gone in (
        replace(site.view, nodes=()),
        replace(site.view, expected=(replace(LINE, starts_at=NINE + timedelta(days=1)),)),
    ):
        later = Browser(create_app(FakeSite(view=gone), SECRET, StandingClock()))
        assert 'data-testid="way-in"' not in later.get(f"/guest/{TICKET}").text


@pytest.mark.parametrize(
    "ticket", ["guess", guest_ticket("another key", "b-1"), guest_ticket(SECRET, "b-2")]
)
def test_a_guess_and_a_booking_that_is_over_find_nothing(browser: Browser, ticket: str) -> None:
    answer = browser.get(f"/guest/{ticket}")
    assert answer.status_code == 404
    assert "李敏" not in answer.text


def test_who_guesses_has_to_wait(browser: Browser) -> None:
    statuses = [browser.get(f"/guest/guess-{at}").status_code for at in range(60)]
    assert statuses[-1] == 429


def test_the_manager_and_the_host_find_the_invitation_and_nobody_else(
    manager: Browser, consultant: Browser, browser: Browser, site: FakeSite
) -> None:
    for who in (manager, consultant):
        way = who.get("/invitations/b-1").headers["Location"]
        assert booking_of(SECRET, way.removeprefix("/guest/")) == "b-1"
    assert "/login" in browser.get("/invitations/b-1").headers["Location"]
    other = replace(site.view, expected=(replace(LINE, host_id="zhao"),))
    phone = Browser(create_app(FakeSite(view=other), SECRET, StandingClock()))
    phone.log_in("li", "1357")
    assert phone.get("/invitations/b-1").status_code == 404
    assert manager.get("/invitations/b-2").status_code == 404
