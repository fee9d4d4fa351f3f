"""What a manager finds by a piece of a name, plate or number (查找)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who works here."""

    staff_id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundVisit:
    """A visit of today."""

    visit_id: str
    came_at: datetime
    visitor: str | None
    plate: str | None
    host_name: str | None


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """An entry in the register. Phone and plates are whole: the page masks them."""

    visitor: str | None
    phone: str | None
    plates: tuple[str, ...]
    owner_id: str
    owner_name: str
    protected_until: datetime | None
    """None: the entry protects nobody any more."""
    known: tuple[tuple[str, str, str], ...] = ()
    """Other projects of the group that know them, each with the day since when."""


@dataclass(frozen=True, slots=True)
class FoundByText:
    """All that was found, each kind with the likeliest first."""

    people: Sequence[FoundPerson] = ()
    visits: Sequence[FoundVisit] = ()
    customers: Sequence[FoundCustomer] = ()
