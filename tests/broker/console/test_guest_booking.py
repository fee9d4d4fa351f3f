"""A customer books a time by their consultant's link: what is shown, sent, guessed."""

import pytest

from broker.console.guest_booking import booking_ticket
from shared.messages import BookingKind
from shared.words import LANGUAGES
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_plans import FakePlans
from tests.broker.console.fake_site import NINE, FakeSite

PAGE = f"/book/{booking_ticket(SECRET, 'li')}"
GIVEN = {"at": NINE.isoformat(), "phone": "138 0000 0001", "agreed": "on"}


@pytest.fixture
def plans(site: FakeSite) -> FakePlans:
    return site.plans


def test_a_free_time_is_booked_and_the_invitation_shown(browser: Browser, plans: FakePlans) -> None:
    page = browser.get(PAGE).text
    assert page.index("只用于这次预约") < page.index('name="phone"'), "what for, before it is typed"
    for shown in ("11-23 09:00", "11-24 09:00", "<svg"):
        assert shown in page
    answer = browser.post(PAGE, **GIVEN, plate="浙a 00005")
    assert answer.status_code == 303
    assert "/guest/" in answer.location
    (booked,) = plans.booked
    assert (booked.kind, booked.host_id, booked.staff_id) == (BookingKind.APPOINTMENT, "li", "li")
    assert (booked.starts_at, booked.phone, booked.plates) == (NINE, "13800000001", ("浙A00005",))


@pytest.mark.parametrize(
    ("odd", "status"),
    [
        ({"phone": ""}, 400),
        ({"phone": "12"}, 400),
        ({"at": "tomorrow"}, 400),
        ({"at": "2026-11-23T09:00"}, 400),
        ({"at": ""}, 400),
        ({"at": "9999-12-31T23:30:00+00:00"}, 400),
        ({"phone": "😀" * 500}, 400),
        ({"phone": "1" * 10_000}, 400),
        ({"phone": "😀" * 10_000}, 413),
        ({"phone": "=1+1"}, 400),
        ({"plate": "浙" * 400}, 400),
    ],
)
def test_what_is_no_booking_is_said(
    browser: Browser, plans: FakePlans, odd: dict[str, str], status: int
) -> None:
    assert browser.post(PAGE, **(GIVEN | odd)).status_code == status
    assert plans.booked == []


def test_nothing_is_kept_without_consent(browser: Browser, plans: FakePlans) -> None:
    without = {name: value for name, value in GIVEN.items() if name != "agreed"}
    answer = browser.post(PAGE, **without)
    assert (answer.status_code, plans.booked) == (400, [])
    assert "请先勾选同意" in answer.text


def test_a_refusal_tells_nobody_whose_customer_they_are(browser: Browser, plans: FakePlans) -> None:
    plans.is_full = True
    answer = browser.post(PAGE, **GIVEN)
    assert answer.status_code == 409
    assert "这个时间约不上了" in answer.text
    assert "11-24 09:30" not in answer.text


def test_who_books_again_and_again_has_to_wait(browser: Browser, plans: FakePlans) -> None:
    answers = [browser.post(PAGE, **GIVEN).status_code for _ in range(5)]
    assert answers[:3] == [303, 303, 303]
    assert answers[-1] == 429
    assert len(plans.booked) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language_and_says_when_nothing_is_free(
    browser: Browser, language: str
) -> None:
    assert f'<html lang="{language}"' in browser.get(f"{PAGE}?lang={language}").text
    full = browser.get(f"/book/{booking_ticket(SECRET, 'zhao')}?lang={language}")
    assert 'data-testid="no-times"' in full.text


def test_only_a_consultant_has_such_a_link(browser: Browser, consultant: Browser) -> None:
    for name in ("chen", "nobody", ""):
        assert browser.get(f"/book/{booking_ticket(SECRET, name)}").status_code == 404
    assert browser.get("/book/guessed").status_code == 404
    assert consultant.get("/plans/link").location == PAGE
