"""Cameras that fail: the gate's guard and the manager are told once, and again when it is over."""

from collections.abc import Iterator

from broker.alerts.calls import Guest, call_of_trouble
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.context import Hub
from broker.handlers.presence import Sighting
from shared.messages import CloseReason, Message, NodeKind

OFFLINE = "gate_offline"
"""The gate's program itself is silent."""


def watch_gates(hub: Hub) -> Iterator[Message]:
    """Tell people of a gate's trouble when it begins; end the alert when it is over."""
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
    """What is wrong with this gate; a program that is switched off for the night is not."""
    if seen.is_online(hub.clock()):
        return seen.status.problem
    return OFFLINE if hub.decider.policy.is_open(hub.clock()) else None
