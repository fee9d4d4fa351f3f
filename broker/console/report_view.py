"""What the pages show of a day and of a week in numbers. Pure."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and the rows that it counts: of this register, of this kind."""

    title: str
    value: int
    register: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, and the rows that it counts."""

    label: str
    value: int
    register: str
    kind: str | None = None
    on: date | None = None
    """On this day only."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A small chart of bars."""

    title: str
    bars: tuple[Bar, ...]
    is_over_time: bool = False
    """Whether its bars stand at moments of the day, one after the other."""

    @property
    def most(self) -> int:
        """The highest value; 1 where there is nothing."""
        return max((bar.value for bar in self.bars), default=0) or 1


@dataclass(frozen=True, slots=True)
class PersonDay:
    """A consultant's day."""

    staff_id: str
    name: str
    received: int = 0
    turns: int = 0
    make_ups: int = 0
    stand_ins: int = 0
    passed_over: int = 0
    answered_s: int | None = None
    """The median time to an answer."""


@dataclass(frozen=True, slots=True)
class PostDay:
    """What a post reported."""

    role: str
    did: tuple[Bar, ...]
    staff_ids: tuple[str, ...]
    """Who holds it."""


@dataclass(frozen=True, slots=True)
class DayReport:
    """A day in numbers."""

    on: date
    made_at: datetime
    is_over: bool
    numbers: tuple[Number, ...]
    charts: tuple[Chart, ...]
    people: tuple[PersonDay, ...]
    posts: tuple[PostDay, ...]
    later: tuple[str, ...] = ()
    """Rulings that came after the day: they change none of its numbers."""
    answered_s: int | None = None
    waited_s: int | None = None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A number of each day, and their sum."""

    total: Number
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeekReport:
    """Some days in numbers."""

    days: tuple[date, ...]
    rows: tuple[WeekRow, ...]
    people: tuple[PersonDay, ...]
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginRow:
    """The customers who came in one way."""

    title: str
    kind: str
    """Of the visit register."""
    visits: int
    new: int
    received: int
    entered: int
    waited_s: int | None


@dataclass(frozen=True, slots=True)
class ReaderFigures:
    """How the plates were read."""

    cars: int
    corrected: int
    confused: tuple[Bar, ...] = ()
    """Characters that were taken for others, the most frequent first."""

    @property
    def percent(self) -> float | None:
        """Of a hundred cars so many were corrected; None: there were no cars."""
        return round(100 * self.corrected / self.cars, 1) if self.cars else None


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """Whose phone raised the alarm of a forced entry (硬闯), and how often."""

    staff_id: str
    roles: tuple[str, ...]
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month in numbers."""

    first: date
    last: date
    is_over: bool
    made_at: datetime
    numbers: tuple[Number, ...]
    channels: tuple[OriginRow, ...]
    reader: ReaderFigures
    alarms: tuple[AlarmRow, ...] = ()
    charts: tuple[Chart, ...] = ()
