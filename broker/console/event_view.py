"""What the pages show of event days (活动日: 开放日、提前看房、交付), and do with them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is to be invited."""

    name: str | None
    phone: str | None
    plate: str | None
    host_id: str | None = None
    """Who receives them; None: their owner, or one of those at work that day in turn."""


@dataclass(frozen=True, slots=True)
class EventAsked:
    """A list of guests, and the times to which they are invited: the first come first."""

    name: str
    by: str
    starts: tuple[datetime, ...]
    minutes: int
    places: int
    """At each time."""
    guests: tuple[Invited, ...]


GUEST_STATES = ("expected", "came", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class GuestLine:
    """A guest of an event."""

    booking_id: str
    name: str | None
    phone: str | None
    """Masked, as the page is printed."""
    host_name: str | None
    starts_at: datetime
    ends_at: datetime | None
    state: str
    """One of ``GUEST_STATES``."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event on a day."""

    name: str
    on: date
    places: int
    """At each time."""
    guests: tuple[GuestLine, ...]
    """By their times."""

    def count(self, *states: str) -> int:
        """How many guests stand so."""
        return sum(guest.state in states for guest in self.guests)


class EventBook(Protocol):
    """The event days. Several threads call it at once."""

    def events(self) -> tuple[EventLine, ...]:
        """All of them, the latest first."""

    def invite(self, asked: EventAsked) -> None:
        """Invite everybody on the list, or nobody.

        Raises:
            OperatorError: there are more guests than places, or a time is somebody else's.
            TimeoutError: the hub is busy; it will still do it.
        """
