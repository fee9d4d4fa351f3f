"""The hub's own backups; the process that makes one is the real one."""

from pathlib import Path

import pytest

from broker.backup.making import KEPT_BESIDE
from broker.backup.own_copies import LOCAL
from broker.handlers.context import Hub
from broker.hub.errand import Errand
from broker.hub.hourly_backup import AGAIN_AFTER_S, EVERY_S, LOCAL_EVERY_S, HourlyBackup
from broker.settings import HubSettings
from shared.config import read_config
from shared.messages import Alert, AlertClosed
from tests.broker.backup.office import Office, cars, set_up_office
from tests.fakes import SITE
from tests.waiting import eventually

FIRST_AFTER_S = HourlyBackup.first_after_s


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A site whose settings name a folder for backups."""
    office = set_up_office(tmp_path)
    text = office.toml.read_text(encoding="utf-8")
    office.toml.write_text(f'backup_dir = "{office.backups}"\n{text}', encoding="utf-8")
    return office


def hourly(office: Office) -> Errand:
    return Errand(HourlyBackup(read_config(HubSettings, office.toml), office.toml))


def made(office: Office) -> list[str]:
    return sorted(path.name for path in office.backups.glob("*.yingbin-backup"))


def told(hub: Hub) -> list[str]:
    """What the manager was told of backups, and the outbox is empty again."""
    waiting = hub.outbox.waiting(1000)
    hub.outbox.forget([row.row for row in waiting])
    alerts = [each.message for each in waiting if isinstance(each.message, Alert)]
    ends = [each.message for each in waiting if isinstance(each.message, AlertClosed)]
    said = [alert.title for alert in alerts if alert.visit_id == "backup"]
    return said + ["over" for end in ends if end.visit_id == "backup"]


def test_an_hour_after_a_backup_comes_the_next(office: Office) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 4))
        backups = hourly(office)
        backups.step(hub, 0.0)
        assert backups.is_idle
        backups.step(hub, FIRST_AFTER_S)
        assert not backups.is_idle
        assert ends(backups, hub, FIRST_AFTER_S + 1)
        assert len(made(office)) == 1
        backups.step(hub, FIRST_AFTER_S + EVERY_S - 1)
        assert backups.is_idle
        backups.step(hub, FIRST_AFTER_S + EVERY_S)
        assert not backups.is_idle
        backups.stop()
        assert told(hub) == []
    assert office.run("drill") == 0


def ends(backups: Errand, hub: Hub, at_s: float) -> bool:
    """Whether the backup that is being made comes to its end."""

    def has_ended() -> bool:
        backups.step(hub, at_s)
        return backups.is_idle

    return eventually(has_ended)


def test_the_manager_is_told_once_that_backups_fail_and_when_one_succeeds_again(
    office: Office,
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 4))
        told(hub)
        backups = hourly(office)
        backups.step(hub, 0.0)
        office.backups.rmdir()  # somebody took the disk
        at_s = FIRST_AFTER_S
        said = []
        for _ in range(2):
            backups.step(hub, at_s)
            assert ends(backups, hub, at_s + 1)
            said.append(told(hub))
            at_s += AGAIN_AFTER_S
        assert said == [["备份失败"], []]
        office.backups.mkdir()
        backups.step(hub, at_s)
        assert ends(backups, hub, at_s + 1)
        assert told(hub) == ["over"]
        assert len(made(office)) == 1


def test_without_a_folder_the_hub_makes_one_a_day_beside_its_file_and_keeps_two(
    tmp_path: Path,
) -> None:
    office = set_up_office(tmp_path)
    local = office.place.hub / LOCAL
    with office.at_work() as hub:
        cars(hub, range(1, 4))
        backups = hourly(office)
        backups.step(hub, 0.0)
        backups.step(hub, FIRST_AFTER_S)
        assert ends(backups, hub, FIRST_AFTER_S + 1)
        (made,) = local.iterdir()
        for year in (2001, 2002):
            (local / f"{SITE}-{year}0101T000000Z.yingbin-backup").touch()
        backups.step(hub, EVERY_S * 2)
        assert backups.is_idle
        backups.step(hub, FIRST_AFTER_S + LOCAL_EVERY_S)
        assert ends(backups, hub, FIRST_AFTER_S + LOCAL_EVERY_S + 1)
    assert len(list(local.iterdir())) == KEPT_BESIDE
    assert made.exists()
