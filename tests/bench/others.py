"""How many plates are read where there is none.

    python -m tests.bench.others [--count 300] [--seed N] [--photos DIR …] [--sheet FILE.png]

Drawn pictures of other things, and the photos below each ``DIR`` (the folder of an installed
package that brings sample pictures will do): none may hold a Chinese plate. A possible plate is
one that could exist; a piece of text is what the gate would keep, but call incomplete. The exit
status is 1 where a possible plate was read.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from gate.camera.frame import Image
from gate.camera.picture import files_below, is_picture, read_picture
from gate.reader.readers import open_engine
from shared.errors import OperatorError
from tests.bench.contact_sheet import Tile, draw_sheet
from tests.bench.other_pictures import draw
from tests.bench.reading import show_progress

_SURE = 0.5

_SMALLEST_PX = 100
"""Pictures narrower than this are a package's buttons and icons."""


def others(count: int, seed: int, folders: list[Path]) -> Iterator[tuple[str, Image]]:
    """The name of each picture and the picture: first the drawn pictures, then the photos."""
    for number in range(count):
        what, image = draw(number, seed)
        yield f"{number} {what}", image
    for folder in folders:
        for path in filter(is_picture, files_below(folder)):
            try:
                image = read_picture(path)
            except OperatorError:
                continue
            if min(image.shape[:2]) >= _SMALLEST_PX:
                yield path.name, image


def main() -> int:
    """Print what was read, picture by picture, and the count."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--photos", type=Path, nargs="*", default=[])
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    engine = open_engine()
    seen = pieces = 0
    possible: list[float] = []
    tiles = []
    for name, image in others(asked.count, asked.seed, asked.photos):
        seen += 1
        show_progress(seen, max(seen, asked.count), name)
        for found in engine.read(image):
            what = found.kind or "a piece of text"
            possible += [found.confidence] if found.kind else []
            pieces += found.kind is None
            print(f"{name}: {found.plate} ({what}, {found.confidence:.2f})")
            line = f"{found.plate} {found.confidence:.2f} {what}"
            tiles.append(Tile(image, (name, line), found.corners_px))
    if asked.sheet:
        draw_sheet(tiles, asked.sheet)
    sure = sum(confidence >= _SURE for confidence in possible)
    print(
        f"{seen} pictures without a plate: {len(possible)} possible plates, {sure} of them with "
        f"confidence {_SURE} or more; {pieces} pieces of text"
    )
    return 1 if possible else 0


if __name__ == "__main__":
    sys.exit(main())
