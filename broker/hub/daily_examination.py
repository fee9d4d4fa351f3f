"""The hub examines itself every day: the page shows what was found."""

from datetime import timedelta
from pathlib import Path

from broker.doctor.last_examination import last_examination
from broker.handlers.context import Hub
from broker.hub.errand import Words

DAILY = timedelta(hours=23)


class DailyExamination:
    """Has ``yingbin doctor`` look, unless somebody else did within the day."""

    first_after_s = 300.0
    """Not at once: a hub that has just started has visitors waiting."""
    every_s = 3600.0
    at_most_s = 1800.0

    def __init__(self, folder: Path, config: Path) -> None:
        self._folder = folder
        self._words = ("doctor", "--json", "--config", str(config.parent))

    def due(self, hub: Hub) -> Words | None:
        """The examination, once a day."""
        last = last_examination(self._folder)
        return self._words if last is None or abs(hub.clock() - last.at) > DAILY else None

    def ended(self, _hub: Hub, *, has_failed: bool) -> None:
        """What it found is the page's to tell, and a command that found something has failed."""
