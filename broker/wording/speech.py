"""How a plate, a number of people and a time sound on a phone or a radio (播报). Pure.

A voice reads «浙A88888» as a word and a number; a guard says «浙A，五个八». Whatever is said can
be written down again: nothing of the plate is lost.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from itertools import groupby, pairwise

from shared.plate import MARKS, PROVINCES

NO_PLATES = ("无牌", "未识别")
"""What the gate says instead of a plate."""
FOLDED_FROM = 3
"""So many of one character in a row are counted, not read: «三个八»."""
_TRADITIONAL = str.maketrans(
    "粤琼沪辽苏闽赣鲁陕贵云宁晋领学挂应个两点时无识别",
    "粵瓊滬遼蘇閩贛魯陝貴雲寧晉領學掛應個兩點時無識別",
)
_HAN_DIGITS = "零一二三四五六七八九"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


_ENGLISH_NUMBERS = _words(
    "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, "
    "fourteen, fifteen, sixteen, seventeen, eighteen, nineteen"
)
_ENGLISH_TENS = _words("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety")
_ENGLISH_PLACES = _words(
    "Beijing, Tianjin, Hebei, Shanxi, Inner Mongolia, Liaoning, Jilin, Heilongjiang, Shanghai, "
    "Jiangsu, Zhejiang, Anhui, Fujian, Jiangxi, Shandong, Henan, Hubei, Hunan, Guangdong, Guangxi, "
    "Hainan, Chongqing, Sichuan, Guizhou, Yunnan, Tibet, Shaanxi, Gansu, Qinghai, Ningxia, Xinjiang"
)
_KINDS = _words("挂, 学, 警, 港, 澳, 使, 领, 应急, 民航, 试, 超, WJ, 无牌, 未识别")
_ENGLISH_KINDS = _words(
    "trailer, learner, police, Hong Kong, Macau, embassy, consulate, emergency, aviation, trial, "
    "oversize, armed police, no plate, plate not read"
)


@dataclass(frozen=True, slots=True)
class _Voice:
    """How one language says the characters of a plate; what it has no word for is said as it is."""

    words: Mapping[str, str]
    comma: str = "，"
    joint: str = ""
    """Between two digits or marks; a letter always stands by itself."""
    times: Mapping[int, str] = field(default_factory=dict)

    def one(self, character: str) -> str:
        """One character, or the two of ``WJ``, ``应急``, ``民航``."""
        return self.words.get(character, character)

    def many(self, count: int, character: str) -> str:
        """``count`` times the same character."""
        said = self.one(character)
        if not self.times:
            return f"{_han_number(count)}个{said}"
        return f"{self.times[count]} {said}{'es' if said.endswith('x') else 's'}"


_CHINESE = _Voice(dict(zip("0123456789", _HAN_DIGITS, strict=True)) | {"WJ": "武警"})
_YAO = _Voice({**_CHINESE.words, "1": "幺"})
_ENGLISH = _Voice(
    words={
        **dict(zip("0123456789", _ENGLISH_NUMBERS, strict=False)),
        **dict(zip(PROVINCES, _ENGLISH_PLACES, strict=True)),
        **dict(zip(_KINDS, _ENGLISH_KINDS, strict=True)),
    },
    comma=", ",
    joint=" ",
    times=dict(enumerate(_ENGLISH_NUMBERS)),
)


def spoken_plate(plate: str, language: str = "zh-CN", *, says_yao: bool = False) -> str:
    """``plate`` (in the stored form) as it is read out: ``浙A，五个八``, ``five eights``.

    ``says_yao``: a 1 is «幺», as on the radio; only Chinese knows it.
    """
    voice = _ENGLISH if language == "en" else _YAO if says_yao else _CHINESE
    if plate in NO_PLATES:
        return _written(voice.one(plate), language)
    said = voice.comma.join(_said(group, voice) for group in _groups(plate))
    return _written(said, language)


def spoken_count(people: int, language: str = "zh-CN") -> str:
    """So many people: ``两位``, ``two people``. From 1 to 99."""
    if language == "en":
        return f"{_english_number(people)} {'person' if people == 1 else 'people'}"
    return _written("两位" if people == 2 else f"{_han_number(people)}位", language)


def spoken_time(local: time, language: str = "zh-CN") -> str:
    """What the site's clock shows: ``下午两点零五分``."""
    hour, minute = (local.hour + 11) % 12 + 1, local.minute
    if language == "en":
        past = f" oh {_english_number(minute)}" if minute < 10 else f" {_english_number(minute)}"
        half = "a.m." if local.hour < 12 else "p.m."
        return f"{_english_number(hour)}{past if minute else ''} {half}"
    part = next(name for until, name in _PARTS_OF_DAY if local.hour < until)
    said = f"{part}{_HAN_HOURS.get(local.hour % 12 or local.hour) or _han_number(hour)}点"
    if minute == 30:
        said += "半"
    elif minute:
        said += f"{'零' if minute < 10 else ''}{_han_number(minute)}分"
    return _written(said, language)


