"""What a visitor's own page knows and may ask: the hub implements ``OwnPages``. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.messages import CheckIn, Message


class Erasing(StrEnum):
    """How far his wish to be erased is."""

    DUE = "due"
    """As soon as his visit is over."""
    DOUBTED = "doubted"
    """More is kept under his number: a manager sees him first."""


@dataclass(frozen=True, slots=True)
class OwnLookUp:
    """Somebody of the house searched for his phone or plate."""

    at: datetime
    roles: tuple[str, ...]
    """His posts, never his name."""


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What is kept of one check-in, as far as he gave it himself or it is about him."""

    check_in: CheckIn
    """As he sent it from the tablet."""
    surname: str | None
    salutation: str | None
    phone: str | None
    plate: str | None
    """The four as he last corrected them."""
    named: str | None
    """The consultant whom he named."""
    host_name: str | None
    finished_at: datetime | None
    looked_up: tuple[OwnLookUp, ...]
    kept_until: datetime
    erasing: Erasing | None


class OwnPages(Protocol):
    """Called from several threads at once."""

    def record(self, page_key: str) -> OwnRecord | None:
        """Whose page it is; None for nobody's, or when its time is over, or he was erased."""

    def post(self, message: Message) -> None:
        """Let the hub act on what he asks; its effects are kept when this returns.

        Raises:
            OperatorError: it refuses.
            TimeoutError: it is busy, and will act.
        """
