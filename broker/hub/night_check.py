"""The hub's file checked as a whole, every night, by a process of its own (夜间核验)."""

import logging
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from broker.alerts.calls import call_of_failed_check
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Errand
from shared.file_check import checked_at, note_check

log = logging.getLogger(__name__)

FIRST_AFTER_S = 900.0
"""Not at once: a hub that has just started has visitors waiting."""
NIGHT = range(1, 5)
"""The hours, in site time, in which nobody waits."""
OFTEN, AT_LEAST = timedelta(hours=20), timedelta(hours=44)
"""How old the last check must be at night; and by day, where the machine is off at night."""
AT_MOST_S = 3600.0


class NightCheck:
    """Starts the check, and says what came of it. Every page, index and entry is read."""

    def __init__(self, file: Path, config: Path) -> None:
        self._file = file
        self._words = ("verify", "--config", str(config))
        self._errand = Errand(AT_MOST_S)
        self._first_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is checked just now."""
        return self._errand.is_idle

    def step(self, hub: Hub, at_s: float) -> None:
        """Start the check when it is due, and see how it ended; never waits.

        ``at_s`` is a monotonic clock's.
        """
        if self._first_at is None:
            self._first_at = at_s + FIRST_AFTER_S
        if (status := self._errand.ended(at_s)) is not None:
            self._look(hub, status)
        elif self.is_idle and at_s >= self._first_at and self._is_due(hub):
            self._errand.start(self._words, at_s)

    def stop(self) -> None:
        """End the check."""
        self._errand.stop()

    def _is_due(self, hub: Hub) -> bool:
        moment, last = hub.clock(), checked_at(self._file)
        if last is None or last > moment:  # never, or the clock was wrong
            return True
        hour = moment.astimezone(ZoneInfo(hub.decider.policy.timezone)).hour
        return moment - last > (OFTEN if hour in NIGHT else AT_LEAST)

    def _look(self, hub: Hub, status: int) -> None:
        is_sound = status == 0
        if not is_sound:
            log.error("the check of the hub's file ended with %d", status)
        try:
            note_check(self._file, hub.clock().astimezone(UTC), is_sound=is_sound)
        except OSError as error:  # a full or failing disk is told of elsewhere
            log.warning("the check is not noted: %s", error)
            self._first_at = self._errand.started_at_s + OFTEN.total_seconds()
        tell_of_trouble(hub, "file", None if is_sound else "damaged", call_of_failed_check())
