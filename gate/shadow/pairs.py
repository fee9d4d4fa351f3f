"""Which two passes are one car, and whether both readers say the same of it. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from gate.passing.track import SAME_PLACE, plate_distance

SAME_S = 60.0
"""Within this time one plate is one car, whoever was slower."""
NEAR_S = 15.0
"""Within this time plates that are alike may be one car, read differently."""


class Who(StrEnum):
    """Who told it."""

    CAMERA = "camera"
    READER = "reader"


class Verdict(StrEnum):
    """What the two say of one car."""

    SAME = "same"
    DIFFER = "differ"
    ONLY_CAMERA = "only_camera"
    ONLY_READER = "only_reader"


@dataclass(frozen=True, slots=True)
class Pass:
    """A car as one of the two told it."""

    name: str
    who: Who
    plate: str
    seen_at: datetime
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """One car; None: that one saw nothing."""

    camera: Pass | None
    reader: Pass | None

    @property
    def verdict(self) -> Verdict:
        """What the two say of it."""
        if self.reader is None:
            return Verdict.ONLY_CAMERA
        if self.camera is None:
            return Verdict.ONLY_READER
        return Verdict.SAME if self.camera.plate == self.reader.plate else Verdict.DIFFER

    @property
    def seen_at(self) -> datetime:
        """When the car came, by whoever saw it first."""
        return min(each.seen_at for each in (self.camera, self.reader) if each is not None)


@dataclass(frozen=True, slots=True)
class Count:
    """How many cars of a day, or of a month, were told alike, differently, or by one alone."""

    verdicts: dict[Verdict, int] = field(default_factory=dict)

    def of(self, verdict: Verdict) -> int:
        """How many cars have this verdict."""
        return self.verdicts.get(verdict, 0)

    @property
    def cars(self) -> int:
        """All cars."""
        return sum(self.verdicts.values())

    @property
    def agreement(self) -> float:
        """The share of cars of which both say the same; 1 of none."""
        return self.of(Verdict.SAME) / self.cars if self.cars else 1.0


def pairs(passes: Iterable[Pass]) -> list[Pair]:
    """Each car once, in the order in which they came.

    The same plates find each other first, then plates that are alike.
    """
    in_order = sorted(passes, key=attrgetter("seen_at"))
    cameras = [each for each in in_order if each.who is Who.CAMERA]
    readers = [each for each in in_order if each.who is Who.READER]
    found: dict[str, Pass] = {}
    taken: set[str] = set()
    for within_s, most in ((SAME_S, 0), (NEAR_S, SAME_PLACE)):
        for camera in cameras:
            other = None
            if camera.name not in found:
                other = _other(camera, readers, taken, within_s, most)
            if other is not None:
                found[camera.name] = other
                taken.add(other.name)
    both = [Pair(each, found.get(each.name)) for each in cameras]
    alone = [Pair(None, each) for each in readers if each.name not in taken]
    return sorted(both + alone, key=attrgetter("seen_at"))


def _other(
    camera: Pass, readers: Sequence[Pass], taken: set[str], within_s: float, most: int
) -> Pass | None:
    """The nearest pass of the reader whose plate differs in at most so many characters."""
    reach = timedelta(seconds=within_s)
    at = bisect_left(readers, camera.seen_at - reach, key=attrgetter("seen_at"))
    fitting: list[tuple[int, timedelta, Pass]] = []
    while at < len(readers) and readers[at].seen_at <= camera.seen_at + reach:
        reader, at = readers[at], at + 1
        distance = plate_distance(camera.plate, reader.plate)
        if reader.name not in taken and distance <= most:
            fitting.append((distance, abs(reader.seen_at - camera.seen_at), reader))
    return min(fitting, key=lambda each: each[:2])[2] if fitting else None


def days(found: Iterable[Pair], day_of: Callable[[datetime], date]) -> dict[date, Count]:
    """What each day has of each verdict, in order."""
    counted: dict[date, dict[Verdict, int]] = {}
    for pair in found:
        of_day = counted.setdefault(day_of(pair.seen_at), {})
        of_day[pair.verdict] = of_day.get(pair.verdict, 0) + 1
    return {day: Count(counted[day]) for day in sorted(counted)}


def total(counts: Iterable[Count]) -> Count:
    """All of them together."""
    each = list(counts)
    return Count({verdict: sum(count.of(verdict) for count in each) for verdict in Verdict})
