"""Which results of a camera are one car, and what its plate is (同车归并). Pure.

The state is nothing but this fold over what was kept: after a restart the results of the last day
are taken once more, and whatever follows from them has the same ids again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from gate.camera.frame import Frame
from gate.passing.ballot import Ballot, Tally
from gate.passing.track import SAME_PLATE, Sighting, plate_distance
from gate.passing.vote import LEAST_SHARE, VoteRules
from gate.reader.reading import PlateReading
from gate.vendors.read import VendorRead
from shared.messages import Direction
from shared.plate import is_plausible, kind_of

SAME_CAR_S = 60.0
"""Within this time a vendor's name of a car means the same car; later it may be given anew."""
_ALSO = {"up": "away", "down": "towards"}
_OPPOSITE = {"towards": "away", "away": "towards", "left": "right", "right": "left"}
_CORNERS = ((0.0, 0.0), (100.0, 0.0), (100.0, 32.0), (0.0, 32.0))
"""A camera made for plates shows each wide enough."""
_NO_PICTURE = np.zeros((1, 1, 3), np.uint8)


class Verdict(StrEnum):
    """What became of a result; the page says it."""

    TOLD = "told"
    CORRECTS = "corrects"
    SAME_CAR = "same_car"
    TOLD_BEFORE = "told_before"
    SENT_AGAIN = "sent_again"
    WAITS = "waits"
    NO_PLATE = "no_plate"
    NO_CAR = "no_car"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Seen:
    """A result of a camera, and when it was."""

    read: VendorRead
    message_id: str
    """Of what follows from it."""
    correction_id: str
    came_at: datetime
    seen_at: datetime
    """By our clock; earlier than ``came_at`` if it waited in the camera."""


@dataclass(frozen=True, slots=True)
class Told:
    """A car that came or left."""

    seen: Seen
    """The first result of the car."""
    tally: Tally
    direction: Direction
    is_uncertain: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """What the plate of a car that was told really is."""

    correction_id: str
    arrival_id: str
    plate: str
    at: datetime


Outcome = Told | Corrected


def outcome_id(outcome: Outcome) -> str:
    """The id of the message that it becomes."""
    return outcome.correction_id if isinstance(outcome, Corrected) else outcome.seen.message_id


@dataclass(slots=True)
class _Car:
    """A car before the camera, or just past it."""

    first: Seen
    last: Seen
    ballot: Ballot = field(default_factory=Ballot)
    count: int = 0
    way: str | None = None
    is_doubtful: bool = False
    told: str | None = None
    """The plate that was told."""
    is_news: bool = False
    is_uncertain: bool = False

    def take(self, seen: Seen) -> None:
        """Count another result; each has the same say, however fast they follow each other."""
        taken_at = self.first.seen_at + timedelta(seconds=self.count)
        frame = Frame(_NO_PICTURE, taken_at, seen.read.camera, is_photo=True)
        self.ballot.take(Sighting(_reading(seen.read), frame))
        self.count += 1
        self.last, self.way = seen, self.way or seen.read.way
        self.is_doubtful |= seen.read.is_doubtful


