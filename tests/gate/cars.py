"""Stand-ins for the gate's tests: readings, frames, and an engine that reads what it is told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from gate.camera.frame import Frame, Image
from gate.reader.reading import PlateReading
from shared.plate import kind_of
from shared.words import Voice, read_words

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
VOICE = Voice(read_words("gate"), "zh-CN")
Seen = tuple[float, list[PlateReading]]
"""A second, and what the frame of that second reads."""


def plate(
    text: str,
    confidence: float = 0.8,
    *,
    x: float = 100,
    y: float = 50,
    width: float = 100,
    candidates: tuple[str, ...] = (),
) -> PlateReading:
    """A reading of ``text`` whose least certain character, the last, has ``confidence``."""
    right, foot = x + width, y + 0.3 * width
    return PlateReading(
        plate=text,
        raw_plate=text,
        kind=kind_of(text),
        colour="blue",
        confidence=confidence,
        characters=(*[0.99] * (len(text) - 1), confidence),
        province_confidence=0.99,
        candidates=candidates,
        corners_px=((x, y), (right, y), (right, foot), (x, foot)),
        is_incomplete=len(text) < 7,
        rows=1,
    )


def plate_at(
    distance_m: float, text: str, confidence: float = 0.8, *, lane_m: float = 0.0
) -> PlateReading:
    """A reading of a car at this distance from a camera that looks down along the drive."""
    width = 700 / distance_m
    left = 640 + lane_m * 1600 / distance_m - width / 2
    return plate(text, confidence, x=left, y=100 + 2400 / distance_m, width=width)


def drive(
    text: str,
    confidence: float = 0.8,
    *,
    start_s: float = 0.0,
    metres: tuple[float, float] = (10.0, 4.0),
    kmh: float = 10.0,
    fps: float = 10.0,
    lane_m: float = 0.0,
) -> list[Seen]:
    """What each frame reads of a car that drives from the first distance to the second."""
    start, end = metres
    frames = int(abs(end - start) / (kmh / 3.6) * fps) + 1
    steps = [start + (end - start) * number / (frames - 1) for number in range(frames)]
    return [
        (start_s + number / fps, [plate_at(metre, text, confidence, lane_m=lane_m)])
        for number, metre in enumerate(steps)
    ]


def stand(
    text: str,
    confidence: float = 0.8,
    *,
    start_s: float = 0.0,
    seconds: float = 10.0,
    metre: float = 4.0,
    fps: float = 10.0,
) -> list[Seen]:
    """What each frame reads of something that does not move."""
    return [
        (start_s + number / fps, [plate_at(metre, text, confidence)])
        for number in range(int(seconds * fps))
    ]


def together(*views: list[Seen]) -> list[Seen]:
    """Several cars or boards in front of one camera, frame by frame."""
    frames: dict[float, list[PlateReading]] = {}
    for at, readings in (seen for view in views for seen in view):
        frames.setdefault(round(at, 4), []).extend(readings)
    return sorted(frames.items())


def picture(shade: int = 90, *, width_px: int = 64, height_px: int = 48) -> Image:
    """A picture of one grey."""
    return np.full((height_px, width_px, 3), shade, np.uint8)


def frame(
    after_s: float = 0.0, *, scene: int = 0, shade: int = 90, is_photo: bool = False
) -> Frame:
    """A frame taken ``after_s`` seconds after the start."""
    return Frame(picture(shade), START + timedelta(seconds=after_s), "test", scene, is_photo)


def photo(after_s: float = 0.0, *, scene: int = 0, shade: int = 90) -> Frame:
    """A frame that shows a photo: what stands in it counts."""
    return frame(after_s, scene=scene, shade=shade, is_photo=True)


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
