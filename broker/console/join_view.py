"""What a gate or kiosk on another machine is given when it joins the site."""

from typing import Protocol

import msgspec

from broker.site_file import Device, DeviceKind


class DeviceKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What a program on another machine is told, once, when it joins."""

    site: str
    site_name: str
    kind: DeviceKind
    node_id: str
    mqtt_port: int
    """With TLS."""
    username: str
    password: str
    client_id: str
    pages_port: int
    """Of the hub's pages, where visitors see what is kept of them."""


class DeviceDesk(Protocol):
    """What a device that joins is given. Several threads call it at once."""

    def taken(self) -> frozenset[str]:
        """The ids that people and programs have: a topic of its own belongs to each."""

    def joined(self, device: Device) -> DeviceKeys | None:
        """What the program is told; None: the hub has not made its account yet."""
