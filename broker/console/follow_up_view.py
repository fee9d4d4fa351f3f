"""What the pages show of whom an owner has to call (回访). Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A customer to be called; only their owner sees phone and plates in full."""

    registration_id: str
    owner_name: str
    visitor: str | None
    phone: str | None
    plates: tuple[str, ...]
    stage: str
    """``overdue``, ``today``, ``later``, ``no_next_step``."""
    due_on: date | None
    days_over: int = 0
    outcome: str | None = None
    """What came of calling them last."""
    reason: str | None = None
    """Why they are called later."""
    known: tuple[tuple[str, str, str], ...] = ()
    """Other projects of the group that know them: since when, and until when they are protected."""
