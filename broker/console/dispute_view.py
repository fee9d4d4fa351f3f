"""What the pages show of a visit's ownership and of past decisions. The hub implements ``Archive``.

Nothing here is masked but the sentences; whatever shows a plate or a phone masks it. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from broker.console.find_view import FoundByText
from broker.console.patterns_view import Patterns
from broker.console.people_view import Person
from broker.console.register_view import (
    OfferedRegister,
    SheetAsked,
    SheetHead,
    SheetPage,
    ShownRow,
)
from broker.console.replay_view import DayReplay
from broker.console.report_view import DayReport, MonthReport, WeekReport
from broker.rules.marks import mark_of_owner


class Mark(StrEnum):
    """What keeps an entry in the register from counting, or what counts for it."""

    COUNTED = "counted"
    """The decision rests on it."""
    LATE = "late"
    """Entered after the visitor had come (R3)."""
    OVERRULED = "overruled"
    """By a manager's ruling, for the keys of this visit (R15)."""
    HELD = "held"
    """Waits for the manager's release (R3b, R4b)."""
    OVER = "over"
    """Its protection had ended before the visitor came (R2)."""


class Topic(StrEnum):
    """What a line of the timeline is about; each has an icon and a word."""

    GATE = "gate"
    CHECK_IN = "check_in"
    ENTRY = "entry"
    LOOK_UP = "look_up"
    DECISION = "decision"
    CLAIM = "claim"
    RECEPTION = "reception"
    RULING = "ruling"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """Something that happened, as a sentence; phones and plates in it are masked."""

    at: datetime
    topic: Topic
    text: str
    rule: str | None = None
    """Of a decision."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A registration (客户登记) that matches the visitor."""

    consultant: str
    registered_at: datetime
    received_at: datetime
    protected_until: datetime
    """The last protected moment."""
    channel: str | None
    """``phone``, ``walk_in`` …"""
    keys: tuple[str, ...]
    """By what it matches: ``phone``, ``plate``."""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """Somebody who says, or of whom the register says, that the visitor is theirs (R12, R15)."""

    staff_id: str
    consultant: str
    ground: str | None
    """``name``, ``sms`` …; None: the register speaks for them."""
    at: datetime | None = None
    """When they said it."""
    registered_at: datetime | None = None
    protected_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose the visitor is by the register alone, read in one of two ways (R1)."""

    by: str
    """``earliest``: the earliest honest entry; ``phone``: the phone above the plate."""
    consultant: str | None
    """None: nobody has a running protection."""
    registered_at: datetime | None = None
    key: str | None = None
    """``phone`` or ``plate``."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the visitor said to the three questions (问岗三问)."""

    first_visit: str
    family: str
    contacted: str
    named: str | None
    family_named: str | None
    evidence: str


@dataclass(frozen=True, slots=True)
class RulingLine:
    """The manager's ruling (R15); both sides read its reason."""

    at: datetime
    consultant: str
    by: str | None
    """Which manager."""
    reason: str


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry of the journal on which the evidence rests."""

    seq: int
    at: str
    kind: str
    hash: str


@dataclass(frozen=True, slots=True)
class VisitEvidence:
    """A visit with everything that speaks for one consultant or another."""

    visit_id: str
    came_at: datetime
    visitor: str | None
    phone: str | None
    plate: str | None
    arrived_at: datetime | None
    """At the gate; None: nobody saw a car."""
    checked_in_at: datetime | None
    left_at: datetime | None
    """When the car left."""
    finished_at: datetime | None
    host_id: str | None
    host: str | None
    owner_id: str | None
    owner: str | None
    rule: str | None
    sentence: str | None
    """The decision that stands."""
    answers: Answers | None
    claims: tuple[ClaimLine, ...]
    readings: tuple[Reading, ...]
    """One, if both ways lead to the same consultant."""
    entries: tuple[EntryLine, ...]
    timeline: tuple[TimelineLine, ...]
    ruling: RulingLine | None
    is_open: bool
    """It was disputed, and nobody has ruled since."""
    parties: frozenset[str]
    """Everybody who receives or received, owns or owned, claims or claimed the visitor."""
    can_be_ruled_on: bool
    """It was decided, and not longer ago than the house rules allow."""
    is_cut: bool = False
    """Older evidence is left out."""
    chained: tuple[ChainedEntry, ...] = ()

    @property
    def mark(self) -> str:
        """What a ruling changes, as whoever rules has seen it."""
        return mark_of_owner(self.owner_id, self.rule)


@dataclass(frozen=True, slots=True)
class Search:
    """Which decisions a manager looks for; None: all."""

    on: date | None = None
    staff_id: str | None = None
    plate: str | None = None
    """A part of a masked plate; what the mask hides is not compared."""
    only_disputed: bool = False
    party_id: str | None = None
    """Only disputes in which this consultant is a party."""
    page: int = 0


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision that can still be ruled on."""

    visit_id: str
    came_at: datetime
    visitor: str | None
    plate: str | None
    host: str | None
    owner: str | None
    rule: str
    is_disputed: bool
    is_ruled: bool


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A page of decisions, the latest first."""

    lines: tuple[DecisionLine, ...]
    has_more: bool
    days: int
    """So far back a decision can be ruled on."""


class Archive(Protocol):
    """What the hub's file tells of the past. Several threads call it at once."""

    def dispute(self, visit_id: str, language: str) -> VisitEvidence | None:
        """The evidence of a visit; None: there is no such visit, or it was never decided."""

    def decisions(self, search: Search, language: str) -> DecisionPage:
        """The decisions that the manager may rule on."""

    def patterns(self, first: date, last: date) -> Patterns:
        """What stands out between these days, the last one included."""

    def registers(self, person: Person, language: str) -> tuple[OfferedRegister, ...]:
        """The registers that this person may open."""

    def register(self, asked: SheetAsked, person: Person, language: str) -> SheetPage | None:
        """A page of a register, as they may see it; None: there is none, or it is not theirs."""

    def register_rows(
        self, asked: SheetAsked, person: Person, language: str
    ) -> tuple[SheetHead, Iterator[ShownRow]] | None:
        """All of its rows, read while they are taken; None: as above."""

    def register_file(self, asked: SheetAsked, person: Person, language: str) -> bytes | None:
        """An Excel file of all of its rows; None: as above."""

    def day_replay(self, on: date, language: str) -> DayReplay:
        """A day, moment by moment."""

    def day_report(self, on: date, language: str) -> DayReport:
        """A day in numbers."""

    def week_report(self, first: date, last: date, language: str) -> WeekReport:
        """The days from ``first`` to ``last`` in numbers."""

    def month_report(self, first: date, last: date, language: str) -> MonthReport:
        """The month of these days in numbers."""

    def unmask(self, visit_id: str, staff_id: str, reason: str) -> None:
        """Note that this person sees the visitor's phone and plate in full, and why.

        Raises:
            OperatorError: it is not theirs to see.
        """

    def find(self, text: str, language: str) -> FoundByText:
        """People, today's visits and customers with this piece of a name, plate or number."""
