"""Real plates to train the recogniser on, from a folder that never becomes part of the project.

The folder holds ``crops.csv`` (file, plate) and ``corners.csv`` (file, plate, rows, corners);
``photos.csv`` (file, plate, colour) tells colours. Each is optional. Every fifth crop and
every fifth photo is held out, to measure with.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gate.reader.rectify import Corners, loosened, straighten, whole_picture
from gate.training.samples import NO_COLOUR, Sample, jittered
from gate.training.weather import Picture, degrade
from shared.plate import COLOURS, PROVINCES

HELD_OUT_EVERY = 5
_CORNER_COLUMNS = tuple(f"{c}_{axis}_px" for c in ("tl", "tr", "br", "bl") for axis in "xy")
_COMMON_PROVINCE_SHARE = 0.12
"""How often a province that most crops share is left on: more, and the network expects it
everywhere."""

_PROVINCE_END = 0.15
"""Where the province ends and the letter begins, as a share of a plate's width."""


@dataclass(frozen=True, slots=True)
class RealPlate:
    """A real plate with enough of its surroundings to jitter its corners, which are a little loose
    as the reader takes them, unless the picture ends there.
    """

    image: Picture
    corners_px: Corners
    rows: int
    text: str
    colour: int
    file: str


def read_crops(real: Path, held_out: bool) -> list[RealPlate]:
    """The pictures of one plate each, for training or held out."""
    plates = []
    for index, row in enumerate(_rows(real / "crops.csv")):
        image = _read(real / row["file"])
        if image is not None and (index % HELD_OUT_EVERY == 0) == held_out:
            colour = COLOURS.index("blue") if len(row["plate"]) == 7 else COLOURS.index("green")
            plates.append(
                RealPlate(image, whole_picture(image), 1, row["plate"], colour, row["file"])
            )
    return plates


def read_photo_plates(real: Path, held_out: bool) -> list[RealPlate]:
    """The labelled plates of the photos, cut out with their surroundings."""
    colours = {row["plate"]: row["colour"] for row in _rows(real / "photos.csv")}
    rows = _rows(real / "corners.csv")
    files = {name: index for index, name in enumerate(sorted({row["file"] for row in rows}))}
    plates = []
    for row in rows:
        if not row["plate"] or (files[row["file"]] % HELD_OUT_EVERY == 0) != held_out:
            continue
        image = _read(real / row["file"])
        if image is not None:
            plates.append(_cut(image, row, colours.get(row["plate"], "")))
    return plates


class RealSamples:
    """An endless source of samples made from real plates, each time jittered and spoilt anew."""

    def __init__(self, plates: list[RealPlate]) -> None:
        self._plates = plates
        counts = Counter(plate.text[0] for plate in plates)
        self._common = {place for place, count in counts.items() if count > len(plates) / 3}

    def take(self, count: int, rng: np.random.Generator, strength: float) -> list[Sample]:
        """``count`` samples; the commonest province is mostly cut off."""
        if not self._plates:
            return []
        chosen = rng.integers(0, len(self._plates), count)
        return [self._sample(self._plates[int(i)], rng, strength) for i in chosen]

    def _sample(self, plate: RealPlate, rng: np.random.Generator, strength: float) -> Sample:
        corners, text = jittered(plate.corners_px, rng, 0.8), plate.text
        in_crowd = plate.rows == 1 and text[0] in self._common and text[0] in PROVINCES
        if in_crowd and rng.random() > _COMMON_PROVINCE_SHARE:
            corners, text = _without_province(corners, rng), text[1:]
        return Sample(
            straighten(degrade(plate.image, rng, 0.45 * strength), corners, plate.rows),
            text,
            plate.colour,
        )


def exact(plate: RealPlate) -> Sample:
    """The plate cut by its true corners, as it is."""
    return Sample(straighten(plate.image, plate.corners_px, plate.rows), plate.text, plate.colour)


def _without_province(corners: Corners, rng: np.random.Generator) -> Corners:
    share = np.float32(rng.normal(_PROVINCE_END, 0.007))
    cut = corners.copy()
    cut[0] += share * (corners[1] - corners[0])
    cut[3] += share * (corners[2] - corners[3])
    return cut


def _cut(image: Picture, row: dict[str, str], colour: str) -> RealPlate:
    """The plate and half its size around it; large plates at a size that is quick to spoil."""
    corners = np.array([float(row[name]) for name in _CORNER_COLUMNS], np.float32).reshape(4, 2)
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = (high - low) * 0.3 + 4
    left, top = (int(v) for v in np.maximum(low - margin, 0))
    right, bottom = (int(v) for v in np.minimum(high + margin, image.shape[1::-1]))
    piece = image[top:bottom, left:right]
    corners = corners - np.array([left, top], np.float32)
    corners = loosened(corners)
    scale = min(1.0, 240.0 / float(high[0] - low[0]))
    if scale < 1.0:
        size = (round(piece.shape[1] * scale), round(piece.shape[0] * scale))
        piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_AREA), np.uint8)
    number = COLOURS.index(colour) if colour in COLOURS else NO_COLOUR
    return RealPlate(
        piece.copy(), corners * np.float32(scale), int(row["rows"]), row["plate"], number,
        row["file"],
    )  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _read(path: Path) -> Picture | None:
    """The picture as BGR, or None where OpenCV cannot read the file."""
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)
