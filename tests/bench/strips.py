"""How well weights read plates of sources, conditions and kinds, several of them side by side.

    python -m tests.bench.strips [MODEL.onnx …] [--real DIR] [--glyphs DIR] [--each N] [--sure]

Without ``MODEL`` the product's own weights. Every plate is cut out by its true corners, read once
and decoded as the gate does. ``DIR`` is what `gate.training.real` reads; what training held out
stands in a row of its own, and only where weights never saw a source does its row tell how a
strange site is read. ``--sure`` lists what is wrong with more than 0.98 of confidence.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gate.reader.grammar import decode
from gate.reader.recognise import MODEL, Recogniser
from gate.training.others import cut_piece, read_pieces
from gate.training.plates import PlateArtist
from gate.training.real import RealPlate, exact, read_real
from gate.training.samples import Sample, photographed
from gate.training.texts import KINDS_DRAWN
from gate.training.weather import Picture
from shared.plate import PROVINCES
from tests.bench.reliability import Claim, bins, calibration_error
from tests.bench.table import table

_SPOILT = 0.6
_BATCH = 64
_SURE = 0.98
_ERROR, _FALSE = "calibration error, real plates", "plates where none is"

_SMALL_PX, _TILTED, _DARK, _BLURRED, _PALE = 80.0, 0.1, 60.0, 120.0, 60.0
"""Width; slope (rise over run); mean brightness; variance of the Laplacian; the span between the
darkest and the brightest twentieth."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One plate cut out, the rows of the table in which it counts, and what it is called."""

    sample: Sample
    rows: tuple[str, ...]
    name: str
    is_real: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What was read of one strip: its text (empty: nothing) and how sure."""

    text: str
    confidence: float
    is_possible: bool


def read_strips(recogniser: Recogniser, samples: Sequence[Sample]) -> list[Said]:
    """What the gate would read of each strip."""
    said = []
    for start in range(0, len(samples), _BATCH):
        strips = np.stack([sample.strip for sample in samples[start : start + _BATCH]])
        for characters, colours in zip(*recogniser.look(strips), strict=True):
            text = decode(characters, colours, 1)
            said.append(
                Said(text.plate, min(text.characters), text.kind is not None)
                if text
                else Said("", 0.0, False)
            )
    return said


def conditions_of(plate: RealPlate, strip: Picture) -> Iterator[str]:
    """What makes a plate hard to read."""
    across = plate.corners_px[1] - plate.corners_px[0]
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY)
    low, high = np.percentile(grey, (5, 95))
    if float(np.linalg.norm(across)) < _SMALL_PX:
        yield "small"
    if abs(float(across[1])) > _TILTED * abs(float(across[0])):
        yield "tilted"
    if grey.mean() < _DARK:
        yield "dark"
    if cv2.Laplacian(grey, cv2.CV_64F).var() < _BLURRED:
        yield "blurred"
    if high - low < _PALE:
        yield "pale or dirty"
    if plate.is_hard:
        yield "read by a person only"


def real_strips(real: Path | None) -> Iterator[Strip]:
    """Real plates: each counts for its source, for what was held out of it, for its conditions."""
    for held_out in (False, True):
        for plate in read_real(real, held_out):
            sample = exact(plate)
            rows = (plate.source, *conditions_of(plate, sample.strip))
            kept = (f"{plate.source}, held out",) if held_out else ()
            yield Strip(sample, (*rows, *kept), plate.file, True)


def drawn_strips(glyphs: Path | None, each: int) -> Iterator[Strip]:
    """``each`` plates of every kind, and small blue ones of every province, all spoilt."""
    artist = PlateArtist(glyphs, 1)
    for number, name in enumerate((*KINDS_DRAWN, *PROVINCES) if each else ()):
        rng = np.random.default_rng((1, number))
        wanted = ("small", name) if name in PROVINCES else (name, None)
        for _ in range(each):
            plate = artist.draw(rng, *wanted)
            yield Strip(photographed(plate, rng, _SPOILT), (f"drawn {name}",), plate.text, False)


def main() -> int:
    """Print the table: for each row the share that is read exactly by each of the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="*", metavar="MODEL.onnx", default=[MODEL])
    parser.add_argument("--real", type=Path)
    parser.add_argument("--glyphs", type=Path)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--sure", action="store_true")
    asked = parser.parse_args()
    strips = [*real_strips(asked.real), *drawn_strips(asked.glyphs, asked.each)]
    rng = np.random.default_rng(1)
    pieces = [cut_piece(p, rng, 0.0) for p in read_pieces(asked.real, True)] if asked.real else []
    columns = [_column(Recogniser(model), strips, pieces, asked.sure) for model in asked.models]
    counts = Counter(row for strip in strips for row in strip.rows)
    counts[_FALSE] = len(pieces)
    lines = [
        (row, str(counts[row] or ""), *(column.get(row, "") for column in columns))
        for row in (*counts, _ERROR)
    ]
    print(table(("strips", "of", *(str(model.parent.name) for model in asked.models)), lines))
    return 0


def _column(
    recogniser: Recogniser, strips: list[Strip], pieces: list[Sample], is_told: bool
) -> dict[str, str]:
    """What one model's weights reach in each row, their calibration and their false plates."""
    right: dict[str, list[bool]] = defaultdict(list)
    claims: list[Claim] = []
    for strip, said in zip(
        strips, read_strips(recogniser, [strip.sample for strip in strips]), strict=True
    ):
        is_right = said.text == strip.sample.text
        for row in strip.rows:
            right[row].append(is_right)
        claims += [(said.confidence, is_right)] if strip.is_real and said.text else []
        if is_told and strip.is_real and said.confidence > _SURE and not is_right:
            print(f"{strip.name}: read as {said.text} with {said.confidence:.3f}")
    cells = {row: f"{np.mean(shares):.1%}" for row, shares in right.items()}
    cells[_ERROR] = f"{calibration_error(bins(claims)):.3f}" if claims else ""
    cells[_FALSE] = str(sum(said.is_possible for said in read_strips(recogniser, pieces)))
    return cells


if __name__ == "__main__":
    sys.exit(main())
