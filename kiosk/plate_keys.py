"""The keys of the plate's keyboard, and what each kind of plate allows at each place. Pure."""

import json
import re

from shared.plate import ALPHABET, DIGITS, KINDS, PROVINCES

LETTER_ROWS = (DIGITS[1:] + DIGITS[0], "QWERTYUOP", "ASDFGHJKL", "ZXCVBNM")
"""As on a phone's keyboard; O stands only on plates of police agencies, I on none."""
FIRST_MARKS = ("使", "WJ", "民航")
LAST_MARKS = ("警", "学", "挂", "港", "澳", "使", "领", "试", "超", "应急")

_PART = re.compile(r"(\[.*?\]|.)(?:\{(\d+)(?:,(\d+))?\}|(\?))?")
_SIGNS = ALPHABET + "O"


def province_rows(first: str | None) -> tuple[str, ...]:
    """The keys of the provinces, the site's own ``first``: most cars come from there."""
    own = first or ""
    ordered = own + PROVINCES.replace(own, "") if own else PROVINCES
    return ordered[:10], ordered[10:20], ordered[20:]


def forms() -> str:
    """JSON for ``plate.js``: each way a plate can be written, likeliest first.

    One form is its colour and the signs that each place may hold.
    """
    return json.dumps(
        [
            {"colour": kind.colours[0], "places": places}
            for kind in KINDS
            for places in _written_out(kind.pattern.pattern)
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _written_out(pattern: str) -> list[list[str]]:
    """``pattern`` place by place, once for each length that it allows."""
    written: list[list[str]] = [[]]
    for signs, least, most, is_optional in _PART.findall(pattern):
        allowed = "".join(sign for sign in _SIGNS if re.fullmatch(signs, sign))
        fewest = 0 if is_optional else int(least or 1)
        counts = range(fewest, max(fewest, int(most or least or 1)) + 1)
        written = [[*start, *[allowed] * count] for start in written for count in counts]
    return written
