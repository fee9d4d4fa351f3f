"""What the building's automation (Home Assistant) is told: masked, counted, and how to show it."""

from typing import Annotated

from msgspec import Meta, Struct

from shared.messages.base import Count, Message, Moment, NodeId, Text


class MaskedArrival(Message, frozen=True, kw_only=True):
    """A vehicle passed a gate; the plate is masked, since an automation keeps what it hears."""

    gate_id: NodeId
    plate: Text
    seen_at: Moment
    owner_id: NodeId | None = None
    """The consultant whose customer's car it is; None: nobody's, or the plate is not certain."""


class SiteCounts(Message, frozen=True, kw_only=True):
    """How many wait; retained, sent anew when it changes."""

    waiting_visitors: Count
    """Checked in and not received yet."""
    open_alerts: Count
    """Rung and not taken yet."""
    counted_at: Moment


# The names and values below are Home Assistant's: developers read them at
# https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery (device discovery, 2024.11).


class HouseDevice(Struct, frozen=True, kw_only=True):
    """The site as one device."""

    identifiers: tuple[str, ...]
    name: str
    manufacturer: str
    model: str
    sw_version: str


class HouseOrigin(Struct, frozen=True, kw_only=True):
    """Which program announces the device."""

    name: str
    sw_version: str


class HouseAvailability(Struct, frozen=True, kw_only=True):
    """Where it sees whether the values are current; ``online`` and ``offline`` are its defaults."""

    topic: str
    value_template: str


class HouseComponent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entity of the device, or one trigger for automations; what is None is not sent."""

    platform: str
    """Alone it takes the entity away."""
    unique_id: str | None = None
    name: str | None = None
    state_topic: str | None = None
    value_template: str | None = None
    availability: tuple[HouseAvailability, ...] | None = None
    """None: it is always there, as presence is, which says «off» itself."""
    default_entity_id: str | None = None
    object_id: str | None = None
    """The same for releases before 2025.10; later ones pass over it in silence beside the other."""
    device_class: str | None = None
    entity_category: str | None = None
    state_class: str | None = None
    icon: str | None = None
    payload_on: str | None = None
    payload_off: str | None = None
    expire_after: Count | None = None
    """Seconds until nothing is known any more."""
    off_delay: Count | None = None
    """Seconds until it is off unless it is told «on» again."""
    event_types: tuple[str, ...] | None = None
    automation_type: str | None = None
    type: str | None = None
    subtype: str | None = None
    topic: str | None = None
    payload: str | None = None


class HouseDiscovery(Message, frozen=True, kw_only=True):
    """Makes the site appear in Home Assistant by itself; retained."""

    device: HouseDevice
    origin: HouseOrigin
    components: dict[str, HouseComponent]
    qos: Annotated[int, Meta(ge=0, le=2)]
