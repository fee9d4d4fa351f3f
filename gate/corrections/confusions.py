"""Which characters are taken for which. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from gate.passing.track import plate_distance

MISSING = "∅"
"""Stands for no character: one was overlooked, or one was read where there is none."""

MOST_APART = 3
"""Texts that differ in more characters are two plates: somebody corrected the wrong car, or typed
another car's plate. In the photos of the model card no plate was misread in more.
"""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was read, what a person says that it was, and on which day of the site."""

    read: str
    plate: str
    on: date


@dataclass(slots=True)
class Day:
    """What people said of one day's cars; ``confused``: how often which is taken for which."""

    corrected: int = 0
    confirmed: int = 0
    """The reader had it right."""
    others: int = 0
    """The two texts are two plates."""
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)


def is_another_plate(read: str, plate: str) -> bool:
    """Whether nobody misreads one as the other."""
    return plate_distance(read, plate) > MOST_APART


def confusions(read: str, plate: str) -> Iterator[tuple[str, str]]:
    """Each true character with what it was taken for: for an 8 read as a B: 8, B.

    Of the ways to get from one text to the other in the fewest steps, the one that says earliest
    that a character was taken for another.
    """
    while read or plate:
        apart = plate_distance(read, plate)
        if read and plate:
            here = int(read[0] != plate[0])
            if apart == here + plate_distance(read[1:], plate[1:]):
                if here:
                    yield plate[0], read[0]
                read, plate = read[1:], plate[1:]
                continue
        if plate and apart == 1 + plate_distance(read, plate[1:]):
            yield plate[0], MISSING
            plate = plate[1:]
        else:
            yield MISSING, read[0]
            read = read[1:]


def by_day(found: Iterable[Corrected]) -> dict[date, Day]:
    """What people said, day by day."""
    days: dict[date, Day] = {}
    for each in sorted(found, key=lambda one: one.on):
        day = days.setdefault(each.on, Day())
        if each.read == each.plate:
            day.confirmed += 1
        elif is_another_plate(each.read, each.plate):
            day.others += 1
        else:
            day.corrected += 1
            day.confused.update(confusions(each.read, each.plate))
    return days


def together(days: Iterable[Day]) -> Day:
    """All of them as one."""
    total = Day()
    for day in days:
        total.corrected += day.corrected
        total.confirmed += day.confirmed
        total.others += day.others
        total.confused += day.confused
    return total
