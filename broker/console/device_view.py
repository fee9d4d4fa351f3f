"""The devices of a site as their page shows them: those added by page, other programs, phones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.console.site_view import NodeLine
from broker.site_file import Device, DeviceKind
from shared.messages import NodeKind

FRESH_S = 30
"""A tablet that asked for nothing for longer is not there: it asks every other second."""
PROGRAMS = {DeviceKind.KIOSK: NodeKind.KIOSK, DeviceKind.GATE: NodeKind.GATE}


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device that was added by page."""

    device: Device
    is_online: bool
    seen_at: datetime | None
    """None: not since it has this link."""
    version: str
    shown_by: str | None = None
    """Of a tablet: the name of the kiosk whose pages it shows."""


def device_lines(devices: Iterable[Device], nodes: Iterable[NodeLine]) -> tuple[DeviceLine, ...]:
    """The devices with what was heard of them."""
    known = {(node.kind, node.node_id): node for node in nodes}
    return tuple(_line(device, known) for device in devices)


def other_programs(
    devices: Iterable[Device], nodes: Iterable[NodeLine]
) -> tuple[list[NodeLine], list[NodeLine]]:
    """The gates and kiosks that nobody added by page, and the phones."""
    added = {(PROGRAMS.get(device.kind), device.id) for device in devices}
    programs = [each for each in nodes if each.kind in (NodeKind.GATE, NodeKind.KIOSK)]
    others = [each for each in programs if (each.kind, each.node_id) not in added]
    return others, [each for each in nodes if each.kind is NodeKind.STAFF]


def _line(device: Device, known: dict[tuple[NodeKind, str], NodeLine]) -> DeviceLine:
    if device.kind is not DeviceKind.TABLET:
        node = known.get((PROGRAMS[device.kind], device.id))
        if node is None:
            return DeviceLine(device, is_online=False, seen_at=None, version="")
        return DeviceLine(device, node.is_online, node.seen_at, node.version)
    kiosk = known.get((NodeKind.KIOSK, device.kiosk_id or ""))
    rested_s = kiosk.tablets.get(device.id) if kiosk is not None else None
    if kiosk is None or kiosk.seen_at is None or rested_s is None:
        name = kiosk.name if kiosk is not None else device.kiosk_id
        return DeviceLine(device, is_online=False, seen_at=None, version="", shown_by=name)
    return DeviceLine(
        device,
        is_online=kiosk.is_online and rested_s < FRESH_S,
        seen_at=kiosk.seen_at - timedelta(seconds=rested_s),
        version=kiosk.version,
        shown_by=kiosk.name,
    )
