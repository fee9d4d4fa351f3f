"""Sites side by side: what a day is told as, how days are added up, and what the page shows."""

import csv
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from flask.testing import FlaskClient

from broker.head_office.conduct import Spans
from broker.head_office.connections import Stores
from broker.head_office.office_app import create_office
from broker.head_office.readers import ReaderStore
from broker.head_office.site_store import SiteStore
from broker.journal.shipment import DayConduct, SiteReport
from broker.shipping.day_conduct import finished_days
from shared.clock import now
from shared.messages import Alert, AlertKind
from tests.bench.head_office.offices import join_all
from tests.bench.head_office.simulated_site import simulated_sites
from tests.broker.backup.office import Office
from tests.broker.head_office.group import Group, enter, ship_all
from tests.broker.head_office.reports import SLOW, YESTERDAY, a_day
from tests.fakes import NINE, SITE
from tests.hub_answers import ack, answers
from tests.samples import NATURAL

pytestmark = pytest.mark.slow


@pytest.fixture
def browser(group: Group) -> Iterator[FlaskClient]:
    stores = Stores(group.database_url)
    browser = create_office(stores, now).test_client()
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        code = ReaderStore(connection).admit("reader", "figures", ("*",), now())
    assert enter(browser, code) == 303
    yield browser
    stores.close()


@pytest.mark.parametrize(
    ("groups", "middle_s", "within_60"),
    [
        ((0,) * 8, None, None),
        ((4, 0, 0, 0, 0, 0, 0, 0), 8, 100),
        ((0, 0, 8, 0, 0, 0, 0, 0), 45, 100),
        ((1, 1, 1, 1, 0, 0, 0, 0), 30, 75),
        ((0, 0, 1, 0, 0, 0, 0, 9), 600, 10),
        ((1, 0, 0, 0, 0, 0, 2, 0), 375, 33),
    ],
)
def test_a_median_and_a_share_come_out_of_groups(
    groups: tuple[int, ...], middle_s: int | None, within_60: int | None
) -> None:
    assert (Spans(groups).middle_s, Spans(groups).percent_within(60)) == (middle_s, within_60)


def test_days_are_added_up_and_the_site_that_lets_wait_comes_first(
    group: Group, browser: FlaskClient
) -> None:
    good, bad = simulated_sites(2, seed=5)
    join_all(group.database_url, [good, bad])
    days = [YESTERDAY - timedelta(days=back) for back in (0, 6, 7)]
    slow = {"waits": SLOW, "answers": SLOW, "received": 4, "disputes": 1, "turn_gap": 3}
    tell(group, good.name, good.token, [a_day(day=day, turn_gap=1) for day in days])
    tell(group, bad.name, bad.token, [a_day(day=day, **slow) for day in days[:1]])
    tell(group, bad.name, bad.token, [a_day(day=day, **slow) for day in days[:1]])  # again
    rows = list(csv.reader(browser.get("/compare.csv").text.lstrip("\ufeff").splitlines()))
    assert rows[1:] == [
        [bad.name, "1", "8", "4", "600", "25", "600", "0", "0", "3.0", "1", "0"],
        [good.name, "2", "16", "16", "45", "100", "45", "100", "0", "1.0", "0", "0"],
    ]
    page = browser.get("/compare?days=30").text
    assert page.index(bad.name) < page.index(good.name)
    assert "10:00" in page
    for asked in ("", "x", "-1", "8", "99999999999999999999"):
        assert browser.get(f"/compare?days={asked}").status_code == 200


def tell(group: Group, site: str, token: str, days: list[DayConduct]) -> None:
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        SiteStore(connection).keep_report(site, token, SiteReport(days=tuple(days)), now())


def test_a_day_is_told_once_it_is_over(office: Office) -> None:
    with office.at_work() as hub:
        hub.outbox.forget([row.row for row in hub.outbox.waiting(1000)])
        alerts = [one for one in answers(hub, NATURAL) if isinstance(one, Alert)]
        call = next(one for one in alerts if one.staff_id and one.kind is AlertKind.CALL)
        answers(hub, ack(call, call.staff_id or ""))
        hub.journal.seal()
    assert not any(one.visits for one in finished_days(office.place.hub, None, lambda: NINE))
    tomorrow = NINE + timedelta(days=1)
    told = finished_days(office.place.hub, None, lambda: tomorrow)
    assert [one.day for one in told if one.visits] == [NINE.date()]
    (day,) = (one for one in told if one.visits)
    assert (day.visits, day.received) == (1, 1)
    assert sum(day.waits) == sum(day.answers) == 1
    assert len(told) == 7
    assert finished_days(office.place.hub, NINE.date(), lambda: tomorrow) == ()
    with office.at_work() as hub:  # somebody's edit, or a bit of the card
        hub.inbox.db.conn.execute("update journal set body = '{' where kind = 'step'")
        hub.inbox.db.conn.commit()
    assert finished_days(office.place.hub, None, lambda: tomorrow) == ()


def test_a_day_of_a_real_site_is_gone_through_above_and_names_nobody(
    group: Group, browser: FlaskClient, office: Office
) -> None:
    member = group.join(office)
    with office.at_work() as hub:
        answers(hub, NATURAL)
        hub.journal.seal()
    ship_all(office, member)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        code = ReaderStore(connection).admit("auditor", "auditor", ("*",), now())
    assert enter(browser, code) == 303
    page = browser.get(f"/sites/{SITE}/days/{NINE.date()}").text
    lines = page.partition('data-testid="lines"')[2]
    assert "R14" in lines
    assert "li" in lines
    for said in (NATURAL.phone, NATURAL.surname, "浙A"):
        assert not said or said not in page
    for day in ("2026-02-31", "9999-12-31", "0001-01-01", "x"):
        assert browser.get(f"/sites/{SITE}/days/{day}").status_code == 404
    assert browser.get(f"/sites/{SITE}/days/2199-12-31").status_code == 200
