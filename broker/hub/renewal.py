"""The hub keeps its site's certificates: a process of its own renews them."""

import logging
from pathlib import Path

from broker.certificates.keeping import is_due
from broker.handlers.context import Hub
from broker.hub.errand import Errand
from broker.settings import HubSettings

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
"""The machine may get another address, and a phone is then warned of the old certificate."""
AGAIN_AFTER_S = 600.0
AT_MOST_S = 60.0


class Renewal:
    """Renews the servers' certificate 30 days before it ends; servers then show the new one.

    It goes by the hub's clock: the machine's may be wrong, and the certificate then as well.
    """

    def __init__(self, settings: HubSettings, config: Path) -> None:
        file = settings.server_certificate
        self._folder = file.parent if file else None
        self._config = config
        self._errand = Errand(AT_MOST_S)
        self._next_at_s = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether no certificate is being made just now."""
        return self._errand.is_idle

    def step(self, hub: Hub, at_s: float) -> None:
        """Start the errand when it is due, and see how it ended; ``at_s`` is monotonic."""
        if (status := self._errand.ended(at_s)) is not None and status != 0:
            log.warning("the certificate was not renewed; it is tried again in %d s", AGAIN_AFTER_S)
            self._next_at_s = at_s + AGAIN_AFTER_S
        if self._folder is None or not self.is_idle or at_s < self._next_at_s:
            return
        self._next_at_s, moment = at_s + LOOK_EVERY_S, hub.clock()
        if is_due(self._folder, moment):
            words = ("certificates", "--config", str(self._config), "--at", moment.isoformat())
            self._errand.start(words, at_s)

    def stop(self) -> None:
        """End the errand."""
        self._errand.stop()
