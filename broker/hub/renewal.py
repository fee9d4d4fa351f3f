"""The hub keeps its site's certificates."""

import logging
from pathlib import Path

from broker.certificates.keeping import is_due
from broker.handlers.context import Hub
from broker.hub.errand import Words
from broker.settings import HubSettings

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 600.0


class Renewal:
    """Renews the servers' certificate 30 days before it ends; servers then show the new one.

    It goes by the hub's clock: the machine's may be wrong, and the certificate then as well.
    """

    first_after_s = 0.0
    every_s = 60.0
    """The machine may get another address, and a phone is then warned of the old certificate."""
    at_most_s = 60.0

    def __init__(self, settings: HubSettings, config: Path) -> None:
        file = settings.server_certificate
        self._folder = file.parent if file else None
        self._config = config

    def due(self, hub: Hub) -> Words | None:
        """The renewal, at a site with TLS whose certificate ends or names another machine."""
        moment = hub.clock()
        if self._folder is None or not is_due(self._folder, moment):
            return None
        return ("certificates", "--config", str(self._config), "--at", moment.isoformat())

    def ended(self, _hub: Hub, *, has_failed: bool) -> float | None:
        """What failed is tried again only later."""
        if not has_failed:
            return None
        log.warning("the certificate was not renewed; it is tried again in %d s", AGAIN_AFTER_S)
        return AGAIN_AFTER_S
