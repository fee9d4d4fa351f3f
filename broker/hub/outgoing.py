"""Sends the messages of the hub's outbox, in order, and forgets those that the server confirmed."""

from collections import deque
from typing import NamedTuple

from shared import way
from shared.clock import Clock, Stopwatch, now, running_s
from shared.messages import Alert, Message, Scene
from shared.mqtt import Link, Sent
from shared.outbox import Outbox, Waiting
from shared.way import Place

AT_ONCE = 50
UNDER_WAY = 1_000
"""How many messages may be unconfirmed before the hub waits for the MQTT server."""
CONFIRM_WITHIN_S = 5.0


class _UnderWay(NamedTuple):
    row: int
    sent: Sent
    sent_at_s: float


class _Dropped:
    """What is not sent any more counts as sent."""

    def is_confirmed(self, _wait_s: float) -> bool:
        return True


class Outgoing:
    """Sends the outbox. Unconfirmed messages stay in the file. Belongs to the hub's thread."""

    def __init__(
        self, outbox: Outbox, link: Link, clock: Clock = now, stopwatch: Stopwatch = running_s
    ) -> None:
        self._outbox, self._link, self._clock, self._stopwatch = outbox, link, clock, stopwatch
        self._under_way: deque[_UnderWay] = deque()
        self._connection = 0

    def send(self) -> None:
        """Send new messages, and after a new connection unconfirmed messages again."""
        if self._link.connected_count == 0:
            return
        if self._link.connected_count != self._connection:
            self._connection = self._link.connected_count
            self._under_way.clear()
        while len(self._under_way) < UNDER_WAY:
            last = self._under_way[-1].row if self._under_way else 0
            rows = self._outbox.waiting(AT_ONCE, after=last)
            self._under_way.extend(map(self._sent, rows))
            if len(rows) < AT_ONCE:
                return

    def forget_taken(self) -> None:
        """Forget the messages that the server has confirmed, in the caller's transaction."""
        taken = []
        while self._under_way and self._under_way[0].sent.is_confirmed(0.0):
            taken.append(self._under_way.popleft().row)
        if taken:
            self._outbox.forget(taken)

    def settle(self) -> None:
        """Forget what the server has confirmed; what it does not confirm in time is sent again.

        Nothing waits for it: a slow server must not hold up what comes next.
        """
        self.forget_taken()
        oldest = self._under_way[0].sent_at_s if self._under_way else self._stopwatch()
        if self._stopwatch() - oldest > CONFIRM_WITHIN_S:
            self._under_way.clear()

    def _sent(self, waiting: Waiting) -> _UnderWay:
        is_over = _is_over(waiting.message, self._clock)
        sent = _Dropped() if is_over else self._link.send(waiting.message)
        if isinstance(waiting.message, Alert) and waiting.message.trace_id:
            way.passed(waiting.message.trace_id, Place.ALERT_SENT)
        return _UnderWay(waiting.row, sent, self._stopwatch())


def _is_over(message: Message, clock: Clock) -> bool:
    """Whether a device would be told too late: the server was away, or a device has no clock."""
    return isinstance(message, Scene) and message.expires_at <= clock()
