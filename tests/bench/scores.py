"""How well plates were read: the figures that every bench gives. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.labels import Labelled

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One plate that a reader gives, and where, if it says so."""

    text: str
    confidence: float
    corners_px: Corners | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One picture: what it says, what was read (best first), how long that took."""

    picture: Labelled
    answers: tuple[Answer, ...]
    took_ms: float | None

    @property
    def first(self) -> str:
        """The text of the best answer, empty where there is none."""
        return self.answers[0].text if self.answers else ""

    @property
    def is_exact(self) -> bool:
        """Whether the best answer is the label."""
        return self.first == self.picture.plate


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1; ``false`` is a number of plates a picture."""

    pictures: int
    exact: float
    among: float
    without_province: float
    per_character: float
    false: float
    median_ms: float
    p95_ms: float


def score(outcomes: Sequence[Outcome]) -> Score:
    """The figures for at least one picture."""
    count = len(outcomes)
    took = sorted(outcome.took_ms for outcome in outcomes if outcome.took_ms is not None) or [
        float("nan")
    ]
    wrong = sum(distance(outcome.first, outcome.picture.plate) for outcome in outcomes)
    characters = sum(len(outcome.picture.plate) for outcome in outcomes)
    labels = [outcome.picture.plate for outcome in outcomes]
    return Score(
        pictures=count,
        exact=sum(outcome.is_exact for outcome in outcomes) / count,
        among=sum(_is_among(outcome) for outcome in outcomes) / count,
        without_province=sum(
            _tail(outcome.first) == _tail(label)
            for outcome, label in zip(outcomes, labels, strict=True)
        )
        / count,
        per_character=max(0.0, 1 - wrong / characters),
        false=sum(false_plates(outcome) for outcome in outcomes) / count,
        median_ms=median(took),
        p95_ms=took[min(len(took) - 1, int(len(took) * 0.95))],
    )


def false_plates(outcome: Outcome) -> int:
    """How many answers are no misreading of a plate in the picture, but something else."""
    known = (outcome.picture.plate, *outcome.picture.others)
    return sum(
        min(distance(answer.text, plate) / len(plate) for plate in known) > 0.5
        for answer in outcome.answers
    )


def distance(text: str, other: str) -> int:
    """How many characters must be put in, left out or changed to make one text the other."""
    before = list(range(len(other) + 1))
    for place, char in enumerate(text, start=1):
        row = [place]
        for column, wanted in enumerate(other, start=1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (char != wanted)))
        before = row
    return before[-1]


def _is_among(outcome: Outcome) -> bool:
    return any(answer.text == outcome.picture.plate for answer in outcome.answers)


def _tail(text: str) -> str:
    """The plate without its province; a reader that knows none leaves it away itself."""
    return text[1:] if text and not text[0].isascii() else text
