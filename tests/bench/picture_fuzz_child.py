"""Reads broken pictures in a process that may die: its parent is `tests.bench.picture_fuzz`.

Takes ``seed first last`` and says one line a picture: its number and ``read``, ``refused`` or
what went wrong.
"""

import faulthandler
import sys
import tempfile
import traceback
from pathlib import Path

from gate.camera.picture import read_picture
from gate.reader.readers import open_engine
from gate.reader.reading import Engine
from shared.errors import OperatorError
from tests.bench.mutations import broken_file, odd_picture

_ODD_EVERY = 5


def main() -> int:
    """Read them all; the lines tell."""
    faulthandler.enable()
    seed, first, last = (int(word) for word in sys.argv[1:])
    engine = open_engine()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last):
            print(number, _tried(engine, Path(folder), seed, number), flush=True)
    return 0


def _tried(engine: Engine, folder: Path, seed: int, number: int) -> str:
    try:
        if number % _ODD_EVERY == 0:
            image = odd_picture(seed, number)
        else:
            suffix, data = broken_file(seed, number)
            path = folder / f"picture{suffix}"
            path.write_bytes(data)
            image = read_picture(path)
        engine.read(image)
        engine.read_crop(image)
    except OperatorError:
        return "refused"
    except Exception:  # noqa: BLE001  the find of this bench
        traceback.print_exc()
        return f"failed: {traceback.format_exc().splitlines()[-1]}"
    return "read"


if __name__ == "__main__":
    sys.exit(main())
