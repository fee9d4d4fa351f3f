"""Messages that cannot be used: kept for whoever looks into it."""

from broker.store.inbox import Inbox
from shared.clock import Clock
from shared.codec import MAX_PAYLOAD_BYTES
from shared.mqtt import Delivery

EVERY_S = 1.0
"""A commit for each that nobody waits for would hold up the messages of honest people; a power cut
may cost these few."""


class SetAside:
    """Deliveries that were refused. Belongs to the hub's thread."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox, self._clock = inbox, clock
        self._waiting: list[tuple[Delivery, str]] = []
        self._write_at_s = 0.0

    def add(self, delivery: Delivery, reason: str) -> None:
        """Keep ``delivery`` with the reason why it cannot be used, soon."""
        self._waiting.append((delivery, reason))

    def write(self, at_s: float) -> None:
        """Write what waits if that is due; ``at_s``: a monotonic clock."""
        if not self._waiting or at_s < self._write_at_s:
            return
        with self._inbox.db.atomic():
            for delivery, reason in self._waiting:
                self.keep(delivery, reason)
        self._waiting.clear()
        self._write_at_s = at_s + EVERY_S

    def keep(self, delivery: Delivery, reason: str) -> None:
        """Keep ``delivery`` now, in the caller's transaction."""
        payload = delivery.payload[:MAX_PAYLOAD_BYTES]
        self._inbox.reject(delivery.topic, payload, reason, self._clock())
