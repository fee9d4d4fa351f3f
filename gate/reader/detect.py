"""Finds number plates in a picture: the one module that runs the detector's network.

It looks at the whole picture first, and at a very small copy of it where no plate was clear (a
plate may fill the picture). Then it looks closely at every candidate, straightened, for exact
corners.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gate.camera.frame import Image
from gate.reader.network import Network
from gate.reader.reading import PlateBox

Quad = NDArray[np.float32]

DEFAULT_MODEL = Path(__file__).parents[1] / "models" / "detect.onnx"

STRIDE_PX = 8
_MULTIPLE_PX = 32
"""The network halves a picture five times, so its sides are a multiple of this."""

_FIRST_AREA_PX = 100_000
_FIRST_LONGEST_PX = 480
"""Twice the area takes twice as long and finds no more of the plates that can be read."""

_COARSE_LONGEST_PX = 160
_COARSE_MARGIN_PX = 32
_MOST_ENLARGED = 4.0

CLOSE_SIZE = (128, 192)
"""Height and width of the close look."""

CLOSE_QUADS: dict[int, Quad] = {
    1: np.array([[36, 46], [156, 46], [156, 82], [36, 82]], np.float32),
    2: np.array([[41, 36], [151, 36], [151, 92], [41, 92]], np.float32),
}
"""Where a plate of one or two rows lies in the close look, seen straight on."""

_CLOSE_REACH_PX = 44.0
_CLOSE_MIDDLE_PX = 16.0
_CLOSE_WIDTHS_PX = (60.0, 185.0)
"""How far off a plate may lie in the close look; from how far on it is aimed at again; how wide it
may be there."""

_FAINT_SCORE = 0.15
_CLEAR_SCORE = 0.35
_CLEAR_CANDIDATES, _UNCLEAR_CANDIDATES = 24, 6
"""How many clear candidates are looked at closely; and how many faint ones, if no clear one was a
plate."""

_PLATE_SCORE = 0.5
_CLOSE_SHARE = 0.7
"""The close look's share of a score."""
_SAME_PLATE = 0.25
"""Shared area over joint area above which two finds are one plate."""

_SMALLEST_PX = 14.0
"""A narrower plate, in px of the picture, could not be read."""

_GREY = (114, 114, 114)


@dataclass(frozen=True, slots=True)
class _Look:
    """What the network sees (H×W×3), and the 2×3 matrix from the picture into it.

    ``size`` is the height and width of the part that is not grey padding.
    """

    picture: Image
    size: tuple[int, int]
    matrix: NDArray[np.float64]


