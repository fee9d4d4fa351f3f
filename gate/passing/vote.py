"""Turns readings into events: one event for each car and pass (F1, F2, F42).

`track` says which readings are one car and how it moves, `ballot` what its plate is. This module
decides when that is enough to report, and whether it was reported before. Pure: time comes with the
frames.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gate.camera.frame import Frame
from gate.passing.ballot import Ballot, Tally
from gate.passing.refusal import OnRefused, Reason, Refusal
from gate.passing.track import (
    SAME_PLATE,
    Place,
    Sighting,
    Track,
    Way,
    continued,
    distinct,
    plate_distance,
)
from gate.reader.reading import PlateReading
from shared.messages import Direction

CANDIDATES = 3
"""How many other texts a person may choose from (F2)."""
CLEAR_LEAD = 1.2
"""From this lead on a car in view is reported: two clear frames that agree, with each character at
0.8, or more frames that are small or blurred. For a car that has passed only F2 counts."""
CLEAR_SHARE = 0.8
"""A character with a smaller share of the votes may change as the car comes nearer: wait for it."""
LEAST_SHARE = 0.6
"""A character with a smaller share of all votes is in doubt, however many frames agree on it."""
GONE_S = 1.0
"""A car that was not seen for this long has passed."""
HEADING_WITHIN_S = 1.0
"""How long a car that crosses the picture may take to show whether it comes in."""
TURNED_STEPS = 3.0
"""A car that is this far back, in steps of `Place.progress`, has turned round."""
REMEMBERED = 200
"""How many places of things that left the view are remembered, the latest ones."""


@dataclass(frozen=True, slots=True)
class VoteRules:
    """When a pass is reported; ``gate.example.toml`` explains each rule.

    ``tells_parked``: what stands still is reported too, once it is out of view.
    """

    min_reads: int = 2
    sure_confidence: float = 0.90
    window_s: float = 4.0
    give_up_s: float = 8.0
    repeat_after_s: float = 300.0
    in_is: Way = "towards"
    tells_parked: bool = False


@dataclass(frozen=True, slots=True)
class VotedPlate:
    """The result of the vote on a pass; ``sighting`` is the frame and reading it rests on."""

    sighting: Sighting
    reads: int
    """How many frames voted."""
    candidates: tuple[str, ...]
    """The next best texts, best first."""
    is_uncertain: bool
    direction: Direction
    has_moved: bool


@dataclass(slots=True)
class _Told:
    """What was reported of a pass, and how far the car has come since."""

    plate: str
    is_uncertain: bool
    direction: Direction
    furthest: Place
    is_turning: bool = False

    def turns(self, sighting: Sighting, way: Way) -> bool:
        """Whether ``sighting`` shows that this very car has turned round."""
        ahead = self.furthest.progress(sighting.place, way)
        ahead = -ahead if self.direction is Direction.OUT else ahead
        if ahead > 0:
            self.furthest = sighting.place
        was_turning, self.is_turning = self.is_turning, ahead <= -TURNED_STEPS
        return was_turning and self.is_turning and sighting.reading.plate == self.plate

    def turn(self, place: Place) -> None:
        """Note that it drives the other way from here."""
        self.direction = Direction.IN if self.direction is Direction.OUT else Direction.OUT
        self.furthest, self.is_turning = place, False


@dataclass(slots=True, eq=False)
class _Pass:
    """One vehicle while it is in view. Once it is reported, only its way matters."""

    track: Track
    is_photo: bool
    ballot: Ballot = field(default_factory=Ballot)
    told: _Told | None = None


def _nobody(refusal: Refusal) -> None:
    """Ignore what is not reported."""


@dataclass(slots=True)
class PlateVote:
    """Reports each pass once. Several cars in one frame are several passes."""

    rules: VoteRules
    on_refused: OnRefused = _nobody
    """Receives what is not reported, and why (F51)."""
    _scene: int | None = None
    _passes: list[_Pass] = field(default_factory=list)
    _stood: list[Track] = field(default_factory=list)
    """The last places of the things that left the view, the latest at the end."""
    _told: dict[str, tuple[datetime, bool]] = field(default_factory=dict)
    """When each plate was reported last, and whether it went out."""

    def remember(self, plate: str, at: datetime, *, is_out: bool) -> None:
        """Note that this plate was reported by an earlier run."""
        self._told[plate] = (at, is_out)

    def add(self, frame: Frame, readings: Iterable[PlateReading]) -> list[VotedPlate]:
        """Take in the readings of ``frame``: the passes that ended before it, and those it decides.

        Frames come in the order they were taken, readings in any.
        """
        is_same = self._scene in (None, frame.scene)
        voted = self.expire(frame.taken_at) if is_same else self.finish()
        self._scene = frame.scene
        sightings = [Sighting(reading, frame) for reading in distinct(readings)]
        numbers = continued([passing.track for passing in self._passes], sightings)
        for number, sighting in zip(numbers, sightings, strict=True):
            passing = self._begun(sighting) if number is None else self._passes[number]
            if number is not None:
                passing.track.take(sighting)
            if passing.told:
                voted += self._turned(passing, passing.told, sighting)
            else:
                passing.ballot.take(sighting)
        due = [
            each for each in self._passes if not each.told and self._is_due(each, frame.taken_at)
        ]
        return voted + [event for passing in due for event in self._tell(passing)]

    def expire(self, moment: datetime) -> list[VotedPlate]:
        """The passes that ended by ``moment`` and were not reported before."""
        # abs, here and below: a clock that was set back must not silence any car.
        window = timedelta(seconds=self.rules.window_s)
        over = [each for each in self._passes if abs(moment - each.track.last.at) > window]
        self._passes = [passing for passing in self._passes if passing not in over]
        return self._ended(over)

    def finish(self) -> list[VotedPlate]:
        """The passes in view that were not reported; the next frame begins a new scene."""
        voted = self._ended(self._passes)
        self._passes, self._stood, self._told = [], [], {}
        return voted

    def _begun(self, sighting: Sighting) -> _Pass:
        track = Track.begun(sighting)
        track.is_fixture = any(track.stands_where(stood) for stood in self._stood)
        self._passes.append(_Pass(track, sighting.frame.is_photo))
        return self._passes[-1]

    def _ended(self, passes: Iterable[_Pass]) -> list[VotedPlate]:
        voted = []
        for passing in passes:
            if not passing.told and self._is_worth_telling(passing):
                voted += self._tell(passing)
            elif not passing.told and not passing.track.is_fixture:
                self._refuse(passing.ballot.tally().sighting, _why_not(passing))
            elsewhere = [stood for stood in self._stood if not stood.stands_where(passing.track)]
            self._stood = [*elsewhere, passing.track][-REMEMBERED:]
        return voted

    def _is_due(self, passing: _Pass, moment: datetime) -> bool:
        """Whether enough is known to report a pass before it is over."""
        track = passing.track
        if not (passing.is_photo or track.has_moved):
            return False
        seen_s, unseen_s = (
            abs((moment - at).total_seconds()) for at in (track.first.at, track.last.at)
        )
        if seen_s >= self.rules.give_up_s:
            return True
        tally = passing.ballot.tally()
        is_clear = tally.lead >= CLEAR_LEAD and tally.share >= CLEAR_SHARE
        has_way = track.heading(self.rules.in_is) is not Direction.UNKNOWN
        is_ripe = is_clear and (has_way or seen_s >= HEADING_WITHIN_S)
        return (is_ripe or passing.is_photo or unseen_s >= GONE_S) and self._is_certain(tally)

    def _is_worth_telling(self, passing: _Pass) -> bool:
        """Whether a thing that left the view was a passing car, as far as can be known."""
        if passing.is_photo or passing.track.has_moved:
            return True
        tally = passing.ballot.tally()
        is_clear = tally.is_read and tally.sighting.is_clear
        return is_clear and (self.rules.tells_parked or not passing.track.is_still)

    def _is_certain(self, tally: Tally) -> bool:
        """Whether enough frames agree, or one is certain (F2), and no character is in doubt."""
        reading = tally.sighting.reading
        if reading.kind is None or reading.is_incomplete or tally.share < LEAST_SHARE:
            return False
        is_sure = tally.sighting.certainty >= self.rules.sure_confidence
        return tally.is_read and (is_sure or tally.agreeing >= self.rules.min_reads)

    def _tell(self, passing: _Pass) -> list[VotedPlate]:
        """Report a pass, unless that is no news."""
        tally, track = passing.ballot.tally(), passing.track
        plate = tally.sighting.reading.plate
        texts = dict.fromkeys([*tally.others, *tally.sighting.reading.candidates])
        event = VotedPlate(
            tally.sighting,
            tally.reads,
            tuple(text for text in texts if text and text != plate)[:CANDIDATES],
            is_uncertain=not self._is_certain(tally),
            direction=track.heading(self.rules.in_is),
            has_moved=track.has_moved,
        )
        passing.told = _Told(plate, event.is_uncertain, event.direction, track.last)
        passing.ballot = Ballot()  # frees its frames
        if self._is_news(event, track):
            return [event]
        self._refuse(event.sighting, Reason.TOLD_BEFORE)
        return []

    def _refuse(self, sighting: Sighting, reason: Reason) -> None:
        reading, frame = sighting.reading, sighting.frame
        refusal = Refusal(reason, frame.taken_at, frame.image, reading.corners_px, reading.plate)
        self.on_refused(refusal)

    def _turned(self, passing: _Pass, told: _Told, sighting: Sighting) -> list[VotedPlate]:
        """The opposite event, when a car that was reported has turned round."""
        if not told.turns(sighting, self.rules.in_is):
            return []
        told.turn(sighting.place)
        event = VotedPlate(sighting, 1, (), told.is_uncertain, told.direction, has_moved=True)
        return [event] if self._is_news(event, passing.track) else []

    def _is_news(self, event: VotedPlate, track: Track) -> bool:
        """Note the event; whether it is the first within ``repeat_after_s`` the same way (F1).

        A car that was reported before it came into view, and is misread now or stands where the
        reported one stood, is no news either.
        """
        plate, seen_at = event.sighting.reading.plate, event.sighting.frame.taken_at
        is_out = event.direction is Direction.OUT
        told = {text: at for text, (at, out) in self._recent(seen_at).items() if out is is_out}
        before = [text for text, at in told.items() if at < track.first.at]
        is_echo = (event.is_uncertain or track.is_fixture) and any(
            plate_distance(plate, text) <= SAME_PLATE for text in before
        )
        if plate in told or is_echo:
            return False
        self._told[plate] = (seen_at, is_out)
        return True

    def _recent(self, moment: datetime) -> dict[str, tuple[datetime, bool]]:
        quiet = timedelta(seconds=self.rules.repeat_after_s)
        self._told = {
            text: told for text, told in self._told.items() if abs(moment - told[0]) < quiet
        }
        return self._told


def _why_not(passing: _Pass) -> Reason:
    """Why a pass that is over was not worth reporting."""
    if passing.track.is_still:
        return Reason.STANDS_STILL
    if passing.ballot.tally().sighting.reading.kind is None:
        return Reason.NO_SUCH_PLATE
    return Reason.TOO_FEW_READS
