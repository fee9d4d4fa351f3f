"""Pictures to train the detector on: plates on drawn cars and, where given, on real photos."""

import argparse
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gate.reader.detect import CLOSE_SIZE
from gate.reader.rectify import whole_picture
from gate.training import compose
from gate.training.compose import Image, Quad, Size
from gate.training.demo import draw_demo
from gate.training.gatehouse import Backdrop, draw_backdrop, draw_gate_picture
from gate.training.others import draw_other
from gate.training.photos import Photo
from gate.training.plates import DrawnPlate, PlateArtist

__all__ = ["Scene", "SceneArtist", "draw_gate_picture", "run"]

BACKDROPS = 40
"""Drawn surroundings kept at hand; one is replaced every ``RENEW_EVERY`` pictures."""
RENEW_EVERY = 120
PLATES = 400
FRESH_SHARE = 0.35
"""Plates kept at hand, and how often a fresh one is drawn instead; it then stays."""
BACKDROP_SIZE: Size = (360, 640)

REAL_SHARE = 0.7
"""Pictures made from a real photo, when there are any."""
ELSEWHERE_SHARE = 0.12
ELSEWHERE_CLOSE_SHARE = 0.3
"""Looks at a place without a plate, from afar and close by."""
OTHERS_SHARE = 0.2
"""Pictures with a sign or a foreign plate in it."""
COVERED_SHARE = 0.6
"""Real plates that a drawn one is laid over, so that no photo is learned by heart."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A training picture (H×W×3 uint8 BGR), its plates' corners and rows.

    ``unsure`` are plates that are cut off or too small: neither right nor wrong to find.
    """

    image: Image
    plates: tuple[Quad, ...]
    rows: tuple[int, ...]
    unsure: tuple[Quad, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """A picture to look at, before the look."""

    image: Image
    plates: tuple[Quad, ...]
    rows: tuple[int, ...]
    unsure: tuple[Quad, ...]
    covered: float


class SceneArtist:
    """Draws an endless sequence of scenes from its random generator."""

    def __init__(self, plates: PlateArtist, photos: list[Photo], rng: Generator) -> None:
        self._plates = plates
        self._drawn_plates: list[DrawnPlate] = []
        self._photos = photos
        self._backdrops = [draw_backdrop(rng, BACKDROP_SIZE) for _ in range(BACKDROPS)]
        self._drawn = 0

    def draw(self, size: Size, rng: Generator) -> Scene:
        """One scene; of ``CLOSE_SIZE`` it is a close look at a plate or at nothing."""
        self._renew(rng)
        source = self._source(rng)
        close = size == CLOSE_SIZE
        aim, rows = _aim(source, ELSEWHERE_CLOSE_SHARE if close else ELSEWHERE_SHARE, rng)
        if close:
            matrix = compose.close_view(aim, rows, rng)
        else:
            matrix = compose.view(aim, size, _size(source.image), rng)
        image = compose.seen(source.image, matrix, size, rng)
        plates = [compose.moved(q, matrix) for q in source.plates]
        unsure = [compose.moved(q, matrix) for q in source.unsure]
        if rng.random() < (0.15 if close else 0.5):
            compose.litter(image, [*plates, *unsure], rng)
        found = [
            self._dress(image, q, r, source.covered, rng)
            for q, r in zip(plates, source.rows, strict=True)
        ]
        taken = [*plates, *unsure]
        if not close:
            found += self._strewn(image, taken, rng)
        if rng.random() < OTHERS_SHARE:
            spot = compose.moved(aim, matrix) if close else None
            self._other(image, taken, spot, rng)
        return _finished(compose.weather(image, rng), found, unsure)

    def _renew(self, rng: Generator) -> None:
        """Replace the oldest drawn surroundings now and then."""
        self._drawn += 1
        if self._drawn % RENEW_EVERY == 0:
            at = (self._drawn // RENEW_EVERY) % BACKDROPS
            self._backdrops[at] = draw_backdrop(rng, BACKDROP_SIZE)

    def _plate(self, rng: Generator) -> DrawnPlate:
        """A fresh plate, or one drawn not long ago."""
        kept = self._drawn_plates
        if len(kept) == PLATES and rng.random() >= FRESH_SHARE:
            return kept[int(rng.integers(0, PLATES))]
        plate = self._plates.draw(rng)
        if len(kept) < PLATES:
            kept.append(plate)
        else:
            kept[int(rng.integers(0, PLATES))] = plate
        return plate

    def _source(self, rng: Generator) -> _Source:
        """A real photo or drawn surroundings."""
        if self._photos and rng.random() < REAL_SHARE:
            photo = self._photos[int(rng.integers(0, len(self._photos)))]
            return _Source(photo.image, photo.plates, photo.rows, photo.unsure, COVERED_SHARE)
        backdrop: Backdrop = self._backdrops[int(rng.integers(0, BACKDROPS))]
        return _Source(backdrop.image, (backdrop.place,), (1,), (), 1.0)

    def _dress(
        self, image: Image, quad: Quad, rows: int, covered: float, rng: Generator
    ) -> tuple[Quad, int]:
        """Lay a drawn plate over ``quad``, or leave the real one; what is there then."""
        if rng.random() >= covered:
            return quad, rows
        plate = self._plate(rng)
        if plate.rows > rows:
            quad = compose.as_high_as_two_rows(quad)
        elif plate.rows < rows:
            return quad, rows
        grown = _grown(quad, 1.0 + float(rng.uniform(0.01, 0.06)))
        self._fasten(image, plate, grown, rng)
        return grown, plate.rows

    def _strewn(self, image: Image, taken: list[Quad], rng: Generator) -> list[tuple[Quad, int]]:
        """Plates laid on places that are free."""
        found = []
        for _ in range(int(rng.choice((0, 1, 2), p=(0.6, 0.3, 0.1)))):
            plate = self._plate(rng)
            flat = whole_picture(plate.image)
            quad = compose.moved(flat, compose.view(flat, _size(image), None, rng))
            if any(_boxes_touch(quad, other) for other in taken):
                continue
            self._fasten(image, plate, quad, rng)
            taken.append(quad)
            found.append((quad, plate.rows))
        return found

    def _other(self, image: Image, taken: list[Quad], spot: Quad | None, rng: Generator) -> None:
        """Lay on a sign or a foreign plate, at ``spot`` or anywhere, where no plate of ours is."""
        board = draw_other(rng)
        if spot is None:
            flat = whole_picture(board.image)
            spot = compose.moved(flat, compose.view(flat, _size(image), None, rng))
        if not any(_boxes_touch(spot, other) for other in taken):
            self._fasten(image, board, spot, rng)

    def _fasten(self, image: Image, plate: DrawnPlate, quad: Quad, rng: Generator) -> None:
        """Lay the plate on, now and then in a holder of its own."""
        if rng.random() < 0.3:
            shade = int(rng.integers(0, 90) if rng.random() < 0.7 else rng.integers(120, 230))
            holder = _grown(quad, float(rng.uniform(1.03, 1.12)))
            outline = np.round(holder * 16).astype(np.int32)
            cv2.fillPoly(image, [outline], (shade,) * 3, cv2.LINE_AA, 4)
        blend = float(rng.uniform(0.2, 0.9)) if rng.random() < 0.5 else 0.0
        compose.lay_on(image, plate.image, quad, float(rng.uniform(0.5, 1.1)), blend)


def _aim(source: _Source, elsewhere: float, rng: Generator) -> tuple[Quad, int]:
    """What to look at: mostly one of the plates, sometimes any place; and its rows."""
    if not source.plates or rng.random() < elsewhere:
        return _anywhere(source.image, rng), 1
    chosen = int(rng.integers(0, len(source.plates)))
    return source.plates[chosen], source.rows[chosen]


def _size(image: Image) -> Size:
    """Height and width."""
    return (image.shape[0], image.shape[1])


def _anywhere(image: Image, rng: Generator) -> Quad:
    """A plate-shaped place at random."""
    height, width = image.shape[:2]
    wide = width * rng.choice((rng.uniform(0.06, 0.3), rng.uniform(0.3, 0.9)))
    left, top = rng.uniform(0, width - wide), rng.uniform(0, 0.9 * height)
    box = np.array([[0, 0], [wide, 0], [wide, wide / 3.1], [0, wide / 3.1]], np.float32)
    return np.asarray(box + np.array([left, top]), np.float32)


def _grown(quad: Quad, by: float) -> Quad:
    """The corners moved away from the centre."""
    centre = quad.mean(0)
    return np.asarray((quad - centre) * by + centre, np.float32)


def _boxes_touch(quad: Quad, other: Quad) -> bool:
    """Whether the upright boxes of both, a little grown, have a point in common."""
    gap = np.maximum(quad.min(0) - other.max(0), other.min(0) - quad.max(0))
    return bool(gap.max() < 6)


def _finished(image: Image, found: list[tuple[Quad, int]], unsure: list[Quad]) -> Scene:
    """The scene, with plates that are cut off or tiny set aside as unsure."""
    plates, rows, aside = [], [], list(unsure)
    for quad, count in found:
        if _share_inside(quad, image) > 0.8 and np.linalg.norm(quad[1] - quad[0]) > 10:
            plates.append(quad)
            rows.append(count)
        else:
            aside.append(quad)
    return Scene(image, tuple(plates), tuple(rows), tuple(aside))


def _share_inside(quad: NDArray[np.float32], image: Image) -> float:
    """How much of the quadrilateral's area lies inside the picture, 0 to 1."""
    height, width = image.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    area = abs(float(cv2.contourArea(quad)))
    shared = float(cv2.intersectConvexConvex(quad, frame)[0])
    return shared / area if area > 1 else 0.0


def run(args: argparse.Namespace) -> None:
    """Draw the demo's pictures into ``args.out``, and the truth about them."""
    draw_demo(args.out, args.glyphs, args.seed)
