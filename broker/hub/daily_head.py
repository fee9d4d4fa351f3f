"""The journal's end leaves the house once a day, signed (今日链头)."""

import logging
from datetime import date
from pathlib import Path

from broker.alerts.calls import Call
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Words
from broker.rules.state import MANAGER

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 3600.0
UNSENT = Call("heads", MANAGER)


class DailyHead:
    """Has ``yingbin head --send`` send it, which knows itself what has left already."""

    first_after_s = 120.0
    every_s = 60.0
    at_most_s = 300.0
    """Each way gives up by itself; a folder in the network that has gone away may hang for ever."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._day: date | None = None
        self._done_on: date | None = None

    def due(self, hub: Hub) -> Words | None:
        """The head of each new day, once there is a journal."""
        self._day = hub.decider.policy.local(hub.clock()).date()
        if self._day == self._done_on or hub.journal.head() is None:
            return None
        return ("head", "--send", "--config", str(self._config), "--on", self._day.isoformat())

    def ended(self, hub: Hub, *, has_failed: bool) -> float | None:
        """Tell whether it left."""
        tell_of_trouble(hub, "heads", "failed" if has_failed else None, UNSENT)
        if has_failed:
            log.warning("the signed head did not leave; it is tried again in %d s", AGAIN_AFTER_S)
            return AGAIN_AFTER_S
        self._done_on = self._day
        return None
