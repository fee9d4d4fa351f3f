"""What a new site has done already, and what its first page asks of the hub."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Begun:
    """What a site has done at least once."""

    has_read: datetime | None = None
    """When its gate read the latest plate."""
    plate: str | None = None
    """That plate."""
    has_rung: bool | None = None
    """Whether the last tried alert was taken; None: none was tried."""
    has_key: bool = False
    """Somebody saw the key of the backups."""
    has_received: bool = False
    """Somebody took an alert and went to a visitor."""


@dataclass(frozen=True, slots=True)
class KeySheet:
    """The key of the backups, to be printed."""

    key: str
    """In groups, as it is easy to read off."""
    code: str
    """The same as an SVG, drawn by segno."""
    head_key: str
    """The public key of the journal's signed ends."""


class FirstSteps(Protocol):
    """The first steps, for their pages. Several threads call it at once."""

    def begun(self) -> Begun:
        """What was done at least once."""

    def ring(self, staff_id: str, by: str) -> None:
        """Try whether somebody's phone rings.

        Raises:
            OperatorError: the hub refuses, and says why.
            TimeoutError: the hub is busy; it will still do it.
        """

    def look(self, gate_id: str, by: str) -> str:
        """Ask a gate for its camera's picture; the name under which that is found.

        Raises:
            OperatorError, TimeoutError: as in ``ring``.
        """

    def picture(self, asked_id: str) -> bytes | None:
        """The picture, as JPEG; None: it has not come, or is over."""

    def key(self, by: str) -> KeySheet | None:
        """The key, and note that it was seen; None: this site has none.

        Raises:
            OperatorError, TimeoutError: as in ``ring``.
        """
