"""The journal's end leaves the house once a day, signed, by a process of its own (今日链头)."""

import logging
from datetime import date
from pathlib import Path

from broker.alerts.calls import Call
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Errand
from broker.rules.state import MANAGER

log = logging.getLogger(__name__)

FIRST_AFTER_S, AGAIN_AFTER_S = 120.0, 3600.0
AT_MOST_S = 300.0
"""Each way gives up by itself; a folder in the network that has gone away may hang for ever."""
UNSENT = Call("heads", MANAGER)


class DailyHead:
    """Starts ``yingbin head --send``, which knows itself what has left already."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._errand = Errand(AT_MOST_S)
        self._next_at: float | None = None
        self._day: date | None = None
        self._done_on: date | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being sent just now."""
        return self._errand.is_idle

    def step(self, hub: Hub, at_s: float) -> None:
        """Start it on each new day, and see how it ended; never waits.

        ``at_s`` is a monotonic clock's.
        """
        if self._next_at is None:
            self._next_at = at_s + FIRST_AFTER_S
        if (status := self._errand.ended(at_s)) is not None:
            self._look(hub, has_failed=status != 0)
        elif self.is_idle and at_s >= self._next_at:
            self._start(hub, at_s)

    def stop(self) -> None:
        """End what runs."""
        self._errand.stop()

    def _start(self, hub: Hub, at_s: float) -> None:
        day = hub.decider.policy.local(hub.clock()).date()
        if day == self._done_on or hub.journal.head() is None:
            return
        self._day = day
        words = ("head", "--send", "--config", str(self._config), "--on", day.isoformat())
        self._errand.start(words, at_s)

    def _look(self, hub: Hub, *, has_failed: bool) -> None:
        self._next_at = self._errand.started_at_s
        if has_failed:
            log.warning("the signed head did not leave; it is tried again in %d s", AGAIN_AFTER_S)
            self._next_at += AGAIN_AFTER_S
        else:
            self._done_on = self._day
        tell_of_trouble(hub, "heads", "failed" if has_failed else None, UNSENT)
