"""Where in the picture plates are read: a region of interest, and areas to ignore. Pure.

Corners are shares of the picture's width and height, so another resolution keeps the areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from gate.camera.frame import Image
from gate.passing.refusal import Corners, Reason, place_of
from shared.messages import Ratio

Corner = tuple[Ratio, Ratio]
Polygon = Annotated[tuple[Corner, ...], Meta(min_length=3, max_length=40)]

MARGIN = 0.08
"""Added around the region, as a share of the picture: half of a near plate may lie outside it."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a picture, in px; the right and bottom ends are the first px outside."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, image: Image) -> Image:
        """That part of ``image``: a view, not a copy."""
        return image[self.top : self.bottom, self.left : self.right]

    def corners_in_picture(self, corners_px: Corners) -> Corners:
        """``corners_px`` of the part, in px of the whole picture."""
        return tuple((x + self.left, y + self.top) for x, y in corners_px)


class Areas(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The areas that a technician drew on the camera's picture."""

    region: Polygon | None = None
    """Plates are read only in here; None: in the whole picture."""
    ignored: Annotated[tuple[Polygon, ...], Meta(max_length=40)] = ()
    """Posters, parked cars, the camera's own lettering."""

    def window(self, width_px: int, height_px: int) -> Window:
        """The smallest part of a picture that holds every plate of the region."""
        if self.region is None:
            return Window(0, 0, width_px, height_px)
        xs, ys = [x for x, _ in self.region], [y for _, y in self.region]
        return Window(
            int(max(0.0, min(xs) - MARGIN) * width_px),
            int(max(0.0, min(ys) - MARGIN) * height_px),
            max(1, round(min(1.0, max(xs) + MARGIN) * width_px)),
            max(1, round(min(1.0, max(ys) + MARGIN) * height_px)),
        )

    def why_not(self, corners_px: Corners, width_px: int, height_px: int) -> Reason | None:
        """Why a plate is not read there, judged by its centre; None: it is read."""
        x, y, _ = place_of(corners_px)
        middle = (x / width_px, y / height_px)
        if any(is_inside(middle, area) for area in self.ignored):
            return Reason.IN_IGNORED_AREA
        if self.region is not None and not is_inside(middle, self.region):
            return Reason.OUTSIDE_REGION
        return None


def is_inside(point: Corner, polygon: Sequence[Corner]) -> bool:
    """Whether ``point`` lies in ``polygon``: a ray to the right crosses an odd number of edges."""
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in pairwise([*polygon, polygon[0]]):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossings += 1
    return crossings % 2 == 1
