"""A program, tablet or phone of the site, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.messages import NodeKind


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A program or handheld, and when it was last heard."""

    node_id: str
    kind: NodeKind
    name: str
    is_online: bool
    seen_at: datetime | None
    """None: never heard."""
    problem: str | None = None
    battery: float | None = None
    round_trip_ms: int | None = None
    device_id: str | None = None
    """Tells two phones with the same person's account apart."""
    clock_off_s: int | None = None
    """How far its clock is ahead of ours, if that is too far."""
    door: str | None = None
    """Of a kiosk: where visitors' own phones come in now."""
    version: str = ""
    enters_at: str | None = None
    """Of a kiosk: where the links of its tablets lead."""
    tablets: Mapping[str, int] = field(default_factory=dict)
    """Of a kiosk: by its tablets' ids, the seconds since each asked for anything."""
