"""Names and other texts that people type: kept sign by sign, without what nobody sees. Pure.

Which signs a name may have is no question of this Python's Unicode tables: characters that were
added later, and those of private use, are somebody's name.
"""

import re
import unicodedata

TITLES = ("先生", "女士", "小姐", "太太", "夫人")
"""How visitors are called (称呼)."""
LONGEST_NAME = 60
_CUT = "…"

_BREAK_SIGNS = "\t-\r\x1c-\x1f\x85\u2028\u2029"
_UNSEEN_SIGNS = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\uffa0\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e00ff"
)
"""Controls, marks of writing direction and of width zero, tags, and what is no character."""
_HALVES = "\ud800-\udfff"
_BREAKS, _UNSEEN, _BROKEN, _ODD = (
    re.compile(pattern)
    for pattern in (
        f"[{_BREAK_SIGNS}]+",
        f"[{_UNSEEN_SIGNS}]",
        f"[{_HALVES}]",
        f"[{_BREAK_SIGNS}{_UNSEEN_SIGNS}{_HALVES}]",
    )
)
_COMPATIBLE = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
"""Ideographs that Unicode's normal forms replace by others; in a name they are kept."""
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]*")


def one_line(text: str) -> str:
    """``text`` on one line; a line break becomes a blank, half a character ``\ufffd``."""
    if not _ODD.search(text):
        return text
    return _BROKEN.sub("\ufffd", _UNSEEN.sub("", _BREAKS.sub(" ", text)))


def normalize_name(text: str) -> str:
    """The stored form of a name: NFC, single blanks, at most ``LONGEST_NAME`` long.

    A longer one ends with ``…``, so that everybody sees that it was cut.
    """
    if len(text) <= LONGEST_NAME and _PLAIN.fullmatch(text):
        return text
    parts = _COMPATIBLE.split(" ".join(one_line(text).split()))
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    name = "".join(parts)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + _CUT


def surname_and_title(surname: str, salutation: str | None) -> tuple[str, str | None]:
    """A name without the title that was typed behind it, and the title (称呼).

    A title given apart stands: «张女士» with 女士 is 张 with 女士, «张女士» alone as well.
    """
    typed = next((title for title in TITLES if surname.endswith(title)), None)
    bare = surname.removesuffix(typed or "").rstrip()
    if typed is None or not bare:
        return surname, salutation
    return surname_and_title(bare, salutation or typed)
