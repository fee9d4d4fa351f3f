"""What the pages show of cases (事项) and do with them. The hub implements ``CaseBook``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broker.console.people_view import Person
from broker.local.questions import CaseOpened, CaseStep


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    case_id: str
    number: str
    kind: str
    opened_at: datetime
    state: str
    due_at: datetime | None
    """The next promise; None: nothing runs."""
    is_late: bool
    """That promise is broken."""
    is_call_back_due: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class DeedLine:
    """Something that was done with a case."""

    at: datetime
    by: str
    act: str
    note: str | None
    by_when: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A promise that is over."""

    what: str
    due_at: datetime
    done_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with everything that belongs to it."""

    line: CaseLine
    text: str
    wish: str | None
    phone: str | None
    place: str | None
    by: str | None
    """Who entered it; None: the visitor."""
    acknowledge_by: datetime | None
    solve_by: datetime | None
    kept: tuple[KeptLine, ...]
    deeds: tuple[DeedLine, ...]
    may: tuple[str, ...]
    """The acts that make sense now, and are this reader's."""
    reopened: int = 0


class CaseBook(Protocol):
    """The cases. Several threads call it at once."""

    def lines(self) -> tuple[CaseLine, ...]:
        """Those on which somebody works, and the latest others."""

    def one(self, case_id: str, person: Person) -> CasePage | None:
        """The case of this id; None: there is none."""

    def open(self, asked: CaseOpened) -> None:
        """Enter a case.

        Raises:
            OperatorError: it is not theirs to enter.
        """

    def step(self, asked: CaseStep) -> None:
        """Do something with a case.

        Raises:
            OperatorError: it is not theirs, or makes no sense now.
        """