@dataclass(slots=True)
class Cars:
    """Reports each car once, and corrects its plate when later results say otherwise."""

    rules: VoteRules
    settle_s: float = 0.0
    """How long an uncertain car may wait for another result."""
    _near: list[_Car] = field(default_factory=list)
    _told: dict[str, tuple[datetime, bool]] = field(default_factory=dict)

    def take(self, seen: Seen) -> tuple[Verdict, list[Outcome]]:
        """What ``seen`` is, and what follows from it and from the time that passed before it."""
        outcomes = self.expire(seen.came_at)
        if not seen.read.plate:
            return Verdict.NO_PLATE, outcomes
        if seen.read.has_turned_back:
            return self._turned_back(seen, outcomes)
        car = self._car_of(seen)
        if car is None:
            car = _Car(seen, seen)
            self._near.append(car)
        car.take(seen)
        tally = car.ballot.tally()
        if car.told is not None:
            return self._again(car, seen, tally, outcomes)
        if not (self._is_certain(car, tally) or self.settle_s == 0 or seen.read.is_late):
            return Verdict.WAITS, outcomes
        outcomes += self._tell(car, tally)
        return (Verdict.TOLD if car.is_news else Verdict.TOLD_BEFORE), outcomes

    def expire(self, moment: datetime) -> list[Outcome]:
        """The uncertain cars that waited long enough by ``moment``."""
        outcomes: list[Outcome] = []
        for car in self._near:
            waited_s = abs((moment - car.first.came_at).total_seconds())
            if car.told is None and waited_s >= self.settle_s:
                outcomes += self._tell(car, car.ballot.tally())
        kept = timedelta(seconds=max(SAME_CAR_S, self.rules.window_s))
        self._near = [car for car in self._near if abs(moment - car.last.came_at) <= kept]
        return outcomes

    def _car_of(self, seen: Seen) -> _Car | None:
        """The car that this is another result of; None: a car that was not seen before."""
        for car in reversed(self._near):
            has_same_name = car.first.read.car == seen.read.car != ""
            is_near = _apart_s(car.last, seen) <= self.rules.window_s
            if has_same_name or (is_near and self._looks_like(car, seen)):
                return car
        return None

    def _looks_like(self, car: _Car, seen: Seen) -> bool:
        """Whether one plate may be the other misread: two that are sure are two cars."""
        if car.first.read.camera != seen.read.camera:
            return False
        tally = car.ballot.tally()
        plate = tally.sighting.reading.plate
        if plate == seen.read.plate:
            return True
        is_sure = self._is_certain(car, tally) and tally.sighting.certainty >= self._sure
        is_other = is_plausible(seen.read.plate) and seen.read.confidence >= self._sure
        return not (is_sure and is_other) and plate_distance(plate, seen.read.plate) <= SAME_PLATE

    @property
    def _sure(self) -> float:
        return self.rules.sure_confidence

    def _is_certain(self, car: _Car, tally: Tally) -> bool:
        """F2: enough results agree, or one is sure of each character."""
        reading = tally.sighting.reading
        is_sure = tally.sighting.certainty >= self._sure or tally.agreeing >= self.rules.min_reads
        exists = reading.kind is not None and not car.is_doubtful
        return is_sure and exists and tally.is_read and tally.share >= LEAST_SHARE

    def _tell(self, car: _Car, tally: Tally) -> Iterator[Outcome]:
        plate, direction = tally.sighting.reading.plate, direction_of(car.way, self.rules.in_is)
        car.told, car.is_uncertain = plate, not self._is_certain(car, tally)
        car.is_news = self._note(plate, car.first.seen_at, is_out=direction is Direction.OUT)
        if car.is_news:
            yield Told(car.first, tally, direction, car.is_uncertain)

    def _again(
        self, car: _Car, seen: Seen, tally: Tally, outcomes: list[Outcome]
    ) -> tuple[Verdict, list[Outcome]]:
        """Another result of a car that was told: it may make the plate certain, or another one."""
        plate = tally.sighting.reading.plate
        is_new = plate != car.told or car.is_uncertain
        is_arrival = direction_of(car.way, self.rules.in_is) is not Direction.OUT
        if not (is_new and is_arrival and car.is_news and self._is_certain(car, tally)):
            return Verdict.SAME_CAR, outcomes
        car.told, car.is_uncertain = plate, False
        self._told[plate] = (car.first.seen_at, False)
        arrival_id = car.first.message_id
        outcomes.append(Corrected(seen.correction_id, arrival_id, plate, seen.came_at))
        return Verdict.CORRECTS, outcomes

    def _turned_back(self, seen: Seen, outcomes: list[Outcome]) -> tuple[Verdict, list[Outcome]]:
        """A car that was told and turned back has left; any other did not come."""
        came = self._told.get(seen.read.plate)
        if came is None or came[1] or not self._note(seen.read.plate, seen.seen_at, is_out=True):
            return Verdict.NO_CAR, outcomes
        ballot = Ballot()
        ballot.take(Sighting(_reading(seen.read), Frame(_NO_PICTURE, seen.seen_at, "")))
        outcomes.append(Told(seen, ballot.tally(), Direction.OUT, is_uncertain=False))
        return Verdict.TOLD, outcomes

    def _note(self, plate: str, at: datetime, *, is_out: bool) -> bool:
        """Note it; whether it is the first within ``repeat_after_s`` the same way (F1)."""
        quiet = timedelta(seconds=self.rules.repeat_after_s)
        before = self._told.get(plate)
        if before is not None and before[1] is is_out and abs(at - before[0]) < quiet:
            return False
        self._told[plate] = (at, is_out)
        if len(self._told) > 10_000:
            self._told = {text: told for text, told in self._told.items() if at - told[0] < quiet}
        return True


def _apart_s(one: Seen, other: Seen) -> float:
    """How long after each other two results were seen, by our clock or by their camera's.

    What it sends again after we were away comes late, but was taken as soon as ever.
    """
    ours_s = abs((other.seen_at - one.seen_at).total_seconds())
    if one.read.taken_at is None or other.read.taken_at is None:
        return ours_s
    is_same = one.read.camera == other.read.camera
    theirs_s = abs((other.read.taken_at - one.read.taken_at).total_seconds())
    return min(ours_s, theirs_s) if is_same else ours_s


def direction_of(way: str | None, in_is: str) -> Direction:
    """Whether a car that drives this ``way`` comes in, where cars that come in drive ``in_is``."""
    if way in ("in", "out"):
        return Direction(way)
    here, wanted = _ALSO.get(way or "", way), _ALSO.get(in_is, in_is)
    if here == wanted:
        return Direction.IN
    return Direction.OUT if here == _OPPOSITE[wanted] else Direction.UNKNOWN


def _reading(read: VendorRead) -> PlateReading:
    """A result as our own reader would have it."""
    certain = read.characters or (read.confidence,) * len(read.plate)
    return PlateReading(
        plate=read.plate,
        raw_plate=read.raw_plate,
        kind=kind_of(read.plate, read.colour),
        colour=read.colour,
        confidence=min(certain),
        characters=certain,
        province_confidence=certain[0],
        candidates=read.candidates,
        corners_px=_CORNERS,
        is_incomplete=False,
        rows=1,
    )
