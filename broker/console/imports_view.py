"""What the page of imports knows of tables of customers, and what it asks of the hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A table that somebody brought: tried, and then entered."""

    name: str
    """The file's."""
    is_running: bool = True
    is_entering: bool = False
    """It is no trial any more."""
    counts: dict[str, int] | None = None
    """How many are ``fresh``, ``known``, in ``conflicts`` and ``wrong``; None: not known yet."""
    lines: Sequence[str] = ()
    """What is wrong with rows, and whose customers they are."""
    shares: Sequence[str] = ()
    """How many new customers each consultant would have."""
    entered: int = 0
    said: str = ""
    """The last word of what was done, or why it was not."""
    has_failed: bool = False

    @property
    def may_enter(self) -> bool:
        """Whether all of it can be entered as it is."""
        counts = self.counts or {}
        is_tried = not self.is_running and not self.is_entering
        return is_tried and bool(counts.get("fresh")) and not counts.get("wrong")


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A table that was entered."""

    import_id: str
    at: datetime
    source: str
    count: int
    by: str | None
    is_taken_back: bool
    may_be_taken_back: bool


class Imports(Protocol):
    """Tables of customers, for their page. Several threads call it at once."""

    def template(self, language: str) -> str:
        """The empty form, as CSV."""

    def bring(self, name: str, content: bytes, language: str) -> str:
        """Try a table; what this job is called from now on."""

    def job(self, token: str) -> ImportJob | None:
        """How far the job is; None: there is none, or the hub has started since."""

    def enter(self, token: str, by: str, language: str, *, without_conflicts: bool) -> None:
        """Enter the table that was tried."""

    def entered(self) -> Sequence[ImportLine]:
        """The tables that were entered, the latest first."""

    def take_back(self, import_id: str, by: str) -> None:
        """Take a table's customers out again.

        Raises:
            OperatorError: it was entered too long ago.
            TimeoutError: the hub is busy; it will still do it.
        """
