"""The journal goes up to the head office, by a process of its own (上报总部)."""

import math
from pathlib import Path

from broker.alerts.calls import Call
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Words
from broker.journal.epochs import begin_epoch, latest_restore
from broker.rules.state import MANAGER
from broker.shipping.fork_note import take_fork
from broker.shipping.membership import FILE_NAME

FORK = Call("head_office_fork", MANAGER)
RESTORED = Call("head_office_restored", MANAGER)
"""Both are told once for each epoch: head office raises its alarm then too."""


class ShippingJob:
    """Keeps ``yingbin ship`` running, from when the site has joined."""

    first_after_s = 5.0
    every_s = 10.0
    at_most_s = math.inf

    def __init__(self, folder: Path, config: Path) -> None:
        self._folder, self._config = folder, config

    def due(self, hub: Hub) -> Words | None:
        """As soon as there is a head office and a journal."""
        if not self._config.with_name(FILE_NAME).exists() or hub.journal.head() is None:
            return None
        if (restore := latest_restore(hub.inbox.db.conn)) is not None:
            tell_of_trouble(hub, "head_office", restore, RESTORED)
        return ("ship", "--config", str(self._config))

    def ended(self, hub: Hub, *, has_failed: bool) -> float | None:
        """Where the journal above is another one, open an epoch and tell the manager."""
        above = take_fork(self._folder) if has_failed else None
        if above is None:
            return None
        with hub.decider.atomic():
            begun = begin_epoch(hub.journal, hub.inbox.db.conn, "head office", hub.clock(), above)
        tell_of_trouble(hub, "head_office", begun.restore_id, FORK)
        return None
