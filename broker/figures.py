"""What is measured of a site: one value for the technician's page, the doctor and Prometheus."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from shared.messages import DiskFigures, NodeKind

SLOTS = 12
"""Into so many parts an hour is divided."""


class Standing(StrEnum):
    """How one thing stands, worst first."""

    WRONG = "wrong"
    HINT = "hint"
    """It works, and could be better."""
    UNKNOWN = "unknown"
    """Nobody knows: it is never shown as if all were well."""
    FINE = "fine"


class NodeFigures(Struct, frozen=True, kw_only=True):
    """A program or a phone."""

    kind: NodeKind
    node_id: str
    name: str
    """A person's name, or the id."""
    is_online: bool
    is_due: bool = True
    """Whether it should be online: a phone only while its holder is on duty."""
    seen_at: datetime
    version: str = ""
    problem: str | None = None
    waiting: int = 0
    """Messages in its outbox."""
    battery: float | None = None
    round_trip_ms: int | None = None
    clock_off_s: int | None = None
    """How far its clock is ahead of ours, if that is too far."""
    disk: DiskFigures | None = None
    unread: int | None = None
    """Of a gate: the cars of the last hour that it saw and could not read."""


class CameraFigures(Struct, frozen=True, kw_only=True):
    """What a gate's camera gave within the last hour."""

    gate_id: str
    read: int
    """Cars that were told."""
    uncertain: int
    """Of these, so many with an uncertain plate."""
    unread: int | None
    """Cars that were seen and not read; None: the gate does not say."""
    votes: float | None
    """How many frames voted for a plate, on average."""
    slots: tuple[int, ...]
    """The cars by twelfths of the hour, oldest first."""

    @property
    def accepted(self) -> float | None:
        """The share of the cars whose plates were read for certain; None: no car came."""
        seen = self.read + (self.unread or 0)
        return (self.read - self.uncertain) / seen if seen else None


class Delay(Struct, frozen=True, kw_only=True):
    """From the frame that decided a plate to the alert, within the last hour."""

    count: int
    p50_ms: int
    p95_ms: int


class HeadFigures(Struct, frozen=True, kw_only=True):
    """What became of the latest signed head."""

    on: str
    left: tuple[str, ...]
    failed: dict[str, str]
    ways: tuple[str, ...]
    """Those that the site chose."""


class Figures(Struct, frozen=True, kw_only=True):
    """The site at one moment, as the running hub measures it."""

    at: datetime
    version: str
    up_s: float
    is_open: bool
    """Whether the house is open now."""
    nodes: tuple[NodeFigures, ...] = ()
    cameras: tuple[CameraFigures, ...] = ()
    delay: Delay | None = None
    """None: no car came within the hour."""
    outbox: int = 0
    """What the hub has still to send."""
    disk: DiskFigures | None = None
    round_trip_ms: int | None = None
    """The MQTT server's; None: the hub is not connected."""
    backup_at: datetime | None = None
    """The newest backup's; None: there is none, or its folder is not there."""
    checked_at: datetime | None = None
    """When the whole file was last checked."""
    is_sound: bool | None = None
    """What the last check of the whole file found; None: there was none."""
    head: HeadFigures | None = None
    """None: no head has been signed yet."""
    certificate_until: datetime | None = None
    """Until when the pages' certificate is valid; None: they have none."""

    @property
    def phones(self) -> tuple[NodeFigures, ...]:
        """The phones."""
        return tuple(node for node in self.nodes if node.kind is NodeKind.STAFF)

    @property
    def disks(self) -> tuple[tuple[str, DiskFigures | None], ...]:
        """The hub's disk and those of gates and tablets, by name."""
        return ("hub", self.disk), *((node.node_id, node.disk) for node in self.machines)

    @property
    def machines(self) -> tuple[NodeFigures, ...]:
        """The gates and tablets."""
        kinds = (NodeKind.GATE, NodeKind.KIOSK)
        return tuple(node for node in self.nodes if node.kind in kinds)
