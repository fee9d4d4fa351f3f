"""What the gate saw but did not report as an arrival, and why. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from gate.camera.frame import Image

Corners = tuple[tuple[float, float], ...]
"""(x, y) in px: tl, tr, br, bl."""

SMALL_PX = 60
"""Below this width a character has four pixels, too few to tell 8 from B."""
DARK_BELOW, BRIGHT_ABOVE = 40, 225
"""Mean brightness of the plate, 0 to 255: below, nothing lights it; above, a lamp shines into
it."""
BLURRED_SHARE = 1 / 20
"""An edge that takes more of the plate's width than this smears half a character."""
CLEAR_CONTRAST = 24
"""With less contrast between dark and light there is no edge to measure."""


class Reason(StrEnum):
    """Why something was not reported; ``reason.REASON`` of the catalogue is its sentence."""

    TOO_SMALL = "too_small"
    TOO_BLURRED = "too_blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    ILLEGIBLE = "illegible"
    NO_SUCH_PLATE = "no_such_plate"
    TOO_FEW_READS = "too_few_reads"
    UNCERTAIN = "uncertain"
    IN_IGNORED_AREA = "in_ignored_area"
    OUTSIDE_REGION = "outside_region"
    TOLD_BEFORE = "told_before"
    STANDS_STILL = "stands_still"
    CAMERA_BLACK = "camera_black"
    CAMERA_OVER_EXPOSED = "camera_over_exposed"
    CAMERA_FROZEN = "camera_frozen"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that was not reported as an arrival, or only as uncertain.

    ``image`` is the whole frame. Where ``corners_px`` is None, all of it is meant; where ``plate``
    is None, nothing could be read.
    """

    reason: Reason
    seen_at: datetime
    image: Image
    corners_px: Corners | None = None
    plate: str | None = None
    told_as: str | None = None
    """The id of the message, where it was reported."""

    @property
    def width_px(self) -> int:
        """The plate's width in the picture; without a plate, the picture's width."""
        if self.corners_px is None:
            return int(self.image.shape[1])
        return round(place_of(self.corners_px)[2])


OnRefused = Callable[[Refusal], object]
"""Receives each refusal; it must not block the gate."""


def place_of(corners_px: Corners) -> tuple[float, float, float]:
    """The centre and the width of a plate, in px."""
    xs, ys = [x for x, _ in corners_px], [y for _, y in corners_px]
    return sum(xs) / len(xs), sum(ys) / len(ys), max(xs) - min(xs)


def why_illegible(image: Image, corners_px: Corners) -> Reason:
    """Why a person, too, could not read the plate found there."""
    xs, ys = [x for x, _ in corners_px], [y for _, y in corners_px]
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    plate = image[top : int(max(ys)) + 1, left : int(max(xs)) + 1].mean(axis=2)
    if plate.size == 0 or plate.shape[1] < SMALL_PX:
        return Reason.TOO_SMALL
    if plate.mean() < DARK_BELOW:
        return Reason.TOO_DARK
    if plate.mean() > BRIGHT_ABOVE:
        return Reason.TOO_BRIGHT
    low, high = np.percentile(plate, (5, 95))
    steepest = np.percentile(np.abs(np.diff(plate, axis=1)), 99)
    is_smeared = (high - low) > BLURRED_SHARE * plate.shape[1] * steepest
    return Reason.TOO_BLURRED if high - low < CLEAR_CONTRAST or is_smeared else Reason.ILLEGIBLE
