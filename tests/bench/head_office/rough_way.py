"""A network that loses, doubles, reorders, repeats and cuts what a site sends; seeded."""

import http.client
import random
from collections import deque
from contextlib import suppress

import msgspec

from broker.journal.shipment import Shipment, StoredThrough
from broker.shipping.way_up import NotContinuedError, WayUp
from tests.bench.head_office.simulated_site import SimulatedSite

KEPT = 5
"""Old batches of which one may come again."""


class RoughWay:
    """The way of one site; ``roughness`` of its batches come to harm."""

    def __init__(
        self, site: SimulatedSite, url: str, chance: random.Random, roughness: float = 0.0
    ) -> None:
        self.site, self._chance, self.roughness = site, chance, roughness
        self._way = WayUp(url, token=site.token)
        self._url = url.removeprefix("http://")
        self._sent = deque[Shipment](maxlen=KEPT)
        self.harmed = 0

    def send(self) -> int:
        """Send the next batch; how many entries are stored now that were not before.

        Raises:
            OSError, BusyError: try again later.
        """
        batch = self.site.batch()
        if self._chance.random() < self.roughness:
            self.harmed += 1
            batch = self._harm(batch)
        self._sent.append(batch)
        return self.site.settle(self._told(batch))

    def close(self) -> None:
        self._way.close()

    def _told(self, batch: Shipment) -> StoredThrough:
        try:
            return self._way.send(self.site.name, batch)
        except NotContinuedError as other:
            return other.stored

    def _harm(self, batch: Shipment) -> Shipment:
        """What is to be sent then."""
        kind = self._chance.randrange(6)
        if kind == 0:
            raise OSError("cut before it left")
        if kind == 1:
            self._told(batch)
            raise OSError("cut before the answer came")
        if kind == 2:  # the next before this one
            self._told(self.site.batch(after=1))
        elif kind == 3:
            self._cut(batch)
        elif kind == 4 and self._sent:
            self._told(self._chance.choice(self._sent))
        else:
            self._told(batch)
        return batch

    def _cut(self, batch: Shipment) -> None:
        """The connection breaks in the middle of the batch."""
        body = msgspec.json.encode(batch)
        line = http.client.HTTPConnection(self._url, timeout=10)
        with suppress(OSError):
            line.putrequest("POST", f"/v1/sites/{self.site.name}/journal")
            line.putheader("Authorization", f"Bearer {self.site.token}")
            line.putheader("Content-Length", str(len(body)))
            line.endheaders(body[: self._chance.randrange(len(body))])
        line.close()
