"""Makes the messages for the hub of what a vendor's cameras saw. Pure: numbers come in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gate.intake.same_car import Corrected, Outcome, Told
from gate.passing.vote import CANDIDATES
from shared.messages import Arrival, ArrivalDetails, Correction, Departure, Direction, Say
from shared.words import Voice

_LONGEST_ID = 120


@dataclass(frozen=True, slots=True)
class Teller:
    """Gives each message its number and moment."""

    source: str
    gate_id: str
    next_seq: Callable[[], int]
    clock: Callable[[], datetime]
    voice: Voice
    """Tells the guard who came, in the gate's language."""

    def message(self, outcome: Outcome) -> Arrival | Departure | Correction:
        """What the hub is told."""
        if isinstance(outcome, Corrected):
            return Correction(
                correction_id=outcome.correction_id,
                gate_id=self.gate_id,
                arrival_id=outcome.arrival_id,
                plate=outcome.plate,
                corrected_by=self.gate_id,
                corrected_at=outcome.at,
                sent_at=self.clock(),
            )
        return self._departure(outcome) if _is_out(outcome) else self._arrival(outcome)

    def say(self, message: Arrival | Departure | Correction) -> Say | None:
        """What the guard hears at once; None: nothing."""
        return Say(role="gate", text=message.text) if isinstance(message, Arrival) else None

    def _departure(self, told: Told) -> Departure:
        return Departure(
            departure_id=told.seen.message_id,
            gate_id=self.gate_id,
            seq=self.next_seq(),
            seen_at=told.seen.seen_at,
            sent_at=self.clock(),
            plate=told.tally.sighting.reading.plate,
            confidence=told.tally.sighting.certainty,
        )

    def _arrival(self, told: Told) -> Arrival:
        sighting = told.tally.sighting
        reading = sighting.reading
        others = dict.fromkeys([*told.tally.others, *reading.candidates])
        key = "said.arrived_uncertain" if told.is_uncertain else "said.arrived"
        return Arrival(
            arrival_id=told.seen.message_id,
            gate_id=self.gate_id,
            seq=self.next_seq(),
            seen_at=told.seen.seen_at,
            sent_at=self.clock(),
            plate=reading.plate,
            raw_plate=reading.raw_plate,
            kind=reading.kind or "unknown",
            colour=reading.colour,
            confidence=sighting.certainty,
            characters=reading.characters,
            province_confidence=reading.province_confidence,
            candidates=tuple(text for text in others if text != reading.plate)[:CANDIDATES],
            reads=told.tally.reads,
            direction=told.direction,
            is_uncertain=told.is_uncertain,
            is_corrected=told.tally.reads > 1 and not told.tally.is_read,
            text=self.voice.say(key, plate=reading.plate),
            details=ArrivalDetails(
                source=self.source, vendor_id=told.seen.read.vendor_id[:_LONGEST_ID]
            ),
        )


def _is_out(told: Told) -> bool:
    return told.direction is Direction.OUT
