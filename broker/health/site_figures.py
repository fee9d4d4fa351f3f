"""What is measured of a site: one value for the technician's page, the doctor and Prometheus."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from shared.messages import DiskFigures, NodeKind

SLOTS = 12
"""Into so many parts an hour is divided."""


ALIKE = 50
"""Two disks of one size whose room differs by less than this part of it count as one."""
SOUND_OFF = "sound_off"
"""The problem of a phone whose page is open but does not ring yet."""


class Condition(StrEnum):
    """How one thing stands, worst first."""

    WRONG = "wrong"
    HINT = "hint"
    """It works, and could be better."""
    UNKNOWN = "unknown"
    """Nobody knows: it is never shown as if all were well."""
    FINE = "fine"


class NodeName(NamedTuple):
    """A program, to be named in each reader's language."""

    kind: NodeKind
    node_id: str
    """Empty: there is only one."""


class NodeFigures(Struct, frozen=True, kw_only=True):
    """A program or a phone."""

    kind: NodeKind
    node_id: str
    name: str
    """A person's name, or the id."""
    is_online: bool
    is_due: bool = True
    """Whether it should be online: a phone only while its holder is on duty for certain."""
    is_missed: bool = False
    """Of a phone: its holder seems to be at work, and has no other that is online."""
    seen_at: datetime
    gone_at: datetime | None = None
    """When it was last heard before it was last away; None: the hub never missed it."""
    back_at: datetime | None = None
    """When it was heard again."""
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

    @property
    def condition(self) -> Condition:
        """How it stands by itself; nobody knows of a phone whose holder is at home."""
        if not self.is_online:
            if self.kind is NodeKind.STAFF and not self.is_missed:
                return Condition.UNKNOWN
            return Condition.WRONG if self.is_due else Condition.HINT
        if self.problem == SOUND_OFF and self.is_due:
            return Condition.WRONG
        is_odd = self.problem is not None or self.clock_off_s is not None
        return Condition.HINT if is_odd else Condition.FINE

    @property
    def named(self) -> NodeName:
        """Which one it is, for a sentence."""
        return NodeName(self.kind, self.node_id)


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
    """Until when the servers' certificate is valid; None: nothing is served with TLS."""

    @property
    def certificate_days(self) -> float | None:
        """For how many more days the servers' certificate is valid; negative: it is over."""
        until = self.certificate_until
        return None if until is None else (until - self.at) / timedelta(days=1)

    @property
    def phones(self) -> tuple[NodeFigures, ...]:
        """The phones."""
        return tuple(node for node in self.nodes if node.kind is NodeKind.STAFF)

    @property
    def disks(self) -> tuple[tuple[NodeName, DiskFigures], ...]:
        """The hub's disk, and those of gates and tablets that are not the same one."""
        found = [] if self.disk is None else [(NodeName(NodeKind.HUB, ""), self.disk)]
        for node in self.machines:
            disk = node.disk
            if disk is not None and not any(_is_same(disk, known) for _, known in found):
                found.append((node.named, disk))
        return tuple(found)

    @property
    def machines(self) -> tuple[NodeFigures, ...]:
        """The gates and tablets."""
        kinds = (NodeKind.GATE, NodeKind.KIOSK)
        return tuple(node for node in self.nodes if node.kind in kinds)


def _is_same(disk: DiskFigures, other: DiskFigures) -> bool:
    """Whether two programs seem to tell of one disk, asked within the same seconds."""
    is_as_full = abs(disk.free_mb - other.free_mb) * ALIKE <= disk.total_mb
    return is_as_full and (disk.total_mb, disk.wear) == (other.total_mb, other.wear)
