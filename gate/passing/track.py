"""Follows each plate through the frames of a video. Pure: time comes with the frames.

Lengths are in widths of the plate, so that distance and resolution make no difference.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self

from gate.camera.frame import Frame
from gate.reader.reading import PlateReading
from shared.messages import Direction
from shared.plate import is_plausible

Way = Literal["towards", "away", "left", "right", "up", "down"]
"""Where a car drives, as the camera sees it: towards it, away from it, or across the picture."""

SAME_PLATE = 2
"""Up to this many different characters are one plate misread, where the path fits too."""
SAME_PLACE = 4
"""Up to this many are one plate near where it was expected: about half may be misread."""
INSTANT_S = 0.5
"""Within this time no other car can take the place of this one, whatever is read."""
LEGIBLE = 0.5
"""A board or a grille that looks like a plate has characters less certain than this."""
SAME_BOX = 0.4
"""Two finds of one frame closer than this are one plate; two plates cannot overlap."""

_TEXTS = 8
"""How many texts of a plate are remembered: a clock's text changes every second."""
_SLACK, _SLACK_PER_S = 0.8, 0.3
"""How far from its path a plate may be found, and how much more for each second."""
_UNKNOWN_PER_S, _UNKNOWN_MOST = 8.0, 5.0
"""How far a plate of unknown speed may come until its next sighting: in a second, and at most."""
_SIZE_SLACK, _SIZE_SLACK_PER_S = 0.3, 0.1
"""How much larger or smaller (natural logarithm) than expected a plate may be found."""
_HASTE = 1.6
"""An approaching car seems to speed up: it may come this much further than at its last speed."""
_STEP, _GROWTH = 0.3, 0.5
"""A plate that has shifted or grown (natural logarithm) by this much has moved. Corners tremble
less than that, even those of a board that is hard to read; its sides tremble most."""
_NEARER = 0.14
"""A plate that has moved, and grown by this much (natural logarithm), comes nearer."""
_SAME_SPOT = 0.2
"""Places this close and this alike in size are the same place."""
_LEAP = 5.0
"""A movement this many times as large needs no third sighting to be believed."""
_FIXTURE = 6.0
"""What stood here before must move this many times as far before it counts as driving."""
_STILL, _STILL_FOR_S = 0.5, 0.3
"""What drifts less than this in this many seconds stands still."""


@dataclass(frozen=True, slots=True)
class Place:
    """The centre and the width of a plate, in px, and when it was there."""

    x: float
    y: float
    width: float
    at: datetime

    def shift(self, other: "Place") -> float:
        """The distance to ``other``, in widths."""
        return math.hypot(other.x - self.x, other.y - self.y) / self.width

    def growth(self, other: "Place") -> float:
        """How much larger ``other`` is: natural logarithm of the ratio."""
        return math.log(other.width / self.width)

    def steps(self, other: "Place") -> float:
        """How surely a plate that was here and is at ``other`` now has moved: from 1 on it has."""
        return max(self.shift(other) / _STEP, abs(self.growth(other)) / _GROWTH)

    def progress(self, other: "Place", way: Way) -> float:
        """How far ``other`` is ahead along ``way``: 1 and more is sure, -1 is surely behind."""
        if way in ("towards", "away"):
            ahead = self.growth(other) / _NEARER
        else:
            along = other.x - self.x if way in ("left", "right") else other.y - self.y
            ahead = along / self.width / _STEP
        return -ahead if way in ("away", "left", "up") else ahead


@dataclass(frozen=True, slots=True)
class Sighting:
    """One plate as read in one frame."""

    reading: PlateReading
    frame: Frame

    @property
    def certainty(self) -> float:
        """The confidence of its least certain character."""
        return min(self.reading.characters, default=self.reading.confidence)

    @property
    def is_clear(self) -> bool:
        """Whether it can be a plate, and each character is more likely right than wrong."""
        return self.reading.kind is not None and self.certainty >= LEGIBLE

    @property
    def place(self) -> Place:
        """Where the plate is in the frame."""
        corners = self.reading.corners_px
        xs, ys = zip(*corners, strict=True)
        width = max(math.dist(corners[0], corners[1]), 1.0)
        return Place(sum(xs) / len(xs), sum(ys) / len(ys), width, self.frame.taken_at)


