"""Measures the detector on real photos that were kept out of its training."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gate.reader.detect import Detector, overlap
from gate.reader.reading import PlateBox
from gate.training.photos import Photo, Quad

SAME_PLATE = 0.3
"""Shared area over joint area from which a find counts as the labelled plate."""
GOOD_CORNERS = 0.06
"""Mean corner error, as a share of the plate's width, that still lets it be read."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was measured. ``errors`` are mean corner errors of the plates found, in plate widths;
    ``extra`` counts finds that nobody labelled, real plates among them.
    """

    photos: int
    plates: int
    errors: tuple[float, ...]
    extra: int
    median_ms: float

    def __str__(self) -> str:
        """One line to read."""
        good = sum(error < GOOD_CORNERS for error in self.errors)
        return (
            f"{self.photos} photos kept out: {len(self.errors)} of {self.plates} plates "
            f"found, {good} with a mean corner error below {GOOD_CORNERS:.0%} of their width "
            f"(median {np.median(self.errors or [1.0]):.1%}); {self.extra} unlabelled finds; "
            f"{self.median_ms:.0f} ms a photo on one thread"
        )


def check(model: Path, photos: list[Photo]) -> Check:
    """Find the plates of ``photos`` with ``model`` and compare them with the labels."""
    detector = Detector(model)
    errors: list[float] = []
    spent_ms, extra = [], 0
    for photo in photos:
        begin = time.thread_time()
        found = detector.find_plates(photo.image)
        spent_ms.append((time.thread_time() - begin) * 1000)
        errors += [error for quad in photo.plates if (error := _error(quad, found)) is not None]
        known = (*photo.plates, *photo.unsure)
        extra += sum(all(overlap(box.corners_px, q) < 0.1 for q in known) for box in found)
    plates = sum(len(photo.plates) for photo in photos)
    return Check(len(photos), plates, tuple(errors), extra, float(np.median(spent_ms or [0.0])))


def _error(quad: Quad, found: list[PlateBox]) -> float | None:
    """The mean corner error of the find that covers ``quad`` best, None where none does."""
    best = max(found, key=lambda box: overlap(box.corners_px, quad), default=None)
    if best is None or overlap(best.corners_px, quad) < SAME_PLATE:
        return None
    away = np.linalg.norm(best.corners_px - quad, axis=1).mean()
    return float(away / np.linalg.norm(quad[1] - quad[0]))
