from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from broker.backup.kept import name_of
from broker.doctor.backup_check import OVERDUE, backup
from broker.doctor.patient import Patient
from broker.site_key.key import FILE_NAME, make_key
from shared.errors import OperatorError
from tests.fakes import NINE, SITE


def found(folder: Path, backup_dir: Path | None, *, is_demo: bool = False) -> list[str]:
    written = str(backup_dir) if backup_dir else None
    hub = SimpleNamespace(site=SITE, backup_dir=written, is_demo=is_demo)
    patient = cast("Patient", SimpleNamespace(folder=folder, hub=hub, clock=lambda: NINE))
    return [finding.key for finding in backup(patient) if finding.key != "backup_same_disk"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_key(tmp_path / FILE_NAME)
    return tmp_path


def test_a_recent_backup_is_fine_an_old_one_overdue(folder: Path) -> None:
    disk = folder / "disk"
    assert found(folder, None) == ["no_backup_dir"]
    assert found(folder, disk) == ["backup_dir_missing"]
    disk.mkdir()
    assert found(folder, disk) == ["backup_none"]
    (disk / name_of(SITE, NINE - OVERDUE - timedelta(seconds=1))).touch()
    assert found(folder, disk) == ["backup_overdue"]
    (disk / name_of(SITE, NINE + timedelta(days=900))).touch()  # made while the clock was wrong
    assert found(folder, disk) == ["backup_overdue"]
    (disk / name_of(SITE, NINE - OVERDUE)).touch()
    assert found(folder, disk) == []


def test_a_backup_on_the_same_disk_is_only_a_hint(folder: Path) -> None:
    hub = SimpleNamespace(site=SITE, backup_dir=str(folder), is_demo=False)
    patient = cast("Patient", SimpleNamespace(folder=folder, hub=hub, clock=lambda: NINE))
    same_disk = [each for each in backup(patient) if each.key == "backup_same_disk"]
    assert [each.is_wrong for each in same_disk] == [False]


def test_a_site_without_a_key_is_told_and_a_demo_needs_neither(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--print-key"):
        found(tmp_path, tmp_path)
    assert found(tmp_path, None, is_demo=True) == ["backup_of_a_demo"]
