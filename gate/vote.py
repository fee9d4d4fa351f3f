"""Many readings of one passing vehicle to one plate. Pure: time comes with the frames."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gate.frame import Frame
from gate.reading import PlateReading

CANDIDATES = 3
"""How many other texts a person may choose from (F2)."""
SAME_PLATE_DISTANCE = 2
"""So few differing characters are one plate read differently, wherever it stands in the frame."""
SAME_PLACE_DISTANCE = 4
"""So few are one plate when it is where the last one was: about half may be misread."""
NEAR_WIDTHS = 1.5
"""How far, in widths of the plate, it may move between two frames and be the same."""
SAME_BOX_WIDTHS = 0.4
"""Two finds of one frame that are so near are one plate; two plates cannot overlap."""


@dataclass(frozen=True, slots=True)
class VoteRules:
    """When a vote is decided; ``gate.example.toml`` explains each."""

    min_reads: int = 2
    sure_confidence: float = 0.90
    window_s: float = 4.0
    give_up_s: float = 8.0
    repeat_after_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """One plate as read in one frame."""

    reading: PlateReading
    frame: Frame

    @property
    def certainty(self) -> float:
        """Confidence of the least certain character."""
        return min(self.reading.characters, default=self.reading.confidence)


@dataclass(frozen=True, slots=True)
class VotedPlate:
    """What a pass was found to be; ``sighting`` is the very frame and reading it rests on."""

    sighting: Sighting
    reads: int
    candidates: tuple[str, ...]
    """The next best texts, best first."""
    is_uncertain: bool


@dataclass(slots=True)
class _Pass:
    """One vehicle while it is in view."""

    since: datetime
    best: Sighting
    """The surest one of the leading text: what is reported, and its picture."""
    last: Sighting
    reads: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    weights: dict[str, float] = field(default_factory=dict)
    is_named: bool = False

    def take(self, sighting: Sighting) -> None:
        """Count ``sighting``; once named, only where the vehicle is still matters."""
        self.last = sighting
        if self.is_named:
            return
        plate = sighting.reading.plate
        self.reads += 1
        self.counts[plate] += 1
        self.weights[plate] = self.weights.get(plate, 0.0) + max(sighting.certainty, 0.01)
        is_surer = plate != self.best.reading.plate or sighting.certainty > self.best.certainty
        if plate == self.leader() and is_surer:
            self.best = sighting

    def leader(self) -> str:
        """The text with the most confidence behind it."""
        return max(self.weights, key=lambda plate: self.weights[plate])

    def voted(self, sighting: Sighting, reads: int, *, is_uncertain: bool) -> VotedPlate:
        """``sighting`` as what this vehicle was, with what else it may have been."""
        ranked = sorted(self.weights, key=lambda text: -self.weights[text])
        texts = dict.fromkeys([*ranked, *sighting.reading.candidates])
        others = [text for text in texts if text and text != sighting.reading.plate]
        return VotedPlate(sighting, reads, tuple(others[:CANDIDATES]), is_uncertain)


@dataclass(slots=True)
class PlateVote:
    """Names each passing vehicle once. Several in one frame are several votes."""

    rules: VoteRules
    _scene: int | None = None
    _passes: list[_Pass] = field(default_factory=list)
    _named_at: dict[str, datetime] = field(default_factory=dict)

    def add(self, frame: Frame, readings: Iterable[PlateReading]) -> list[VotedPlate]:
        """Take what was read in ``frame``: the plates it decides, after those that ended before it.

        Frames come in the order they were taken.
        """
        voted = self.expire(frame.taken_at) if frame.scene == self._scene else self.finish()
        self._scene = frame.scene
        sightings = [Sighting(reading, frame) for reading in _distinct(readings)]
        for passing, sighting in self._pair(sightings):
            passing.take(sighting)
            voted += self._decide(passing, sighting)
        until = frame.taken_at - timedelta(seconds=self.rules.give_up_s)
        return voted + self._uncertain([one for one in self._passes if one.since <= until])

    def expire(self, moment: datetime) -> list[VotedPlate]:
        """The undecided plates of vehicles that have passed by ``moment``."""
        # abs, here and below: a clock that was set back must not silence anybody.
        window = timedelta(seconds=self.rules.window_s)
        over = [one for one in self._passes if abs(moment - one.last.frame.taken_at) > window]
        self._passes = [passing for passing in self._passes if passing not in over]
        return self._uncertain(over)

    def finish(self) -> list[VotedPlate]:
        """The undecided plates of every vehicle in view; what comes next is a new scene."""
        voted = self._uncertain(self._passes)
        self._passes, self._named_at = [], {}
        return voted

    def _pair(self, sightings: Sequence[Sighting]) -> list[tuple[_Pass, Sighting]]:
        """Each sighting with the pass it continues or begins; no pass gets two of one frame."""
        costs = sorted(
            (cost, p, s)
            for p, passing in enumerate(self._passes)
            for s, sighting in enumerate(sightings)
            if (cost := _cost(passing, sighting)) is not None
        )
        pass_of: dict[int, _Pass] = {}
        taken: set[int] = set()
        for _, p, s in costs:
            if s not in pass_of and p not in taken:
                pass_of[s] = self._passes[p]
                taken.add(p)
        for s in range(len(sightings)):
            if s not in pass_of:
                pass_of[s] = _Pass(sightings[s].frame.taken_at, sightings[s], sightings[s])
                self._passes.append(pass_of[s])
        return [(pass_of[s], sighting) for s, sighting in enumerate(sightings)]

    def _decide(self, passing: _Pass, sighting: Sighting) -> list[VotedPlate]:
        """The plate, if ``sighting`` decides it: enough frames agree, or this one is sure (F2)."""
        reading = sighting.reading
        if passing.is_named or reading.is_incomplete or reading.kind is None:
            return []
        reads = passing.counts[reading.plate]
        is_agreed = reads >= self.rules.min_reads and passing.leader() == reading.plate
        if not is_agreed and sighting.certainty < self.rules.sure_confidence:
            return []
        passing.is_named = True
        if not self._note(sighting):
            return []
        return [passing.voted(sighting, reads, is_uncertain=False)]

    def _uncertain(self, passes: Iterable[_Pass]) -> list[VotedPlate]:
        """What the undecided ones of ``passes`` seem to be, without those just named."""
        voted = []
        for passing in passes:
            if passing.is_named:
                continue
            passing.is_named = True
            if not self._is_echo(passing) and self._note(passing.best):
                voted.append(passing.voted(passing.best, passing.reads, is_uncertain=True))
        return voted

    def _is_echo(self, passing: _Pass) -> bool:
        """Whether this is the vehicle that was named before it came in view, now read badly."""
        plate, seen_at = passing.best.reading.plate, passing.best.frame.taken_at
        before = (text for text, at in self._recent(seen_at).items() if at < passing.since)
        return any(plate_distance(plate, text) <= SAME_PLATE_DISTANCE for text in before)

    def _note(self, sighting: Sighting) -> bool:
        """Note that its plate is named; whether it was not within ``repeat_after_s``."""
        plate, seen_at = sighting.reading.plate, sighting.frame.taken_at
        is_news = plate not in self._recent(seen_at)
        self._named_at.setdefault(plate, seen_at)
        return is_news

    def _recent(self, moment: datetime) -> dict[str, datetime]:
        quiet = timedelta(seconds=self.rules.repeat_after_s)
        named = self._named_at.items()
        self._named_at = {text: at for text, at in named if abs(moment - at) < quiet}
        return self._named_at


def plate_distance(one: str, other: str) -> int:
    """How many characters must be changed, added or dropped to make one text the other."""
    above = list(range(len(other) + 1))
    for row, character in enumerate(one, start=1):
        here = [row]
        for column, wanted in enumerate(other, start=1):
            kept = above[column - 1] + (character != wanted)
            here.append(min(kept, above[column] + 1, here[-1] + 1))
        above = here
    return above[-1]


def _distinct(readings: Iterable[PlateReading]) -> list[PlateReading]:
    """``readings`` (best first) that hold a text, without a second one of the same plate."""
    found: list[PlateReading] = []
    for reading in readings:
        if reading.plate and all(_moved_widths(one, reading) > SAME_BOX_WIDTHS for one in found):
            found.append(reading)
    return found


def _cost(passing: _Pass, sighting: Sighting) -> float | None:
    """How unlike ``sighting`` is to what was seen of ``passing``; None: another vehicle."""
    plate = sighting.reading.plate
    known = (*passing.counts, passing.last.reading.plate)
    distance = min(plate_distance(plate, text) for text in known)
    moved = _moved_widths(passing.last.reading, sighting.reading)
    if distance <= SAME_PLATE_DISTANCE:
        return distance + min(moved, 100.0) / 1000
    if distance <= SAME_PLACE_DISTANCE and moved <= NEAR_WIDTHS:
        return distance + moved / 1000
    return None


def _moved_widths(before: PlateReading, after: PlateReading) -> float:
    """How far the plate's middle moved, in widths of the plate."""
    (x0, y0, width), (x1, y1, _) = _place(before), _place(after)
    return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / max(width, 1.0))


def _place(reading: PlateReading) -> tuple[float, float, float]:
    xs, ys = zip(*reading.corners_px, strict=True)
    return sum(xs) / len(xs), sum(ys) / len(ys), max(xs) - min(xs)
