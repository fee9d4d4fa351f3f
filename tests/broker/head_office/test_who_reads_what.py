"""Nobody reads another's site: every reader, site, page and query; every site's token."""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg import sql

import broker.head_office
from broker.head_office.connections import Stores
from broker.head_office.day_counts import COUNTED
from broker.head_office.group_view import GroupView
from broker.head_office.journal_store import JournalStore
from broker.head_office.office_app import create_office
from broker.head_office.readers import ROLES, OfficeReader, ReaderStore
from broker.head_office.site_day import DECIDED
from broker.head_office.site_store import SiteStore
from broker.journal.known_phones import KnownPart
from broker.journal.shipment import ChannelCount, Shipment, SiteReport
from broker.shipping.membership import Membership
from broker.shipping.way_up import WayUp
from shared.clock import now
from tests.bench.head_office.offices import join_all
from tests.bench.head_office.simulated_site import SimulatedSite, simulated_sites
from tests.broker.head_office.group import Group, enter
from tests.broker.head_office.reports import A_REFUSAL, a_day
from tests.catalogues import table_of

pytestmark = pytest.mark.slow

SITES = ("site-00000", "site-00001", "site-00002")
READERS = (
    ("figures", SITES[:1]),
    ("figures", ("*",)),
    ("auditor", SITES[1:]),
    ("auditor", ("*",)),
    ("figures", ()),
)
PAGES = ("/sites/{}", "/sites/{}/days/2026-09-01", "/sites/{}/journal")
TABLES = (
    "site",
    "site_alarm",
    "site_day",
    "site_channel",
    "site_conduct",
    "document_refused",
    "entry",
)
HIDDEN = (
    *("reader", "reader_session", "office", "migration", "entry_2026_09_0"),
    *("document", "erasure", "group_key", "known_phone"),
)


@pytest.fixture
def sites(group: Group) -> list[SimulatedSite]:
    """Three with a day each, and an alarm each."""
    made = simulated_sites(len(SITES), seed=3)
    join_all(group.database_url, made)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        store = JournalStore(connection)
        for site in made:
            site.owed = 90
            store.store(site.name, site.token, site.batch, now())
            connection.execute(
                "insert into site_alarm (site, epoch, from_seq, superseded) values (%s, 2, 5, 7)",
                [site.name],
            )
            report = SiteReport(
                channels=(ChannelCount("phone", 8, 6),), days=(a_day(),), refused=(A_REFUSAL,)
            )
            SiteStore(connection).keep_report(site.name, site.token, report, now())
    return made


@pytest.fixture
def browser(group: Group) -> Iterator[FlaskClient]:
    stores = Stores(group.database_url)
    yield create_office(stores, now).test_client()
    stores.close()


def logged_in(group: Group, browser: FlaskClient, role: str, of: tuple[str, ...]) -> None:
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        code = ReaderStore(connection).admit("reader", role, of, now())
    assert enter(browser, code) == 303


def test_each_reader_sees_their_own_sites_on_every_page_and_no_other(
    group: Group, browser: FlaskClient, sites: list[SimulatedSite]
) -> None:
    for role, of in READERS:
        logged_in(group, browser, role, of)
        own = set(SITES) if of == ("*",) else set(of)
        for page in ("/", "/compare", "/compare.csv"):
            assert set(re.findall(r"site-0000\d", browser.get(page).text)) == own, page
        for site, page in product(SITES, PAGES):
            answer = browser.get(page.format(site))
            is_forbidden = page.endswith("/journal") and role != "auditor"
            wanted = 404 if site not in own else 403 if is_forbidden else 200
            assert answer.status_code == wanted, (role, of, site, page)
            assert ("75 %" in answer.text) == (wanted == 200 and page.endswith("{}"))
            tells = 'data-testid="lines"' in answer.text and "R14" not in answer.text
            assert tells == (wanted == 200 and "days" in page and role == "auditor")
            assert set(re.findall(r"site-0000\d", answer.text)) <= {site} & own
    assert len(sites) == len(SITES)


def test_the_database_itself_shows_each_role_its_tables_and_each_reader_their_sites(
    group: Group, sites: list[SimulatedSite]
) -> None:
    for role, of in READERS:
        own = set(SITES) if of == ("*",) else set(of)
        for table in TABLES:
            query = sql.SQL("select distinct site from {}").format(sql.Identifier(table))
            if table == "entry" and role != "auditor":
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    asked_as(group, role, of, query)
            else:
                assert {site for (site,) in asked_as(group, role, of, query)} == own
        for query in refused_queries():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                asked_as(group, role, of, query)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked_as(group, "figures", ("*",), sql.SQL("select token_hash from site").format())
    assert len(sites) == len(SITES)


