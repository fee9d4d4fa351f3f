"""A person's second channel for a locked phone (锁屏提醒), as the manager's page knows it."""

from dataclasses import dataclass
from typing import Protocol

REPORTS = ("day", "week", "month")
"""What may come to a manager when the house closes."""


@dataclass(frozen=True, slots=True)
class ShownChannel:
    """Where a person is rung besides their page; empty: nowhere."""

    url: str = ""
    quiet: str = ""
    """When it says nothing: ``21:00-08:00, 12:00-13:00``."""
    reports: tuple[str, ...] | None = None
    """Which of ``REPORTS`` come there; None, to choose: as before."""


class ChannelDesk(Protocol):
    """Keeps the channels."""

    def of(self, staff_id: str) -> ShownChannel:
        """The person's channel as it is now."""

    def choose(self, staff_id: str, wanted: ShownChannel, link: str) -> str | None:
        """Keep it; else the field that is wrong. ``link``: where a tap leads.

        Raises:
            OSError: the disk takes nothing.
        """

    def try_out(self, staff_id: str, said: str) -> bool:
        """Send ``said`` now; whether it was taken there.

        Raises:
            OperatorError: what sends is not installed.
        """
