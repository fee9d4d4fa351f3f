"""What msgspec says of a value that does not fit, as a sentence in each language. Pure."""

import re
from collections.abc import Callable

from shared.words import Sentence

_KINDS = {
    "str": "misfit.kind_str",
    "int": "misfit.kind_int",
    "float": "misfit.kind_float",
    "bool": "misfit.kind_bool",
    "array": "misfit.kind_array",
    "object": "misfit.kind_object",
    "datetime": "misfit.kind_datetime",
    "date": "misfit.kind_date",
    "time": "misfit.kind_time",
}
_LENGTHS = {">=": "misfit.length_least", "<=": "misfit.length_most"}
_SIZES = {
    ">=": "misfit.size_least",
    "<=": "misfit.size_most",
    ">": "misfit.size_more",
    "<": "misfit.size_less",
}


def misfit(problem: str) -> str:
    """``problem``, which is msgspec's and English, as a sentence; itself if it is none we know."""
    for pattern, sentence in _SENTENCES:
        if found := re.fullmatch(pattern, problem):
            return sentence(found)
    return problem


def _kind(found: re.Match[str]) -> Sentence:
    return Sentence("misfit.kind", wanted=_named(found[1]), got=_named(found[2]))


def _size(found: re.Match[str]) -> Sentence:
    return Sentence((_LENGTHS if found[1] else _SIZES)[found[2]], count=found[3])


def _named(kinds: str) -> str:
    """The first of ``str | null`` as a settings file would hold it."""
    known = (_KINDS[kind] for kind in re.findall(r"\w+", kinds) if kind in _KINDS)
    return next(map(Sentence, known), kinds)


_SENTENCES: tuple[tuple[str, Callable[[re.Match[str]], Sentence]], ...] = (
    (r"Expected `([^`]+)`, got `([^`]+)`", _kind),
    (r"Expected `\w+( \| null)?` matching regex .*", lambda _: Sentence("misfit.pattern")),
    (r"Expected `[^`]+` (of length )(>=|<=) (\d+)", _size),
    (r"Expected `[^`]+` ()(>=|<=|>|<) (\S+)", _size),
    (r"Invalid RFC3339 .*|Expected `datetime.*", lambda _: Sentence("misfit.moment")),
    (r"Invalid enum value .*", lambda _: Sentence("misfit.choice")),
    (r"Object missing required field (.*)", lambda found: Sentence("misfit.missing", key=found[1])),
    (r"Object contains unknown field (.*)", lambda found: Sentence("misfit.unknown", key=found[1])),
)
