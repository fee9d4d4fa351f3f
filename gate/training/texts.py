"""Invents plate texts of every kind: serials as they are issued, or all look-alikes."""

import numpy as np

from shared.plate import DIGITS, LETTERS, PROVINCES

_SIGNS = {
    "P": PROVINCES,
    "L": LETTERS,
    "D": DIGITS,
    "E": "DDDDFFABCEGHJK",
    "m": "港澳",
    "t": "试超",
}
_SERIALS = (
    "DDDDD",
    "LDDDD",
    "LLDDD",
    "DLDDD",
    "DDLDD",
    "DDDLD",
    "DDDDL",
    "LDDDL",
    "DDDLL",
    "LDLDD",
)
_SERIAL_ODDS = (0.22, 0.17, 0.1, 0.1, 0.1, 0.08, 0.1, 0.05, 0.04, 0.04)

# kind, how often it is drawn, patterns to choose from; S is a five-place serial, s a four-place one
_FORMS = (
    ("small", 26.0, ("PLS",) * 40 + ("POS",)),
    ("large", 6.0, ("PLS",)),
    ("large_rear", 8.0, ("PLS",)),
    ("nev_small", 11.0, ("PLEDDDDD", "PLEDDDDD", "PLELDDDD")),
    ("nev_large", 5.0, ("PLDDDDDE",)),
    ("trailer", 3.0, ("PLs挂",)),
    ("learner", 3.0, ("PLs学",)),
    ("police", 6.5, ("PLs警",)),
    ("police_organ", 0.6, ("POs警",)),
    ("hk_macau", 4.0, ("粤Zsm",)),
    ("black", 2.0, ("PLS",)),
    ("embassy", 2.0, ("DDDDDD使",)),
    ("embassy_old", 0.8, ("使DDDDDD",)),
    ("consulate", 2.0, ("PDDDDD领",)),
    ("consulate_old", 1.2, ("PLs领",)),
    ("armed_police", 5.0, ("WJPDDDDD", "WJPDDDDD", "WJDDDDD", "WJPDDDDL")),
    ("armed_police_old", 2.0, ("WJDDXDDDD",)),
    ("military", 6.5, ("LLDDDDD",)),
    ("emergency", 3.5, ("PXDDDD应急", "PSDDDD应急", "PLDDDD应急")),
    ("aviation", 1.5, ("民航LDDDD", "民航LDDDDD")),
    ("motorcycle", 2.0, ("PLS",)),
    ("special_size", 1.5, ("PLst",)),
)
KINDS_DRAWN = tuple(kind for kind, _, _ in _FORMS)
_ODDS = np.array([odds for _, odds, _ in _FORMS]) / sum(odds for _, odds, _ in _FORMS)

_HARD_SIGNS = _SIGNS | {
    "P": "渝苏闽黑甘川鄂沪赣新皖浙豫云宁蒙",
    "L": "BDQGEFSKWZLTJUVYMNHPRCX",
    "D": "8065217",
    "E": "DDDDDDDFFFFBCEG",
}
"""The signs that are taken for each other most."""


def any_kind(rng: np.random.Generator) -> str:
    """A kind, ordinary ones more often; every kind the table of `shared.plate` can draw."""
    return _FORMS[int(rng.choice(len(_FORMS), p=_ODDS))][0]


def text_of(kind: str, rng: np.random.Generator, is_hard: bool = False) -> str:
    """A fresh text in the stored form; a hard one is all signs that are taken for each other.

    Raises: KeyError for a kind that is never drawn.
    """
    forms = {name: patterns for name, _, patterns in _FORMS}[kind]
    form = forms[int(rng.integers(len(forms)))]
    emergency = kind == "emergency"
    signs = _HARD_SIGNS if is_hard else _SIGNS
    return "".join(
        sign if emergency and sign in "XS" else _expand(sign, rng, signs) for sign in form
    )


def _expand(sign: str, rng: np.random.Generator, signs: dict[str, str]) -> str:
    if sign in "Ss":
        serial = _SERIALS[int(rng.choice(len(_SERIALS), p=_SERIAL_ODDS))]
        places = serial[: 5 if sign == "S" else 4]
        return "".join(_expand(place, rng, signs) for place in places)
    if sign == "X":
        sign = "D" if rng.random() < 0.7 else "L"
    choices = signs.get(sign, sign)
    return choices[int(rng.integers(len(choices)))]
