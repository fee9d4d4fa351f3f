"""A hub whose file is damaged or gone takes what lacks from its own encrypted backups."""

import io
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from broker.backup.own_copies import OwnCopies
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.hub.program import own_copies
from broker.journal.entries import FILE_NAME, HEADS_NAME
from broker.journal.epochs import latest_restore
from broker.rules.policy import Policy
from broker.settings import HubSettings
from broker.site_file import SitePeople
from broker.site_key.key import make_key
from broker.site_key.sheet import in_groups
from shared.config import read_config
from shared.file_check import trouble_of
from shared.lost_key import find_key
from shared.messages import Alert
from shared.sealed_file import DATA_KEY_NAME, data_key_of
from shared.sealing import seal
from tests.broker.backup.office import Office, cars, set_up_office
from tests.damage import break_header, cut, delete, empty
from tests.fakes import NINE, FakeClock

CARS, LATER = 60, 20


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A site with a backup of the morning, and some cars since."""
    office = set_up_office(tmp_path)
    text = office.toml.read_text(encoding="utf-8")
    office.toml.write_text(f'backup_dir = "{office.backups}"\n{text}', encoding="utf-8")
    with office.at_work() as hub:
        cars(hub, range(CARS))
        office.backup()
        cars(hub, range(CARS, CARS + LATER))
    return office


def copies_of(office: Office) -> OwnCopies:
    return own_copies(read_config(HubSettings, office.toml), office.place.config)


def started(office: Office) -> Hub:
    people = read_config(SitePeople, office.place.config / "site.toml")
    clock = FakeClock(NINE + timedelta(hours=3))
    return open_hub(office.place.hub, people, Policy(), clock, copies=copies_of(office))


def count(hub: Hub, table: str) -> int:
    return int(hub.inbox.db.execute(f"select count(*) from {table}").fetchone()[0])


def alarm(hub: Hub) -> str:
    waiting = (each.message for each in hub.outbox.waiting(1000))
    (found,) = (
        each.text
        for each in waiting
        if isinstance(each, Alert) and each.role == "manager" and "中枢的数据文件" in each.text
    )
    return found


@pytest.mark.parametrize("damage", [empty, delete, cut])
def test_the_newest_backup_completes_the_file_and_the_manager_hears_what_lacks(
    office: Office, damage: Callable[[Path], None]
) -> None:
    (length,) = office.rows("select count(*) from journal")[0]
    damage(office.file)
    hub = started(office)
    assert CARS <= count(hub, "arrivals") <= CARS + LATER
    lost = length - (count(hub, "journal") - 2)  # since then: the new epoch, what was mended
    said = alarm(hub)
    assert "缺的部分用备份补上了" in said
    assert "流水至少缺" in said or lost <= 0
    assert latest_restore(hub.inbox.db.conn) is not None
    hub.inbox.db.close()
    assert not list(office.place.hub.glob("scratch-*"))
    assert not list(office.place.hub.glob("*.mending*"))


def test_a_file_that_lost_nothing_says_so(office: Office) -> None:
    break_header(office.file)
    hub = started(office)
    assert count(hub, "arrivals") == CARS + LATER
    assert "无需动用备份；流水一条不缺" in alarm(hub)
    hub.inbox.db.close()
    assert office.run("verify") == office.run("replay") == 0


def test_a_hub_that_lost_the_key_of_its_files_takes_it_out_of_its_newest_backup(
    office: Office,
) -> None:
    hub, key = office.place.hub, data_key_of(office.toml)
    seal(hub, key)
    office.backup()
    kept = key.read_bytes()
    for lost in (None, b""):
        key.unlink() if lost is None else key.write_bytes(lost)
        find_key(hub, key, copies_of(office).data_keys(hub))
        seal(hub, key)
        assert key.read_bytes() == kept
        assert trouble_of(office.file) is None
    assert office.rows("select count(*) from arrivals") == [(CARS + LATER,)]


def test_a_hub_that_lost_every_key_says_so_and_the_sheet_brings_back_the_backup(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, key = in_groups(make_key(office.place.key)), data_key_of(office.toml)
    seal(office.place.hub, key)
    backup = office.backup()
    started(office).inbox.db.close()
    key.unlink()
    office.place.key.unlink()
    find_key(office.place.hub, key, copies_of(office).data_keys(office.place.hub))
    seal(office.place.hub, key)
    hub = started(office)
    assert "用另一把密钥加密（原密钥丢失）" in alarm(hub)
    hub.inbox.db.close()
    monkeypatch.setattr("sys.stdin", io.StringIO(sheet))
    assert office.run("restore", str(backup), "--key", "-") == 0
    find_key(office.place.hub, key)
    seal(office.place.hub, key)
    assert (office.place.hub / DATA_KEY_NAME).is_symlink()
    assert office.rows("select count(*) from arrivals") == [(CARS + LATER,)]


def test_after_a_loss_the_journal_goes_on_and_can_be_proved(office: Office) -> None:
    office.file.unlink()
    started(office).inbox.db.close()
    assert office.run("verify") == office.run("replay") == 0
    assert list(office.place.hub.glob(f"{HEADS_NAME}.damaged-*"))


def test_a_damaged_backup_gives_way_to_the_one_before(office: Office) -> None:
    (good,) = office.backups.glob("*.yingbin-backup")
    name = good.name.replace("-2026", "-2036").replace("-2025", "-2035")
    (office.backups / name).write_bytes(good.read_bytes()[:-100])
    office.file.unlink()
    hub = started(office)
    assert count(hub, "arrivals") == CARS
    hub.inbox.db.close()


def test_a_backup_that_tells_of_another_past_is_left_alone(office: Office) -> None:
    """Two days began the same and went on differently: only one of them is this journal's past."""
    with office.at_work() as hub:
        cars(hub, range(100, 103))
    shutil.copytree(office.place.hub, office.backups / "as it was")
    with office.at_work() as hub:
        cars(hub, range(200, 230))
    other = office.backup()
    shutil.rmtree(office.place.hub)
    shutil.copytree(office.backups / "as it was", office.place.hub)
    with office.at_work() as hub:
        cars(hub, range(300, 330))
    office.file.unlink()
    assert other.exists()
    hub = started(office)
    assert "没有备份可补" in alarm(hub)
    hub.inbox.db.close()


def test_without_the_key_or_the_disk_the_hub_starts_all_the_same(
    office: Office, tmp_path: Path
) -> None:
    office.place.key.unlink()
    make_key(office.place.key)
    office.file.unlink()
    hub = started(office)
    assert "没有备份可补" in alarm(hub)
    assert "流水至少缺" in alarm(hub)
    hub.inbox.db.close()


def test_a_folder_that_was_emptied_is_no_new_site_where_its_backups_lie(office: Office) -> None:
    shutil.rmtree(office.place.hub)
    hub = started(office)
    assert count(hub, "arrivals") == CARS
    assert "此后的内容可能缺失" in alarm(hub)
    hub.inbox.db.close()
    assert (office.place.hub / FILE_NAME).exists()
