"""The pages' ``DeviceDesk``: what a program on another machine is given when it joins."""

from collections.abc import Callable
from pathlib import Path

from broker.console.join_view import DeviceKeys
from broker.launch.setup import SECURE_ABOVE
from broker.mqtt_server.accounts import read_accounts
from broker.settings import HubSettings
from broker.site_file import Device, SitePeople


class HubDevices:
    """See ``DeviceDesk``. Any thread may ask."""

    def __init__(self, settings: HubSettings, people: Callable[[], SitePeople]) -> None:
        self._settings, self._people = settings, people

    def taken(self) -> frozenset[str]:
        """See DeviceDesk."""
        file = Path(self._settings.accounts_file)
        programs = read_accounts(file) if file.exists() else ()
        return frozenset(each.node_id for each in programs) | frozenset(self._people().names())

    def joined(self, device: Device) -> DeviceKeys | None:
        """See DeviceDesk."""
        settings = self._settings
        accounts = read_accounts(Path(settings.accounts_file))
        account = next((each for each in accounts if each.joined_by == device.key), None)
        if account is None or account.client_id is None:
            return None
        return DeviceKeys(
            site=settings.site,
            site_name=settings.site_name,
            kind=device.kind,
            node_id=device.id,
            mqtt_port=settings.mqtts_port or settings.mqtt.port + SECURE_ABOVE,
            username=account.username,
            password=account.password,
            client_id=account.client_id,
            pages_port=settings.listen_port,
        )
