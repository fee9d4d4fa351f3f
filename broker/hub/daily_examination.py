"""The hub examines itself every day, by a process of its own: the page shows what was found."""

from datetime import timedelta
from pathlib import Path

from broker.doctor.last_examination import last_examination
from broker.handlers.context import Hub
from broker.hub.errand import Errand

FIRST_AFTER_S = 300.0
"""Not at once: a hub that has just started has visitors waiting."""
AGAIN_AFTER_S = 3600.0
DAILY = timedelta(hours=23)
AT_MOST_S = 1800.0


class DailyExamination:
    """Starts ``yingbin doctor``, unless somebody else did within the day."""

    def __init__(self, folder: Path, config: Path) -> None:
        self._folder = folder
        self._words = ("doctor", "--json", "--config", str(config.parent))
        self._errand = Errand(AT_MOST_S)
        self._next_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it does not run just now."""
        return self._errand.is_idle

    def step(self, hub: Hub, at_s: float) -> None:
        """Start it when it is due, and see how it ended; never waits.

        ``at_s`` is a monotonic clock's. What it found is the page's to tell, whatever its status.
        """
        if self._next_at is None:
            self._next_at = at_s + FIRST_AFTER_S
        if self._errand.ended(at_s) is None and self.is_idle and at_s >= self._next_at:
            self._next_at = at_s + AGAIN_AFTER_S
            last = last_examination(self._folder)
            if last is None or abs(hub.clock() - last.at) > DAILY:
                self._errand.start(self._words, at_s)

    def stop(self) -> None:
        """End it."""
        self._errand.stop()
