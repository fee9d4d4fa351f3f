"""How a plate, a number of people and a time sound on a phone or a radio (播报).

A synthetic voice reads «浙A88888» as a word and a number; a guard says «浙A，五个八». Whatever is
said, the whole plate can be written down from it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache, lru_cache
from itertools import groupby, pairwise

from shared.plate import MARKS, PROVINCES
from shared.words import DEFAULT_LANGUAGE, read_words

NO_PLATES = ("无牌", "未识别")
"""What the gate sends instead of a plate."""
FOLDED_FROM = 3
"""From this many on, equal characters in a row are counted, not read: «三个八»."""
_KINDS = ("挂", "学", "警", "港", "澳", "使", "领", "应急", "民航", "试", "超", "WJ", *NO_PLATES)
"""In the order of the catalogue's ``speech.kinds``."""
_PARTS_END_AT = (6, 12, 13, 18, 24)
"""The hours at which the parts of the day end, in the order of ``speech.day_parts``."""
_PLATE = (
    rf"(?:WJ[{PROVINCES}]?|[{PROVINCES}]|民航)[A-Z0-9]{{4,7}}(?:应急|[{MARKS}])?"
    r"|(?<!\d)\d{6}使|使\d{6}"
)
_PLATES = re.compile(rf"({_PLATE})( ?)")
_A_DIGIT = re.compile(r"\d|[A-Z]{4}")
"""What is in every number and every plate; a plate of letters only has four in a row."""
_CLOCK_TIME = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?![\d:])")


@dataclass(frozen=True, slots=True)
class _Voice:
    """How a language says the characters of a plate; those without a word are said as they are."""

    language: str
    says_yao: bool

    def single(self, character: str) -> str:
        """A single character, or the pair ``WJ``, ``应急`` or ``民航``."""
        if self.says_yao and character == "1":
            return _say("radio_one", self.language)
        return _characters(self.language).get(character, character)

    def many(self, count: int, character: str) -> str:
        """``count`` times the same character."""
        if not character.isdecimal():
            several = _say("letters", self.language, letter=character)
        elif self.says_yao and character == "1":
            several = _say("radio_ones", self.language)
        else:
            several = _listed("digits", self.language)[int(character)]
        number = _listed("numbers", self.language)[count]
        return _say("many", self.language, count=number, characters=several)

    def group(self, group: list[str]) -> str:
        """What is said in one breath."""
        if len(group) >= FOLDED_FROM and len(set(group)) == 1:
            return self.many(len(group), group[0])
        said = self.single(group[0])
        for before, character in pairwise(group):
            # «浙A» is one name; elsewhere letters in a row would be read as a word.
            is_name = before in PROVINCES or before == "WJ"
            is_apart = (character.isalpha() or before.isalpha()) and not is_name
            after = self.single(character)
            pair = _say("pair", self.language, before=said, after=after)
            said = f"{said} {after}" if is_apart else pair
        return said


@lru_cache(maxsize=1_000)  # each post hears of the same car
def spoken_plate(plate: str, language: str = DEFAULT_LANGUAGE, *, says_yao: bool = False) -> str:
    """``plate`` (in the stored form) as it is read out: ``浙A，五个八``, ``five eights``.

    ``says_yao``: a 1 is «幺», as on the radio; only Chinese knows it.
    """
    voice = _Voice(language, says_yao)
    if plate in NO_PLATES:
        return voice.single(plate)
    return _say("comma", language).join(voice.group(group) for group in _groups(plate))


def spoken_count(people: int, language: str = DEFAULT_LANGUAGE) -> str:
    """A number of people, 1 to 99: ``两位``, ``two people``."""
    key = "person" if people == 1 else "people"
    return _say(key, language, count=_counted(people, language))


def spoken_time(local: time, language: str = DEFAULT_LANGUAGE) -> str:
    """A time of the site's clock: ``下午两点零五分``."""
    hour = _counted((local.hour + 11) % 12 + 1, language)
    if local.hour == 0:
        hour = _say("midnight", language)
    parts = zip(_PARTS_END_AT, _listed("day_parts", language), strict=True)
    part = next(name for end, name in parts if local.hour < end)
    minute = _listed("numbers", language)[local.minute]
    key = {0: "hour", 30: "half"}.get(local.minute) or (
        "few_minutes" if local.minute < 10 else "minutes"
    )
    return _say(key, language, part=part, hour=hour, minute=minute)


def for_the_ear(
    text: str,
    plate: str | None = None,
    language: str = DEFAULT_LANGUAGE,
    *,
    says_yao: bool = False,
) -> str:
    """``text`` as it is spoken: plates, numbers of people and clock times are put into words.

    ``plate`` may stand in ``text`` too; an incomplete plate is not recognised without it.
    """
    if not _A_DIGIT.search(text) and not (plate and plate in text):  # nor a plate, then
        return text
    comma = _say("comma", language)

    def read_out(found: re.Match[str]) -> str:
        said = spoken_plate(found[1], language, says_yao=says_yao)
        return said + (comma if found[2] else "")

    def counted(found: re.Match[str]) -> str:
        return (comma if found[1] else "") + spoken_count(int(found[2]), language)

    def timed(found: re.Match[str]) -> str:
        return spoken_time(time(int(found[1]), int(found[2])), language)

    known = _PLATES
    if plate is not None and not known.fullmatch(plate):
        known = re.compile(rf"({re.escape(plate)}|{_PLATE})( ?)")
    said = known.sub(read_out, text)
    return _party(language).sub(counted, _CLOCK_TIME.sub(timed, said))


@cache
def _party(language: str) -> re.Pattern[str]:
    """A number of people, as an alert writes it."""
    written = read_words("broker").say("alert_part.people", language, count="#")
    before, after = (re.escape(part).replace(r"\ ", " ?") for part in written.split("#"))
    return re.compile(rf"( ?){before}(?<!\d)([1-9]\d?)(?!\d){after}")


def _say(key: str, language: str, **values: object) -> str:
    return read_words("broker").say(f"speech.{key}", language, **values)


@cache
def _listed(key: str, language: str) -> tuple[str, ...]:
    return tuple(_say(key, language).split(", "))


@cache
def _characters(language: str) -> Mapping[str, str]:
    """The characters of plates for which another word is said."""
    return {
        **dict(zip("0123456789", _listed("numbers", language), strict=False)),
        **dict(zip(PROVINCES, _listed("places", language), strict=True)),
        **dict(zip(_KINDS, _listed("kinds", language), strict=True)),
    }


def _counted(number: int, language: str) -> str:
    """A number as it is said before what it counts: «两位», not «二位»."""
    return _say("two", language) if number == 2 else _listed("numbers", language)[number]


def _groups(plate: str) -> Iterator[list[str]]:
    """The groups said in one breath: the place, each run, what is between, each mark."""
    head = re.match(rf"WJ[{PROVINCES}]?|[{PROVINCES}][A-Z]|[{PROVINCES}]|民航", plate)
    if head:
        yield re.findall("WJ|民航|.", head[0])
    rest = plate[head.end() :] if head else plate
    for part in re.findall(r"应急|[A-Z0-9]+|.", rest):
        yield from _runs(part) if part.isascii() else [[part]]


def _runs(part: str) -> Iterator[list[str]]:
    plain: list[str] = []
    for _, same in groupby(part):
        run = list(same)
        if len(run) < FOLDED_FROM:
            plain += run
            continue
        if plain:
            yield plain
            plain = []
        yield run
    if plain:
        yield plain
