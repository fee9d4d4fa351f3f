"""A gate's corrections in a folder, and people who correct plates. Plates are invented."""

from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from gate.corrections.kept import FILE_NAME, FILE_SHAPE, Kept
from gate.pipeline import Passage
from shared.messages import CorrectionTaken
from shared.own_file import open_own
from tests.fakes import NINE, FakeClock
from tests.gate.cars import plate
from tests.samples import arrival


def kept_in(folder: Path, clock: FakeClock) -> Kept:
    """The gate's file in ``folder``."""
    return Kept(open_own(folder / FILE_NAME, FILE_SHAPE, clock()).db, clock)


def passage(read: str, number: int = 1, *, seen_at: datetime = NINE) -> Passage:
    """A car as the gate tells it, with where its plate is in the picture."""
    image = np.full((90, 320, 3), 90, np.uint8)
    image[:, 160:] = (200, 60, 20)
    told = msgspec.structs.replace(arrival(read, number), seen_at=seen_at)
    return Passage(told, image, reading=plate(read))


def taken(true: str, number: int = 1) -> CorrectionTaken:
    """What the hub says once a guard has corrected the car of that number."""
    return CorrectionTaken(gate_id="north", arrival_id=f"a-{number}", plate=true, corrected_at=NINE)
