"""From the recogniser's probabilities to the plate they most likely show: pure, no picture.

The search keeps the likeliest texts (CTC prefix search); what plates can say, and the colour
seen, weigh them afterwards. Nothing is refused: an impossible text only weighs little.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.plate import ALPHABET, COLOURS, PROVINCES, Kind, kind_of, kinds_of

Probabilities = NDArray[np.float32]

BLANK = 0
_BEAM = 12
_CHOICES = 6
"""Characters considered at one step, and texts kept."""

_NEGLIGIBLE = 0.001
_CANDIDATES = 3

_COMMON_KINDS = frozenset({"small", "large", "large_rear", "nev_small"})
_COMMON, _RARE, _DOUBTFUL, _IMPOSSIBLE = 1.0, 0.3, 0.02, 0.0005
"""How much a text weighs by the likeliest kind it fits."""

_COLOUR_FLOOR = 0.02
"""Colours seen by night are wrong now and then, so none rules a kind out."""

_ORDINARY = frozenset({"small", "large", "large_rear", "black", "motorcycle"})
_GREEN_KINDS = {"green": "nev_small", "yellow_green": "nev_large"}
_GREEN_SURE = 0.6


@dataclass(frozen=True, slots=True)
class PlateText:
    """What a strip says; fields as in `gate.reading.PlateReading`. ``score`` ranks two looks."""

    plate: str
    raw_plate: str
    kind: str | None
    colour: str
    characters: tuple[float, ...]
    province_confidence: float
    candidates: tuple[str, ...]
    is_incomplete: bool
    score: float


def decode(characters: Probabilities, colours: Probabilities, rows: int) -> PlateText | None:
    """The likeliest plate, or None where no character is seen.

    ``characters`` is steps × (1 + len(ALPHABET)) with the blank first, ``colours`` one value
    for each of COLOURS; each row sums to 1.
    """
    seen = dict(zip(COLOURS, (float(p) for p in colours), strict=True))
    weights: dict[str, float] = defaultdict(float)
    sources: dict[str, str] = {}
    for path, probability in search(characters).items():
        text = as_issued(path)
        if text:
            weights[text] += probability * plausibility(text, seen)
            sources.setdefault(text, path)
    if not weights:
        return None
    ranked = sorted(weights, key=lambda text: -weights[text])
    best = ranked[0]
    certain = align(characters, sources[best])
    colour = max(seen, key=lambda name: seen[name])
    kind, is_incomplete = _kind(best, seen, rows)
    return PlateText(
        plate=best,
        raw_plate=best_path(characters),
        kind=kind,
        colour=colour,
        characters=certain,
        province_confidence=_of_province(best, certain, kind),
        candidates=tuple(ranked[1 : 1 + _CANDIDATES]),
        is_incomplete=is_incomplete,
        score=float(np.log(max(weights[best], 1e-30))),
    )


def as_issued(text: str) -> str:
    """``text`` with the letter O where the network, that knows only the digit, saw an agency's."""
    looks_like_agency = len(text) == 7 and text[0] in PROVINCES and text[1] == "0"
    if looks_like_agency and not kinds_of(text):
        return text[0] + "O" + text[2:]
    return text


def plausibility(text: str, colours: Mapping[str, float]) -> float:
    """How likely a plate says ``text``, given the colour seen; never 0."""

    def weight(kind: Kind) -> float:
        usual = _COMMON if kind.id in _COMMON_KINDS else _RARE if kind.is_certain else _DOUBTFUL
        return usual * (_COLOUR_FLOOR + sum(colours[name] for name in kind.colours))

    return max((weight(kind) for kind in kinds_of(text)), default=_IMPOSSIBLE)


