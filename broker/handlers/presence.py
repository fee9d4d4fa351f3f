"""Which nodes live, as far as the hub knows. In memory: every node tells again within seconds."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.messages import NodeKind, NodeState, NodeStatus

SILENT_AFTER = timedelta(seconds=30)
"""Three heartbeats of 10 s: a frozen phone's last will can fail (measured)."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last a node said, and when we heard it."""

    status: NodeStatus
    heard_at: datetime

    def is_online(self, moment: datetime) -> bool:
        """Whether the node counts as there at ``moment``: its word, its will, its silence."""
        is_fresh = moment - self.heard_at < SILENT_AFTER
        return self.status.state is NodeState.ONLINE and is_fresh


class Presence:
    """The last sighting of every node and device; one thread notes, others look.

    Two phones with one person's account are two devices: told apart by ``device_id``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[tuple[NodeKind, str, str], Sighting] = {}

    def note(self, status: NodeStatus, heard_at: datetime) -> bool:
        """Take ``status`` in; True when the node is there by a connection that is new to us."""
        key = (status.kind, status.node_id, status.device_id or "")
        with self._lock:
            before = self._seen.get(key)
            self._seen[key] = Sighting(status, heard_at)
        if status.state is not NodeState.ONLINE:
            return False
        if before is None or before.status.state is not NodeState.ONLINE:
            return True
        if status.connected_at is None:  # it does not say: whoever was silent may have missed some
            return not before.is_online(heard_at)
        return status.connected_at != before.status.connected_at

    def heard(self, staff_id: str, device_id: str | None, heard_at: datetime) -> None:
        """A person's device sent something else: it lives, whatever became of its heartbeat."""
        key = (NodeKind.STAFF, staff_id, device_id or "")
        with self._lock:
            if (before := self._seen.get(key)) is not None:
                self._seen[key] = replace(before, heard_at=max(heard_at, before.heard_at))

    def may_answer(self, staff_id: str, moment: datetime) -> bool:
        """Whether a phone of this person may answer; who never had one here counts as there.

        A radio or an app that only listens tells nothing of itself, and after our own start
        everybody is silent for a moment.
        """
        own = self.sightings(NodeKind.STAFF, staff_id)
        return not own or any(sighting.is_online(moment) for sighting in own)

    def sightings(self, kind: NodeKind | None = None, node_id: str | None = None) -> list[Sighting]:
        """Every node's and device's last one, or those of one kind or node, by kind and name."""
        with self._lock:
            return [
                self._seen[key]
                for key in sorted(self._seen)
                if kind in (None, key[0]) and node_id in (None, key[1])
            ]
