"""Stand-ins for the gate's tests: readings, frames, and an engine that reads what it is told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from gate.frame import Frame, Image
from gate.reading import PlateReading
from shared.plate import kind_of

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def plate(
    text: str, confidence: float = 0.8, *, x: float = 100, candidates: tuple[str, ...] = ()
) -> PlateReading:
    """A reading of ``text`` whose least certain character has ``confidence``."""
    corners = ((x, 50.0), (x + 100, 50.0), (x + 100, 80.0), (x, 80.0))
    characters = (*[0.99] * (len(text) - 1), confidence)
    return PlateReading(
        plate=text,
        raw_plate=text,
        kind=kind_of(text),
        colour="blue",
        confidence=confidence,
        characters=characters,
        province_confidence=0.99,
        candidates=candidates,
        corners_px=corners,
        is_incomplete=len(text) < 7,
        rows=1,
    )


def picture(shade: int = 90, *, width_px: int = 64, height_px: int = 48) -> Image:
    """A picture of one grey."""
    return np.full((height_px, width_px, 3), shade, np.uint8)


def frame(after_s: float = 0.0, *, scene: int = 0, shade: int = 90) -> Frame:
    """A frame taken ``after_s`` seconds after the start."""
    return Frame(picture(shade), START + timedelta(seconds=after_s), "test", scene)


@dataclass(frozen=True)
class FakeEngine:
    """Reads a picture by its grey: ``plates[shade]``. Near greys count, as JPEG changes them."""

    plates: dict[int, list[PlateReading]]

    def read(self, image: Image) -> list[PlateReading]:
        """See Engine."""
        shade = int(image.mean())
        return [
            reading
            for known, readings in self.plates.items()
            if abs(known - shade) <= 4
            for reading in readings
        ]

    def read_crop(self, image: Image) -> PlateReading | None:
        """See Engine."""
        return next(iter(self.read(image)), None)
