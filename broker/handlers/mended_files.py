"""Files that were damaged or gone at a program's start: the manager is told, once (告警)."""

from collections.abc import Iterator

import msgspec

from broker.alerts.calls import Guest, call_of_mended, call_of_mended_node
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.journal.epochs import begin_epoch
from shared.mending import PROBLEM, Mended
from shared.messages import Message, NodeKind

MENDED = "mended"
"""The kind of a journal entry that says what became of the hub's file, and what may lack."""


def tell_of_own_file(hub: Hub, mended: Mended, lost: int | None) -> Iterator[Message]:
    """Note in the journal that the hub's file was mended, and tell the manager what may lack.

    The journal opens a new epoch, at which gates and tablets send again what they kept.
    """
    source = mended.copy or mended.path.name
    begin_epoch(hub.journal, hub.inbox.db.conn, source, hub.clock())
    note = {
        "trouble": mended.trouble,
        "saved": mended.saved,
        "incomplete": mended.incomplete,
        "aside": mended.aside and mended.aside.name,
        "copy": mended.copy,
        "lost": lost,
    }
    hub.journal.append(MENDED, "", msgspec.json.encode(note), hub.clock())
    call = call_of_mended(mended.trouble, mended.saved, lost, has_copy=mended.copy is not None)
    yield from raise_alert(hub, NO_VISIT, call, Guest())


def watch_files(hub: Hub) -> Iterator[Message]:
    """Tell the manager of a gate or tablet that says so of its own file."""
    for kind in (NodeKind.GATE, NodeKind.KIOSK):
        for seen in hub.presence.sightings(kind):
            if not hub.presence.is_online(seen):
                continue
            name = f"{kind} {seen.status.node_id}"
            problem = PROBLEM if seen.status.problem == PROBLEM else None
            if problem == hub.alert_groups.trouble(name):
                continue
            hub.alert_groups.save_trouble(name, problem)
            if problem is not None:
                yield from raise_alert(hub, NO_VISIT, call_of_mended_node(name), Guest())
