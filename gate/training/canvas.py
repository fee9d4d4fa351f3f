"""A small drawing surface: smooth shapes, shaded fills and lights in units of 1280×720."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Points = NDArray[np.float32]
Colour = tuple[float, float, float]
"""Blue, green, red, 0 to 255."""

Outline = Sequence[tuple[float, float]] | Points
"""Points in units, given one way or the other."""

UNITS = (1280.0, 720.0)
_FIXED_POINT = 4


class Canvas:
    """Draws in units; ``matrix`` (3×3) moves every shape first, so a whole car can be tilted."""

    def __init__(self, height_px: int, width_px: int, fine: int = 1) -> None:
        self.image: Image = np.zeros((height_px * fine, width_px * fine, 3), np.uint8)
        self._scale = np.array([width_px * fine / UNITS[0], height_px * fine / UNITS[1]])
        self._fine = fine
        self.matrix = np.eye(3)

    def place(self, points: Outline) -> Points:
        """The points in px of the finished picture."""
        return np.asarray(self._pixels(points) / self._fine, np.float32)

    def _pixels(self, points: Outline) -> Points:
        """The points in px of the large picture that is drawn on."""
        known = np.asarray(points, np.float64).reshape(1, -1, 2)
        moved = cv2.perspectiveTransform(known, self.matrix)[0]
        return np.asarray(moved * self._scale, np.float32)

    def fill(
        self,
        points: Outline,
        colour: Colour,
        to: Colour | None = None,
        smooth: int = 0,
        alpha: float = 1.0,
    ) -> None:
        """Fill a shape, shading from ``colour`` at its top to ``to`` at its foot."""
        outline = self._pixels(rounded(points, smooth) if smooth else points)
        low = np.maximum(np.floor(outline.min(0)).astype(int) - 1, 0)
        high = np.minimum(np.ceil(outline.max(0)).astype(int) + 2, self.image.shape[1::-1])
        if (high - low).min() < 1:
            return
        fixed = np.round((outline - low) * 2**_FIXED_POINT).astype(np.int32)
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, _FIXED_POINT)
        part = self.image[low[1] : high[1], low[0] : high[0]]
        down = np.linspace(0, 1, part.shape[0], dtype=np.float32)[:, None, None]
        first, last = np.array(colour, np.float32), np.array(to or colour, np.float32)
        paint = first * (1 - down) + last * down
        share = mask[:, :, None].astype(np.float32) * (alpha / 255.0)
        part[:] = np.clip(part + (paint - part) * share, 0, 255).astype(np.uint8)

    def box(
        self,
        box: tuple[float, float, float, float],
        colour: Colour,
        to: Colour | None = None,
        smooth: int = 0,
    ) -> None:
        """Fill an upright box: left, top, right, foot."""
        left, top, right, foot = box
        corners = [(left, top), (right, top), (right, foot), (left, foot)]
        self.fill(corners, colour, to, smooth)

    def disc(
        self,
        centre: tuple[float, float],
        radius: tuple[float, float],
        colour: Colour,
        to: Colour | None = None,
        alpha: float = 1.0,
    ) -> None:
        """Fill an ellipse."""
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        ring = np.stack([np.cos(turn) * radius[0], np.sin(turn) * radius[1]], 1) + centre
        self.fill(np.asarray(ring, np.float32), colour, to, alpha=alpha)

    def line(
        self, points: Sequence[tuple[float, float]], colour: Colour, width: float, smooth: int = 0
    ) -> None:
        """Draw an open line ``width`` units wide."""
        path = self._pixels(rounded(points, smooth, closed=False) if smooth else points)
        thick = max(1, round(width * float(self._scale[0])))
        fixed = np.round(path * 2**_FIXED_POINT).astype(np.int32)
        cv2.polylines(self.image, [fixed], False, colour, thick, cv2.LINE_AA, _FIXED_POINT)

    def stamp(
        self, mask: NDArray[np.float32], box: tuple[float, float, float, float], colour: Colour
    ) -> None:
        """Paint through ``mask`` (1: paint) stretched into the box left, top, right, foot."""
        corners = self._pixels([(box[0], box[1]), (box[2], box[3])]).round().astype(int)
        part = self.image[corners[0, 1] : corners[1, 1], corners[0, 0] : corners[1, 0]]
        if part.size == 0:
            return
        size = (corners[1, 0] - corners[0, 0], corners[1, 1] - corners[0, 1])
        grown = cv2.resize(mask, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA)
        share = grown[: part.shape[0], : part.shape[1], None]
        part[:] = (part + (np.array(colour, np.float32) - part) * share).astype(np.uint8)

    def glow(
        self, centre: tuple[float, float], radius: float, colour: Colour, strength: float
    ) -> None:
        """Add light that fades from ``centre`` outwards."""
        x, y = self._pixels([centre])[0]
        reach = radius * float(self._scale[0])
        low = np.maximum([int(x - reach), int(y - reach)], 0)
        high = np.minimum([int(x + reach), int(y + reach)], self.image.shape[1::-1])
        if (high - low).min() < 1:
            return
        down, along = np.mgrid[low[1] : high[1], low[0] : high[0]].astype(np.float32)
        far = np.hypot(along - x, down - y) / reach
        light = (np.clip(1 - far, 0, 1) ** 2.2 * strength)[:, :, None]
        part = self.image[low[1] : high[1], low[0] : high[0]]
        part[:] = np.clip(part + light * np.array(colour, np.float32), 0, 255).astype(np.uint8)

    def finished(self) -> Image:
        """The picture at its own size."""
        if self._fine == 1:
            return self.image
        size = (self.image.shape[1] // self._fine, self.image.shape[0] // self._fine)
        return np.asarray(cv2.resize(self.image, size, interpolation=cv2.INTER_AREA), np.uint8)


def rounded(points: Outline, times: int, closed: bool = True) -> Points:
    """The outline with its corners cut ``times`` times over (Chaikin's curve)."""
    line = np.asarray(points, np.float32).reshape(-1, 2)
    for _ in range(times):
        after = np.roll(line, -1, 0)
        cut = np.stack([line * 0.78 + after * 0.22, line * 0.22 + after * 0.78], 1)
        if closed:
            line = cut.reshape(-1, 2)
        else:
            line = np.vstack([line[:1], cut[:-1].reshape(-1, 2), line[-1:]])
    return np.asarray(line, np.float32)


def shade(colour: Colour, by: float) -> Colour:
    """The colour made darker (below 1) or brighter (above 1, towards white)."""
    if by <= 1:
        return (colour[0] * by, colour[1] * by, colour[2] * by)
    lift = min(1.0, by - 1)
    return (
        colour[0] + (255 - colour[0]) * lift,
        colour[1] + (255 - colour[1]) * lift,
        colour[2] + (255 - colour[2]) * lift,
    )
