"""What a cheat brings: the same seeded days with and without it, compared day by day."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.bench.cheats import CHEATS
from tests.bench.market import DAYS, Cheat, Floor

SURE = 1.96
"""Standard errors on either side of a mean: a 95 % interval."""


@dataclass(slots=True)
class Paired:
    """Differences between the same days with and without something."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, difference: float) -> None:
        """One more pair of days."""
        self.count += 1
        self.total += difference
        self.squares += difference * difference

    @property
    def mean(self) -> float:
        return self.total / self.count

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval around the mean."""
        if self.count < 2:
            return math.inf
        variance = max(0.0, self.squares - self.count * self.mean**2) / (self.count - 1)
        return SURE * math.sqrt(variance / self.count)

    @property
    def least(self) -> float:
        """The lower end of the interval."""
        return self.mean - self.half_width

    def __str__(self) -> str:
        return f"{self.mean:+6.2f} ±{self.half_width:4.2f}"


@dataclass(slots=True)
class Gain:
    """What one cheat brought, each working day."""

    owned: Paired = field(default_factory=Paired)
    """Visitors who are the cheater's customers afterwards."""
    received: Paired = field(default_factory=Paired)
    shown: Counter[str] = field(default_factory=Counter)
    """How often each thing that shows it was told more than on the honest days."""
    days: int = 0

    def add(self, difference: "Difference") -> None:
        """One more pair of days."""
        self.owned.add(difference.owned)
        self.received.add(difference.received)
        self.shown.update(difference.shown)
        self.days += DAYS

    @property
    def is_none(self) -> bool:
        """Whether nothing shows that the cheater's customers become more."""
        return self.owned.least <= 0

    @property
    def is_seen(self) -> bool:
        """Whether the manager is shown it on most days."""
        return self.shown.total() * 2 >= self.days


@dataclass(frozen=True, slots=True)
class Difference:
    """What one cheat changed on one seed's days, for each working day."""

    cheat: str
    owned: float
    received: float
    shown: dict[str, int]


def differences(seed: int, cheats: Iterable[type[Cheat]] = CHEATS) -> list[Difference]:
    """What each cheat changes on the days of ``seed``."""
    honest = Floor(seed, Cheat()).run()
    return [_difference(honest, Floor(seed, cheat()).run()) for cheat in cheats]


def _difference(honest: Floor, cheated: Floor) -> Difference:
    cheat = cheated.cheat
    gang = (cheated.cheater, cheated.friend) if cheat.is_shared else (cheated.cheater,)
    before, after = ([floor.visitors_of(who) for who in gang] for floor in (honest, cheated))
    return Difference(
        cheat=cheat.name,
        owned=sum(now[0] - was[0] for was, now in zip(before, after, strict=True)) / DAYS,
        received=sum(now[1] - was[1] for was, now in zip(before, after, strict=True)) / DAYS,
        shown={name: cheated.told[name] - honest.told[name] for name in cheat.shown_by},
    )


def gains(found: Iterable[list[Difference]]) -> dict[str, Gain]:
    """The gain of each cheat over all seeds."""
    by_cheat: dict[str, Gain] = {}
    for differences_of_seed in found:
        for difference in differences_of_seed:
            by_cheat.setdefault(difference.cheat, Gain()).add(difference)
    return by_cheat
