"""Whether the reader knows when it is right: of the reads that say 0.9, nine of ten should be.

    python -m tests.bench.reliability [--photos DIR --labels CSV] [--crop] [--svg FILE]
        [--drawn N] [--seed N] [--glyphs DIR]

Without a folder: ``N`` drawn plates of all kinds, half spoilt, as `gate.training` draws them. Every
reading counts by its own confidence, that of its least certain character.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from gate.reader.readers import open_engine
from gate.training.plates import PlateArtist
from gate.training.samples import DrawnSamples
from tests.bench.labels import labelled_in
from tests.bench.reading import read_all, show_progress
from tests.bench.table import table

EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
"""Bins are narrower above, where most readings lie and where it matters."""

_SPOILT = 0.5
_SIZE_PX, _MARGIN_PX = 440, 60

Claim = tuple[float, bool]
"""What a reading says of itself, from 0 to 1, and whether it was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The readings whose confidence lies from ``low`` to ``high``."""

    low: float
    high: float
    count: int
    said: float
    right: float

    @property
    def spread(self) -> float:
        """The standard error of ``right``: few readings say little."""
        share = (self.right * self.count + 1) / (self.count + 2)
        return math.sqrt(share * (1 - share) / self.count)


def bins(claims: Sequence[Claim]) -> list[Bin]:
    """The bins that hold anything, lowest first."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [claim for claim in claims if low < claim[0] <= high or claim[0] == low == 0.0]
        if inside:
            said = sum(confidence for confidence, _ in inside) / len(inside)
            right = sum(is_right for _, is_right in inside) / len(inside)
            found.append(Bin(low, high, len(inside), said, right))
    return found


def calibration_error(found: Sequence[Bin]) -> float:
    """How far claim and truth lie apart on average (expected calibration error)."""
    total = sum(group.count for group in found)
    return sum(group.count * abs(group.said - group.right) for group in found) / total


def as_text(found: Sequence[Bin]) -> str:
    """A row for each bin, and the error below."""
    rows = [
        (
            f"{group.low:.2f}-{group.high:.2f}",
            str(group.count),
            f"{group.said:.3f}",
            f"{group.right:.3f}",
            f"±{group.spread:.3f}",
        )
        for group in found
    ]
    head = ("confidence", "readings", "says", "is right", "")
    return f"{table(head, rows)}\nexpected calibration error {calibration_error(found):.3f}"


def as_svg(found: Sequence[Bin], title: str) -> str:
    """The plot: what readings say (across) against how many are right (up); the line is ideal."""
    most = max(group.count for group in found)
    marks = []
    for group in found:
        x, y = _at(group.said, group.right)
        low, high = _at(0, group.right - group.spread)[1], _at(0, group.right + group.spread)[1]
        radius = 3 + 9 * math.sqrt(group.count / most)
        marks.append(f'<line x1="{x:.0f}" y1="{low:.0f}" x2="{x:.0f}" y2="{high:.0f}"/>')
        marks.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}">'
            f"<title>{group.count} readings say {group.said:.3f}, "
            f"{group.right:.3f} are right</title></circle>"
        )
    ticks = []
    for tenth in range(0, 11, 2):
        x, y = _at(tenth / 10, tenth / 10)
        foot, left = _at(0, 0)[1] + 18, _at(0, 0)[0] - 8
        ticks.append(f'<text x="{x:.0f}" y="{foot:.0f}" text-anchor="middle">{tenth / 10}</text>')
        ticks.append(f'<text x="{left:.0f}" y="{y + 4:.0f}" text-anchor="end">{tenth / 10}</text>')
    (x0, y0), (x1, y1) = _at(0, 0), _at(1, 1)
    side = _SIZE_PX + 2 * _MARGIN_PX
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
            'font-family="sans-serif" font-size="13">',
            f'<rect width="{side}" height="{side}" fill="white"/>',
            f'<text x="{_MARGIN_PX}" y="30" font-size="15">{title}</text>',
            f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="#444"/>',
            f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#999" stroke-dasharray="5 4"/>',
            *ticks,
            f'<text x="{side / 2}" y="{side - 16}" text-anchor="middle">confidence</text>',
            f'<text x="18" y="{side / 2}" text-anchor="middle" '
            f'transform="rotate(-90 18 {side / 2})">share right</text>',
            f'<g fill="#2563eb" fill-opacity="0.8" stroke="#1e3a8a">{"".join(marks)}</g>',
            "</svg>\n",
        ]
    )


def _at(across: float, up: float) -> tuple[float, float]:
    up = min(1.0, max(0.0, up))
    return _MARGIN_PX + across * _SIZE_PX, _MARGIN_PX + (1 - up) * _SIZE_PX


def drawn_claims(count: int, seed: int, glyphs: Path | None) -> list[Claim]:
    """What the reader says of ``count`` drawn plates, cut out as the detector would."""
    rng, engine = np.random.default_rng(seed), open_engine()
    source = DrawnSamples(PlateArtist(glyphs))
    claims = []
    for number in range(1, count + 1):
        show_progress(number, count)
        (sample,) = source.take(1, rng, _SPOILT)
        reading = engine.read_crop(sample.strip)
        if reading is not None:
            claims.append((reading.confidence, reading.plate == sample.text))
    return claims


def main() -> int:
    """Print the bins, and draw them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--crop", action="store_true")
    parser.add_argument("--drawn", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--glyphs", type=Path)
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    if asked.photos:
        pictures = labelled_in(asked.photos, asked.labels or asked.photos / "plates.csv")
        outcomes = read_all(open_engine(), pictures, is_crop=asked.crop)
        claims = [
            (outcome.answers[0].confidence, outcome.is_exact)
            for outcome in outcomes
            if outcome.answers
        ]
        title = f"{len(claims)} first readings of {asked.photos.name}"
    else:
        claims = drawn_claims(asked.drawn, asked.seed, asked.glyphs)
        title = f"{len(claims)} readings of drawn plates"
    found = bins(claims)
    print(f"{title}\n{as_text(found)}")
    if asked.svg:
        asked.svg.write_text(as_svg(found, title), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