def refused_queries() -> Iterator[sql.Composed]:
    for table in HIDDEN:
        yield sql.SQL("select * from {}").format(sql.Identifier(table))
    for table in TABLES:
        yield sql.SQL("delete from {}").format(sql.Identifier(table))
    yield sql.SQL("update site set waiting = 0").format()


def asked_as(
    group: Group, role: str, of: tuple[str, ...], query: sql.Composed
) -> list[tuple[str, ...]]:
    with psycopg.connect(group.database_url) as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(ROLES[role])))
        connection.execute("select set_config('yingbin.sites', %s, true)", [",".join(of)])
        rows: list[tuple[str, ...]] = connection.execute(query).fetchall()
    return rows


def test_without_a_session_no_page_is_shown_and_who_is_dismissed_is_out_at_once(
    group: Group, browser: FlaskClient, sites: list[SimulatedSite]
) -> None:
    pages = ["/", *(page.format(sites[0].name) for page in PAGES)]
    assert {browser.get(page).status_code for page in pages} == {303}
    logged_in(group, browser, "auditor", ("*",))
    assert {browser.get(page).status_code for page in pages} == {200}
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        store = ReaderStore(connection)
        assert store.dismiss("reader", now())
        assert {browser.get(page).status_code for page in pages} == {303}
        code = store.admit("reader", "figures", ("*",), now())
    assert [enter(browser, code), enter(browser, code), enter(browser, "")] == [303, 403, 403]


def test_an_account_that_is_no_superuser_keeps_the_tables_and_shows_them(
    group: Group, sites: list[SimulatedSite]
) -> None:
    own = group.database_url.replace("user=postgres", "user=keeper")
    with psycopg.connect(group.database_url, autocommit=True) as root:
        root.execute("drop schema public cascade; drop role yingbin_figures, yingbin_auditor")
        root.execute("create role keeper login createrole; create schema public")
        root.execute("alter schema public owner to keeper")
        join_all(own, sites)
        with psycopg.connect(own, autocommit=True) as connection:
            view = GroupView(connection, OfficeReader("a", "auditor", SITES[:2]))
            assert {seen.site for seen in view.sites(now().date())} == set(SITES[:2])
            assert [view.knows(site) for site in SITES] == [True, True, False]
            assert view.journal(SITES[0], 0) == []
        root.execute("drop owned by keeper cascade; drop role yingbin_figures, yingbin_auditor")
        root.execute("drop role keeper")


def test_a_form_from_elsewhere_is_refused(browser: FlaskClient, group: Group) -> None:
    assert group.url
    assert browser.post("/login", data={"code": "0"}).status_code == 400


def test_a_sites_token_writes_and_asks_of_that_site_alone_and_ends_with_it(
    group: Group, sites: list[SimulatedSite]
) -> None:
    for one, other in product(sites, sites):
        member = Membership(url=group.url, site=other.name, token=one.token)
        with closing(WayUp.of(member)) as way:
            if one is other:
                assert way.send(other.name, Shipment(epoch=1, from_seq=1)).stored_through == 90
                assert way.hash_at(other.name, 90) == other.last
                continue
            with pytest.raises(OSError, match="401"):
                way.send(other.name, Shipment(epoch=1, from_seq=1))
            for ask in (
                lambda way, name: way.hash_at(name, 1),
                lambda way, name: way.documents(name, 0),
                lambda way, name: way.report(name, SiteReport()),
                lambda way, name: way.group_keys(name),
                lambda way, name: way.tell_phones(name, KnownPart(key_id="0" * 16, run=1)),
            ):
                with pytest.raises(OSError, match="401"):
                    ask(way, other.name)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        assert SiteStore(connection).retire(sites[0].name, now())
    member = Membership(url=group.url, site=sites[0].name, token=sites[0].token)
    with closing(WayUp.of(member)) as way, pytest.raises(OSError, match="401"):
        way.send(member.site, Shipment(epoch=1, from_seq=1))


def test_every_sentence_of_the_pages_is_said_and_every_one_said_is_there() -> None:
    folder = Path(broker.head_office.__file__).parent / "templates"
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.html"))
    said = set(re.findall(r'say\("(group\.[a-z_]+)"', text))
    said |= {f"group.{what}" for what in (*COUNTED.values(), DECIDED)}
    assert said == {key for key in table_of("broker") if key.startswith("group.")}
