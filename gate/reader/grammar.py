"""Turns the recogniser's probabilities into the likeliest plate. Pure: no picture.

The lattice of every plate that can exist gives the likeliest texts; the colour seen and how common
a kind is weigh them. A text that fits no plate may still win if it is far likelier: nothing is
refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gate.reader.lattice import (
    BLANK,
    KINDS_BY_FORM,
    Likelihoods,
    Probabilities,
    certainties,
    likelihoods,
    probabilities_of,
    told_steps,
)
from shared.plate import ALPHABET, COLOURS, PROVINCES, Kind, kind_of, kinds_of

_PLAIN = 0.95
_PLAINLY_POSSIBLE = 0.25
"""If every character of the plain reading is this certain, and the text this likely in its colour,
no others are searched: none can come near it."""

_FORMS = 3
"""For how many forms of plate the likeliest text is examined."""

_RIVALS = 5
_RIVAL = 0.002
"""Other characters that are at least this likely are tried in the likeliest text, one at a time."""

_CANDIDATES = 3
_LENGTHS = tuple(len(form) for form in KINDS_BY_FORM)

_COMMON_KINDS = frozenset({"small", "large", "large_rear", "nev_small"})
_COMMON, _RARE, _DOUBTFUL, _IMPOSSIBLE = 1.0, 0.3, 0.02, 0.0005
"""How much a text weighs by the likeliest kind it fits."""

_COLOUR_FLOOR = 0.02
"""Colours seen at night are wrong now and then, so none rules a kind out."""

_ORDINARY = frozenset({"small", "large", "large_rear", "black", "motorcycle"})
_GREEN_KINDS = {"green": "nev_small", "yellow_green": "nev_large"}
_GREEN_SURE = 0.6


@dataclass(frozen=True, slots=True)
class PlateText:
    """The text of a strip; fields as in `PlateReading`. ``score`` ranks two looks."""

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
    """The likeliest plate, or None if no character is seen.

    ``characters`` is steps × (1 + len(ALPHABET)) with the blank first, ``colours`` one value for
    each of COLOURS; each row sums to 1.
    """
    seen = dict(zip(COLOURS, (float(p) for p in colours), strict=True))
    raw, sure = plain_reading(characters)
    if raw and min(sure) > _PLAIN and (usual := plausibility(raw, seen)) > _PLAINLY_POSSIBLE:
        return _plate_text(
            [raw], raw, sure, float(np.log(sure).sum() + np.log(usual)), (seen, rows)
        )
    steps = told_steps(characters)
    texts = list(dict.fromkeys(["", raw, *_likeliest(likelihoods(steps), seen)]))
    likely = dict(zip(texts, probabilities_of(texts, steps), strict=True))
    weights = {text: p * plausibility(as_issued(text), seen) for text, p in likely.items()}
    ranked = sorted((text for text in texts if text), key=lambda text: -weights[text])
    if not ranked or likely[""] > likely[ranked[0]]:
        return None
    score = float(np.log(max(weights[ranked[0]], 1e-300)))
    return _plate_text(ranked, raw, certainties(ranked[0], steps), score, (seen, rows))


def _plate_text(
    ranked: list[str],
    raw: str,
    certain: tuple[float, ...],
    score: float,
    look: tuple[Mapping[str, float], int],
) -> PlateText:
    """The first of ``ranked`` (texts as the network sees them) as a plate."""
    best, (seen, rows) = as_issued(ranked[0]), look
    kind, is_incomplete = _kind(best, seen, rows)
    return PlateText(
        plate=best,
        raw_plate=raw,
        kind=kind,
        colour=max(seen, key=lambda name: seen[name]),
        characters=certain,
        province_confidence=_of_province(best, certain, kind),
        candidates=tuple(as_issued(text) for text in ranked[1 : 1 + _CANDIDATES]),
        is_incomplete=is_incomplete,
        score=score,
    )


def _likeliest(found: Likelihoods, colours: Mapping[str, float]) -> list[str]:
    """The best texts of the best forms, and the nearest rivals of the best one."""
    usual = [max(_weight(kind, colours) for kind in kinds) for kinds in KINDS_BY_FORM.values()]
    order = np.argsort(-found.of_forms * usual)[:_FORMS]
    texts = [_text(found.of_slots[n, : _LENGTHS[n]].argmax(axis=1)) for n in order]
    slots = found.of_slots[order[0], : _LENGTHS[order[0]]].copy()
    best = slots.argmax(axis=1)
    slots[np.arange(len(best)), best] = 0.0
    for place in np.argsort(-slots, axis=None)[:_RIVALS]:
        slot, number = np.unravel_index(place, slots.shape)
        if slots[slot, number] > _RIVAL:
            rival = best.copy()
            rival[slot] = number
            texts.append(_text(rival))
    return texts


def _text(classes: NDArray[np.int64]) -> str:
    return "".join(ALPHABET[number - 1] for number in classes if number != BLANK)


def as_issued(text: str) -> str:
    """``text`` with an agency's letter O, which the network can only see as the digit."""
    looks_like_agency = len(text) == 7 and text[0] in PROVINCES and text[1] == "0"
    if looks_like_agency and not kinds_of(text):
        return text[0] + "O" + text[2:]
    return text


def plausibility(text: str, colours: Mapping[str, float]) -> float:
    """How likely a plate has this ``text``, given the colour seen; never 0."""

    return max((_weight(kind, colours) for kind in kinds_of(text)), default=_IMPOSSIBLE)


def _weight(kind: Kind, colours: Mapping[str, float]) -> float:
    usual = _COMMON if kind.id in _COMMON_KINDS else _RARE if kind.is_certain else _DOUBTFUL
    return usual * (_COLOUR_FLOOR + sum(colours[name] for name in kind.colours))


def plain_reading(characters: Probabilities) -> tuple[str, tuple[float, ...]]:
    """The likeliest character of each step without repeats and blanks; how likely each was."""
    path = characters.argmax(axis=1).tolist()
    peaks = characters.max(axis=1).tolist()
    text: list[str] = []
    sure: list[float] = []
    for before, number, peak in zip([BLANK, *path], path, peaks, strict=False):
        if number == BLANK:
            continue
        if number == before:
            sure[-1] = max(sure[-1], peak)
        else:
            text.append(ALPHABET[number - 1])
            sure.append(peak)
    return "".join(text), tuple(sure)


def _kind(text: str, colours: Mapping[str, float], rows: int) -> tuple[str | None, bool]:
    """The kind, and whether places are missing: a green plate with seven lost its eighth."""
    colour = max(colours, key=lambda name: colours[name])
    kind = kind_of(text, colour, rows)
    if kind in _ORDINARY and colour in _GREEN_KINDS and colours[colour] > _GREEN_SURE:
        return _GREEN_KINDS[colour], True
    return kind, kind is None and len(text) < 7


def _of_province(text: str, certain: tuple[float, ...], kind: str | None) -> float:
    """The certainty of the province; for kinds without one, that of the whole plate."""
    places = [p for char, p in zip(text, certain, strict=True) if char in PROVINCES]
    if places:
        return places[0]
    return min(certain) if kind is not None else 0.0
