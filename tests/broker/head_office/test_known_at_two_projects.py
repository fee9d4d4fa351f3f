"""One family at two projects: keyed hashes, only of who agreed, seen by owner and manager only."""

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from broker.handlers.table import handle
from broker.head_office.document_store import DocumentStore, office_signer
from broker.head_office.known_store import OVERLAP, KnownStore, read_keys, with_new_key
from broker.head_office.site_store import SiteStore
from broker.journal.known_phones import KnownPart, KnownPhone, group_key_id, phone_hash
from broker.local.questions import Edit, SettingsChange
from broker.queries.found_by_text import found
from broker.rules.policy import Policy
from broker.shipping.known_across import KnownAcross
from broker.shipping.membership import Membership
from broker.shipping.way_up import WayUp
from broker.site_key.key import FILE_NAME as SITE_KEY
from broker.store.known_elsewhere import FILE_NAME as KNOWN_FILE
from broker.store.known_elsewhere import KnownAt, known_beside, told_of, write_known
from shared.clock import now
from shared.messages import Registration
from tests.broker.backup.office import Office
from tests.broker.head_office.group import Group
from tests.broker.head_office.office_words import command, settings_of
from tests.broker.head_office.other_sites import join_other
from tests.fakes import NINE, SITE
from tests.samples import NATURAL

pytestmark = pytest.mark.slow

PHONE, BEFORE = "13800006666", "13800007777"
OTHER = "binjiang"
SINCE = date(2026, 3, 1)
TODAY = NINE.date()


def test_a_visitor_who_agreed_is_known_at_two_projects_and_forgotten_when_it_is_switched_off(
    group: Group, office: Office, tmp_path: Path
) -> None:
    member, toml, key = joined(group, office, tmp_path)
    came(office, BEFORE)
    assert step(office, member) == []
    assert not (office.place.hub / KNOWN_FILE).exists()
    switch(office, on=True)
    came(office, PHONE, agrees=True)
    tell_as_other(group, toml, key, [PHONE, BEFORE])
    step(office, member)
    with office.at_work() as hub:
        known = known_beside(hub.inbox.db)
    assert known == {f"r-{PHONE}": (KnownAt(OTHER, SINCE),)}
    told = group.rows("select hash from known_phone where site = 'xihu'")
    assert [bytes(one) for (one,) in told] == [bytes.fromhex(phone_hash(key, PHONE))]
    assert not any(PHONE in row for (row,) in group.rows("select k::text from known_phone as k"))
    switch(office, on=False)
    step(office, member)
    assert group.rows("select * from known_phone where site = 'xihu'") == []
    assert not (office.place.hub / KNOWN_FILE).exists()


def joined(group: Group, office: Office, folder: Path) -> tuple[Membership, Path, str]:
    """The site and another have joined, and have the group's key."""
    toml = settings_of(group, folder)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        DocumentStore(connection).trust(office_signer(toml))
        join_other(connection, OTHER, folder)
    member = group.join(office)
    assert command(toml, "--group-key", "give") == 0
    (key,) = read_keys(toml, now())
    return member, toml, key.secret


def came(office: Office, phone: str, *, agrees: bool = False) -> None:
    """A visitor was at the tablet, and is somebody's customer."""
    with office.at_work() as hub:
        (someone, *_) = hub.people.order
        name = f"c-{phone}"
        told = replace(NATURAL, check_in_id=name, phone=phone, consented_at=NINE)
        handle(hub, replace(told, agrees_across=agrees))
        handle(
            hub,
            Registration(
                registration_id=f"r-{phone}", staff_id=someone, registered_at=NINE, phone=phone
            ),
        )
        hub.journal.seal()


def switch(office: Office, *, on: bool) -> None:
    with office.at_work() as hub:
        edit = Edit("policy", "known_across", None if on else True, True if on else None)
        change = SettingsChange(change_id=f"on-{on}", asked_at=NINE, edits=(edit,))
        handle(hub, change)
        hub.journal.seal()


