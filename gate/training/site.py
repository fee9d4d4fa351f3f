"""A site's own plates to learn from: the strips that people there corrected or confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import cv2
import numpy as np

from gate.corrections.confusions import is_another_plate
from gate.corrections.kept import Strip, read_kept
from gate.training.plates import PlateArtist
from gate.training.real import HELD_OUT_EVERY
from gate.training.samples import NO_COLOUR, Sample, as_seen, photographed
from gate.training.weather import Picture, degrade
from shared.errors import OperatorError
from shared.plate import ALPHABET

FEWEST_PLATES = 2 * HELD_OUT_EVERY
"""Of fewer not even two are kept out: that says nothing."""

DRAWN_KEPT_OUT, _DRAWN_SEED, _DRAWN_STRENGTH = 400, 3, 0.8
"""Drawn by a seed that no training draws by, spoilt as those that a training measures itself on."""

_MOST_SPOILT = 0.5
"""Of the strength asked for, at most: a strip is small, and spoilt already."""

_MOVED_PX, _SCALED, _SHEARED = (2.5, 1.2), 0.03, 0.08
"""How far a strip is moved across and down, how much wider or higher it is, and how much it slants:
one deviation each, as corners are found differently the next time.
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A 40×160×3 uint8 BGR strip, what stands on the plate, and in how many rows."""

    strip: Picture
    text: str
    rows: int


def read_site(folder: Path) -> list[Labelled]:
    """What people corrected at the gate whose folder this is.

    Raises: OperatorError where it is too little to learn from and to judge by.
    """
    plates = [Labelled(each.image, each.plate, each.rows) for each in _usable(read_kept(folder))]
    count = len({plate.text for plate in plates})
    if count < FEWEST_PLATES:
        raise OperatorError("error.training_few", path=folder, count=count, least=FEWEST_PLATES)
    return plates


def _usable(kept: Iterable[Strip]) -> list[Strip]:
    """Those that teach: no other car's plate, and no sign that the network does not know."""
    return [
        each
        for each in kept
        if not is_another_plate(each.read, each.plate)
        and all(sign in ALPHABET for sign in as_seen(each.plate))
    ]


def side(plates: Sequence[Labelled], *, held_out: bool) -> list[Labelled]:
    """The fifth that is kept out, or the rest; all strips of one plate are on the same side."""
    texts = sorted({plate.text for plate in plates}, key=_shuffled)
    kept_out = set(texts[::HELD_OUT_EVERY])
    return [plate for plate in plates if (plate.text in kept_out) == held_out]


def _shuffled(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


def drawn_kept_out(glyphs: Path | None) -> list[Labelled]:
    """Drawn plates of every kind: what was learned before must not be forgotten."""
    artist, rng = PlateArtist(glyphs, _DRAWN_SEED), np.random.default_rng(_DRAWN_SEED)
    drawn = [artist.draw(rng) for _ in range(DRAWN_KEPT_OUT)]
    return [
        Labelled(photographed(plate, rng, _DRAWN_STRENGTH).strip, plate.text, plate.rows)
        for plate in drawn
    ]


class SiteSamples:
    """An endless source of samples made from a site's strips, each plate as often as any other."""

    def __init__(self, plates: Sequence[Labelled]) -> None:
        self._plates: dict[str, list[Labelled]] = {}
        for plate in plates:
            self._plates.setdefault(plate.text, []).append(plate)
        self._texts = list(self._plates)

    def take(self, count: int, rng: np.random.Generator, strength: float) -> list[Sample]:
        """``count`` samples, moved and spoilt anew."""
        if not self._texts:
            return []
        chosen = (self._texts[int(i)] for i in rng.integers(0, len(self._texts), count))
        return [self._sample(text, rng, strength) for text in chosen]

    def _sample(self, text: str, rng: np.random.Generator, strength: float) -> Sample:
        of_plate = self._plates[text]
        strip = _moved(of_plate[int(rng.integers(len(of_plate)))].strip, rng)
        spoilt = degrade(strip, rng, strength * float(rng.uniform(0.0, _MOST_SPOILT)))
        return Sample(spoilt, text, NO_COLOUR)


def _moved(strip: Picture, rng: np.random.Generator) -> Picture:
    """The strip as corners a little elsewhere would give it; what lies outside repeats its edge."""
    height, width = strip.shape[:2]
    wider, higher = 1 + rng.normal(0.0, _SCALED, 2)
    slant = rng.normal(0.0, _SHEARED)
    right, down = rng.normal(0.0, _MOVED_PX)
    middle = np.array([width / 2, height / 2])
    turn = np.array([[wider, slant], [0.0, higher]])
    offset = middle - turn @ middle + (right, down)
    matrix = np.column_stack([turn, offset])
    moved = cv2.warpAffine(strip, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)