_HAN_HOURS = {0: "零", 2: "两"}


def for_the_ear(
    text: str, plate: str | None = None, language: str = "zh-CN", *, says_yao: bool = False
) -> str:
    """A sentence for the eye as one for the ear: its plates, numbers of people and clock times.

    ``plate`` is one that it may hold, also an incomplete one, which nobody would know as a plate.
    """
    comma = ", " if language == "en" else "，"

    def read_out(found: re.Match[str]) -> str:
        said = spoken_plate(found[1], language, says_yao=says_yao)
        return said + (comma if found[2] else "")

    def counted(found: re.Match[str]) -> str:
        return (comma if found[1] else "") + spoken_count(int(found[2]), language)

    def timed(found: re.Match[str]) -> str:
        return spoken_time(time(int(found[1]), int(found[2])), language)

    known = rf"({re.escape(plate)}|{_PLATE})( ?)" if plate else rf"({_PLATE})( ?)"
    said = re.sub(known, read_out, text)
    people = _ENGLISH_PARTY if language == "en" else _HAN_PARTY
    return people.sub(counted, _CLOCK_TIME.sub(timed, said))


_PLATE = (
    rf"(?:WJ[{PROVINCES}]?|[{PROVINCES}]|民航)[A-Z0-9]{{4,7}}(?:应急|[{MARKS}])?"
    r"|(?<!\d)\d{6}使|使\d{6}"
)
_CLOCK_TIME = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?![\d:])")
_HAN_PARTY = re.compile(r"( ?)(?<!\d)([1-9]\d?) ?位")
_ENGLISH_PARTY = re.compile(r"( ?)party of ([1-9]\d?)(?!\d)")
_PARTS_OF_DAY = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def _written(said: str, language: str) -> str:
    return said.translate(_TRADITIONAL) if language == "zh-TW" else said


def _groups(plate: str) -> Iterator[list[str]]:
    """What is said in one breath: where it is from, each run, what is between, each mark."""
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


def _said(group: list[str], voice: _Voice) -> str:
    if len(group) >= FOLDED_FROM and len(set(group)) == 1:
        return voice.many(len(group), group[0])
    said = voice.one(group[0])
    for before, character in pairwise(group):
        # «浙A» is one name; inside, letters in a row would be read as a word.
        is_name = before in PROVINCES or before == "WJ"
        is_apart = (character.isalpha() or before.isalpha()) and not (is_name and not voice.times)
        said += (" " if is_apart else voice.joint) + voice.one(character)
    return said


def _han_number(number: int) -> str:
    """1 to 99 as one counts: ``十``, ``十二``, ``二十``."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_HAN_DIGITS[tens]}十"
    return head + (_HAN_DIGITS[ones] if ones else "")


def _english_number(number: int) -> str:
    if number < len(_ENGLISH_NUMBERS):
        return _ENGLISH_NUMBERS[number]
    tens, ones = divmod(number, 10)
    return _ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH_NUMBERS[ones]}" if ones else "")
