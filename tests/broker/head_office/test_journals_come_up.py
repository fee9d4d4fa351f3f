"""A site's journal reaches its head office once, whole and signed, whatever happens on the way."""

import random
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from broker.head_office.connections import Stores
from broker.head_office.office_app import create_office
from broker.head_office.receiving import LARGEST_BYTES
from broker.hub.shipping_job import ShippingJob
from broker.journal.shipment import Shipment, StoredThrough
from broker.shipping.membership import Membership
from broker.shipping.shipper import ForkedError
from broker.shipping.way_up import NotContinuedError, WayUp
from shared.clock import now
from tests.broker.backup.office import PHONE, Office, cars
from tests.broker.head_office.group import Group, hashes_of, ship_all, shipper_of
from tests.postgres import Postgres

pytestmark = pytest.mark.slow


@dataclass
class BadWay:
    """Loses batches and answers, sends twice and sends old ones again; seeded."""

    way: WayUp
    chance: random.Random
    sent: list[Shipment] = field(default_factory=list)

    def send(self, site: str, batch: Shipment) -> StoredThrough:
        kind = self.chance.randrange(5)
        if kind == 0:
            raise OSError("cut before it left")
        if kind == 1 and self.sent:
            self.way.send(site, self.chance.choice(self.sent))
        self.sent.append(batch)
        answer = self.way.send(site, batch)
        if kind == 2:
            raise OSError("cut before the answer came")
        return self.way.send(site, batch) if kind == 3 else answer

    def hash_at(self, site: str, seq: int) -> str | None:
        return self.way.hash_at(site, seq)


def test_the_whole_journal_comes_up_and_tells_nobodys_data(group: Group, office: Office) -> None:
    ship_all(office, group.join(office))
    assert group.hashes() == hashes_of(office)
    told = str(group.rows("select * from entry"))
    for personal in (PHONE, "浙A", "张"):
        assert personal not in told


@pytest.mark.parametrize("seed", range(3))
def test_lost_doubled_and_old_batches_change_nothing(
    group: Group, office: Office, seed: int
) -> None:
    member = group.join(office)
    with closing(WayUp.of(member)) as way:
        shipper = shipper_of(office, BadWay(way, random.Random(seed)), member)
        for _ in range(60):
            shipper.step()
    assert group.hashes() == hashes_of(office)
    assert group.rows("select count(*) from entry") == [(len(hashes_of(office)),)]


def test_a_database_that_was_killed_keeps_what_was_answered(
    group: Group, office: Office, database: Postgres
) -> None:
    member = group.join(office)
    with closing(WayUp.of(member)) as way:
        shipper = shipper_of(office, way, member)
        shipper.step()
        answered = group.hashes()
        database.stop()
        waits = [shipper.step() for _ in range(4)]
        database.start()
        assert waits == [0.5, 1.0, 2.0, 4.0]
        assert group.hashes() == answered
        for _ in range(40):
            shipper.step()
    assert group.hashes() == hashes_of(office)


def test_a_hub_restored_from_a_backup_opens_an_epoch_and_nothing_is_dropped(
    group: Group, office: Office
) -> None:
    member, backup = group.join(office), office.backup()
    with office.at_work() as hub:
        cars(hub, range(50, 90))
    ship_all(office, member)
    before = set(group.hashes())
    assert office.run("restore", str(backup)) == 0
    with office.at_work() as hub:
        cars(hub, range(100, 105))
        for _ in range(2):
            assert ShippingJob(office.place.hub, office.toml).due(hub) is not None
        assert len(hub.alert_groups.open_of("head_office")) == 1
    ship_all(office, member)
    after = hashes_of(office)
    assert group.hashes() == after
    assert {digest for (digest,) in group.rows("select hash from entry")} == before | set(after)
    ((epoch, superseded),) = group.rows("select epoch, superseded from site_alarm")
    assert (epoch, superseded) == (2, len(before - set(after)))


