"""Sends what waits in the hub's outbox, in order, and forgets what the MQTT server took."""

from collections import deque

from shared.mqtt import Link, Sent
from shared.outbox import Outbox

AT_ONCE = 50
UNDER_WAY = 500
"""Beyond it we wait for the MQTT server."""


class Outgoing:
    """What was sent and is not confirmed yet stays in the file; belongs to the hub's thread."""

    def __init__(self, outbox: Outbox, link: Link) -> None:
        self._outbox, self._link = outbox, link
        self._under_way: deque[tuple[int, Sent]] = deque()
        self._connection = 0

    def send(self) -> None:
        """Hand over what is new; after a new connection also what was not confirmed."""
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
        """Forget what the MQTT server has confirmed so far. Joins the caller's transaction."""
        taken = []
        while self._under_way and self._under_way[0][1].is_confirmed(0.0):
            taken.append(self._under_way.popleft()[0])
        if taken:
            self._outbox.forget(taken)

    def settle(self, wait_s: float) -> None:
        """Wait for the oldest, then forget what is confirmed; what is not is sent again."""
        if not self._under_way:
            return
        if self._under_way[0][1].is_confirmed(wait_s):
            self.forget_taken()
        else:  # a server that answers nothing costs one wait
            self._under_way.clear()
