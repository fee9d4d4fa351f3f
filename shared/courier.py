"""Carries an edge program's outbox to the hub, and the hub's answers back."""

import logging
import time
from collections.abc import Callable, Collection
from datetime import timedelta

import msgspec

from shared import way
from shared.clock import now, running_s
from shared.codec import read_delivery
from shared.disk_figures import disk_figures
from shared.edge_outbox import EdgeOutbox
from shared.errors import MessageError
from shared.heartbeat import Heartbeat
from shared.messages import Message, NodeKind, NodeState, NodeStatus, Receipt
from shared.mqtt import Link
from shared.node import Node
from shared.outbox import message_id
from shared.way import Place

log = logging.getLogger(__name__)

RESEND_AFTER_S = 2.0
"""Unconfirmed messages are sent again after this: the hub or the MQTT server was away."""
HEARD_RESEND_AFTER_S = 30.0
"""Messages that the hub acts on but can't save: again after this, in case it has saved them now."""
LOST = "message_lost"
"""The node's problem once a message of its own cannot be read; what the camera says goes first."""
TIDY_EVERY_S = 3600.0
WINDOW = 100
"""How many messages may be under way without a receipt."""


class Courier:
    """Sends what waits until the hub's ``Receipt`` comes, oldest first; renews our presence.

    The hub hears our messages in their order: what waits goes out as one lot, the next lot when the
    last of it has its receipt, and without one the whole lot again. On a new connection the oldest
    goes alone until the hub answers: it may subscribe at this very moment, in the middle of a lot.

    ``step`` belongs to one thread; ``post`` may be called from any.
    """

    def __init__(
        self,
        node: Node,
        link: Link,
        outbox: EdgeOutbox,
        on_message: Callable[[Message], None],
        found_at_start: str | None = None,
    ) -> None:
        self._node, self._link, self._outbox = node, link, outbox
        self._on_message = on_message
        self._last_under_way: str | None = None
        """The id of the newest message that was sent; while it has no receipt, nothing newer is."""
        self._sent_at_s = 0.0
        self._tidied_at_s = -TIDY_EVERY_S
        self._is_hub_there = False
        """Whether the hub has answered on this connection."""
        self._ran_at: dict[str, float] = {}
        """How our clock stood to the stopwatch when each message was made."""
        self._heard_at: dict[str, float] = {}
        self._heartbeat = Heartbeat(node, link, measured=self._measured)
        self.problem: str | None = None
        """What is wrong with this node; published when it changes, then with each heartbeat."""
        self.on_erased: Callable[[Collection[str]], None] = lambda _ids: None
        """Hears which messages the hub erased: what they were made of goes as well."""
        self.unread: int | None = None
        """Of a gate: the cars of the last hour that it could not read."""
        self.measured: Callable[[NodeStatus], NodeStatus] = lambda status: status
        """What else the node measures of itself, added to each heartbeat."""
        self._found_at_start = found_at_start
        """What was wrong when the program started; told while nothing else is."""

    def post(self, *messages: Message) -> None:
        """Keep ``messages`` for the hub; when this returns they are on disk, or held if that fails.

        Several share one wait for the disk.
        """
        for message in messages:
            self._ran_at[message_id(message)] = _clock_s()
        self._outbox.put_all(messages)
        for message in messages:
            way.passed(message_id(message), Place.ON_DISK)
        self._link.wake()

    def was_heard(self, name: str) -> bool:
        """Whether the hub acts on the message of this id, though it can't save it."""
        return name in self._heard_at

    @property
    def disk_trouble(self) -> str | None:
        """What is wrong with our disk; None: every message is on it."""
        return self._outbox.trouble

    def say(self, message: Message) -> None:
        """Send ``message`` now or never: it is not kept."""
        if self._link.connected_count:
            self._link.send(message)

    def step(self, wait_s: float) -> None:
        """Send what is due, then take in what arrives within ``wait_s`` seconds."""
        self._send_due(time.monotonic())
        while delivery := self._link.receive(wait_s):
            wait_s = 0.0
            try:
                message = read_delivery(delivery.topic, delivery.payload, site=self._node.site)
            except MessageError as error:
                log.warning("set aside: %s", error)
                continue
            if isinstance(message, Receipt):
                self._is_hub_there = True
                self._forget(message.ids)
                self._outbox.erase(message.erased)
                if message.erased:
                    self.on_erased(message.erased)
                self._heard_at |= dict.fromkeys(message.heard, time.monotonic())
                if self._last_under_way in message.heard:
                    self._last_under_way = None
            elif isinstance(message, NodeStatus):
                self._hear_of_hub(message)
            else:
                self._on_message(message)

    def _send_due(self, moment_s: float) -> None:
        self._outbox.save()
        if moment_s - self._tidied_at_s > TIDY_EVERY_S:
            self._tidied_at_s = moment_s
            self._outbox.forget_old(now())
        if self._link.connected_count == 0:
            return
        if self._heartbeat.has_new_connection():
            self._last_under_way, self._is_hub_there = None, False
            self._heard_at.clear()
        self._heartbeat.renew(moment_s, self._outbox.depth, self._what_is_wrong())
        if self._last_under_way and moment_s - self._sent_at_s < RESEND_AFTER_S:
            return  # a newer message could reach a hub that the older ones did not reach
        is_alone = self._last_under_way is None and not self._is_hub_there
        for waiting in self._outbox.waiting(1 if is_alone else WINDOW + len(self._heard_at)):
            name = message_id(waiting.message)
            heard_at_s = self._heard_at.get(name, -HEARD_RESEND_AFTER_S)
            if moment_s - heard_at_s >= HEARD_RESEND_AFTER_S:
                self._link.send(_sent_now(waiting.message, self._ran_at.get(name)))
                way.passed(name, Place.SENT)
                self._last_under_way, self._sent_at_s = name, moment_s

    def _what_is_wrong(self) -> str | None:
        """The disk first: what is held in memory would be lost with the power."""
        lost = LOST if self._outbox.has_lost else None
        return self._outbox.trouble or self.problem or self._found_at_start or lost

    def _measured(self, status: NodeStatus) -> NodeStatus:
        disk = disk_figures(self._outbox.folder)
        return self.measured(msgspec.structs.replace(status, disk=disk, unread=self.unread))

    def _hear_of_hub(self, status: NodeStatus) -> None:
        """After a restore the hub lacks what it had confirmed since: send it again.

        A last will does not say in which state the hub is.
        """
        if status.kind is not NodeKind.HUB or status.state is not NodeState.ONLINE:
            return
        if count := self._outbox.send_again(status.restore_id):
            log.warning("the hub was restored; %d messages are sent again", count)

    def _forget(self, ids: Collection[str]) -> None:
        self._outbox.confirm(ids, now())
        if self._last_under_way in ids:
            self._last_under_way = None
        for name in ids:
            self._ran_at.pop(name, None)
            self._heard_at.pop(name, None)


def _clock_s() -> float:
    """How far our clock is ahead of the stopwatch; it changes when somebody sets the clock."""
    return now().timestamp() - running_s()


def _sent_now(message: Message, ran_at_s: float | None) -> Message:
    """``message`` as it leaves: how long it waited here is told by this machine's own clock.

    By the clock as it was when the message was made, which ``ran_at_s`` says: if it was set since,
    the message would seem to have waited for as long.
    """
    is_set_by_s = 0.0 if ran_at_s is None else _clock_s() - ran_at_s
    return msgspec.structs.replace(message, sent_at=now() - timedelta(seconds=is_set_by_s))
