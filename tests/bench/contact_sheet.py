"""Many pictures on one sheet, each with what was read: what failures look like.

    python -m tests.bench.contact_sheet SHEET.png --photos DIR --labels CSV [--crop] [--all]

The photos whose plate was not read exactly; with ``--all`` every photo.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gate.camera.frame import Image
from gate.camera.picture import read_picture
from gate.reader.readers import open_engine
from gate.training.glyphs import text_shape
from shared.errors import OperatorError
from tests.bench.labels import labelled_in
from tests.bench.reading import read_all
from tests.bench.scores import Corners, Outcome

TILE_PX = (300, 190)
"""Width and height of a picture on the sheet; under it is room for two lines."""

LINE_PX = 22
_COLUMNS = 5
_AROUND = 1.2
"""How much is shown on each side of a plate, as a share of its width."""

_GROUND, _INK, _MARK = 250, 20, (60, 60, 240)


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture and up to two lines under it; ``corners_px`` is where to look, if known."""

    image: Image
    lines: tuple[str, ...]
    corners_px: Corners | None = None


def draw_sheet(tiles: Sequence[Tile], path: Path) -> None:
    """Write ``tiles`` row by row as one PNG; without any, a sheet with one empty place."""
    width, height = TILE_PX[0] + 10, TILE_PX[1] + 2 * LINE_PX + 14
    rows = max(1, -(-len(tiles) // _COLUMNS))
    sheet = np.full((rows * height, _COLUMNS * width, 3), _GROUND, np.uint8)
    for number, tile in enumerate(tiles):
        top, left = number // _COLUMNS * height + 5, number % _COLUMNS * width + 5
        picture = _fitted(_marked(tile))
        sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
        for line, text in enumerate(tile.lines):
            _write(sheet, text, left, top + TILE_PX[1] + 4 + line * LINE_PX)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", sheet)[1].tobytes())


def sheet_of_misses(misses: Sequence[Outcome], path: Path) -> None:
    """The pictures of ``misses`` with label and reading."""
    draw_sheet([_tile(outcome) for outcome in misses], path)


def _tile(outcome: Outcome) -> Tile:
    picture, best = outcome.picture, outcome.answers[0] if outcome.answers else None
    read = f"读 {best.text} {best.confidence:.2f}" if best else "读 nothing"
    try:
        image = read_picture(picture.path)
    except OperatorError:
        image, read = np.full((60, 100, 3), 200, np.uint8), "cannot be opened"
    return Tile(image, (f"真 {picture.plate}", read), best.corners_px if best else None)


def _marked(tile: Tile) -> Image:
    """The part around the plate, with the found corners joined up."""
    if tile.corners_px is None:
        return tile.image
    corners = np.array(tile.corners_px, np.float64)
    low, high = corners.min(0), corners.max(0)
    around = _AROUND * (high[0] - low[0])
    size = np.array(tile.image.shape[1::-1])
    left, top = np.clip(low - around, 0, size - 1).astype(int)
    right, bottom = np.clip(high + around, 1, size).astype(int)
    part = np.ascontiguousarray(tile.image[top:bottom, left:right])
    cv2.polylines(part, [np.round(corners - [left, top]).astype(np.int32)], True, _MARK, 1)
    return part


def _fitted(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(TILE_PX[0] / width, TILE_PX[1] / height)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=way), np.uint8)


def _write(sheet: Image, text: str, left: int, top: int) -> None:
    """A line of text, at most as wide as a tile."""
    shape = text_shape(text)
    width = min(TILE_PX[0], round(shape.shape[1] * (LINE_PX - 6) / shape.shape[0]))
    mask = cv2.resize(shape, (max(1, width), LINE_PX - 6), interpolation=cv2.INTER_AREA)
    place = sheet[top : top + mask.shape[0], left : left + mask.shape[1]]
    place[:] = (place + mask[:, :, None] * (_INK - place.astype(np.float32))).astype(np.uint8)


def main() -> int:
    """Read, and draw what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--crop", action="store_true")
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    pictures = labelled_in(asked.photos, asked.labels)
    outcomes = read_all(open_engine(), pictures, is_crop=asked.crop)
    shown = [outcome for outcome in outcomes if asked.all or not outcome.is_exact]
    sheet_of_misses(shown, asked.sheet)
    print(f"{asked.sheet}: {len(shown)} of {len(outcomes)} photos")
    return 0


if __name__ == "__main__":
    sys.exit(main())