@dataclass(slots=True, eq=False)
class Track:
    """One plate while it is in view: where it appeared, where it is, and how it moves."""

    first: Place
    last: Place
    texts: tuple[str, ...]
    """The texts that were read of it lately."""
    is_fixture: bool = False
    """It stood here before; it counts as a car again only when it drives off."""
    sights: int = 1
    has_moved: bool = False
    drift: float = 0.0
    """How surely it is moving: from 1 on it is."""
    _second: Place | None = None
    _speed: tuple[float, float, float] = field(default=(0.0, 0.0, 0.0))
    """Px a second right and down, and growth (natural logarithm) a second."""

    @classmethod
    def begun(cls, sighting: Sighting) -> Self:
        """Begin the track of a plate that just appeared."""
        return cls(sighting.place, sighting.place, (sighting.reading.plate,))

    @property
    def lasted_s(self) -> float:
        """Seconds from its first to its last sighting."""
        return abs((self.last.at - self.first.at).total_seconds())

    @property
    def is_still(self) -> bool:
        """Whether it was seen for long enough and stands; a slow car may do neither."""
        is_seen = self.sights > 2 and self.lasted_s > _STILL_FOR_S
        return not self.has_moved and (self.is_fixture or (is_seen and self.drift < _STILL))

    def take(self, sighting: Sighting) -> None:
        """Continue with ``sighting``."""
        place, before = sighting.place, self.last
        self._speed = self._speed_at(place)
        self.drift = self._drift_to(place, before)
        self.has_moved = self.has_moved or self.drift >= (_FIXTURE if self.is_fixture else 1.0)
        self._second = self._second or place
        self.last = place
        self.sights += 1
        text = sighting.reading.plate
        self.texts = (*[known for known in self.texts if known != text], text)[-_TEXTS:]

    def heading(self, way: Way) -> Direction:
        """Whether it came in or went out, where ``way`` is the way in."""
        ahead = self.first.progress(self.last, way)
        if not self.has_moved or abs(ahead) < 1:
            return Direction.UNKNOWN
        return Direction.IN if ahead > 0 else Direction.OUT

    def stands_where(self, other: "Track") -> bool:
        """Whether it began where ``other`` ended, and reads alike: the same thing, back in view.

        What does not read like a plate may change its text, as a clock does.
        """
        place = other.last
        if place.shift(self.first) > _SAME_SPOT or abs(place.growth(self.first)) > _SAME_SPOT:
            return False
        pairs = [(text, known) for text in self.texts for known in other.texts]
        is_no_plate = not any(is_plausible(text) for pair in pairs for text in pair)
        return is_no_plate or any(plate_distance(*pair) <= SAME_PLATE for pair in pairs)

    def strangeness(self, sighting: Sighting) -> float | None:
        """How unlike ``sighting`` is to what this plate should be; None: it is another plate."""
        text = sighting.reading.plate
        differing = min(plate_distance(text, known) for known in self.texts)
        off = self._off_path(sighting.place)
        gap_s = abs((sighting.frame.taken_at - self.last.at).total_seconds())
        is_same = (
            differing == 0
            or (differing <= SAME_PLATE and off <= 1)
            or (differing <= SAME_PLACE and off <= 0.5)
            or (
                off <= SAME_BOX
                and (gap_s <= INSTANT_S or (self.is_still and not sighting.is_clear))
            )
        )
        return differing + min(off, 10.0) if is_same else None

    def _speed_at(self, place: Place) -> tuple[float, float, float]:
        gap_s = max(abs((place.at - self.last.at).total_seconds()), 1e-3)
        moved = (place.x - self.last.x, place.y - self.last.y, self.last.growth(place))
        right, down, growth = (each / gap_s for each in moved)
        if self._second is None:
            return right, down, growth
        known = self._speed
        return (known[0] + right) / 2, (known[1] + down) / 2, (known[2] + growth) / 2

    def _drift_to(self, place: Place, before: Place) -> float:
        """How surely it has moved to ``place`` from where it appeared; 1 is enough.

        A single odd sighting, even the first, is not enough: a half hidden plate is found half a
        width aside. A leap is enough: nothing hides that much of a plate.
        """
        steps = self.first.steps(place)
        if self._second is None:
            return steps / _LEAP
        return min(steps, 2 * self._second.steps(place), 2 * self.first.steps(before))

    def _off_path(self, place: Place) -> float:
        """How far ``place`` is from where the plate can be by now; 1 is the edge of that.

        It may have stopped or gone on: anything between is on its path.
        """
        gap_s = abs((place.at - self.last.at).total_seconds())
        reach = _SLACK + _SLACK_PER_S * gap_s
        size_reach = _SIZE_SLACK + _SIZE_SLACK_PER_S * gap_s
        if self._second is None:
            reach = min(_SLACK + _UNKNOWN_PER_S * gap_s, _UNKNOWN_MOST)
            size_reach = min(_SIZE_SLACK + gap_s, 1.0)
        ahead = [speed * gap_s * _HASTE for speed in self._speed]
        aside = _from_line(place.x - self.last.x, place.y - self.last.y, ahead[0], ahead[1])
        grown, expected = self.last.growth(place), ahead[2]
        misfit = max(min(0.0, expected) - grown, grown - max(0.0, expected), 0.0)
        return max(aside / self.last.width / reach, misfit / size_reach)


