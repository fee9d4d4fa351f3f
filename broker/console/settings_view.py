"""What the manager's pages of settings know of the site, and what they ask of the hub (设置)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broker.choices.rows import Rows
from broker.local.questions import DocumentName, Edit, Gift, ShiftAnswered, ShiftAsked
from broker.rules.policy import Policy
from broker.rules.portfolio import OwnCustomer
from broker.site_file import SitePeople


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of the settings."""

    change_id: str
    at: datetime
    by: str | None
    """The name of who made it; None: a command, or the first start."""
    holds_from: datetime
    is_planned: bool
    """It does not hold yet."""
    edits: tuple[Edit, ...]
    source: str | None
    """The file that it was read from."""
    takes_back: datetime | None = None
    """When the change was made that it takes back."""
    is_taken_back: bool = False
    document: DocumentName | None = None
    """It came from head office."""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row of a document of head office."""

    edit: Edit
    is_own: bool
    """The group allows another choice, and the site made one."""


@dataclass(frozen=True, slots=True)
class GivenDocument:
    """A document of head office, in the version that holds or will hold."""

    document: DocumentName
    holds_from: datetime
    is_planned: bool
    rows: tuple[GivenRow, ...]


@dataclass(frozen=True, slots=True)
class OtherDecision:
    """What was decided, and what would have been; None: nothing."""

    at: datetime
    visitor: str | None
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class PolicyTrial:
    """What other house rules would have decided since yesterday, and in the site's scenarios."""

    decisions: int = 0
    """How many were tried."""
    differing: int = 0
    others: tuple[OtherDecision, ...] = ()
    """The first of them."""
    scenarios: int = 0
    """How many were tried."""
    in_scenarios: tuple[OtherDecision, ...] = ()
    """Each with its scenario and visit for the visitor's name."""

    @property
    def differs(self) -> bool:
        """Whether anything would be otherwise."""
        return bool(self.differing or self.in_scenarios)


class SettingsDesk(Protocol):
    """The settings, for their pages. Several threads call it at once."""

    @property
    def rows(self) -> Rows:
        """What was chosen and holds now."""

    @property
    def people(self) -> SitePeople:
        """Everybody, those who left too."""

    @property
    def policy(self) -> Policy:
        """The house rules that hold."""

    def ask_shift(self, asked: ShiftAsked) -> None:
        """Ask a colleague to swap a day, or the manager for leave.

        Raises:
            OperatorError: it can't be, and why.
            TimeoutError: as in ``change``.
        """

    def answer_shift(self, answered: ShiftAnswered) -> None:
        """Agree to such a request, or not.

        Raises:
            OperatorError: it can't be, and why.
            TimeoutError: as in ``change``.
        """

    def has_left(self, staff_id: str) -> bool:
        """Whether this person left the company."""

    def changes(self) -> Sequence[ChangeLine]:
        """Every change, the latest first."""

    def documents(self) -> Sequence[GivenDocument]:
        """What head office says: the versions that hold, and those that will."""

    def try_out(
        self, edits: tuple[Edit, ...], holds_from: datetime | None, language: str
    ) -> PolicyTrial:
        """What of yesterday and today would have been decided otherwise after these edits.

        Raises:
            OperatorError: a value cannot hold.
        """

    def policy_after(self, edits: tuple[Edit, ...], holds_from: datetime | None = None) -> Policy:
        """The house rules as they would be then.

        Raises:
            OperatorError: a value cannot hold.
        """

    def change(
        self, edits: tuple[Edit, ...], by: str | None, holds_from: datetime | None = None
    ) -> None:
        """Change the settings; ``by`` None: nobody can log in yet.

        Raises:
            OperatorError: a value cannot hold, or somebody changed it meanwhile.
            TimeoutError: the hub is busy; it will still do it.
        """

    def take_back(self, change_id: str, by: str) -> None:
        """Take a change back.

        Raises:
            OperatorError: what it changed was changed again since.
            TimeoutError: as in ``change``.
        """

    def leave(self, staff_id: str, by: str) -> None:
        """Somebody leaves the company today (R4b).

        Raises:
            OperatorError: the hub refuses, and says why.
            TimeoutError: as in ``change``.
        """

    def customers_of(self, staff_id: str) -> tuple[OwnCustomer, ...]:
        """Their protected customers, whose protection ends first, first."""

    def hand_over(self, from_id: str, given: tuple[Gift, ...], reason: str, by: str) -> None:
        """Give customers of somebody who left to colleagues (R4b).

        Raises:
            OperatorError: the hub refuses, and says why.
            TimeoutError: as in ``change``.
        """
