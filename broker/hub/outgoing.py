"""Sends the messages of the hub's outbox, in order, and forgets those that the server confirmed."""

from collections import deque

from shared.mqtt import Link, Sent
from shared.outbox import Outbox

AT_ONCE = 50
UNDER_WAY = 1_000
"""How many messages may be unconfirmed before the hub waits for the MQTT server."""


class Outgoing:
    """Sends the outbox. Unconfirmed messages stay in the file. Belongs to the hub's thread."""

    def __init__(self, outbox: Outbox, link: Link) -> None:
        self._outbox, self._link = outbox, link
        self._under_way: deque[tuple[int, Sent]] = deque()
        self._connection = 0

    def send(self) -> None:
        """Send new messages, and after a new connection unconfirmed messages again."""
        if self._link.connected_count == 0:
            return
        if self._link.connected_count != self._connection:
            self._connection = self._link.connected_count
            self._under_way.clear()
        while len(self._under_way) < UNDER_WAY:
            last = self._under_way[-1][0] if self._under_way else 0
            rows = self._outbox.waiting(AT_ONCE, after=last)
            self._under_way.extend(
                (waiting.row, self._link.send(waiting.message)) for waiting in rows
            )
            if len(rows) < AT_ONCE:
                return

    def forget_taken(self) -> None:
        """Forget the messages that the server has confirmed, in the caller's transaction."""
        taken = []
        while self._under_way and self._under_way[0][1].is_confirmed(0.0):
            taken.append(self._under_way.popleft()[0])
        if taken:
            self._outbox.forget(taken)

    def settle(self, wait_s: float) -> None:
        """Wait until the oldest message is confirmed. Unconfirmed messages are sent again."""
        if not self._under_way:
            return
        if self._under_way[0][1].is_confirmed(wait_s):
            self.forget_taken()
        else:  # if the server confirms nothing, do not wait for each message
            self._under_way.clear()
