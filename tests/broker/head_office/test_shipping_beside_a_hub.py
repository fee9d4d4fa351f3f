"""What a hub does for its head office: it keeps the shipper running, and opens epochs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import yingbin
from broker.hub.shipping_job import ShippingJob
from broker.journal.epochs import latest_epoch
from broker.shipping.fork_note import take_fork
from broker.shipping.membership import FILE_NAME
from tests.broker.backup.office import Office, cars
from tests.broker.head_office.group import Group, hashes_of, ship_all
from tests.waiting import eventually

pytestmark = pytest.mark.slow


def started(words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(Path(yingbin.__file__)), *words])


def test_a_site_without_a_head_office_runs_nothing(office: Office) -> None:
    job = ShippingJob(office.place.hub, office.toml)
    with office.at_work() as hub:
        assert job.due(hub) is None
    assert office.run("ship") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_site_joined_by_root_leaves_its_token_to_the_hub_alone(
    group: Group, office: Office
) -> None:
    os.chown(office.toml, 65534, 65534)
    group.join(office)
    kept = (office.place.config / FILE_NAME).stat()
    assert (kept.st_uid, kept.st_gid, kept.st_mode & 0o777) == (65534, 65534, 0o600)


def test_the_hubs_own_command_brings_the_journal_up_until_it_is_stopped(
    group: Group, office: Office
) -> None:
    group.join(office)
    with office.at_work() as hub:
        words = ShippingJob(office.place.hub, office.toml).due(hub)
    assert words is not None
    child = started(words)
    assert eventually(lambda: group.hashes() == hashes_of(office))
    child.terminate()
    assert child.wait(30) == 0


def test_a_copy_put_back_by_hand_goes_on_in_a_new_epoch_and_the_manager_hears_of_it(
    group: Group, office: Office
) -> None:
    member, copy = group.join(office), office.file.read_bytes()
    with office.at_work() as hub:
        cars(hub, range(50, 60))
    ship_all(office, member)
    before = set(group.hashes())
    office.file.write_bytes(copy)
    job = ShippingJob(office.place.hub, office.toml)
    with office.at_work() as hub:
        cars(hub, range(100, 103))
        words = job.due(hub)
        assert words is not None
        assert started(words).wait(60) == 1
        job.ended(hub, has_failed=True)
        hub.journal.seal()
        assert latest_epoch(hub.inbox.db.conn) == 2
        assert hub.alert_groups.trouble("hub:head_office") is not None
    assert take_fork(office.place.hub) is None
    ship_all(office, member)
    assert group.hashes() == hashes_of(office)
    stored = {digest for (digest,) in group.rows("select hash from entry")}
    assert stored == before | set(hashes_of(office))
    assert len(group.rows("select * from site_alarm")) == 1