def step(office: Office, member: Membership) -> list[KnownPart]:
    """The hour is over; what is told."""
    told = list[KnownPart]()
    with closing(WayUp.of(member)) as way:

        class Above:
            def group_keys(self, site: str) -> Any:
                return way.group_keys(site)

            def tell_phones(self, site: str, part: KnownPart) -> Any:
                told.append(part)
                return way.tell_phones(site, part)

        folders = office.place.hub, member, Above(), office.place.config / SITE_KEY
        KnownAcross(*folders, lambda: NINE).step(0.0)
    return told


def tell_as_other(group: Group, toml: Path, key: str, phones: list[str]) -> None:
    """The other site knows these phones."""
    rows = tuple(KnownPhone(phone_hash(key, phone), SINCE) for phone in phones)
    part = KnownPart(key_id=group_key_id(key), run=1, phones=rows, is_last=True)
    token = (toml.parent / f"{OTHER}.token").read_text(encoding="ascii")
    with closing(WayUp(group.url, token=token)) as way:
        assert way.tell_phones(OTHER, part).known == ()


def test_a_new_key_takes_the_place_of_the_old_one_after_both_were_good_for_a_while(
    group: Group, office: Office, tmp_path: Path
) -> None:
    member, toml, old = joined(group, office, tmp_path)
    assert command(toml, "--group-key", "new") == 0
    both = read_keys(toml, now())
    assert [key.secret == old for key in both] == [True, False]
    switch(office, on=True)
    came(office, PHONE, agrees=True)
    by_keys = {part.key_id for part in step(office, member)}
    assert by_keys == {group_key_id(each.secret) for each in both}
    assert [key.secret for key in read_keys(toml, now() + OVERLAP)] == [both[1].secret]
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        KnownStore(connection).give(read_keys(toml, now() + OVERLAP), office_signer(toml))
    left = group.rows("select distinct key_id from known_phone")
    assert left == [(group_key_id(both[1].secret),)]
    assert with_new_key((), "00", NINE)[0].until is None


def test_a_site_that_left_the_group_is_compared_with_nobody(
    group: Group, office: Office, tmp_path: Path
) -> None:
    _, toml, key = joined(group, office, tmp_path)
    tell_as_other(group, toml, key, [PHONE])
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        assert SiteStore(connection).retire(OTHER, now())
    assert group.rows("select * from known_phone") == []
    assert [site for (site,) in group.rows("select site from group_key")] == [SITE]


def test_a_customer_known_elsewhere_is_told_to_the_owner_and_the_manager(
    group: Group, office: Office
) -> None:
    assert group.url
    write_known(office.place.hub, {f"r-{PHONE}": (KnownAt(OTHER, SINCE),)})
    came(office, PHONE)
    with office.at_work() as hub:
        answer = found(hub.inbox.db, PHONE, (), hub.teller("en"), NINE)
        assert [one.known for one in answer.customers] == [((OTHER, "2026-03-01", ""),)]


@pytest.mark.parametrize(
    ("reach", "since", "is_company", "until"),
    [
        ("site", TODAY, True, ""),
        ("company", TODAY, False, ""),
        ("company", TODAY, True, "2026-12-08"),
        ("group", TODAY, False, "2026-12-08"),
        ("group", date(2026, 11, 8), False, "2026-11-23"),
        ("group", date(2026, 11, 7), False, ""),
    ],
)
def test_protection_reaches_as_far_as_the_house_chose(
    reach: str, since: date, is_company: bool, until: str
) -> None:
    known = {"r-1": (KnownAt(OTHER, since, is_company),)}
    told = told_of(known, ["r-1", "r-2"], Policy(protection_reach=reach), NINE)
    assert told == ((OTHER, since.isoformat(), until),)


def test_a_reach_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"company"):
        Policy(protection_reach="world")
