"""What a soaked site may hold, and whether it keeps to it. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import linear_regression

DAY_S = 8 * 3600.0
PROGRAMS = ("hub", "MQTT server", "edges")


@dataclass(frozen=True, slots=True)
class Held:
    """What one program holds at a moment."""

    rss_mb: float
    descriptors: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What the site holds at a moment."""

    at_s: float
    """Of the site's day, which passes faster than ours."""
    programs: tuple[Held, ...]
    """As ``PROGRAMS`` names them."""
    wal_mb: float
    """The largest of all write-ahead logs."""
    waiting: int
    """Messages in all outboxes."""
    journal: int
    log_mb: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a day of eight hours may add once the site is warm, and what no moment may show."""

    rss_mb: float = 20.0
    descriptors: float = 5.0
    log_mb: float = 20.0
    wal_mb: float = 16.0


@dataclass(frozen=True, slots=True)
class Check:
    """One figure beside its bound."""

    what: str
    found: float
    bound: float

    @property
    def is_good(self) -> bool:
        return self.found <= self.bound


def a_day(samples: Sequence[Sample], value: Callable[[Sample], float]) -> float:
    """How much ``value`` grows in a day, by the straight line through the second half."""
    warm = samples[len(samples) // 2 :]
    moments = [sample.at_s for sample in warm]
    return linear_regression(moments, [value(sample) for sample in warm]).slope * DAY_S


def checks(samples: Sequence[Sample], bounds: Bounds) -> list[Check]:
    """Every figure; the last of ``samples`` was taken when all was quiet again."""
    busy, found = samples[:-1], []
    for place, name in enumerate(PROGRAMS):
        rss_mb = a_day(busy, partial(_rss_mb, place))
        files = a_day(busy, partial(_descriptors, place))
        found.append(Check(f"{name}: MB of memory more in a day", rss_mb, bounds.rss_mb))
        found.append(Check(f"{name}: descriptors more in a day", files, bounds.descriptors))
    logged = a_day(busy, lambda sample: sample.log_mb)
    wal_mb = max(sample.wal_mb for sample in samples)
    return [
        *found,
        Check("MB of logs in a day", logged, bounds.log_mb),
        Check("MB of the largest write-ahead log", wal_mb, bounds.wal_mb),
        Check("messages that wait at the end", samples[-1].waiting, 0),
    ]


def _rss_mb(place: int, sample: Sample) -> float:
    return sample.programs[place].rss_mb


def _descriptors(place: int, sample: Sample) -> float:
    return sample.programs[place].descriptors
