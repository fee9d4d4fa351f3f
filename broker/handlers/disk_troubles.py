"""A disk that is full, read-only or fails: the manager is told once (告警)."""

from collections.abc import Iterator

from broker.alerts.calls import Guest, call_of_disk, call_of_node_disk
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.context import Hub
from shared.disk import DiskTrouble
from shared.messages import CloseReason, Message, NodeKind

SUBJECT = "disk-hub"


def watch_disks(hub: Hub) -> Iterator[Message]:
    """Tell the manager of the hub's own disk, and of those of gates and tablets."""
    state = hub.disk.state
    if _is_news(hub, SUBJECT, hub.disk.trouble):
        yield from silence(hub, SUBJECT, CloseReason.CANCELLED)
        if state is not None and hub.disk.trouble is not None:
            where = str(state.folder), state.free_mb, state.needed_mb
            yield from raise_alert(hub, SUBJECT, call_of_disk(state.trouble, *where), Guest())
    for kind in (NodeKind.GATE, NodeKind.KIOSK):
        for seen in hub.presence.sightings(kind):
            if not hub.presence.is_online(seen):
                continue
            node_id, problem = seen.status.node_id, seen.status.problem
            subject, trouble = f"disk-{kind}-{node_id}", problem if is_of_disk(problem) else None
            if _is_news(hub, subject, trouble):
                yield from silence(hub, subject, CloseReason.CANCELLED)
                if trouble is not None:
                    call = call_of_node_disk(kind, node_id, trouble)
                    yield from raise_alert(hub, subject, call, Guest())


def is_of_disk(problem: str | None) -> bool:
    """Whether a node's problem is its disk."""
    return problem in set(DiskTrouble)


def _is_news(hub: Hub, subject: str, trouble: str | None) -> bool:
    name = f"disk:{subject}"  # no gate's name in the table of troubles has a colon
    if trouble == hub.alert_groups.trouble(name):
        return False
    hub.alert_groups.save_trouble(name, trouble)
    return True
