"""Who a program is on MQTT: its id, its kind, and what it publishes about itself."""

from dataclasses import dataclass
from datetime import datetime

from shared.clock import Clock, boot_mark, now
from shared.messages import NodeKind, NodeState, NodeStatus

HEARTBEAT_S = 10.0
"""A node that is silent for three of these counts as dead; last wills alone can fail (measured)."""


@dataclass(frozen=True, slots=True)
class Node:
    """One program of a site."""

    site: str
    node_id: str
    kind: NodeKind
    version: str
    clock: Clock = now

    @property
    def client_id(self) -> str:
        """Its client id at the MQTT server: ``gate-north``, ``hub``."""
        return self.node_id if self.kind is NodeKind.HUB else f"{self.kind}-{self.node_id}"

    @property
    def own_names(self) -> dict[str, str]:
        """Its own id, for the topics that it hears; the hub hears everybody's."""
        if self.kind is NodeKind.HUB:
            return {}
        return {"node_id": self.node_id, f"{self.kind}_id": self.node_id}

    def status(
        self,
        state: NodeState,
        *,
        connected_at: datetime | None = None,
        waiting: int = 0,
        problem: str | None = None,
        restore_id: str | None = None,
    ) -> NodeStatus:
        """What this node publishes about itself now; its last will is the ``offline`` one."""
        return NodeStatus(
            node_id=self.node_id,
            kind=self.kind,
            state=state,
            at=self.clock(),
            version=self.version,
            connected_at=connected_at,
            waiting=waiting,
            problem=problem,
            restore_id=restore_id,
            machine=boot_mark(),
        )
