"""Trouble at a gate, such as a failed camera: one alert to guard and manager while it lasts."""

from collections.abc import Iterator

from broker.alerts.calls import Guest, call_of_trouble
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.context import Hub
from broker.handlers.disk_troubles import is_of_disk
from broker.handlers.presence import Sighting
from shared.mending import PROBLEM
from shared.messages import CloseReason, Message, NodeKind

OFFLINE = "gate_offline"
"""The trouble of a gate whose program is silent."""


def watch_gates(hub: Hub) -> Iterator[Message]:
    """Raise an alert when a gate's trouble begins, and end it when the trouble is over."""
    for seen in hub.presence.sightings(NodeKind.GATE):
        gate_id, trouble = seen.status.node_id, _trouble(hub, seen)
        if trouble == hub.alert_groups.trouble(gate_id):
            continue
        hub.alert_groups.save_trouble(gate_id, trouble)
        subject = f"gate-{gate_id}"
        yield from silence(hub, subject, CloseReason.CANCELLED)
        if trouble is not None:
            for call in call_of_trouble(gate_id, trouble):
                yield from raise_alert(hub, subject, call, Guest())


def _trouble(hub: Hub, seen: Sighting) -> str | None:
    """What is wrong with this gate. A program may be switched off while the site is closed."""
    if hub.presence.is_online(seen):
        problem = seen.status.problem  # of a file or disk, the manager hears elsewhere
        return None if problem == PROBLEM or is_of_disk(problem) else problem
    return OFFLINE if hub.decider.policy.is_open(hub.clock()) else None
