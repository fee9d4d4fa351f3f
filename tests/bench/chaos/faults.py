"""What can fail at a site."""

import random
from enum import StrEnum
from pathlib import Path

from tests.bench.chaos.programs import flush
from tests.damage import DAMAGES, PAGE


class Fault(StrEnum):
    """What fails."""

    POWER_HUB = "power cut, hub"
    POWER_GATE = "power cut, gate"
    POWER_TABLET = "power cut, tablet"
    KILLED = "killed"
    DAMAGED_HUB = "file damaged, hub"
    DAMAGED_EDGE = "file damaged, gate or tablet"
    FULL = "disk full"
    READ_ONLY = "disk read-only"
    CLOCK = "clock jumps"
    WIPED = "MQTT server wiped"


HOUR_S = 3600.0
DAY_S = 24 * HOUR_S


def free_bytes(chance: random.Random) -> int:
    """How much is left on a disk that is as good as full."""
    return chance.choice((0, 4_000, 40_000, 400_000))


def jump_s(chance: random.Random) -> float:
    """How far a clock is set: minutes to a year, forward or back."""
    return chance.choice((90.0, HOUR_S, DAY_S, 400 * DAY_S)) * chance.choice((-1, 1))


def damage(path: Path, chance: random.Random) -> None:
    """Damage the SQLite file as disks and people do."""
    if chance.random() < 0.7:
        flush(path)
    if path.stat().st_size > PAGE and chance.random() < 0.5:
        with path.open("r+b") as file:
            file.seek(chance.randrange(path.stat().st_size // PAGE) * PAGE)
            file.write(chance.randbytes(PAGE))
    else:
        chance.choice(DAMAGES)(path)