def search(characters: Probabilities) -> dict[str, float]:
    """The likeliest texts and the probability of each, over all its alignments."""
    beam = {"": (1.0, 0.0)}  # text: probability ending in a blank, ending in its last character
    likely = np.argsort(characters, axis=1)[:, -_CHOICES:]
    probable = np.take_along_axis(characters, likely, axis=1)
    for numbers, values in zip(likely.tolist(), probable.tolist(), strict=True):
        chosen = [(n, p) for n, p in zip(numbers, values, strict=True) if p > _NEGLIGIBLE]
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (blank, spoken) in beam.items():
            _grow(grown, text, (blank, spoken), chosen)
        best = sorted(grown.items(), key=lambda item: -sum(item[1]))[:_BEAM]
        beam = {text: (ends[0], ends[1]) for text, ends in best}
    return {text: sum(ends) for text, ends in beam.items()}


def _grow(
    grown: dict[str, list[float]],
    text: str,
    ends: tuple[float, float],
    chosen: list[tuple[int, float]],
) -> None:
    """Add to ``grown`` what ``text`` becomes at one step."""
    blank, spoken = ends
    for number, probability in chosen:
        if number == BLANK:
            grown[text][0] += (blank + spoken) * probability
            continue
        char = ALPHABET[number - 1]
        if text.endswith(char):
            grown[text][1] += spoken * probability
            grown[text + char][1] += blank * probability
        else:
            grown[text + char][1] += (blank + spoken) * probability


def best_path(characters: Probabilities) -> str:
    """The plain reading: the likeliest character of each step, repeats and blanks dropped."""
    path = [int(number) for number in characters.argmax(axis=1)]
    kept = [
        number
        for before, number in zip([BLANK, *path], path, strict=False)
        if number not in (BLANK, before)
    ]
    return "".join(ALPHABET[number - 1] for number in kept)


def align(characters: Probabilities, text: str) -> tuple[float, ...]:
    """How certain each character of ``text`` is: its highest probability where it must stand."""
    states = [BLANK]
    for char in text:
        states += [ALPHABET.index(char) + 1, BLANK]
    emitted = np.log(np.maximum(characters[:, states], 1e-12))
    may_skip = np.array(
        [i > 1 and s not in (BLANK, states[i - 2]) for i, s in enumerate(states)], bool
    )
    path = _viterbi(emitted, may_skip)
    certain = [0.0] * len(text)
    for step, state in enumerate(path):
        if state % 2:
            place = state // 2
            certain[place] = max(certain[place], float(characters[step, states[state]]))
    return tuple(certain)


def _viterbi(emitted: NDArray[np.floating], may_skip: NDArray[np.bool_]) -> list[int]:
    """The likeliest state at each step, from the first blank or character to the last."""
    steps, count = emitted.shape
    score = np.full(count, -np.inf)
    score[:2] = emitted[0, :2]
    back = np.zeros((steps, count), np.int64)
    for step in range(1, steps):
        one = np.concatenate([[-np.inf], score[:-1]])
        two = np.concatenate([[-np.inf, -np.inf], score[:-2]])
        moves = np.stack([score, one, np.where(may_skip, two, -np.inf)])
        back[step] = moves.argmax(axis=0)
        score = moves.max(axis=0) + emitted[step]
    state = count - 1 if score[-1] >= score[-2] else count - 2
    path = [state]
    for step in range(steps - 1, 0, -1):
        state -= int(back[step, state])
        path.append(state)
    return path[::-1]


def _kind(text: str, colours: Mapping[str, float], rows: int) -> tuple[str | None, bool]:
    """The kind, and whether places are missing: a green plate with seven lost its eighth."""
    colour = max(colours, key=lambda name: colours[name])
    kind = kind_of(text, colour, rows)
    if kind in _ORDINARY and colour in _GREEN_KINDS and colours[colour] > _GREEN_SURE:
        return _GREEN_KINDS[colour], True
    return kind, kind is None and len(text) < 7


def _of_province(text: str, certain: tuple[float, ...], kind: str | None) -> float:
    """How certain the province is; that of the whole plate for kinds without one."""
    places = [p for char, p in zip(text, certain, strict=True) if char in PROVINCES]
    if places:
        return places[0]
    return min(certain) if kind is not None else 0.0
