"""How well each kind of plate and each province is read, on drawn pictures of a gate.

    python -m tests.bench.kinds [--each N] [--provinces N] [--glyphs DIR] [--strength 0..1]

Every picture is 1280×720, of a car at the gate by day, dusk, night or in rain, spoilt as a camera
spoils it. A plate counts when its text is among those read. Needs Pillow and a Chinese font.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gate.reader.readers import open_engine
from gate.reader.reading import Engine
from gate.training.gatehouse import draw_gate_picture
from gate.training.plates import PlateArtist
from gate.training.texts import KINDS_DRAWN
from gate.training.weather import degrade
from shared.plate import PROVINCES

MOODS = ("day", "morning", "dusk", "night", "rain")


def share_read(
    engine: Engine, artist: PlateArtist, wanted: dict[str, str], asked: argparse.Namespace
) -> Iterator[tuple[str, int, int, list[str]]]:
    """For each row (name: kind, or name: province) what was read of how many, and the misses."""
    for name, kind in wanted.items():
        rng = np.random.default_rng((asked.seed, len(name), ord(name[0])))
        misses: list[str] = []
        count = asked.provinces if name in PROVINCES else asked.each
        for number in range(count):
            print(f"\r{name} {number + 1}/{count} ", end="", file=sys.stderr)
            plate = artist.draw(rng, kind, name if name in PROVINCES else None)
            mood = MOODS[number % len(MOODS)]
            image = degrade(draw_gate_picture(plate, rng, mood=mood), rng, asked.strength)
            found = [reading.plate for reading in engine.read(image)]
            if plate.text not in found:
                misses.append(f"{plate.text}→{'/'.join(found) or '无'} ({mood})")
        print("\r", end="", file=sys.stderr)
        yield name, count - len(misses), count, misses


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--provinces", type=int, default=0)
    parser.add_argument("--glyphs", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--strength", type=float, default=0.4)
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    artist = PlateArtist(asked.glyphs, asked.seed)
    wanted = dict(zip(KINDS_DRAWN, KINDS_DRAWN, strict=True)) if asked.each else {}
    wanted |= dict.fromkeys(PROVINCES, "small") if asked.provinces else {}
    right = total = 0
    for name, good, count, misses in share_read(open_engine("yingbin"), artist, wanted, asked):
        print(f"{name:16} {good:4} of {count:4} {good / count:6.1%}")
        if asked.misses:
            print("   " + "  ".join(misses))
        right, total = right + good, total + count
    print(f"{'together':16} {right:4} of {total:4} {right / total:6.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
