"""The devices of a site, as a page's tests know them."""

from broker.console.first_view import Begun, KeySheet
from broker.console.join_view import DeviceKeys
from broker.site_file import Device, DeviceKind

DEVICE_WORDS = {"device": {f"{what}_{kind}" for what in ("kind", "scan") for kind in DeviceKind}}
"""The sentences of the page whose keys are made."""


class FakeDevices:
    """See ``DeviceDesk``."""

    def taken(self) -> frozenset[str]:
        """None."""
        return frozenset()

    def joined(self, _device: Device) -> DeviceKeys | None:
        """Nothing: no account was made."""
        return None


class FakeFirstSteps:
    """See ``FirstSteps``: of a site that is new."""

    def begun(self) -> Begun:
        """Nothing yet."""
        return Begun()

    def ring(self, _staff_id: str, _by: str) -> None:
        """Take it, and forget it."""

    def look(self, _gate_id: str, _by: str) -> str:
        """Nobody answers."""
        return "asked"

    def picture(self, _asked_id: str) -> bytes | None:
        """None."""
        return None

    def key(self, _by: str) -> KeySheet | None:
        """None."""
        return None
