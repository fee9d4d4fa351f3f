"""Renews a node's presence: regularly, and at once when its clock is set or a problem begins."""

from collections.abc import Callable
from datetime import datetime

from shared.messages import NodeState, NodeStatus
from shared.mqtt import Link
from shared.node import HEARTBEAT_S, Node

CLOCK_SET_S = 1.0
"""A clock that jumped by more was set: the hub hears so before anything that tells the new time."""


class Heartbeat:
    """One node's heartbeat; belongs to the thread of its loop."""

    def __init__(
        self,
        node: Node,
        link: Link,
        restore_id: str | None = None,
        measured: Callable[[NodeStatus], NodeStatus] = lambda status: status,
    ) -> None:
        """``measured`` adds to each heartbeat what the node measures of itself."""
        self._node, self._link, self._restore_id = node, link, restore_id
        self._measured = measured
        self._connection = 0
        self._connected_at: datetime | None = None
        self._due_at_s = 0.0
        self._told: str | None = None
        self._clock_s = 0.0
        """Our clock's distance from the stopwatch; it changes when the clock is set."""

    def has_new_connection(self) -> bool:
        """Whether the link connected anew since this was last asked."""
        connection = self._link.connected_count
        if connection in (0, self._connection):
            return False
        self._connection, self._due_at_s = connection, 0.0
        self._connected_at = self._node.clock()
        return True

    def renew(
        self, moment_s: float, waiting: Callable[[], int], problem: str | None = None
    ) -> None:
        """Publish that the node is alive, if due; ``waiting`` is the length of its outbox."""
        clock_s = self._node.clock().timestamp() - moment_s
        is_set = abs(clock_s - self._clock_s) > CLOCK_SET_S
        if moment_s < self._due_at_s and problem == self._told and not is_set:
            return
        self._clock_s = clock_s
        self._due_at_s, self._told = moment_s + HEARTBEAT_S, problem
        status = self._node.status(
            NodeState.ONLINE,
            connected_at=self._connected_at,
            waiting=waiting(),
            problem=problem,
            restore_id=self._restore_id,
        )
        self._link.send(self._measured(status))
