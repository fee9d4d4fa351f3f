"""The line on the manager's page that says what the night erased."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ErasedLine:
    """What was kept for long enough and is gone since ``at``; it names nobody."""

    at: datetime
    counts: tuple[tuple[str, int], ...]
    """By class of the retention table, the most first; empty: nothing was due."""
    is_complete: bool
