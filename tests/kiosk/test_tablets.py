"""The tablets that a manager named: each comes in by its own link, once, until it is retired."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shared.ids import link_key
from shared.messages import Roster, Tablet
from tests.fakes import NINE
from tests.kiosk.house import CONSULTANTS, KIOSK, House, settings

SECRET = "the-link-of-the-side-door"


@pytest.fixture
def house() -> House:
    return House(settings=settings(enrol_token=None))


def named(secret: str = SECRET, **changes: object) -> Tablet:
    values: dict[str, object] = {
        "tablet_id": "side",
        "name": "侧门平板",
        "kiosk_id": KIOSK,
        "key": link_key(secret),
        "good_until": NINE + timedelta(minutes=30),
    }
    return Tablet(**{**values, **changes})  # type: ignore[arg-type]


def tell(house: House, *tablets: Tablet) -> None:
    house.tell(Roster(consultants=CONSULTANTS, sent_at=house.clock(), tablets=tablets))


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/ours").status_code == 204


def test_a_link_lets_one_tablet_in_and_no_second(house: House) -> None:
    tell(house, named())
    tablet, other = house.browser(), house.browser()
    assert tablet.head(f"/enter/{SECRET}").status_code == 200
    assert not is_in(tablet)
    assert "侧门平板" in tablet.get(f"/enter/{SECRET}").text
    assert is_in(tablet)
    assert tablet.get(f"/enter/{SECRET}").status_code == 303
    assert other.get(f"/enter/{SECRET}").status_code == 403
    assert not is_in(other)


def test_a_retired_tablet_is_out_at_its_next_request_also_in_the_middle_of_a_visit(
    house: House,
) -> None:
    tell(house, named())
    tablet = house.browser()
    tablet.get(f"/enter/{SECRET}")
    assert tablet.get("/").status_code == 200
    tell(house)
    for path in ("/", "/ours", "/check-in/first_visit"):
        assert tablet.get(path).location == "/login"
    assert tablet.get(f"/enter/{SECRET}").status_code == 404


def test_another_link_ends_the_tablet_that_came_by_the_last_one(house: House) -> None:
    tell(house, named())
    old, new = house.browser(), house.browser()
    old.get(f"/enter/{SECRET}")
    tell(house, named("another"))
    assert not is_in(old)
    new.get("/enter/another")
    assert is_in(new)


@pytest.mark.parametrize(
    "tablet", [named(good_until=NINE - timedelta(seconds=1)), named(kiosk_id="elsewhere")]
)
def test_a_link_that_is_over_or_another_entrance_s_opens_nothing(
    house: House, tablet: Tablet
) -> None:
    tell(house, tablet)
    browser = house.browser()
    assert browser.get(f"/enter/{SECRET}").status_code in (403, 404)
    assert not is_in(browser)


def test_a_named_tablet_stays_in_after_a_restart_without_the_hub(house: House) -> None:
    tell(house, named())
    tablet = house.browser()
    tablet.get(f"/enter/{SECRET}")
    cookie = tablet.get_cookie(f"kiosk-{KIOSK}")
    assert cookie
    again = House(settings=house.settings, db=house.db, clock=house.clock).browser()
    again.set_cookie(cookie.key, cookie.value)
    assert is_in(again)


def test_the_heartbeat_says_when_each_tablet_was_seen(house: House) -> None:
    tell(house, named(), named("never", tablet_id="never"))
    house.browser().get(f"/enter/{SECRET}")
    house.clock.pass_s(7)
    assert house.parts.tablets.seen_s() == {"side": 7}
