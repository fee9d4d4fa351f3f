"""The default reader: find plates, straighten each, recognise, decode by the grammar."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gate.camera.frame import Image
from gate.reader.grammar import PlateText, decode
from gate.reader.lattice import Probabilities
from gate.reader.reading import PlateBox, PlateReading
from gate.reader.rectify import (
    ACROSS,
    DOWN,
    Corners,
    loosened,
    straighten,
    upright,
    whole_picture,
)

_POSSIBLE = 0.1
"""A possible plate is dropped if its least certain character is below this: it is guesswork."""

_DOUBTFUL = 0.3
"""If no look gives a possible text whose every character is above this, one more is taken, of
characters that are set upright: on a plate seen from the side they may still slant."""

_LEGIBLE = 0.6
_FEWEST = 4
"""A text that fits no plate is dropped if its least certain character is below this, or if it has
fewer characters: lettering, grilles and windscreens read like that. So is one that the picture's
edge cuts off: in a video the car is still coming into view, in a photo it is not the subject."""

_SURE = 0.9
"""If the text of the first look is possible and every character above this, no other look is
taken."""

_TWO_ROWS_BELOW = 2.6
"""Width over height below which a cut-out plate may have two rows."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How to cut a plate out: the number of rows, how much to add around its corners, and whether
    to set its characters upright.
    """

    rows: int
    across: float = ACROSS
    down: float = DOWN
    is_set_upright: bool = False


class Finder(Protocol):
    """Finds plates: `gate.reader.detect.Detector`, or a stand-in."""

    def find_plates(self, image: Image) -> list[PlateBox]:
        """Boxes that may hold a plate, best first."""
        ...


class Looker(Protocol):
    """Reads strips: `gate.reader.recognise.Recogniser`, or a stand-in."""

    def look(self, strips: NDArray[np.uint8]) -> tuple[Probabilities, Probabilities]:
        """Probabilities of characters and of colours."""
        ...


class TwoStepEngine:
    """A detector and a recogniser as one `gate.reader.reading.Engine`."""

    def __init__(self, finder: Finder, looker: Looker) -> None:
        self._finder = finder
        self._looker = looker

    def read(self, image: Image) -> list[PlateReading]:
        """Every plate found in ``image``: possible ones that are all in the picture first, then
        large and certain ones.
        """
        readings = []
        for box in self._finder.find_plates(image):
            found = self._read_box(image, box.corners_px, _looks_at(box.rows))
            if found is not None and _is_legible(found, image):
                readings.append(found)
        return sorted(readings, key=lambda reading: _worth(reading, image), reverse=True)

    def read_crop(self, image: Image) -> PlateReading | None:
        """The plate that fills ``image``, or None if no character is legible."""
        height, width = image.shape[:2]
        rows = (2, 1) if width < _TWO_ROWS_BELOW * height else (1, 1)
        corners = whole_picture(image)
        looks = (_Look(rows[0], 0.0, 0.0), _Look(rows[1], -ACROSS, -DOWN), _Look(rows[1]))
        whole = self._read_box(image, corners, looks)
        if whole is not None and _is_sure(whole):
            return whole
        boxes = self._finder.find_plates(image)[:1]
        inner = [self._read_box(image, box.corners_px, _looks_at(box.rows)) for box in boxes]
        seen = [reading for reading in [whole, *inner] if reading is not None]
        return max(seen, key=_rank, default=None)

    def _read_box(
        self, image: Image, corners: Corners, looks: tuple[_Look, ...]
    ) -> PlateReading | None:
        """The text of the first look if it is certain; else the likeliest over all looks."""
        found = self._read_looks(image, corners, looks[:1])
        if not any(_is_sure(text) for text, _ in found):
            found += self._read_looks(image, corners, looks[1:])
        if all(_is_doubtful(text) for text, _ in found):
            last = replace(looks[0], is_set_upright=True)
            found += self._read_looks(image, corners, (last,))
        if not found:
            return None
        together: dict[str, float] = defaultdict(float)
        for text, _ in found:
            together[text.plate] += float(np.exp(text.score))
        plate = max(together, key=lambda text: together[text])
        text, rows = max(
            (look for look in found if look[0].plate == plate), key=lambda look: look[0].score
        )
        return _reading(text, corners, rows)

    def _read_looks(
        self, image: Image, corners: Corners, looks: tuple[_Look, ...]
    ) -> list[tuple[PlateText, int]]:
        """What each of several looks at one place reads, with its number of rows."""
        if not looks:
            return []
        strips = np.stack([_cut(image, corners, look) for look in looks])
        characters, colours = self._looker.look(strips)
        texts = [
            (decode(said, ground, look.rows), look.rows)
            for said, ground, look in zip(characters, colours, looks, strict=True)
        ]
        return [(text, rows) for text, rows in texts if text is not None]


def _cut(image: Image, corners: Corners, look: _Look) -> Image:
    strip = straighten(image, loosened(corners, look.across, look.down), look.rows)
    return upright(strip) if look.is_set_upright else strip


def _looks_at(rows: int) -> tuple[_Look, ...]:
    """The looks at a found plate: as it is, looser in case it was cut off, with other rows."""
    return (
        _Look(rows),
        _Look(rows, 2.5 * ACROSS, 2 * DOWN),
        _Look(rows, 0.0, 0.0),
        _Look(3 - rows),
    )


def _reading(text: PlateText, corners: Corners, rows: int) -> PlateReading:
    return PlateReading(
        plate=text.plate,
        raw_plate=text.raw_plate,
        kind=text.kind,
        colour=text.colour,
        confidence=min(text.characters),
        characters=text.characters,
        province_confidence=text.province_confidence,
        candidates=text.candidates,
        corners_px=tuple((float(x), float(y)) for x, y in corners),
        is_incomplete=text.is_incomplete,
        rows=rows,
    )


def _is_doubtful(text: PlateText) -> bool:
    return text.kind is None or min(text.characters) <= _DOUBTFUL


def _is_sure(answer: PlateText | PlateReading) -> bool:
    return answer.kind is not None and min(answer.characters) > _SURE


def _is_legible(reading: PlateReading, image: Image) -> bool:
    """Whether it is a plate, or a large part of one that something in the picture hides."""
    if reading.kind is not None:
        return reading.confidence > _POSSIBLE
    is_much = len(reading.plate) >= _FEWEST and reading.confidence > _LEGIBLE
    return is_much and _is_whole(reading, image)


def _is_whole(reading: PlateReading, image: Image) -> bool:
    """Whether the picture's edge does not cut it off."""
    corners = np.array(reading.corners_px)
    return bool((corners >= 0).all() and (corners <= image.shape[1::-1]).all())


def _rank(reading: PlateReading) -> tuple[bool, float]:
    """Of two looks at one plate: a possible text first, then the more certain characters."""
    certain = float(np.mean(np.log(np.maximum(reading.characters, 1e-6))))
    return reading.kind is not None and not reading.is_incomplete, certain


def _worth(reading: PlateReading, image: Image) -> tuple[bool, bool, float]:
    """Of two plates in one picture: a possible one first, then one that is not cut off by the
    picture's edge, then the larger and more certain.
    """
    left, right = np.array(reading.corners_px[0]), np.array(reading.corners_px[1])
    large = float(np.linalg.norm(right - left)) * reading.confidence
    return reading.kind is not None, _is_whole(reading, image), large