class Detector:
    """The detector's network, loaded once."""

    def __init__(self, model: Path | None = None, threads: int = 1) -> None:
        """Raises: OperatorError where the model is missing."""
        path = model or DEFAULT_MODEL
        self._network = Network(path, threads=threads, trained_by="detector")

    def find_plates(self, image: Image) -> list[PlateBox]:
        """Plates in ``image`` (H×W×3 uint8 BGR, any size, not changed), best first.

        Corners may lie a little outside the image where a plate is cut off.
        """
        first = _first_look(image)
        candidates = self._candidates(first)
        clear = [box for box in candidates if box.score >= _CLEAR_SCORE]
        if exact := self._seen_closely(image, clear[:_CLEAR_CANDIDATES]):
            return exact
        coarse = self._candidates(_coarse_look(first))
        unclear = _without_doubles(candidates[len(clear) :] + coarse)
        return self._seen_closely(image, unclear[:_UNCLEAR_CANDIDATES])

    def _candidates(self, look: _Look) -> list[PlateBox]:
        """Possible plates in one look, best first, in px of the picture."""
        maps = self._maps(look.picture[None])[0]
        found = [_brought_back(box, look.matrix) for box in _decode(maps, _FAINT_SCORE)]
        return _without_doubles(found)

    def _seen_closely(self, image: Image, candidates: list[PlateBox]) -> list[PlateBox]:
        """The candidates that a close look confirms, best first.

        Where the aim was poor, the look is repeated once from where the plate was seen.
        """
        sharp, poor = self._aimed(image, candidates)
        again, still_poor = self._aimed(image, poor)
        found = _without_doubles(sharp + again + still_poor)
        return [box for box in found if _is_worth_reading(box)]

    def _aimed(
        self, image: Image, candidates: list[PlateBox]
    ) -> tuple[list[PlateBox], list[PlateBox]]:
        """What close looks show: plates in the middle of them, and plates at their side."""
        if not candidates:
            return [], []
        looks = [_close_look(image, box) for box in candidates]
        maps = self._maps(np.stack([look.picture for look in looks]))
        sharp: list[PlateBox] = []
        poor: list[PlateBox] = []
        for candidate, look, answer in zip(candidates, looks, maps, strict=True):
            near = [box for box in _decode(answer, _FAINT_SCORE) if _off_px(box) is not None]
            if near:
                box = _brought_back(near[0], look.matrix)
                score = near[0].score ** _CLOSE_SHARE * candidate.score ** (1 - _CLOSE_SHARE)
                kept = sharp if (_off_px(near[0]) or 0.0) < _CLOSE_MIDDLE_PX else poor
                kept.append(PlateBox(box.corners_px, score, box.rows))
        return sharp, poor

    def _maps(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """N×10×h×w: centre score, eight corner offsets in px, two-row probability."""
        (answer,) = self._network.run(picture=pictures)
        return answer


def _off_px(box: PlateBox) -> float | None:
    """How far the plate is from a close look's middle; None: it is another thing altogether."""
    away = float(np.abs(box.corners_px.mean(0) - CLOSE_QUADS[1].mean(0)).max())
    width_px = float(np.linalg.norm(box.corners_px[1] - box.corners_px[0]))
    is_it = away < _CLOSE_REACH_PX and _CLOSE_WIDTHS_PX[0] < width_px < _CLOSE_WIDTHS_PX[1]
    return away if is_it else None


def _is_worth_reading(box: PlateBox) -> bool:
    """Whether it is surely a plate, and large enough."""
    width_px = float(np.linalg.norm(box.corners_px[1] - box.corners_px[0]))
    return box.score >= _PLATE_SCORE and width_px >= _SMALLEST_PX


def _first_look(image: Image) -> _Look:
    """The whole picture scaled to one area, so that wide and tall ones are seen equally well."""
    height, width = image.shape[:2]
    scale = min(
        1.0, math.sqrt(_FIRST_AREA_PX / (height * width)), _FIRST_LONGEST_PX / max(height, width)
    )
    return _padded(image, scale, 0)


def _coarse_look(first: _Look) -> _Look:
    """The first look's picture made very small, with a margin, for plates that fill it."""
    image = first.picture[: first.size[0], : first.size[1]]
    scale = min(_MOST_ENLARGED, _COARSE_LONGEST_PX / max(first.size))
    coarse = _padded(image, scale, _COARSE_MARGIN_PX)
    grown, whole = coarse.matrix, np.vstack([first.matrix, [0.0, 0.0, 1.0]])
    return _Look(coarse.picture, coarse.size, grown @ whole)


def _padded(image: Image, scale: float, margin_px: int) -> _Look:
    """The scaled picture, padded with grey to sides that suit the network."""
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    small = cv2.resize(_halved(image, scale), (width, height)) if scale != 1 else image
    sides = [math.ceil((s + 2 * margin_px) / _MULTIPLE_PX) * _MULTIPLE_PX for s in (height, width)]
    ground = np.full((sides[0], sides[1], 3), _GREY[0], np.uint8)
    ground[margin_px : margin_px + height, margin_px : margin_px + width] = small
    grown_x, grown_y = width / image.shape[1], height / image.shape[0]
    matrix = np.array([[grown_x, 0.0, margin_px], [0.0, grown_y, margin_px]])
    return _Look(ground, (height, width), matrix)


def _halved(image: Image, scale: float) -> Image:
    """``image`` halved until ``scale`` is mostly done: fast, and without aliasing."""
    while scale < 0.6 and min(image.shape[:2]) >= 4:
        even = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
        size = (even.shape[1] // 2, even.shape[0] // 2)
        image = np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), np.uint8)
        scale *= 2
    return image


