"""A frame becomes the arrivals and departures it shows. Pure: reading, ids and numbers come in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from gate.camera.frame import Frame, Image
from gate.passing.vote import PlateVote, VotedPlate
from gate.reader.reading import Engine, PlateReading
from shared.messages import Arrival, Departure, Direction, Say

LONGEST_PLATE = 16
"""What a message takes; ours have 8."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A vehicle that passed: what the hub is told, and the very frame that was read."""

    message: Arrival | Departure
    image: Image
    say: Say | None = None
    """What the guard hears at once; of a car that leaves, nothing."""

    def without_image(self) -> Arrival | Departure:
        """The message when its picture could not be kept."""
        return msgspec.structs.replace(self.message, image_id=None)


@dataclass(frozen=True, slots=True)
class Stamps:
    """What makes each arrival its own."""

    new_id: Callable[[], str]
    next_seq: Callable[[], int]
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Frames in, passages out; it waits for nothing."""

    gate_id: str
    engine: Engine
    vote: PlateVote
    stamps: Stamps

    def take(self, frame: Frame) -> list[Passage]:
        """Read ``frame``; the passages it decides, and those that ended before it."""
        return self.judge(frame, self.engine.read(frame.image))

    def judge(self, frame: Frame, readings: Iterable[PlateReading]) -> list[Passage]:
        """The same, where ``frame`` was read already."""
        fitting = [reading for reading in readings if len(reading.plate) <= LONGEST_PLATE]
        return self._passages(self.vote.add(frame, fitting))

    def rest(self) -> list[Passage]:
        """The passages that ended undecided by now while no frame came."""
        return self._passages(self.vote.expire(self.stamps.clock()))

    def finish(self) -> list[Passage]:
        """What was still in view when the gate stops."""
        return self._passages(self.vote.finish())

    def _passages(self, voted: list[VotedPlate]) -> list[Passage]:
        return [self._passage(one) for one in voted]

    def _passage(self, voted: VotedPlate) -> Passage:
        image = voted.sighting.frame.image
        if voted.direction is Direction.OUT:
            return Passage(self._departure(voted), image)
        return Passage(self._arrival(voted), image, Say(role="gate", text=spoken(voted)))

    def _departure(self, voted: VotedPlate) -> Departure:
        return Departure(
            departure_id=self.stamps.new_id(),
            gate_id=self.gate_id,
            seq=self.stamps.next_seq(),
            seen_at=voted.sighting.frame.taken_at,
            sent_at=self.stamps.clock(),
            plate=voted.sighting.reading.plate,
            confidence=voted.sighting.certainty,
            image_id=self.stamps.new_id(),
        )

    def _arrival(self, voted: VotedPlate) -> Arrival:
        reading = voted.sighting.reading
        return Arrival(
            arrival_id=self.stamps.new_id(),
            gate_id=self.gate_id,
            seq=self.stamps.next_seq(),
            seen_at=voted.sighting.frame.taken_at,
            sent_at=self.stamps.clock(),
            plate=reading.plate,
            raw_plate=reading.raw_plate,
            kind=reading.kind or "unknown",
            colour=reading.colour,
            confidence=voted.sighting.certainty,
            characters=reading.characters,
            province_confidence=reading.province_confidence,
            candidates=tuple(text for text in voted.candidates if len(text) <= LONGEST_PLATE),
            reads=voted.reads,
            direction=voted.direction,
            is_incomplete=reading.is_incomplete,
            is_uncertain=voted.is_uncertain,
            is_corrected=reading.raw_plate != reading.plate,
            image_id=self.stamps.new_id(),
            text=spoken(voted),
        )


def spoken(voted: VotedPlate) -> str:
    """The sentence that a radio would carry: ``浙A88888 到访``."""
    sentence = f"{voted.sighting.reading.plate} 到访"
    return f"{sentence}（车牌待核对）" if voted.is_uncertain else sentence
