"""Turns each frame into the arrivals and departures that it shows. Pure: ids and clock are passed
in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from gate.camera.frame import Frame, Image
from gate.passing.vote import PlateVote, VotedPlate
from gate.reader.reading import Engine, PlateReading
from shared.messages import Arrival, Departure, Direction, Say
from shared.words import Voice

LONGEST_PLATE = 16
"""The longest plate that a message takes; Chinese plates have at most 8 characters."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A vehicle that came or left: the message for the hub, and the frame that was read."""

    message: Arrival | Departure
    image: Image
    say: Say | None = None
    """What the guard hears at once; None for a car that leaves."""
    reading: PlateReading | None = None
    """Where the plate is in the image."""

    def without_image(self) -> Arrival | Departure:
        """The message without its picture, for when that could not be kept."""
        return msgspec.structs.replace(self.message, image_id=None)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The ids, numbers and times that make each message unique."""

    new_id: Callable[[], str]
    next_seq: Callable[[], int]
    clock: Callable[[], datetime]
    """The frames' own, which nobody sets."""
    told: Callable[[datetime], datetime] = lambda moment: moment
    """A moment of that clock, as the machine's tells it: what people and the hub are told."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Frames in, passages out; it never blocks."""

    gate_id: str
    engine: Engine
    vote: PlateVote
    stamps: Stamps
    voice: Voice
    """Tells the guard who came, in the gate's language."""

    def take(self, frame: Frame) -> list[Passage]:
        """Read ``frame``; the passages that ended before it, and those that it decides."""
        return self.judge(frame, self.engine.read(frame.image))

    def judge(self, frame: Frame, readings: Iterable[PlateReading]) -> list[Passage]:
        """The same for a frame that has been read already."""
        fitting = [reading for reading in readings if len(reading.plate) <= LONGEST_PLATE]
        return self._passages(self.vote.add(frame, fitting))

    def rest(self) -> list[Passage]:
        """The passages that have ended by now, when no frame came."""
        return self._passages(self.vote.expire(self.stamps.clock()))

    def finish(self) -> list[Passage]:
        """The passages that are still in view when the gate stops."""
        return self._passages(self.vote.finish())

    def _passages(self, voted: list[VotedPlate]) -> list[Passage]:
        return [self._passage(plate) for plate in voted]

    def _passage(self, voted: VotedPlate) -> Passage:
        image, reading = voted.sighting.frame.image, voted.sighting.reading
        if voted.direction is Direction.OUT:
            return Passage(self._departure(voted), image, reading=reading)
        said = Say(role="gate", text=self._spoken(voted))
        return Passage(self._arrival(voted), image, said, reading)

    def _departure(self, voted: VotedPlate) -> Departure:
        name = self.stamps.new_id()
        return Departure(
            departure_id=name,
            gate_id=self.gate_id,
            seq=self.stamps.next_seq(),
            seen_at=self.stamps.told(voted.sighting.frame.taken_at),
            sent_at=self.stamps.told(self.stamps.clock()),
            plate=voted.sighting.reading.plate,
            confidence=voted.sighting.certainty,
            image_id=name,
        )

    def _arrival(self, voted: VotedPlate) -> Arrival:
        reading, name = voted.sighting.reading, self.stamps.new_id()
        return Arrival(
            arrival_id=name,
            gate_id=self.gate_id,
            seq=self.stamps.next_seq(),
            seen_at=self.stamps.told(voted.sighting.frame.taken_at),
            sent_at=self.stamps.told(self.stamps.clock()),
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
            image_id=name,
            text=self._spoken(voted),
        )

    def _spoken(self, voted: VotedPlate) -> str:
        """The sentence that a radio would carry: ``浙A88888 到访``."""
        key = "said.arrived_uncertain" if voted.is_uncertain else "said.arrived"
        return self.voice.say(key, plate=voted.sighting.reading.plate)
