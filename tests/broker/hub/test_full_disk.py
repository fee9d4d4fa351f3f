"""A full, read-only or failing disk: the hub goes on in memory, says so, and saves it later."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.journal.entries import FILE_NAME
from broker.journal.verify import problems
from broker.store.rebuilt import differences
from shared.disk import DiskTrouble
from shared.mending import set_aside
from shared.messages import Alert, AlertClosed, Assignment, NodeKind, NodeStatus
from shared.sealed_file import DATA_KEY_NAME, is_plain, make_data_key
from tests.damage import DAMAGES, delete
from tests.disk_site import Site, filled
from tests.fakes import FakeClock
from tests.samples import NATURAL, arrival
from tests.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def site(disk: SmallDisk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(disk.folder, clock, monkeypatch)


def test_the_reserve_is_written_first_and_the_manager_is_told_once(
    disk: SmallDisk, site: Site
) -> None:
    assert (disk.folder / "disk.reserve").stat().st_size == 16 * 2**20
    disk.fill()
    number = 1
    while site.hub.disk.trouble is None:
        site.car(number)
        number += 1
    site.turn()
    assert site.hub.disk.trouble is DiskTrouble.FULL
    assert not site.hub.disk.is_unsaved
    assert not (disk.folder / "disk.reserve").exists()
    site.car(number)
    assert f"a-{number}" in site.stored()
    assert len(site.alerts_of_disk()) == 1
    disk.make_room()
    site.turn()
    site.turn()
    assert site.hub.disk.trouble is None
    assert (disk.folder / "disk.reserve").exists()
    (ended,) = site.sent(AlertClosed)
    assert ended.alert_id == site.alerts_of_disk()[0].alert_id


def test_on_a_full_disk_visitors_are_received_from_memory_and_saved_later(
    disk: SmallDisk, site: Site
) -> None:
    site.car(1)
    filled(disk, site)
    before, visits = site.in_file(), site.seen_by_pages()
    site.link.sent.clear()
    site.car(9001)
    moment = site.clock.moment
    site.link.deliver(replace(NATURAL, plate="浙A19001", checked_in_at=moment, sent_at=moment))
    site.turn()
    (assigned,) = site.sent(Assignment)
    assert assigned.host_name is None  # nobody has a phone here whom it could promise
    alerts = site.sent(Alert)
    assert alerts
    assert all("尚未存盘" in alert.text for alert in alerts)
    assert site.stored() == set()
    assert {"a-9001", "c-1"} <= site.heard()
    assert site.in_file() == before
    assert site.seen_by_pages() == visits + 1
    assert site.hub.disk.state is not None
    disk.make_room()
    for _ in range(3):
        site.turn()
    assert not site.hub.disk.is_unsaved
    assert "a-9001" in site.in_file()
    site.link.deliver(arrival("浙A19001", 9001, seen_at=site.clock.moment))
    site.turn()
    assert "a-9001" in site.stored()
    assert site.in_file().count("a-9001") == 1
    assert list(problems(site.file)) == []
    assert list(differences(site.file)) == []


def test_power_that_fails_before_it_is_saved_costs_nothing_that_had_a_receipt(
    disk: SmallDisk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.car(1)
    filled(disk, site)
    site.car(9001)
    stored = site.stored()
    site.hub.inbox.db.conn.close()
    disk.make_room()
    again = Site(disk.folder, site.clock, monkeypatch)
    assert stored <= set(again.in_file())
    assert "a-9001" not in again.in_file()
    assert list(problems(again.file)) == []
    again.car(9001)
    assert "a-9001" in again.stored()


def test_what_is_held_is_lost_honestly_if_the_disk_fails_at_last(
    disk: SmallDisk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.car(1)
    filled(disk, site)
    site.car(9001)
    monkeypatch.setattr("broker.store.hub_disk.can_take", lambda *_: True)
    site.turn()
    assert site.hub.disk.is_unsaved
    assert site.hub.decider.state.visits.keys() == {
        row["visit_id"] for row in site.hub.inbox.db.query("select visit_id from visits")
    }
    site.car(9001)
    assert "a-9001" in site.heard()


@pytest.mark.parametrize("is_new", [True, False])
def test_a_hub_starts_on_a_read_only_disk_and_saves_once_it_can(
    disk: SmallDisk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, *, is_new: bool
) -> None:
    if not is_new:
        earlier = Site(disk.folder, clock, monkeypatch)
        earlier.car(1)
        earlier.hub.inbox.db.conn.close()
    disk.become("ro")
    site = Site(disk.folder, clock, monkeypatch)
    assert site.hub.disk.trouble is DiskTrouble.READ_ONLY
    site.car(2)
    assert site.heard() == {"a-2"}
    assert site.seen_by_pages() == (1 if is_new else 2)
    (told,) = site.alerts_of_disk()
    assert "只读" in told.text
    disk.become("rw")
    for _ in range(3):
        site.turn()
    assert site.hub.disk.trouble is None
    assert site.in_file() == (["a-2"] if is_new else ["a-1", "a-2"])
    site.car(3)
    assert site.stored() == {"a-3"}
    assert list(problems(site.file)) == []


def test_a_hub_starts_on_a_full_disk_after_a_power_cut(
    disk: SmallDisk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = Site(disk.folder, clock, monkeypatch)
    earlier.car(1)
    kept = {path.name: path.read_bytes() for path in disk.folder.glob(f"{FILE_NAME}*")}
    earlier.hub.inbox.db.conn.close()
    for name, content in kept.items():
        if not name.endswith("-shm"):
            (disk.folder / name).write_bytes(content)
    (disk.folder / f"{FILE_NAME}-shm").unlink(missing_ok=True)
    (disk.folder / "disk.reserve").unlink()
    disk.fill()
    site = Site(disk.folder, clock, monkeypatch)
    assert site.hub.disk.trouble is DiskTrouble.FULL
    site.car(2)
    assert site.heard() == {"a-2"}
    assert site.seen_by_pages() == 2
    disk.make_room()
    for _ in range(3):
        site.turn()
    assert site.in_file() == ["a-1", "a-2"]
    assert list(problems(site.file)) == []


def leave_damaged(disk: SmallDisk, earlier: Site, damage: Callable[[Path], None]) -> None:
    """A hub ran for a while; its file was damaged, and somebody took all the room."""
    for number in range(1, 60):
        earlier.car(number)
    earlier.hub.inbox.db.conn.close()
    damage(earlier.file)
    (disk.folder / "disk.reserve").unlink()
    disk.fill()


@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_hub_whose_file_was_damaged_starts_on_a_full_disk_and_says_both(
    disk: SmallDisk,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None],
    *,
    is_sealed: bool,
) -> None:
    if is_sealed:
        make_data_key(disk.folder / DATA_KEY_NAME)
    leave_damaged(disk, Site(disk.folder, clock, monkeypatch), damage)
    site = Site(disk.folder, clock, monkeypatch)
    assert site.hub.disk.is_unsaved
    site.car(60)
    assert site.heard() == {"a-60"}
    (full,) = site.alerts_of_disk()
    assert "磁盘已满" in full.text
    assert any("数据文件" in alert.text for alert in site.sent(Alert))
    seen = site.seen_by_pages()
    disk.make_room()
    for _ in range(3):
        site.turn()
    assert not site.hub.disk.is_unsaved
    assert "a-60" in site.in_file()
    assert site.seen_by_pages() == seen
    site.car(61)
    assert site.stored() == {"a-61"}
    assert len(set_aside(site.file)) == (0 if damage is delete else 1)
    assert is_plain(site.file) is not is_sealed
    lacking = list(problems(site.file))  # what stood in the damaged page
    assert all(problem.what.startswith("deleted") for problem in lacking)
    site.hub.inbox.db.conn.close()
    again = Site(disk.folder, clock, monkeypatch)
    assert {"a-60", "a-61"} <= set(again.in_file())
    assert again.hub.found_at_start is None


def test_the_hub_says_so_of_itself(disk: SmallDisk, site: Site) -> None:
    filled(disk, site)
    site.turn()
    said = [message for message in site.sent(NodeStatus) if message.kind is NodeKind.HUB]
    assert said[-1].problem == DiskTrouble.FULL
