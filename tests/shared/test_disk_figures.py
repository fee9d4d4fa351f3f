"""What a disk tells of itself; the kernel's folder of devices is a made one."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from shared.disk_figures import SAYS_LITTLE_S, disk_figures

DAY_S = 86400.0


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    """A disk with one partition, on which ``tmp_path`` is: eMMC, of whose life 30 % are over."""
    disk = tmp_path / "block" / "mmcblk0"
    partition = disk / "mmcblk0p2"
    (disk / "device").mkdir(parents=True)
    partition.mkdir()
    (disk / "device" / "life_time").write_text("0x01 0x03\n")
    (partition / "stat").write_text("  100 0 5000 40 900 0 204800 70 0 80 110\n")
    place = tmp_path.stat().st_dev
    found = tmp_path / "dev"
    found.mkdir()
    (found / f"{os.major(place)}:{os.minor(place)}").symlink_to(partition)
    return found


def life(tmp_path: Path, text: str) -> None:
    (tmp_path / "block" / "mmcblk0" / "device" / "life_time").write_text(text)


def test_writes_are_counted_by_the_day_and_wear_is_that_of_the_worst_cells(
    tmp_path: Path, devices: Path
) -> None:
    found = disk_figures(tmp_path, devices, 2 * DAY_S)
    assert found
    assert (found.written_mb_a_day, found.wear) == (50, 0.3)  # 100 MB in two days
    assert 0 < found.free_mb <= found.total_mb


@pytest.mark.parametrize(
    ("told", "wear"),
    [("0x01 0x00", 0.1), ("0x0a 0x0B", 1.0), ("0x00 0x00", None), ("", None), ("worn", None)],
)
def test_wear_that_is_not_said_is_not_known(
    tmp_path: Path, devices: Path, told: str, wear: float | None
) -> None:
    life(tmp_path, told)
    found = disk_figures(tmp_path, devices, DAY_S)
    assert found
    assert found.wear == wear


def test_soon_after_the_machine_s_start_no_day_is_told(tmp_path: Path, devices: Path) -> None:
    found = disk_figures(tmp_path, devices, SAYS_LITTLE_S - 1)
    assert found
    assert found.written_mb_a_day is None


def test_a_disk_without_a_device_tells_its_room_only(tmp_path: Path) -> None:
    found = disk_figures(tmp_path, tmp_path / "none", DAY_S)
    assert found
    assert (found.written_mb_a_day, found.wear) == (None, None)
    assert found.total_mb > 0


def test_a_disk_that_fails_stops_no_heartbeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk_figures(tmp_path / "gone") is None

    def fails(_folder: Path) -> SimpleNamespace:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", fails)
    assert disk_figures(tmp_path) is None
