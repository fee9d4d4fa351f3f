"""An engine that reads only inside the technician's areas, and reports what it leaves out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from gate.camera.frame import Image
from gate.passing.areas import Areas, Window
from gate.passing.refusal import Corners, OnRefused, Refusal, place_of, why_illegible
from gate.passing.unread import Unread
from gate.reader.reading import Engine, Found, PlateBox, PlateReading
from shared.clock import Clock

SAME_PLACE = 0.5
"""A reading whose centre is within this many widths of a found plate is the reading of it."""


class AreasKept(Protocol):
    """Knows the current areas: `gate.passing.areas_file.AreasFile`, or a stand-in."""

    @property
    def current(self) -> Areas:
        """The areas in force."""


class AreaEngine:
    """An Engine around another, which sees only the part of the frame that holds the region.

    ``open_engine`` is given what receives every plate that is found, read or not; ``areas`` is
    asked before each frame, so that a change takes effect with the next one.
    """

    def __init__(
        self,
        open_engine: Callable[[Found], Engine],
        areas: AreasKept,
        on_refused: OnRefused,
        clock: Clock,
    ) -> None:
        self._kept, self._on_refused, self._clock = areas, on_refused, clock
        self._found: list[PlateBox] = []
        self._unread = Unread()
        self._engine = open_engine(self._found.extend)

    def read(self, image: Image) -> list[PlateReading]:
        """See Engine. Corners are those of the whole ``image``."""
        areas, moment = self._kept.current, self._clock()
        size = image.shape[1], image.shape[0]
        window = areas.window(*size)
        self._found.clear()
        readings = [_moved(reading, window) for reading in self._engine.read(window.of(image))]
        read, refused = [], []
        for reading in readings:
            if reason := areas.why_not(reading.corners_px, *size):
                refused.append(Refusal(reason, moment, image, reading.corners_px, reading.plate))
            else:
                read.append(reading)
        for corners_px in self._illegible(window, readings):
            if areas.why_not(corners_px, *size) is None:
                reason = why_illegible(image, corners_px)
                refused.append(Refusal(reason, moment, image, corners_px))
        for refusal in self._unread.see(moment, refused, read):
            self._on_refused(refusal)
        return read

    def read_crop(self, image: Image) -> PlateReading | None:
        """See Engine."""
        return self._engine.read_crop(image)

    def _illegible(self, window: Window, readings: list[PlateReading]) -> list[Corners]:
        """The found plates that could not be read, in px of the whole picture."""
        found = [tuple((float(x), float(y)) for x, y in box.corners_px) for box in self._found]
        places = [window.corners_in_picture(corners_px) for corners_px in found]
        return [
            place for place in places if not any(_is_at(reading, place) for reading in readings)
        ]


def _moved(reading: PlateReading, window: Window) -> PlateReading:
    return replace(reading, corners_px=window.corners_in_picture(reading.corners_px))


def _is_at(reading: PlateReading, corners_px: Corners) -> bool:
    (x0, y0, width), (x1, y1, _) = place_of(reading.corners_px), place_of(corners_px)
    return abs(x1 - x0) <= SAME_PLACE * width and abs(y1 - y0) <= SAME_PLACE * width
