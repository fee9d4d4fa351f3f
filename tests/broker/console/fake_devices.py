"""The devices of a site, as a page's tests know them."""

from broker.console.join_view import DeviceKeys
from broker.site_file import Device, DeviceKind

DEVICE_WORDS = {"device": {f"{what}_{kind}" for what in ("kind", "scan") for kind in DeviceKind}}
"""The sentences of the page whose keys are made."""


class FakeDevices:
    """See ``DeviceDesk``."""

    def joined(self, _device: Device) -> DeviceKeys | None:
        """Nothing: no account was made."""
        return None
