"""What is left of a disk: its room, how much is written to it a day, how far it is worn."""

import os
import shutil
from pathlib import Path

from shared.clock import running_s
from shared.disk import MB
from shared.messages import DiskFigures

DEVICES = Path("/sys/dev/block")
SECTOR_BYTES = 512
"""Of the kernel's statistics, whatever the device's own sectors are."""
SAYS_LITTLE_S = 3600.0
"""A day is not told from less than an hour since the machine began."""
_WRITTEN_FIELD = 6
_DAY_S = 86400.0


def disk_figures(
    folder: Path, devices: Path = DEVICES, run_s: float | None = None
) -> DiskFigures | None:
    """Of the disk under ``folder``; what it does not tell is None, and so is all if it fails.

    ``run_s``: for how long the machine has run.
    """
    try:
        usage, place = shutil.disk_usage(folder), folder.stat().st_dev
    except OSError:  # whoever writes there tells of it
        return None
    device = devices / f"{os.major(place)}:{os.minor(place)}"
    return DiskFigures(
        free_mb=usage.free // MB,
        total_mb=usage.total // MB,
        written_mb_a_day=_written_mb_a_day(device, running_s() if run_s is None else run_s),
        wear=_wear(device),
    )


def _written_mb_a_day(device: Path, run_s: float) -> int | None:
    """Since the machine began, by everybody."""
    try:
        fields = (device / "stat").read_text(encoding="ascii").split()
        written = int(fields[_WRITTEN_FIELD]) * SECTOR_BYTES
    except (OSError, ValueError, IndexError):  # a disk in memory or in the network
        return None
    return None if run_s < SAYS_LITTLE_S else round(written / MB / run_s * _DAY_S)


def _wear(device: Path) -> float | None:
    """How much of its life is over, in tenths; more than all of it counts as 1.

    eMMC tells it for two kinds of cells, ``0x01 0x03``: JEDEC's DEVICE_LIFE_TIME_EST, where 0x0B is
    beyond its end and 0 is not said. A partition's disk is the folder above it.
    """
    try:
        disk = device.resolve(strict=True)
        told = next(
            (each / "device" / "life_time").read_text(encoding="ascii")
            for each in (disk, disk.parent)
            if (each / "device" / "life_time").exists()
        )
        worst = max(int(part, 16) for part in told.split())
    except (OSError, ValueError, StopIteration):
        return None
    return min(worst, 10) / 10 if worst else None
