"""Mainland plate numbers (车牌号): one spelling, and the table of kinds that can exist.

Sources: GA 36-2018 as quoted by generators and validators, and motoring answers for armed
police, army and fire plates. A serial's pattern alone never makes a plate impossible.
"""

import re
import unicodedata
from dataclasses import dataclass

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O are never issued
DIGITS = "0123456789"
MARKS = "挂学警港澳使领应急民航试超"
ALPHABET = DIGITS + LETTERS + PROVINCES + MARKS
COLOURS = ("blue", "yellow", "green", "yellow_green", "white", "black")
"""Background colours in a fixed order; ``yellow_green`` is the large new-energy plate."""

_TRADITIONAL = str.maketrans(
    "粵瓊滬遼蘇閩贛魯陝貴雲寧晉領學掛應", "粤琼沪辽苏闽赣鲁陕贵云宁晋领学挂应"
)
_UNREAD = "*?"
"""What a mask or a person writes for a sign that is not known: without it, another plate."""
_LOOKALIKES = str.maketrans("OI", "01")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of plate (号牌种类): what may stand on it, and how it looks.

    ``rows`` and ``colours`` list what is seen on the road, the usual one first;
    ``is_certain`` is False where only one weak source describes the kind.
    """

    id: str
    pattern: re.Pattern[str]
    length: tuple[int, ...]
    colours: tuple[str, ...]
    rows: tuple[int, ...]
    size_mm: tuple[int, int]
    is_certain: bool = True


def _kind(
    row: str, pattern: str, length: tuple[int, ...], rows: tuple[int, ...] = (1,), sure: bool = True
) -> Kind:
    """A row of the table; ``row`` is "id colour[,colour] WIDTHxHEIGHT" (mm)."""
    name, colours, size = row.split()
    classes = {"P": f"[{PROVINCES}]", "L": f"[{LETTERS}]", "D": "[0-9]", "X": f"[{LETTERS}0-9]"}
    regex = re.sub("[PLDX]", lambda found: classes[found[0]], pattern)
    width, height = size.split("x")
    size_mm = (int(width), int(height))
    return Kind(name, re.compile(regex), length, tuple(colours.split(",")), rows, size_mm, sure)


# P province, L letter, D digit, X letter or digit. Order matters: among the kinds that fit a
# text equally well, the first is the likeliest.
KINDS = (
    _kind("small blue 440x140", "PLX{5}", (7,)),
    _kind("large yellow 440x140", "PLX{5}", (7,)),
    _kind("large_rear yellow 440x220", "PLX{5}", (7,), rows=(2,)),
    _kind("black black 440x140", "PLX{5}", (7,)),
    _kind("motorcycle yellow,blue 220x140", "PLX{5}", (7,), rows=(2,)),
    _kind("nev_small green 480x140", "PL[A-HJK]XD{4}", (8,)),
    _kind("nev_large yellow_green,green,yellow 480x140", "PLD{5}[A-HJK]", (8,)),
    _kind("trailer yellow 440x220", "PLX{4}挂", (7,), rows=(2, 1)),
    _kind("learner yellow 440x140", "PLX{4}学", (7,), rows=(1, 2)),
    _kind("police white 440x140", "PLX{4}警", (7,), rows=(1, 2)),
    _kind("police_organ white 440x140", "PO[A-HJ-Z0-9]X{3}警", (7,), sure=False),
    _kind("organ blue,white 440x140", "POX{5}", (7,)),
    _kind("hk_macau black 440x140", "粤ZX{4}[港澳]", (7,)),
    _kind("embassy black 440x140", "D{6}使", (7,), rows=(1, 2)),
    _kind("embassy_old black 440x140", "使D{6}", (7,)),
    _kind("consulate black 440x140", "PD{5}领", (7,)),
    _kind("consulate_old black 440x140", "PLX{4}领", (7,)),
    _kind("consulate_motorcycle black 220x140", "P领D{5}", (7,), rows=(2,), sure=False),
    _kind("armed_police white 440x140", "WJP?D{4}X", (7, 8), rows=(1, 2)),
    _kind("armed_police_old white 440x140", "WJD{2}XD{4}", (9,), sure=False),
    _kind("military white 440x140", "LLD{5}", (7,), rows=(1, 2)),
    _kind("emergency white 440x140", "PLD{4}应急", (8,)),
    _kind("aviation green,white 440x140", "民航LX{4,5}", (7, 8), sure=False),
    _kind("special_size yellow,blue 440x140", "PLX{4}[试超]", (7,), sure=False),
)


def normalize(text: str) -> str:
    """The stored form: ``"浙a·12345"`` and ``"浙A-12345"`` become ``"浙A12345"``.

    Full-width signs, dots and dashes of any kind, blanks and what nobody sees make no difference.
    O and I are never issued, so from the third place on they are the digits 0 and 1; the
    second place keeps the letter O of a police agency (浙O1234警).
    """
    upper = unicodedata.normalize("NFKC", text).upper()
    signs = unicodedata.normalize("NFKC", upper).translate(_TRADITIONAL)
    plain = "".join(sign for sign in signs if sign.isalnum() or sign in _UNREAD)
    if "使" in plain or "领" in plain:  # their second place may be a digit, never I or O
        return plain.translate(_LOOKALIKES)
    return plain[:2] + plain[2:].translate(_LOOKALIKES)


def kinds_of(text: str) -> tuple[Kind, ...]:
    """Every kind whose grammar fits ``text`` (in the stored form), likeliest first."""
    return tuple(kind for kind in KINDS if kind.pattern.fullmatch(text))


def kind_of(text: str, colour: str | None = None, rows: int | None = None) -> str | None:
    """The id of the kind ``text`` (in the stored form) belongs to, or None: no such plate.

    The colour and the number of rows only choose among kinds that fit the text: a camera at
    night gets colours wrong, and a plate is not refused for that.
    """

    def looks_right(kind: Kind) -> tuple[bool, bool]:
        return (colour in kind.colours, rows is not None and kind.rows[0] == rows)

    fitting = kinds_of(text)
    return max(fitting, key=looks_right).id if fitting else None


def is_plausible(text: str) -> bool:
    """Whether ``text`` (in the stored form) has the shape of some plate that can exist."""
    return bool(kinds_of(text))
