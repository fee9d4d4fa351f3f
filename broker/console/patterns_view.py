"""What stands out in the consultants' conduct over some days, for the manager. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

FEW = 5
"""Receptions below which a share says nothing."""
UNUSUAL = 2.0
"""A share of so many times the house's own is marked."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """One consultant's days, in numbers."""

    staff_id: str
    name: str
    received: int = 0
    """Visitors of whom they were the last host."""
    natural: int = 0
    """Of them, natural visits (R14)."""
    named: int = 0
    """Of them, visitors who named this consultant (R9, R10)."""
    entered: int = 0
    entered_late: int = 0
    """After the visitor had come (R3)."""
    held: int = 0
    """Times that they entered more customers in an hour than the rules allow (R3b)."""
    contradicted: int = 0
    """Visitors who answered three times "no" to this consultant's entry (R3b)."""
    looked_up: int = 0
    looked_then_entered: int = 0
    looked_then_claimed: int = 0
    claimed: int = 0
    skipped: int = 0
    skips_taken_back: int = 0
    unauthorised: int = 0
    """Times that they asked for what is not theirs to ask."""


@dataclass(frozen=True, slots=True)
class MakeUpPair:
    """How often one consultant got a make-up turn because of another's customer (R12)."""

    receiver: str
    owner: str
    """Whose customer it was."""
    granted: int
    revoked: int


@dataclass(frozen=True, slots=True)
class Trail:
    """A look-up, and the entry or claim that followed by the end of the next day (R3)."""

    consultant: str
    """Who entered the customer, or claimed the visitor."""
    looked_up_by: str
    """They or a colleague of their team."""
    looked_up_at: datetime
    then_at: datetime
    visit_id: str | None = None
    """Of the visitor who was claimed; None: a customer was entered."""


@dataclass(frozen=True, slots=True)
class Unmasking:
    """Somebody saw a visitor's phone and plate in full."""

    at: datetime
    who: str
    """Their name; as the journal keeps it, their id."""
    visit_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """What stands out between two days."""

    first: date
    last: date
    people: tuple[Conduct, ...]
    """Whoever has more than nothing to show comes first."""
    make_ups: tuple[MakeUpPair, ...] = ()
    """The most frequent first."""
    trails: tuple[Trail, ...] = ()
    """The latest first."""
    unmaskings: tuple[Unmasking, ...] = ()
    """The latest first."""


def share(part: int, of: int) -> float | None:
    """The ratio from 0 to 1; None: of nothing."""
    return part / of if of else None


def is_unusual(person: Conduct, everybody: tuple[Conduct, ...], figure: str) -> bool:
    """Whether their share (``natural`` or ``named``) is far above that of the house."""
    mine = share(getattr(person, figure), person.received)
    others = [other for other in everybody if other.staff_id != person.staff_id]
    usual = share(
        sum(getattr(other, figure) for other in others),
        sum(other.received for other in others),
    )
    if mine is None or usual is None or person.received < FEW:
        return False
    return mine > 0 and mine >= UNUSUAL * usual
