"""Counts the cars of the last hour that a gate saw and could not read. Pure."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gate.passing.refusal import Reason, Refusal

HOUR = timedelta(hours=1)
UNREAD = frozenset(
    {
        *(Reason.TOO_SMALL, Reason.TOO_BLURRED, Reason.TOO_DARK, Reason.TOO_BRIGHT),
        *(Reason.ILLEGIBLE, Reason.NO_SUCH_PLATE, Reason.TOO_FEW_READS),
    }
)
"""Refusals of a plate that somebody wanted to read; others are meant, or were told anyway."""


@dataclass(slots=True)
class Tally:
    """The moments of the last hour's unread plates."""

    _seen: deque[datetime] = field(default_factory=deque)

    def note(self, refusal: Refusal) -> None:
        """Count ``refusal``, if the plate should have been read."""
        if refusal.reason in UNREAD:
            self._seen.append(refusal.seen_at)

    def unread(self, moment: datetime) -> int:
        """How many there were within the hour before ``moment``."""
        while self._seen and abs(moment - self._seen[0]) > HOUR:  # the clock may be set back
            self._seen.popleft()
        return len(self._seen)
