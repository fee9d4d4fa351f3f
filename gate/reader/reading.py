"""What every plate reader answers. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gate.camera.frame import Image


@dataclass(frozen=True, slots=True)
class PlateBox:
    """Where a plate is: ``corners_px`` 4×2 float32 (tl, tr, br, bl), ``score`` from 0 to 1."""

    corners_px: NDArray[np.float32]
    score: float
    rows: int


@dataclass(frozen=True, slots=True)
class PlateReading:
    """One plate as read from one picture.

    ``confidence`` is that of the least certain character; ``characters`` holds the confidence of
    each, from 0 to 1; ``candidates`` the next best texts (at most 3). ``kind`` is None if the text
    fits no plate that can exist. ``corners_px`` are (x, y): tl, tr, br, bl. ``is_incomplete``:
    places are surely missing, as on a green plate with seven. ``sharpness``, from 0 to 1, says how
    free of blur the plate is; a blurred one counts for less in a video.
    """

    plate: str
    raw_plate: str
    kind: str | None
    colour: str
    confidence: float
    characters: tuple[float, ...]
    province_confidence: float
    candidates: tuple[str, ...]
    corners_px: tuple[tuple[float, float], ...]
    is_incomplete: bool
    rows: int
    sharpness: float = 1.0


Found = Callable[[Iterable[PlateBox]], object]
"""Receives the boxes found in each picture, before any is read."""


class Engine(Protocol):
    """Reads plates; tests use a stand-in."""

    def read(self, image: Image) -> list[PlateReading]:
        """Every plate found in ``image``, best first."""
        ...

    def read_crop(self, image: Image) -> PlateReading | None:
        """The plate that fills ``image``, or None if no character is legible."""
        ...
