"""Real photos with labelled plates, read from a folder that never becomes part of the project."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Quad = NDArray[np.float32]

HELD_OUT_EVERY = 5
"""Every fifth photo by sorted name is kept out of training, to measure with."""

TEXT_ASPECT = 4.0
"""A nameless row of corners.csv at least this wide is the camera's own text, not a plate."""

_CORNER_COLUMNS = tuple(f"{c}_{axis}_px" for c in ("tl", "tr", "br", "bl") for axis in "xy")


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo: H×W×3 uint8 BGR, the corners of its plates, and of plates nobody labelled."""

    name: str
    image: Image
    plates: tuple[Quad, ...]
    rows: tuple[int, ...]
    unsure: tuple[Quad, ...]


def read_image(path: Path) -> Image | None:
    """The picture as H×W×3 uint8 BGR, or None where OpenCV cannot read the file."""
    image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)


def read_photos(real: Path, held_out: bool, longest_px: int | None = 1280) -> list[Photo]:
    """The photos for training, or those held out, shrunk to at most ``longest_px``.

    ``real`` holds ``corners.csv`` (file, plate, rows, four corners) and the photos it names.
    """
    labels = _read_corners(real / "corners.csv")
    photos = []
    for index, name in enumerate(sorted(labels)):
        if (index % HELD_OUT_EVERY == 0) != held_out:
            continue
        image = read_image(real / name)
        if image is not None:
            photos.append(_as_photo(name, image, labels[name], longest_px))
    return photos


def _read_corners(path: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of corners.csv by file name; none where there is no such file."""
    if not path.is_file():
        return {}
    by_file = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            by_file[row["file"]].append(row)
    return dict(by_file)


def _as_photo(
    name: str, image: Image, labels: list[dict[str, str]], longest_px: int | None
) -> Photo:
    """The photo at training size with its labels sorted into plates and unsure ones."""
    scale = min(1.0, longest_px / max(image.shape[:2])) if longest_px else 1.0
    if scale < 1.0:
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    plates, rows, unsure = [], [], []
    for label in labels:
        quad = np.array([float(label[c]) for c in _CORNER_COLUMNS], np.float32).reshape(4, 2)
        if label["plate"]:
            plates.append(quad * np.float32(scale))
            rows.append(int(label["rows"]))
        elif _aspect(quad) < TEXT_ASPECT:
            unsure.append(quad * np.float32(scale))
    return Photo(name, image, tuple(plates), tuple(rows), tuple(unsure))


def _aspect(quad: Quad) -> float:
    """Width over height."""
    return float(np.linalg.norm(quad[1] - quad[0]) / np.linalg.norm(quad[3] - quad[0]))
