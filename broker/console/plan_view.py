"""What the pages show of plans (接待计划) and do with them. The hub implements ``PlanBook``."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from broker.console.people_view import Person
from broker.local.plan_questions import PlansImported, PlanStep
from shared.messages import Booking, BookingKind


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A VIP or an appointment that is expected today (预约)."""

    kind: BookingKind
    starts_at: datetime
    ends_at: datetime | None
    name: str | None
    level: str | None
    """``A`` or ``B``; None for an appointment."""
    host_name: str | None
    plates: tuple[str, ...] = ()
    has_come: bool = False
    booking_id: str | None = None
    """By which the guest can be invited; None: they cannot, or it is not this person's to do."""
    host_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Somebody who is expected, or for whom somebody asks."""

    booking_id: str | None
    flag: str
    starts_at: datetime
    ends_at: datetime | None
    name: str | None
    phone: str | None
    """In full only for who may see it."""
    plates: tuple[str, ...]
    level: str | None
    host_id: str | None
    host_name: str | None
    booked_by: str | None
    is_exclusive: bool
    is_asked: bool
    has_come: bool
    party_size: int | None
    rooms: tuple[str, ...]
    note: str | None
    may: tuple[str, ...]
    """What this reader may do with it now."""
    mark: str = ""
    """Of the plan as it is: another once anything of it changed."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """Something that a host's own records tell of a customer."""

    at: datetime
    what: str
    """``entered``, ``called``, ``was_here``."""
    note: str = ""
    """What was said or wished."""
    outcome: str | None = None
    """Of a call."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that a customer may book, and its day, by the site's clock."""

    at: datetime

    @property
    def date(self) -> date:
        """The day."""
        return self.at.date()


class PlanBook(Protocol):
    """The plans. Several threads call it at once."""

    def lines(self, person: Person) -> tuple[PlanLine, ...]:
        """Those of today and later, the earliest first; a consultant's own, the desk's all."""

    def card(self, booking_id: str, person: Person) -> tuple[CardLine, ...] | None:
        """What their host's own records tell of who is expected; None: it is not theirs to see."""

    def free_with(self, staff_id: str) -> tuple[FreeTime, ...]:
        """When a customer may book this consultant by themselves."""

    def book_free(self, booking: Booking) -> None:
        """Expect a customer who booked one of the free times by themselves.

        Raises:
            OperatorError: the time is free no more, or the rules refuse it.
        """

    def free_instead(self, booking_id: str) -> tuple[FreeTime, ...] | None:
        """When else the guest of this booking may come; None: it is not theirs to change."""

    def change_by_guest(self, booking_id: str, starts_at: datetime | None) -> None:
        """Move the guest's own appointment to one of those times; None: they do not come.

        Raises:
            OperatorError: it is not theirs to change, or the time is free no more.
        """

    def book(self, booking: Booking) -> None:
        """Expect somebody, or ask for it.

        Raises:
            OperatorError: it is not theirs, or the time is somebody else's.
        """

    def book_all(self, asked: PlansImported) -> None:
        """Expect somebody again and again, every time or never.

        Raises:
            OperatorError: one of the times is somebody else's.
        """

    def step(self, asked: PlanStep) -> None:
        """Approve, move or cancel a plan.

        Raises:
            OperatorError: it is not theirs, is over, or the time is somebody else's.
        """
