"""Which nodes are online. Kept in memory only, because every node reports within seconds."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.messages import NodeKind, NodeState, NodeStatus

SILENT_AFTER = timedelta(seconds=30)
"""Three heartbeats of 10 s. Measured: a frozen phone's last will may never come."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last status of a node, and when the hub heard it."""

    status: NodeStatus
    heard_at: datetime

    def is_online(self, moment: datetime) -> bool:
        """Whether the node says that it is online, and has not been silent for too long."""
        is_fresh = moment - self.heard_at < SILENT_AFTER
        return self.status.state is NodeState.ONLINE and is_fresh


class Presence:
    """The last sighting of every node and device. One thread writes, others read.

    ``device_id`` tells two phones with the same person's account apart.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[tuple[NodeKind, str, str], Sighting] = {}

    def note(self, status: NodeStatus, heard_at: datetime) -> bool:
        """Take in ``status``; True if the node is online by a connection new to the hub."""
        key = (status.kind, status.node_id, status.device_id or "")
        with self._lock:
            before = self._seen.get(key)
            self._seen[key] = Sighting(status, heard_at)
        if status.state is not NodeState.ONLINE:
            return False
        if before is None or before.status.state is not NodeState.ONLINE:
            return True
        if status.connected_at is None:  # not said: after a silence it may have missed messages
            return not before.is_online(heard_at)
        return status.connected_at != before.status.connected_at

    def heard(self, staff_id: str, device_id: str | None, heard_at: datetime) -> None:
        """Note that a person's device sent a message, which shows that it is alive."""
        key = (NodeKind.STAFF, staff_id, device_id or "")
        with self._lock:
            if (before := self._seen.get(key)) is not None:
                self._seen[key] = replace(before, heard_at=max(heard_at, before.heard_at))

    def may_answer(self, staff_id: str, moment: datetime) -> bool:
        """Whether a phone of this person may answer; True if the hub never heard of one.

        A radio or an app that only listens sends no status, and after the hub's own start nobody
        has sent one yet.
        """
        own = self.sightings(NodeKind.STAFF, staff_id)
        return not own or any(sighting.is_online(moment) for sighting in own)

    def sightings(self, kind: NodeKind | None = None, node_id: str | None = None) -> list[Sighting]:
        """The last sightings, sorted by kind and name; of one kind or one node if that is given."""
        with self._lock:
            return [
                self._seen[key]
                for key in sorted(self._seen)
                if kind in (None, key[0]) and node_id in (None, key[1])
            ]
