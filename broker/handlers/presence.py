"""Which nodes are online. Kept in memory only, because every node reports within seconds."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from shared.clock import Stopwatch, running_s
from shared.messages import NodeKind, NodeState, NodeStatus

SILENT_AFTER_S = 30.0
"""Three heartbeats of 10 s. Measured: a frozen phone's last will may never come."""
RIGHT_WITHIN_S = 2.0
"""A clock that is off by no more counts as right: house rules count seconds."""
AGREE_WITHIN_S = 2.0
"""Two heartbeats that tell the same of a clock: the first may be an old one that was retained."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last status of a node, and when the hub heard it."""

    status: NodeStatus
    heard_at: datetime
    """By the site's clock."""
    heard_s: float
    """The same by the stopwatch."""
    alive_s: float
    """When it last sent anything, by the stopwatch."""
    ahead_s: float | None = None
    """How far the node's clock is ahead of ours; None: not measured."""
    gone_at: datetime | None = None
    """When it was last heard before it was last away; None: it never was."""
    back_at: datetime | None = None

    @property
    def clock_off_s(self) -> int | None:
        """How far the node's clock is ahead of ours; None: it is right, or not measured.

        A phone's page goes by the hub's clock, and measures its phone's.
        """
        own_s = self.status.clock_ahead_s
        ahead_s = self.ahead_s if own_s is None else own_s
        return round(ahead_s) if ahead_s is not None and abs(ahead_s) > RIGHT_WITHIN_S else None

    def is_online(self, now_s: float) -> bool:
        """Whether the node says that it is online, and has not been silent for too long.

        ``now_s`` is what the stopwatch shows.
        """
        is_fresh = now_s - self.alive_s < SILENT_AFTER_S
        return self.status.state is NodeState.ONLINE and is_fresh


class Presence:
    """The last sighting of every node and device. One thread writes, others read.

    ``device_id`` tells two phones with the same person's account apart.
    """

    def __init__(self, stopwatch: Stopwatch = running_s) -> None:
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._seen: dict[tuple[NodeKind, str], dict[str, Sighting]] = {}
        """By kind and node, then by device."""

    def note(self, status: NodeStatus, heard_at: datetime) -> bool:
        """Take in ``status``; True if the node is online by a connection new to the hub."""
        device_id, now_s = status.device_id or "", self._stopwatch()
        with self._lock:
            devices = self._seen.setdefault((status.kind, status.node_id), {})
            before = devices.get(device_id)
            seen = Sighting(status, heard_at, heard_s=now_s, alive_s=now_s)
            seen = replace(seen, ahead_s=_ahead_s(before, seen))
            is_new = _is_new(before, status, now_s)
            if before is not None:
                away = (before.heard_at, heard_at) if is_new else (before.gone_at, before.back_at)
                seen = replace(seen, gone_at=away[0], back_at=away[1])
            devices[device_id] = seen
        return is_new

    def heard(self, staff_id: str, device_id: str | None, heard_at: datetime) -> None:
        """Note that a person's device sent a message, which shows that it is alive."""
        with self._lock:
            devices = self._seen.get((NodeKind.STAFF, staff_id), {})
            if (before := devices.get(device_id or "")) is not None:
                devices[device_id or ""] = replace(
                    before, heard_at=heard_at, alive_s=self._stopwatch()
                )

    def ahead_s(self, status: NodeStatus) -> float | None:
        """How far the clock behind ``status`` is ahead of ours; None: not measured yet."""
        with self._lock:
            devices = self._seen.get((status.kind, status.node_id), {})
        seen = devices.get(status.device_id or "")
        return seen.ahead_s if seen else None

    def under_way_s(self, kind: NodeKind, node_id: str, sent_at: datetime) -> float:
        """How long a message of this node was under way, at least.

        Since the node's last heartbeat its clock and our stopwatch ran on equally, whatever the
        clock says. Where none was heard, we know of no delay.
        """
        now_s = self._stopwatch()
        ways = (
            now_s - seen.heard_s - (sent_at - seen.status.at).total_seconds()
            for seen in self.sightings(kind, node_id)
            if seen.status.state is NodeState.ONLINE
        )
        return max(0.0, min(ways, default=0.0))

    def is_online(self, sighting: Sighting) -> bool:
        """Whether this node is online now."""
        return sighting.is_online(self._stopwatch())

    def may_answer(self, staff_id: str) -> bool:
        """Whether a phone of this person may answer; True if the hub never heard of one.

        A radio or an app that only listens sends no status, and after the hub's own start nobody
        has sent one yet.
        """
        own = self.sightings(NodeKind.STAFF, staff_id)
        return not own or any(map(self.is_online, own))

    def is_reached(self, staff_id: str) -> bool:
        """Whether a phone of this person is online, as far as the hub knows."""
        return any(map(self.is_online, self.sightings(NodeKind.STAFF, staff_id)))

    def sightings(self, kind: NodeKind | None = None, node_id: str | None = None) -> list[Sighting]:
        """The last sightings, sorted by kind and name; of one kind or one node if that is given."""
        with self._lock:
            if kind is not None and node_id is not None:  # asked for each alert
                named = [self._seen.get((kind, node_id), {})]
            else:
                named = [
                    self._seen[key]
                    for key in sorted(self._seen)
                    if kind in (None, key[0]) and node_id in (None, key[1])
                ]
            return [devices[name] for devices in named for name in sorted(devices)]


def _is_new(before: Sighting | None, status: NodeStatus, now_s: float) -> bool:
    """Whether the node is online by a connection that the hub did not know."""
    if status.state is not NodeState.ONLINE:
        return False
    if before is None or before.status.state is not NodeState.ONLINE:
        return True
    if status.connected_at is None:  # not said: after a silence it may have missed messages
        return not before.is_online(now_s)
    return status.connected_at != before.status.connected_at


def _ahead_s(before: Sighting | None, seen: Sighting) -> float | None:
    """How far this clock is ahead of ours, once two heartbeats in a row say the same of it.

    By our stopwatch, because our own clock may have been set between them.
    """
    if before is None or NodeState.OFFLINE in (before.status.state, seen.status.state):
        return None
    clock_s = (seen.status.at - before.status.at).total_seconds()
    is_agreed = clock_s != 0.0 and abs(clock_s - (seen.heard_s - before.heard_s)) < AGREE_WITHIN_S
    return (seen.status.at - seen.heard_at).total_seconds() if is_agreed else before.ahead_s
