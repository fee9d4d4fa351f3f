"""A text in which phones and plates may be written in any way, as they are searched for. Pure."""

import re
import unicodedata

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_DIVIDES = re.compile(r"[\s\-·•.()\u200b-\u200f\u2060\ufeff]+")


def every_form(*texts: str) -> str:
    """The texts as they are, and once more with JSON's escapes, wide digits and dividers undone."""
    said = "\n".join(texts)
    plain = unicodedata.normalize("NFKC", _ESCAPED.sub(lambda code: chr(int(code[1], 16)), said))
    return f"{said}\n{_DIVIDES.sub('', plain).upper()}"
