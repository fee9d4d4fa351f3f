"""What the pages show of duties (岗位任务) and do with them. The hub implements ``DutyBook``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broker.console.people_view import Person
from shared.messages import StaffReport


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty of today."""

    duty_id: str
    due_at: datetime
    post: str
    text: str
    state: str
    is_overdue: bool
    by: str | None = None
    ended_at: datetime | None = None
    may: tuple[str, ...] = ()
    """The reports that make sense now."""
    card: str | None = None
    """The plan whose guest's card this reader may look through; None: none."""


class DutyBook(Protocol):
    """The duties. Several threads call it at once."""

    def today(self, person: Person) -> tuple[DutyLine, ...]:
        """Those of this person's posts, of every post for a manager; the earliest first."""

    def of_everybody(self) -> tuple[DutyLine, ...]:
        """Today's of every post; the earliest first."""

    def tick(self, report: StaffReport) -> None:
        """Say what became of a duty.

        Raises:
            OperatorError: nothing is to be done with it any more.
            TimeoutError: the hub is busy; it will still do it.
        """
