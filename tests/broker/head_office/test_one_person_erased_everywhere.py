"""One command erases a person at all sites, and lists what each did; the phone stays nowhere."""

from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from broker.handlers.table import handle
from broker.head_office.document_store import DocumentStore, office_signer
from broker.head_office.erasure_store import ErasureStore
from broker.head_office.site_store import SiteStore
from broker.journal.shipment import Documents
from broker.shipping.documents_pull import DocumentsPull
from broker.shipping.membership import Membership
from broker.shipping.way_up import WayUp
from broker.site_key.key import FILE_NAME as SITE_KEY
from broker.site_key.key import key_in, make_key, sealed_for
from broker.site_key.signing import FILE_NAME, make_signer
from shared.clock import now
from shared.errors import OperatorError
from shared.messages import Registration
from tests.bench.head_office.offices import join_all
from tests.bench.head_office.simulated_site import simulated_sites
from tests.broker.backup.office import Office
from tests.broker.head_office.group import Group, ship_all
from tests.broker.head_office.office_words import command, settings_of
from tests.fakes import NINE, SITE

pytestmark = pytest.mark.slow

PHONE = "13800007777"


def test_one_command_erases_a_person_at_all_sites_and_lists_what_each_did(
    group: Group, office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = settings_of(group, tmp_path)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        DocumentStore(connection).trust(office_signer(toml))
        member, others = group.join(office), simulated_sites(2, seed=9)
        join_all(group.database_url, others)
        assert SiteStore(connection).retire(others[1].name, now())
    with office.at_work() as hub:
        (someone, *_) = hub.people.order
        handle(
            hub,
            Registration(registration_id="r-1", staff_id=someone, registered_at=NINE, phone=PHONE),
        )
        hub.journal.seal()
    ship_all(office, member)
    capsys.readouterr()
    assert command(toml, "--erase", "+86 138-0000-7777") == 0
    said = capsys.readouterr().out
    erasure_id = said.split(" is called ")[1].split(";")[0]
    assert f"{SITE}: has not heard of it yet" in said
    assert all(f"{other.name}: was not asked" in said for other in others)
    erase(office, member)
    ship_all(office, member)
    assert command(toml, "--erased", erasure_id) == 0
    said = capsys.readouterr().out
    assert f"{SITE}: erased at" in said
    assert "0 visits, 1 registrations" in said
    assert office.rows(f"select * from registrations where phone = '{PHONE}'") == []
    with closing(WayUp.of(member)) as way:
        assert way.documents(member.site, 0).erasures == ()
    assert not [row for row in everything(group) if PHONE in row]
    assert command(toml, "--erased", "no-such") == 1
    assert command(toml, "--erase", "12") == 1


def erase(office: Office, member: Membership) -> None:
    """The site fetches what it is asked, and its hub does it, once."""
    handed = list[Any]()
    with office.at_work() as hub, closing(WayUp.of(member)) as way:
        key = office.place.config / SITE_KEY
        DocumentsPull(office.place.hub, member, way, handed.append, key).step(0.0)
        (request,) = handed
        assert request.phone == PHONE
        for _ in range(2):
            handle(hub, request)
        hub.journal.seal()


def everything(group: Group) -> list[str]:
    return [
        row
        for table in ("erasure", "entry", "site", "document")
        for (row,) in group.rows(f"select t::text from {table} as t")
    ]


def test_a_site_that_knows_nobody_says_so(group: Group, office: Office, tmp_path: Path) -> None:
    toml = settings_of(group, tmp_path)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        store = ErasureStore(connection)
        DocumentStore(connection).trust(office_signer(toml))
        member = group.join(office)
        erasure_id = store.order(PHONE, now(), office_signer(toml))
        erase(office, member)
        ship_all(office, member)
        (line,) = store.done(erasure_id)
        assert (line.site, line.state) == (SITE, "nobody")


def test_an_order_that_head_office_did_not_sign_erases_nobody(
    group: Group, office: Office, tmp_path: Path
) -> None:
    toml = settings_of(group, tmp_path)
    other = make_signer(tmp_path / FILE_NAME)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        DocumentStore(connection).trust(office_signer(toml))
        member = group.join(office)
        ErasureStore(connection).order(PHONE, now(), other)
    handed = list[Any]()
    with closing(WayUp.of(member)) as way:
        key = office.place.config / SITE_KEY
        DocumentsPull(office.place.hub, member, way, handed.append, key).step(0.0)
        (order,) = way.documents(member.site, 0).erasures
    assert handed == []
    resealed = replace(order, site="another")
    assert resealed.claim != order.claim
    assert Documents(erasures=(order,)).erasures


def test_only_the_sites_own_key_opens_what_is_sealed_for_it(tmp_path: Path) -> None:
    ours, theirs = (make_key(tmp_path / name) for name in ("a.key", "b.key"))
    sealed = sealed_for(ours.recipient, PHONE)
    assert key_in(ours.text).opened(sealed) == PHONE
    for key, text in ((theirs, sealed), (ours, "%")):
        with pytest.raises(OperatorError):
            key.opened(text)
    with pytest.raises(OperatorError):
        sealed_for("age1nobody", PHONE)
