"""Strips to train the recogniser on: drawn plates as a camera and the detector give them."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gate.reader.rectify import Corners, along_strip, loosened, straighten, whole_picture
from gate.training.plates import DrawnPlate, PlateArtist
from gate.training.weather import Picture, degrade, stretched
from shared.plate import COLOURS

NO_COLOUR = -100
"""The colour of a sample whose colour is unknown: the loss leaves it out."""

_SMALLEST_PX, _LARGEST_PX = 13.0, 64.0
"""Heights of one row of a plate in the camera's picture."""

_LEAST_SPOILT = 0.35
"""Of the strength asked for, what each sample gets at least: nights are bad, not all of them."""

_BOXED_SHARE, _BOXED_TILT = 0.25, 1.7
"""Plates cut by an upright box, as older detectors and people do, and how much more they tilt."""

SLANTED_SHARE, _MOST_SLANT = 0.08, 0.5
"""Plates whose strip stays slanted, and by how much of its height at most."""

_STRETCHED_SHARE = 0.08
"""Plates of a camera that stretches the contrast of each part of its picture by itself."""

_FRESH_SHARE = 0.34
"""Of the drawn samples in a batch, how many plates are new; the others get a new look only."""


_AS_SEEN = str.maketrans("OI", "01")


def as_seen(text: str) -> str:
    """``text`` as the network can know it: on a plate the letter O looks like the digit 0."""
    return text.translate(_AS_SEEN)


@dataclass(frozen=True, slots=True)
class Sample:
    """A 40×160×3 uint8 BGR strip, its text in the stored form, its colour's place in COLOURS.

    ``places``: how far along the strip, from 0 to 1, each character stands; empty: unknown.
    """

    strip: Picture
    text: str
    colour: int
    places: tuple[float, ...] = ()


class DrawnSamples:
    """An endless source of drawn samples; it keeps a few plates to photograph them repeatedly."""

    def __init__(self, artist: PlateArtist, kept: int = 300) -> None:
        self._artist = artist
        self._kept = kept
        self._plates: list[DrawnPlate] = []
        self._next = 0

    def take(self, count: int, rng: np.random.Generator, strength: float) -> list[Sample]:
        """``count`` samples, spoilt up to ``strength`` (0 to 1)."""
        fresh = self._kept - len(self._plates) or max(1, round(count * _FRESH_SHARE))
        for _ in range(fresh):
            self._add(self._artist.draw(rng))
        chosen = rng.integers(0, len(self._plates), count)
        spoilt = strength * rng.uniform(_LEAST_SPOILT, 1.0, count)
        return [
            photographed(self._plates[int(i)], rng, float(much))
            for i, much in zip(chosen, spoilt, strict=True)
        ]

    def _add(self, plate: DrawnPlate) -> None:
        if len(self._plates) < self._kept:
            self._plates.append(plate)
        else:
            self._plates[self._next] = plate
            self._next = (self._next + 1) % self._kept


def photographed(plate: DrawnPlate, rng: np.random.Generator, strength: float) -> Sample:
    """The plate hung on something, seen from somewhere, spoilt, found and straightened again."""
    row_px = float(np.exp(rng.uniform(np.log(_SMALLEST_PX), np.log(_LARGEST_PX))))
    row_px = max(row_px, 26.0 * (1.0 - strength))
    height_px = row_px * (1.0 if plate.rows == 1 else 1.7)
    squeeze = rng.uniform(0.72, 1.06)  # seen from the side
    width_px = height_px * plate.image.shape[1] / plate.image.shape[0] * squeeze
    size = (max(16, round(width_px)), max(8, round(height_px)))
    face = np.asarray(cv2.resize(plate.image, size, interpolation=cv2.INTER_AREA), np.uint8)
    loose = rng.random() < _BOXED_SHARE
    quad = _tilted(size, rng, strength * (_BOXED_TILT if loose else 1.0))
    matrix = _onto(plate.image, quad)
    seen = degrade(_hang(face, quad, rng), rng, strength)
    if rng.random() < _STRETCHED_SHARE:
        seen = stretched(seen, rng)
    found = _bounding(quad, rng) if loose else jittered(loosened(quad), rng, 0.3 + 0.7 * strength)
    if rng.random() < SLANTED_SHARE:
        found = slanted(found, rng)
    places: NDArray[np.float32] = np.empty(0, np.float32)
    if plate.centres_px:
        centres = np.array([plate.centres_px], np.float32)
        places = along_strip(cv2.perspectiveTransform(centres, matrix)[0], found, plate.rows)
    return Sample(
        straighten(seen, found, plate.rows),
        plate.text,
        COLOURS.index(plate.colour) if plate.colour in COLOURS else NO_COLOUR,
        tuple(float(place) for place in places),
    )


