"""What a visitor's own page shows and may ask for. The hub implements ``OwnPages``. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.messages import CheckIn, Message


class Erasing(StrEnum):
    """The state of the visitor's wish to be erased."""

    DUE = "due"
    """Will be done as soon as the visit is over."""
    DOUBTED = "doubted"
    """More is kept under this number, so a manager must see the visitor first."""


@dataclass(frozen=True, slots=True)
class OwnLookUp:
    """A staff member searched for the visitor's phone or plate."""

    at: datetime
    roles: tuple[str, ...]
    """The staff member's posts. The name is not shown."""


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What is kept of a check-in: what the visitor gave, and what is about them."""

    check_in: CheckIn
    """As it came from the tablet."""
    surname: str | None
    salutation: str | None
    phone: str | None
    plate: str | None
    """These four as the visitor last corrected them."""
    named: str | None
    """The consultant whom the visitor named."""
    family_named: str | None
    """The consultant who received the family, as the visitor says."""
    host_name: str | None
    finished_at: datetime | None
    looked_up: tuple[OwnLookUp, ...]
    kept_until: datetime
    erasing: Erasing | None


class OwnPages(Protocol):
    """Called from several threads at once."""

    def record(self, page_key: str) -> OwnRecord | None:
        """What is kept for this page; None if there is no page, or it expired or was erased."""

    def post(self, message: Message) -> None:
        """Let the hub act on ``message``; its effects are kept when this returns.

        Raises:
            OperatorError: the hub refuses it.
            TimeoutError: the hub is busy; it will still act.
        """
