"""Decides a pass's plate from what its frames read, character by character. Pure."""

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gate.passing.track import Sighting
from gate.reader.reading import PlateReading
from shared.plate import PROVINCES, is_plausible, kind_of

CLEAR_WIDTH_PX = 90.0
"""A plate this wide shows all that can be read; a narrower one counts for less."""
FRESH_S = 0.1
"""Frames that follow each other faster show the same blur and the same raindrop, and share a vote:
a decision rests on as much at 3 as at 25 frames a second."""
_KEPT = 4
"""For how many texts the best frame is kept; a frame takes some megabytes."""
_TEXTS = 24
"""How many texts take part; more come only from a clock or noise."""

_Votes = list[dict[str, float]]
"""For each place of a plate, the weight behind each character."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The state of a vote.

    ``sighting`` is the best frame that read the leading text. If no frame read exactly that
    (``is_read`` is False), it is the nearest one, with the text put in.
    """

    sighting: Sighting
    is_read: bool
    agreeing: int
    """How many frames read this text."""
    reads: int
    """How many frames voted."""
    lead: float
    """How far its weakest character is ahead; one clear and certain frame gives 1."""
    share: float
    """The share of the votes that its weakest character has."""
    others: tuple[str, ...]
    """The other texts that were read, best first."""


@dataclass(slots=True)
class _Text:
    """One text that was read: the weight behind each character, and its best frame."""

    weights: list[float]
    count: int = 0
    incomplete: int = 0
    best: Sighting | None = None
    best_worth: float = 0.0

    @property
    def weight(self) -> float:
        """The weight of the whole text."""
        return sum(self.weights) / len(self.weights)

    @property
    def length(self) -> int:
        """The plate's length if this text is right: one character may be known to be missing."""
        return len(self.weights) + (2 * self.incomplete > self.count)

    def take(self, sighting: Sighting, clear: float, fresh: float) -> None:
        """Count another frame that read it."""
        reading = sighting.reading
        for place, confidence in enumerate(_certain(reading)):
            self.weights[place] += max(clear * fresh * confidence**2, 1e-4)
        self.count += 1
        self.incomplete += reading.is_incomplete
        worth = clear * sighting.certainty
        if self.best is None or worth >= self.best_worth:
            self.best, self.best_worth = sighting, worth


@dataclass(slots=True)
class Ballot:
    """Collects what the frames of one pass read."""

    _texts: dict[str, _Text] = field(default_factory=dict)
    _last: Sighting | None = None

    def take(self, sighting: Sighting) -> None:
        """Count ``sighting``: each character by its confidence, all by how clear the plate is."""
        plate = sighting.reading.plate
        width = min(sighting.place.width / CLEAR_WIDTH_PX, 1.0)
        text = self._texts.setdefault(plate, _Text([0.0] * len(plate)))
        text.take(sighting, sighting.reading.sharpness * width**2, self._freshness(sighting))
        self._last = sighting
        ranked = sorted(self._texts.items(), key=_rank, reverse=True)
        self._texts = dict(ranked[:_TEXTS])
        for _, light in ranked[_KEPT:]:
            light.best = None

    def tally(self) -> Tally:
        """The state of the vote; there must be a sighting."""
        lengths = self._lengths()
        pivot = max(self._texts, key=lambda text: (lengths[len(text)], self._texts[text].weight))
        leader = self._leader(self._votes(pivot), pivot)
        votes, known = self._votes(leader), self._texts.get(leader)
        best = known.best if known else None
        rival = max((lengths[other] for other in lengths if other != len(leader)), default=0.0)
        lead, share = _standing(leader, votes)
        return Tally(
            sighting=best or self._put_in(leader, votes),
            is_read=best is not None,
            agreeing=known.count if known else 0,
            reads=sum(text.count for text in self._texts.values()),
            lead=min(lead, lengths[len(leader)] - rival),
            share=share,
            others=tuple(text for text in self._texts if text != leader),
        )

    def _freshness(self, sighting: Sighting) -> float:
        if self._last is None:
            return 1.0
        gap_s = abs((sighting.frame.taken_at - self._last.frame.taken_at).total_seconds())
        return min(gap_s / FRESH_S, 1.0)

    def _lengths(self) -> Mapping[int, float]:
        """The weight behind each length of the plate."""
        weights: dict[int, float] = defaultdict(float)
        for text in self._texts.values():
            weights[text.length] += text.weight
        return weights

    def _votes(self, pivot: str) -> _Votes:
        """The votes for each place of ``pivot``; texts of other lengths vote where they agree."""
        votes: _Votes = [defaultdict(float) for _ in pivot]
        for plate, text in self._texts.items():
            for place, other in _aligned(pivot, plate):
                votes[place][plate[other]] += text.weights[other]
        return votes

    def _leader(self, votes: _Votes, pivot: str) -> str:
        """The text of the leading characters if it can exist, else the best text that was read."""
        by_character = "".join(max(place, key=lambda char: place[char]) for place in votes)
        return by_character if is_plausible(by_character) else self._best_read(votes, pivot)

    def _best_read(self, votes: _Votes, pivot: str) -> str:
        """The text that was read and fits ``votes`` best; plates that can exist come first."""

        def rank(text: str) -> tuple[bool, bool, float]:
            agreed = sum(votes[place].get(text[at], 0.0) for place, at in _aligned(pivot, text))
            return is_plausible(text), len(text) == len(pivot), agreed

        return max(self._texts, key=rank)

    def _put_in(self, plate: str, votes: _Votes) -> Sighting:
        """The sighting whose text is nearest to ``plate``, with ``plate`` as its text."""
        kept = [text.best for text in self._texts.values() if text.best is not None]
        nearest = max(kept, key=lambda seen: len(_aligned(plate, seen.reading.plate, equal=True)))
        reading = nearest.reading
        shares = (
            place[char] / sum(place.values()) for place, char in zip(votes, plate, strict=True)
        )
        certain = [min(share, nearest.certainty) for share in shares]
        for place, other in _aligned(plate, reading.plate, equal=True):
            certain[place] = _certain(reading)[other]
        return replace(
            nearest,
            reading=replace(
                reading,
                plate=plate,
                kind=kind_of(plate, reading.colour, reading.rows),
                characters=tuple(certain),
                confidence=min(certain),
                province_confidence=certain[0] if plate[0] in PROVINCES else min(certain),
            ),
        )


def _rank(text: tuple[str, _Text]) -> tuple[bool, float]:
    """Plates that can exist first, then by weight."""
    return is_plausible(text[0]), text[1].weight


def _certain(reading: PlateReading) -> Sequence[float]:
    return reading.characters or (reading.confidence,) * len(reading.plate)


def _standing(plate: str, votes: _Votes) -> tuple[float, float]:
    """How far the weakest character of ``plate`` is ahead, and its share of the votes there."""
    leads, shares = [], []
    for character, place in zip(plate, votes, strict=True):
        own = place[character]
        leads.append(own - max((w for char, w in place.items() if char != character), default=0.0))
        shares.append(own / sum(place.values()))
    return min(leads), min(shares)


def _aligned(text: str, other: str, *, equal: bool = False) -> list[tuple[int, int]]:
    """Which place of ``text`` is which place of ``other``; with ``equal`` only where they agree.

    Texts of different lengths are compared only where they agree.
    """
    if len(text) == len(other):
        return [(at, at) for at in range(len(text)) if not equal or text[at] == other[at]]
    blocks = difflib.SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks()
    return [(found.a + step, found.b + step) for found in blocks for step in range(found.size)]
