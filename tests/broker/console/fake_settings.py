"""Settings for the pages' tests, which nobody changes."""

from dataclasses import dataclass, field
from datetime import datetime

from broker.choices.rows import Rows, SiteChoices, rows_of
from broker.console.imports_view import ImportJob, ImportLine
from broker.console.settings_view import ChangeLine, GivenDocument, PolicyTrial
from broker.local.questions import Edit, Gift, ShiftAnswered, ShiftAsked
from broker.rules.policy import Policy
from broker.rules.portfolio import OwnCustomer
from broker.site_file import SitePeople, Staff

PEOPLE = SitePeople(
    staff=(
        Staff(id="li", name="李敏", roles=("consultant",), pin="1357"),
        Staff(id="chen", name="陈静", roles=("manager", "steward"), pin="8642"),
    ),
    order=("li",),
)


@dataclass
class FakeSettingsDesk:
    """See ``SettingsDesk``."""

    people: SitePeople = PEOPLE
    policy: Policy = field(default_factory=Policy)

    @property
    def rows(self) -> Rows:
        """What the people make."""
        return rows_of(SiteChoices(self.people, Policy()))

    def documents(self) -> tuple[GivenDocument, ...]:
        """Head office says nothing."""
        return ()

    def ask_shift(self, _asked: ShiftAsked) -> None:
        """Take it, and forget it."""

    def answer_shift(self, _answered: ShiftAnswered) -> None:
        """Take it, and forget it."""

    def has_left(self, _staff_id: str) -> bool:
        """Nobody did."""
        return False

    def changes(self) -> tuple[ChangeLine, ...]:
        """None."""
        return ()

    def try_out(
        self, _edits: tuple[Edit, ...], _holds_from: datetime | None, _language: str
    ) -> PolicyTrial:
        """Nothing would have been otherwise."""
        return PolicyTrial()

    def policy_after(self, _edits: tuple[Edit, ...], _from: datetime | None = None) -> Policy:
        """As it is."""
        return self.policy

    def change(
        self, edits: tuple[Edit, ...], by: str | None, holds_from: datetime | None = None
    ) -> None:
        """Take it, and forget it."""

    def take_back(self, change_id: str, by: str) -> None:
        """Take it, and forget it."""

    def leave(self, staff_id: str, by: str) -> None:
        """Take it, and forget it."""

    def customers_of(self, _staff_id: str) -> tuple[OwnCustomer, ...]:
        """None."""
        return ()

    def hand_over(self, from_id: str, given: tuple[Gift, ...], reason: str, by: str) -> None:
        """Take it, and forget it."""


class FakeImports:
    """See ``Imports``: nobody brought a table."""

    def template(self, _language: str) -> str:
        """An empty form."""
        return "phone"

    def bring(self, name: str, content: bytes, language: str) -> str:
        """Take it, and forget it."""
        return "job"

    def job(self, _token: str) -> ImportJob | None:
        """None."""
        return None

    def enter(self, token: str, by: str, language: str, *, without_conflicts: bool) -> None:
        """Take it, and forget it."""

    def entered(self) -> tuple[ImportLine, ...]:
        """None."""
        return ()

    def take_back(self, import_id: str, by: str) -> None:
        """Take it, and forget it."""
