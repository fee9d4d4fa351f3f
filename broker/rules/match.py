"""Which consultant a visitor means, and which plates a misread plate may be (疑似)."""

import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from broker.rules.commands import Consultant
from broker.rules.han import folded
from shared.plate import PROVINCES

_SPACES = re.compile(r"[\s·'’\-]+")
_TITLES = re.compile(
    "(先生|女士|小姐|太太|夫人|经理|顾问|老师|主管|主任|店长|总监|师傅|总|姐|哥|妹|弟)$"
)
_FAMILIAR = re.compile("^[小老阿大](?=.)")
"""Before a surname: «小李»."""

LOOK_ALIKES = (
    *("0DQ", "8B", "5S", "2Z", "17T", "6G", "VY", "MN", "EF"),
    *("苏赣", "鲁鄂", "京粤", "渝冀"),
)
"""Characters that the plate reader takes for each other, as its mistakes show."""
_ALIKE, _PROVINCE, _OTHER, _MISSING = 0.3, 0.6, 1.0, 1.0
HINT_WITHIN = 1.2
"""The farthest that a plate may be for a hint: one odd character, or a few look-alikes."""
_EQUALLY_NEAR = 0.05


def consultants_meant(roster: Iterable[Consultant], text: str) -> tuple[Consultant, ...]:
    """The consultants whom ``text`` may mean: several if they share a name or its sound.

    An id or the exact name decides before a surname («小李», «李总»), that before homophones, those
    before pinyin and initials; a shorter text means everybody whose name begins with it.
    """
    whole = folded(text)
    bare = _TITLES.sub("", whole)
    surname = _FAMILIAR.sub("", bare)
    working = tuple(consultant for consultant in roster if not consultant.has_left)
    for fits, wanted in (
        (_is_exactly, whole),
        (_is_exactly, bare),
        (_begins_so, surname),
        (_sounds_like, bare),
        (_begins_like, bare),
    ):
        found = tuple(consultant for consultant in working if wanted and fits(consultant, wanted))
        if found:
            return found
    return ()


def _is_exactly(consultant: Consultant, wanted: str) -> bool:
    return wanted in (folded(consultant.id), folded(consultant.name))


def _begins_so(consultant: Consultant, surname: str) -> bool:
    return not surname.isascii() and folded(consultant.name).startswith(surname)


def _sounds_like(consultant: Consultant, wanted: str) -> bool:
    return not spellings(consultant.name).isdisjoint(_full(wanted))


def _begins_like(consultant: Consultant, wanted: str) -> bool:
    return any(
        mine.startswith(asked) for mine in spellings(consultant.name) for asked in _full(wanted)
    )


@lru_cache(maxsize=4096)
def spellings(name: str) -> frozenset[str]:
    """``李敏`` as ``limin`` and ``lm``, for each reading that its characters have."""
    is_chinese = any("一" <= char <= "鿿" for char in name)
    initials = (
        ("".join(syllable[0] for syllable in read) for read in _readings(name))
        if is_chinese
        else ()
    )
    return _full(name) | frozenset(initials)


@lru_cache(maxsize=4096)
def _full(name: str) -> frozenset[str]:
    return frozenset("".join(read) for read in _readings(name))


def _readings(name: str) -> Iterator[tuple[str, ...]]:
    # Not at the top: it takes a third of a second, and the MQTT server's program reads no names.
    from pypinyin import Style, pinyin

    plain = _SPACES.sub("", name).lower().replace("ü", "v")
    return product(*pinyin(plain, style=Style.NORMAL, heteronym=True, v_to_u=False))


def plate_distance(read: str, plate: str, within: float = math.inf) -> float:
    """How far the reader would have to err to read ``plate`` as ``read``; 0: the same.

    A weighted edit distance: look-alikes cost less than other characters. Exact up to ``within``;
    any larger result only says "farther than that".
    """
    shift = int(min(within / _MISSING, len(read) + len(plate)))
    row = [index * _MISSING for index in range(len(plate) + 1)]
    for place, char in enumerate(read, start=1):
        above, row = row, [place * _MISSING, *[math.inf] * len(plate)]
        for index in range(max(0, place - 1 - shift), min(len(plate), place + shift)):
            changed = above[index] + _cost(char, plate[index])
            row[index + 1] = min(changed, above[index + 1] + _MISSING, row[index] + _MISSING)
    return row[-1]


@lru_cache(maxsize=8192)
def _cost(char: str, wanted: str) -> float:
    if char == wanted:
        return 0.0
    if any(char in group and wanted in group for group in LOOK_ALIKES):
        return _ALIKE
    return _PROVINCE if char in PROVINCES and wanted in PROVINCES else _OTHER


def likeliest_plate(read: str, plates: Iterable[str]) -> tuple[str, ...]:
    """The nearest of ``plates``; several if equally near (no hint then), empty if all are far."""
    ranked = sorted((plate_distance(read, plate, HINT_WITHIN), plate) for plate in set(plates))
    near = [(far, plate) for far, plate in ranked if far <= HINT_WITHIN]
    return tuple(plate for far, plate in near if far <= near[0][0] + _EQUALLY_NEAR)
