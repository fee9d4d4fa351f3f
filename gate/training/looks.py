"""How plates of one kind differ from each other: what the standard's drawing does not show.

White plates are not made by the standard of the others (GA 36): their letters, digits and dots
have widths and places of their own, which changed with the years. What is not known is drawn
in many ways, so that the network learns the text and not one way of writing it.
"""

import numpy as np

from gate.training.layout import Look, usual_look

_Rng = np.random.Generator


def look_of(text: str, kind: str, rng: _Rng) -> Look:
    """One of the ways in which a plate of ``kind`` that says ``text`` may be made."""
    return _LOOKS.get(kind, _ordinary)(text, kind, rng)


def _ordinary(text: str, kind: str, rng: _Rng) -> Look:
    """As the standard has it, a few without the dot."""
    usual = usual_look(text, kind)
    size = (float(rng.normal(1.0, 0.03)), float(rng.normal(1.0, 0.02)))
    has_dot = usual.has_dot and rng.random() > 0.06
    return Look((size,) * len(text), usual.gap_after, usual.red, has_dot=has_dot)


def _shares(rng: _Rng, *parts: tuple[int, float, float, float]) -> tuple[tuple[float, float], ...]:
    """For each part (characters, width, height, spread) the same size for its characters."""
    sizes: list[tuple[float, float]] = []
    for count, width, height, spread in parts:
        wide = width * float(np.exp(rng.normal(0.0, spread)))
        high = min(1.12, height * float(np.exp(rng.normal(0.0, spread / 2))))
        sizes += [(wide, high)] * count
    return tuple(sizes)


def _military(text: str, kind: str, rng: _Rng) -> Look:
    """Two letters of the service, the first or both red, then five digits."""
    shares = _shares(rng, (1, 1.0, 1.0, 0.12), (1, 1.0, 0.97, 0.14), (5, 0.97, 1.0, 0.1))
    red = int(rng.choice([1, 2, 2, 2]))
    return Look(shares, 2, red, has_dot=bool(rng.random() < 0.8), hang=_hang(rng))


def _armed_police(text: str, kind: str, rng: _Rng) -> Look:
    """The type of 2012: WJ in red, maybe the province, small or large, then five signs."""
    region = len(text) - 7
    small = float(rng.uniform(0.55, 1.0))
    shares = _shares(
        rng, (1, 1.1, 1.0, 0.12), (1, 0.9, 1.0, 0.12), (region, small, small, 0.05),
        (5, 0.97, 1.0, 0.08),
    )  # fmt: skip
    red = 2 + region * int(rng.random() < 0.5)
    return Look(shares, 2 + region, red, has_dot=bool(rng.random() < 0.6), hang=_hang(rng))


def _armed_police_old(text: str, kind: str, rng: _Rng) -> Look:
    """The type before 2012: WJ in red, two digits of the region, small or large, five signs."""
    small = float(rng.uniform(0.45, 0.95))
    shares = _shares(
        rng, (1, 1.05, 1.0, 0.12), (1, 0.85, 1.0, 0.12), (2, small, small, 0.05),
        (5, 0.95, 1.0, 0.08),
    )  # fmt: skip
    red = int(rng.choice([2, 2, 4]))
    return Look(shares, 4, red, has_dot=bool(rng.random() < 0.7), hang=_hang(rng))


def _police(text: str, kind: str, rng: _Rng) -> Look:
    """The dot behind the province or behind the letter, 警 a little smaller or not."""
    last = float(rng.uniform(0.8, 1.05))
    shares = _shares(rng, (1, 1.0, 1.0, 0.07), (5, 1.0, 1.0, 0.07), (1, last, last, 0.05))
    return Look(shares, int(rng.choice([1, 1, 1, 2])), 0, has_dot=bool(rng.random() < 0.9))


def _emergency(text: str, kind: str, rng: _Rng) -> Look:
    last = float(rng.uniform(0.6, 1.0))
    shares = _shares(rng, (2, 1.0, 1.0, 0.07), (4, 1.0, 1.0, 0.07), (2, last, last, 0.07))
    return Look(shares, 2, 0, has_dot=bool(rng.random() < 0.8), hang=_hang(rng))


def _diplomatic(text: str, kind: str, rng: _Rng) -> Look:
    """使 and 领 red or in the colour of the rest."""
    usual = usual_look(text, kind)
    shares = _shares(rng, (len(text), 1.0, 1.0, 0.05))
    red_signs = "使领" if rng.random() < 0.5 else ""
    return Look(shares, usual.gap_after, 0, red_signs, bool(rng.random() < 0.8))


def _cross_border(text: str, kind: str, rng: _Rng) -> Look:
    last = float(rng.uniform(0.7, 1.0))
    shares = _shares(rng, (6, 1.0, 1.0, 0.05), (1, last, last, 0.05))
    return Look(shares, 2, 0, has_dot=bool(rng.random() < 0.9), hang=_hang(rng))


def _hang(rng: _Rng) -> float:
    return float(rng.choice([0.0, 0.5, 0.9, 1.0]))


_LOOKS = {
    "military": _military,
    "armed_police": _armed_police,
    "armed_police_old": _armed_police_old,
    "police": _police,
    "police_organ": _police,
    "emergency": _emergency,
    "embassy": _diplomatic,
    "embassy_old": _diplomatic,
    "consulate": _diplomatic,
    "consulate_old": _diplomatic,
    "hk_macau": _cross_border,
}
