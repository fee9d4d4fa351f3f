"""Real plates to train the recogniser on, from folders that never become part of the project.

A folder holds ``crops.csv`` (file, plate, and maybe colour, rows, repo, label_from) and
``corners.csv`` (file, plate, rows, corners); ``photos.csv`` (file, plate, colour) tells colours.
Each is optional, and so are folders in it that are made alike. Every fifth plate of the crops and
every fifth photo is held out, to measure with; a whole source can be left out too.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gate.reader.rectify import Corners, loosened, straighten, whole_picture
from gate.training.paint import is_light_on_dark, repainted
from gate.training.samples import NO_COLOUR, SLANTED_SHARE, Sample, jittered, slanted
from gate.training.weather import Picture, degrade
from shared.plate import COLOURS, PROVINCES

HELD_OUT_EVERY = 5
_CORNER_COLUMNS = tuple(f"{c}_{axis}_px" for c in ("tl", "tr", "br", "bl") for axis in "xy")
_MOST_OF_A_PROVINCE = 0.1
"""How many of the plates taken show the same province: of more it is cut off, or the network
expects it everywhere."""

_REPAINTED_SHARE = 0.2
"""Of the plates of seven in one row, how many are shown in the colours of another kind: strokes,
dirt and light are real, and hardly any plates but blue ones are at hand."""

_MOST_SPOILT = 0.8
"""Of the strength asked for, at most: what is real is spoilt already."""

_PROVINCE_END = 0.15
"""Where the province ends and the letter begins, as a share of a plate's width."""


@dataclass(frozen=True, slots=True)
class RealPlate:
    """A real plate with enough of its surroundings to jitter its corners, which are a little loose
    as the reader takes them, unless the picture ends there.

    ``source`` is where it comes from; ``is_hard``: only a person could read it.
    """

    image: Picture
    corners_px: Corners
    rows: int
    text: str
    colour: int
    file: str
    source: str
    is_hard: bool = False


def read_real(real: Path | None, held_out: bool) -> list[RealPlate]:
    """Every labelled plate in ``real`` and the folders in it, for training or held out."""
    if real is None:
        return []
    tables = [*real.rglob("crops.csv"), *real.rglob("corners.csv")]
    plates = []
    for folder in sorted({table.parent for table in tables}):
        plates += _read_crops(folder, held_out) + _read_photo_plates(folder, held_out)
    return plates


def _read_crops(folder: Path, held_out: bool) -> list[RealPlate]:
    """The pictures of one plate each; all pictures of one plate are on the same side."""
    rows = _rows(folder / "crops.csv")
    numbers = {text: n for n, text in enumerate(dict.fromkeys(row["plate"] for row in rows))}
    plates = []
    for row in rows:
        if (numbers[row["plate"]] % HELD_OUT_EVERY == 0) != held_out:
            continue
        image = _read(folder / row["file"])
        if image is not None:
            plates.append(
                RealPlate(
                    image, whole_picture(image), int(row.get("rows") or 1), row["plate"],
                    _colour(row), row["file"], row.get("repo") or f"{folder.name}/crops",
                    row.get("label_from") == "hand",
                )
            )  # fmt: skip
    return plates


def _read_photo_plates(folder: Path, held_out: bool) -> list[RealPlate]:
    """The labelled plates of the photos, cut out with their surroundings."""
    known = {row["plate"]: row for row in _rows(folder / "photos.csv")}
    rows = _rows(folder / "corners.csv")
    files = {name: index for index, name in enumerate(sorted({row["file"] for row in rows}))}
    plates = []
    for row in rows:
        if not row["plate"] or (files[row["file"]] % HELD_OUT_EVERY == 0) != held_out:
            continue
        image = _read(folder / row["file"])
        if image is not None:
            plates.append(_cut(image, row, _colour(known.get(row["plate"], row)), folder))
    return plates


def _colour(row: dict[str, str]) -> int:
    """The place of the row's colour among COLOURS; where there is no such column, the colour that
    most plates of this length have; where it is empty, unknown.
    """
    colour = row.get("colour", "blue" if len(row["plate"]) == 7 else "green")
    return COLOURS.index(colour) if colour in COLOURS else NO_COLOUR


class RealSamples:
    """An endless source of samples made from real plates, each time jittered and spoilt anew.

    Of each source, plates are taken by 1/√n of those with the same province; of the sources, by √n.
    """

    def __init__(self, plates: list[RealPlate]) -> None:
        self._plates = plates
        if not plates:
            return
        places = Counter((plate.source, plate.text[0]) for plate in plates)
        odds = np.array([places[plate.source, plate.text[0]] ** -0.5 for plate in plates])
        for source, count in Counter(plate.source for plate in plates).items():
            is_of = np.array([plate.source == source for plate in plates])
            odds[is_of] *= count**0.5 / odds[is_of].sum()
        self._odds = odds / odds.sum()
        shown = Counter[str]()
        for plate, share in zip(plates, self._odds, strict=True):
            shown[plate.text[0]] += share
        self._kept = {place: _MOST_OF_A_PROVINCE / share for place, share in shown.items()}

    def take(self, count: int, rng: np.random.Generator, strength: float) -> list[Sample]:
        """``count`` samples; the commonest provinces are mostly cut off."""
        if not self._plates:
            return []
        chosen = rng.choice(len(self._plates), count, p=self._odds)
        return [self._sample(self._plates[int(i)], rng, strength) for i in chosen]

    def _sample(self, plate: RealPlate, rng: np.random.Generator, strength: float) -> Sample:
        corners, text = jittered(plate.corners_px, rng, 0.8), plate.text
        may_cut = plate.rows == 1 and text[0] in PROVINCES
        if may_cut and rng.random() > self._kept[text[0]]:
            corners, text = _without_province(corners, rng), text[1:]
        if rng.random() < SLANTED_SHARE:
            corners = slanted(corners, rng)
        image, colour = plate.image, plate.colour
        if plate.rows == 1 and len(plate.text) == 7 and rng.random() < _REPAINTED_SHARE:
            image, colour = _repainted(plate, rng)
        spoilt = degrade(image, rng, strength * float(rng.uniform(0.1, _MOST_SPOILT)))
        return Sample(straighten(spoilt, corners, plate.rows), text, colour)


def _repainted(plate: RealPlate, rng: np.random.Generator) -> tuple[Picture, int]:
    """The plate in any colour; those of unknown colour all have light ink."""
    light = plate.colour == NO_COLOUR or is_light_on_dark(COLOURS[plate.colour])
    colour = int(rng.integers(len(COLOURS)))
    return repainted(plate.image, light, COLOURS[colour], rng), colour


def exact(plate: RealPlate) -> Sample:
    """The plate cut by its true corners, as it is."""
    return Sample(straighten(plate.image, plate.corners_px, plate.rows), plate.text, plate.colour)


def _without_province(corners: Corners, rng: np.random.Generator) -> Corners:
    share = np.float32(rng.normal(_PROVINCE_END, 0.007))
    cut = corners.copy()
    cut[0] += share * (corners[1] - corners[0])
    cut[3] += share * (corners[2] - corners[3])
    return cut


def _cut(image: Picture, row: dict[str, str], colour: int, folder: Path) -> RealPlate:
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
    return RealPlate(
        piece.copy(), corners * np.float32(scale), int(row["rows"]), row["plate"], colour,
        row["file"], f"{folder.name}/photos",
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