def continued(tracks: Sequence[Track], sightings: Sequence[Sighting]) -> list[int | None]:
    """For each sighting of one frame, the number of the track it continues; None: it begins one.

    No track gets two sightings, and no sighting goes to a track that fits another one better.
    """
    found = sorted(
        (cost, t, s)
        for t, track in enumerate(tracks)
        for s, sighting in enumerate(sightings)
        if (cost := track.strangeness(sighting)) is not None
    )
    track_of: list[int | None] = [None] * len(sightings)
    for _, t, s in found:
        if track_of[s] is None and t not in track_of:
            track_of[s] = t
    return track_of


def distinct(readings: Iterable[PlateReading]) -> list[PlateReading]:
    """The ``readings`` with a text, each plate once, in a fixed order."""
    found: list[PlateReading] = []
    for reading in sorted(readings, key=_order):
        if reading.plate and all(_apart(kept, reading) > SAME_BOX for kept in found):
            found.append(reading)
    return found


def plate_distance(text: str, other: str) -> int:
    """How many characters must be changed, added or dropped to turn one text into the other."""
    above = list(range(len(other) + 1))
    for row, character in enumerate(text, start=1):
        here = [row]
        for column, wanted in enumerate(other, start=1):
            kept = above[column - 1] + (character != wanted)
            here.append(min(kept, above[column] + 1, here[-1] + 1))
        above = here
    return above[-1]


def _order(reading: PlateReading) -> tuple[object, ...]:
    """Puts the surer of two finds of one plate first, in whatever order they were found."""
    return (
        reading.kind is None,
        -min(reading.characters, default=0.0),
        reading.corners_px,
        reading.plate,
    )


def _apart(kept: PlateReading, other: PlateReading) -> float:
    (x0, y0), (x1, y1) = (
        (sum(x for x, _ in r.corners_px) / 4, sum(y for _, y in r.corners_px) / 4)
        for r in (kept, other)
    )
    return math.hypot(x1 - x0, y1 - y0) / max(math.dist(*kept.corners_px[:2]), 1.0)


def _from_line(x: float, y: float, end_x: float, end_y: float) -> float:
    """How far the point (x, y) is from the line between (0, 0) and (end_x, end_y)."""
    squared = end_x * end_x + end_y * end_y
    along = min(max((x * end_x + y * end_y) / squared, 0.0), 1.0) if squared else 0.0
    return math.hypot(x - along * end_x, y - along * end_y)
