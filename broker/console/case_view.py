"""What the pages show of cases (事项) and do with them. The hub implements ``CaseBook``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broker.console.people_view import Person
from broker.local.case_questions import CasePictured, CasePictureGone
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
class PictureLine:
    """A picture of the defect."""

    picture_id: str
    at: datetime
    by: str | None
    """None: the visitor."""


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
    pictures: tuple[PictureLine, ...] = ()
    """None for whom they are not; ``picture_count`` says how many there are."""
    picture_count: int = 0
    may_picture: int = 0
    """How many more this reader may bring."""


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

    def picture(self, case_id: str, picture_id: str, person: Person) -> bytes | None:
        """The JPEG file of a picture; None: there is none, or not for them."""

    def bring(self, asked: CasePictured) -> None:
        """Keep a picture of the defect.

        Raises:
            OperatorError: it is not theirs to bring, or the case has enough.
        """

    def take_out(self, asked: CasePictureGone) -> None:
        """Keep a picture no longer.

        Raises:
            OperatorError: it is not theirs to take out.
        """

    def step(self, asked: CaseStep) -> None:
        """Do something with a case.

        Raises:
            OperatorError: it is not theirs, or makes no sense now.
        """
