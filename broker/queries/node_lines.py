"""The programs, tablets and phones that the hub heard, as pages show them."""

from broker.console.site_view import NodeLine
from broker.handlers.presence import Presence
from broker.site_file import SitePeople
from broker.wording.names import node_name
from shared.messages import NodeKind


def node_lines(presence: Presence, people: SitePeople, language: str) -> tuple[NodeLine, ...]:
    """All of them, sorted by kind and id."""
    devices = {held.id: held.name for held in people.devices}
    return tuple(
        NodeLine(
            node_id=seen.status.node_id,
            kind=seen.status.kind,
            name=node_name(
                seen.status.kind,
                seen.status.node_id,
                people.names() if seen.status.kind is NodeKind.STAFF else devices,
                language,
            ),
            is_online=presence.is_online(seen),
            seen_at=seen.heard_at,
            problem=seen.status.problem,
            battery=seen.status.battery,
            round_trip_ms=seen.status.round_trip_ms,
            device_id=seen.status.device_id,
            clock_off_s=seen.clock_off_s,
            door=seen.status.door,
            version=seen.status.version,
            enters_at=seen.status.enters_at,
            tablets=seen.status.tablets,
        )
        for seen in presence.sightings()
    )