def _close_look(image: Image, box: PlateBox) -> _Look:
    """The candidate moved to its place in the close look, straightened."""
    matrix = affine_between(box.corners_px, CLOSE_QUADS[box.rows])
    whole = np.vstack([matrix, [0.0, 0.0, 1.0]])
    height, width = CLOSE_SIZE
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    reach = cv2.perspectiveTransform(frame[None], np.linalg.inv(whole))[0]
    low = np.clip(np.floor(reach.min(0)), 0, image.shape[1::-1]).astype(int)
    high = np.clip(np.ceil(reach.max(0)) + 1, 0, image.shape[1::-1]).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return _Look(np.full((height, width, 3), _GREY[0], np.uint8), CLOSE_SIZE, matrix)
    inward = whole @ np.array([[1.0, 0.0, low[0]], [0.0, 1.0, low[1]], [0.0, 0.0, 1.0]])
    shrink = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    small = _halved(part, shrink)
    grow = np.diag([part.shape[1] / small.shape[1], part.shape[0] / small.shape[0], 1.0])
    part, inward = small, inward @ grow
    seen = cv2.warpAffine(part, inward[:2], (width, height), borderValue=_GREY)
    return _Look(np.asarray(seen, np.uint8), CLOSE_SIZE, matrix)


def affine_between(source: Quad, target: Quad) -> NDArray[np.float64]:
    """The 2×3 affine matrix that brings four corners closest to four others."""
    known = np.hstack([source, np.ones((4, 1), np.float32)]).astype(np.float64)
    solved = np.linalg.lstsq(known, target.astype(np.float64), rcond=None)[0]
    return np.asarray(solved.T, np.float64)


def _decode(maps: NDArray[np.float32], lowest: float) -> list[PlateBox]:
    """The finds in one output (10×h×w), in px of the look, best first."""
    score = maps[0]
    highest = cv2.dilate(score, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((score >= lowest) & (score >= highest))
    found = []
    for row, column in zip(rows, columns, strict=True):
        middle = (np.array([column, row], np.float32) + 0.5) * STRIDE_PX
        corners = (maps[1:9, row, column].reshape(4, 2) + middle).astype(np.float32)
        if _is_plate_shaped(corners):
            count = 2 if maps[9, row, column] > 0.5 else 1
            found.append(PlateBox(corners, float(score[row, column]), count))
    return sorted(found, key=lambda box: -box.score)


def _is_plate_shaped(corners: Quad) -> bool:
    """Whether these corners can be a plate's: right way round, convex, neither line nor speck."""
    sides = np.roll(corners, -1, 0) - corners
    after = np.roll(sides, -1, 0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    lengths = np.linalg.norm(sides, axis=1)
    wide, high = lengths[0] + lengths[2], lengths[1] + lengths[3]
    return bool(turns.min() > 0 and lengths.min() > 2 and 0.5 * high < wide < 12 * high)


def _brought_back(box: PlateBox, matrix: NDArray[np.float64]) -> PlateBox:
    """A look's box in px of the picture; ``matrix`` leads from the picture into the look."""
    back = cv2.invertAffineTransform(matrix)
    corners = cv2.transform(box.corners_px[None].astype(np.float64), back)[0]
    return PlateBox(np.asarray(corners, np.float32), box.score, box.rows)


def _without_doubles(found: list[PlateBox]) -> list[PlateBox]:
    """The finds, best first, each plate once."""
    kept: list[PlateBox] = []
    for box in sorted(found, key=lambda find: -find.score):
        if all(overlap(box.corners_px, other.corners_px) < _SAME_PLATE for other in kept):
            kept.append(box)
    return kept


def overlap(quad: Quad, other: Quad) -> float:
    """Shared area over joint area of two convex quadrilaterals."""
    shared = float(cv2.intersectConvexConvex(quad, other)[0])
    joint = abs(cv2.contourArea(quad)) + abs(cv2.contourArea(other)) - shared
    return shared / joint if joint > 0 else 0.0
