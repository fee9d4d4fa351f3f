"""The hub's file checked as a whole, every night (夜间核验)."""

import logging
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from broker.alerts.calls import call_of_failed_check
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Words
from shared.file_check import checked_at, note_check

log = logging.getLogger(__name__)

NIGHT = range(1, 5)
"""The hours, in site time, in which nobody waits."""
OFTEN, AT_LEAST = timedelta(hours=20), timedelta(hours=44)
"""How old the last check must be at night; and by day, where the machine is off at night."""


class NightCheck:
    """Says what came of the check. Every page, index and entry is read."""

    first_after_s = 900.0
    """Not at once: a hub that has just started has visitors waiting."""
    every_s = 60.0
    at_most_s = 3600.0

    def __init__(self, file: Path, config: Path) -> None:
        self._file = file
        self._words = ("verify", "--config", str(config))

    def due(self, hub: Hub) -> Words | None:
        """The check, once a night."""
        moment, last = hub.clock(), checked_at(self._file)
        if last is None or last > moment:  # never, or the clock was wrong
            return self._words
        hour = moment.astimezone(ZoneInfo(hub.decider.policy.timezone)).hour
        is_due = moment - last > (OFTEN if hour in NIGHT else AT_LEAST)
        return self._words if is_due else None

    def ended(self, hub: Hub, *, has_failed: bool) -> float | None:
        """Tell what was found, and note it beside the file."""
        if has_failed:
            log.error("the hub's file is damaged, or could not be checked")
        tell_of_trouble(hub, "file", "damaged" if has_failed else None, call_of_failed_check())
        try:
            note_check(self._file, hub.clock().astimezone(UTC), is_sound=not has_failed)
        except OSError as error:  # a full or failing disk is told of elsewhere
            log.warning("the check is not noted: %s", error)
            return OFTEN.total_seconds()
        return None
