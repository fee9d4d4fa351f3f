"""What msgspec says of a value that does not fit, as a sentence in each language. Pure."""

import re
from collections.abc import Callable

from shared.words import Sentence

_KINDS = ("str", "int", "float", "bool", "array", "object", "datetime", "date", "time", "null")


def misfit(problem: str) -> str:
    """``problem``, which is msgspec's and English, as a sentence; itself if it is none we know."""
    for pattern, sentence in _SENTENCES:
        if found := re.fullmatch(pattern, problem):
            return sentence(found)
    return problem


def _kind(found: re.Match[str]) -> Sentence:
    return Sentence("misfit.kind", wanted=_kinds(found[1]), got=_kinds(found[2]))


def _size(found: re.Match[str]) -> Sentence:
    key = {">=": "least", ">": "more", "<=": "most", "<": "less"}[found[2]]
    return Sentence(f"misfit.{'length' if found[1] else 'size'}_{key}", count=found[3])


def _kinds(names: str) -> str:
    """``str | null`` as a sentence that names what a settings file can hold."""
    kinds = [name for name in re.findall(r"\w+", names) if name in _KINDS]
    said = [kind for kind in kinds if kind != "null"] or kinds
    return Sentence(f"misfit.kind_{said[0]}") if said else names


_SENTENCES: tuple[tuple[str, Callable[[re.Match[str]], Sentence]], ...] = (
    (r"Expected `([^`]+)`, got `([^`]+)`", _kind),
    (r"Expected `\w+( \| null)?` matching regex .*", lambda _: Sentence("misfit.pattern")),
    (r"Expected `[^`]+` (of length )?(>=|<=|>|<) (\S+)", _size),
    (r"Invalid RFC3339 .*|Expected `datetime.*", lambda _: Sentence("misfit.moment")),
    (r"Invalid enum value (.*)", lambda found: Sentence("misfit.choice", value=found[1])),
    (r"Object missing required field (.*)", lambda found: Sentence("misfit.missing", key=found[1])),
    (r"Object contains unknown field (.*)", lambda found: Sentence("misfit.unknown", key=found[1])),
)