def jittered(quad: Corners, rng: np.random.Generator, strength: float = 1.0) -> Corners:
    """Corners as a detector may give them: each a few per cent off, all too loose or too tight."""
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    x_off = rng.normal(0.0, 0.012, 4) + rng.normal(0.0, 0.012)
    x_off += np.array([-1, 1, 1, -1]) * rng.normal(0.0, 0.018)
    y_off = rng.normal(0.0, 0.035, 4) + np.array([-1, -1, 1, 1]) * rng.normal(0.0, 0.05)
    moved = x_off[:, None] * across + y_off[:, None] * down
    return (quad + moved * strength).astype(np.float32)


def slanted(quad: Corners, rng: np.random.Generator) -> Corners:
    """Corners that leave the strip's characters slanted, as where a detector misjudged the tilt."""
    down = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    along = (quad[1] - quad[0]) / np.linalg.norm(quad[1] - quad[0])
    reach = rng.uniform(-_MOST_SLANT, _MOST_SLANT) * float(np.linalg.norm(down)) / 2
    moved = loosened(quad, abs(reach) / float(np.linalg.norm(quad[1] - quad[0])), 0.0)
    return np.asarray(moved + np.outer([1, 1, -1, -1], reach * along), np.float32)


def _tilted(size: tuple[int, int], rng: np.random.Generator, strength: float) -> Corners:
    """Where the plate's corners come to lie, all coordinates above 0."""
    width, height = size
    spread = 0.2 + 0.8 * strength
    angle = rng.normal(0.0, 0.09) * spread
    shear = rng.normal(0.0, 0.12) * spread
    quad = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = quad @ turn.T
    quad[:, 0] += shear * quad[:, 1]
    quad += rng.normal(0.0, 0.035 * height * spread, (4, 2))
    margin = np.array([0.12 * width, 0.35 * height])
    return (quad - quad.min(axis=0) + margin).astype(np.float32)


def _bounding(quad: Corners, rng: np.random.Generator) -> Corners:
    """An upright box around the plate, as older detectors and hand-cut crops have it."""
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    box = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return jittered(box, rng, 0.8)


def _hang(face: Picture, quad: Corners, rng: np.random.Generator) -> Picture:
    """The plate warped into ``quad`` on a piece of car."""
    size = tuple(int(v) for v in np.ceil(quad.max(axis=0) + quad.min(axis=0)))
    seen = _background((size[1], size[0]), rng)
    matrix = _onto(face, quad)
    cv2.warpPerspective(face, matrix, size, dst=seen, borderMode=cv2.BORDER_TRANSPARENT)
    return seen


def _onto(face: Picture, quad: Corners) -> NDArray[np.float64]:
    """The matrix that brings the whole of ``face`` into ``quad``."""
    source = whole_picture(face) - np.float32(0.5)
    return np.asarray(cv2.getPerspectiveTransform(source, quad - np.float32(0.5)), np.float64)


def _background(shape: tuple[int, int], rng: np.random.Generator) -> Picture:
    """Car body, grille or shadow: a few tones that run into each other."""
    grid = (int(rng.integers(2, 6)), int(rng.integers(2, 9)))
    tone = rng.uniform(15, 235)
    tint = rng.normal(0.0, 18.0, 3) if rng.random() < 0.7 else rng.normal(0.0, 70.0, 3)
    rough = rng.uniform(2, 60)
    patches = tone + tint + rng.normal(0.0, rough, grid)[:, :, None]
    small = np.clip(patches, 0, 255).astype(np.uint8)
    how = cv2.INTER_NEAREST if rng.random() < 0.25 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(small, (shape[1], shape[0]), interpolation=how), np.uint8)


def as_batch(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """The strips as the network wants them: N×3×40×160 float32, about -1 to 1."""
    strips = np.stack([sample.strip for sample in samples])
    return np.ascontiguousarray(strips.transpose(0, 3, 1, 2), np.float32) / 127.5 - 1.0