def test_a_copy_put_back_by_hand_is_refused_until_the_hub_opens_an_epoch(
    group: Group, office: Office
) -> None:
    member, copy = group.join(office), office.file.read_bytes()
    with office.at_work() as hub:
        cars(hub, range(50, 60))
    ship_all(office, member)
    above = group.hashes()
    office.file.write_bytes(copy)
    with office.at_work() as hub:
        cars(hub, range(100, 103))
    with pytest.raises(ForkedError):
        ship_all(office, member)
    assert group.hashes() == above


@pytest.mark.parametrize("part", ["hash", "kind", "head", "from_seq", "public"])
def test_a_batch_that_somebody_changed_is_refused(group: Group, office: Office, part: str) -> None:
    member = group.join(office)
    batches = BadWay(WayUp.of(member), random.Random(0))
    with closing(batches.way) as way:
        shipper_of(office, Recording(batches.sent), member).step()
        batch = batches.sent[-1]
        with pytest.raises(OSError, match="422"):
            way.send(member.site, changed(batch, part))
    assert group.rows("select count(*) from entry") == [(0,)]


@dataclass
class Recording:
    """Takes everything, and answers as an empty head office."""

    sent: list[Shipment]

    def send(self, _site: str, batch: Shipment) -> StoredThrough:
        self.sent.append(batch)
        return StoredThrough(epoch=1, stored_through=0)

    def hash_at(self, _site: str, _seq: int) -> str | None:
        return None


def changed(batch: Shipment, part: str) -> Shipment:
    first, *others = batch.entries
    if part == "head":
        signature = batch.head[-88:]
        return replace(batch, head=batch.head[:-88] + signature[::-1].strip("=") + "==")
    if part == "from_seq":
        return replace(batch, from_seq=2)
    values = {"hash": "0" * 64, "kind": "other", "public": replace(first.body, public="{}")}
    other = replace(first, **{"body" if part == "public" else part: values[part]})
    return replace(batch, entries=(other, *others))


def test_a_token_writes_its_own_journal_only_and_ends_at_once(group: Group, office: Office) -> None:
    member = group.join(office)
    group.invite("other")
    empty = Shipment(epoch=1, from_seq=1)
    for wrong in (
        Membership(url=group.url, site="other", token=member.token),
        Membership(url=group.url, site=member.site, token="guessed"),
    ):
        with closing(WayUp.of(wrong)) as way:
            with pytest.raises(OSError, match="401"):
                way.send(wrong.site, empty)
            with pytest.raises(OSError, match="401"):
                way.hash_at(wrong.site, 1)
    with closing(WayUp.of(member)) as way:
        assert way.send(member.site, empty).stored_through == 0
        group.join(office)  # again, with another code: the token of before ends
        with pytest.raises(OSError, match="401"):
            way.send(member.site, empty)


def test_nobody_s_endless_message_is_read(group: Group, office: Office) -> None:
    member, endless = group.join(office), bytes(LARGEST_BYTES + 1)
    journal = f"/v1/sites/{member.site}/journal"
    own = {"Authorization": f"Bearer {member.token}"}
    with closing(Stores(group.database_url)) as stores:
        page = create_office(stores, now).test_client()
        assert page.post("/v1/join", data=endless).status_code == 413
        assert page.post(journal, data=endless, headers=own).status_code == 413
        assert page.post(journal, data=endless).status_code == 401


def test_a_code_is_good_once(group: Group, office: Office) -> None:
    code = group.invite()
    words = ("--join", group.url, "--code", code)
    assert [office.run("ship", *words), office.run("ship", *words)] == [0, 1]


def test_a_batch_behind_a_gap_is_told_where_to_go_on(group: Group, office: Office) -> None:
    member, sent = group.join(office), list[Shipment]()
    shipper = shipper_of(office, Recording(sent), member)
    for _ in range(2):
        shipper.step()
    with closing(WayUp.of(member)) as way:
        with pytest.raises(NotContinuedError) as told:
            way.send(member.site, sent[-1])
        assert told.value.stored.stored_through == 0


def test_every_code_can_be_typed_behind_an_option(group: Group) -> None:
    assert all(group.invite().isalnum() for _ in range(40))
