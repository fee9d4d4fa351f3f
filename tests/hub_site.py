"""What the pages know of a hub that a test has opened."""

from pathlib import Path

from broker.handlers.context import Hub
from broker.local.post_box import PostBox
from broker.queries.overview import HubSite
from broker.settings import HubSettings
from shared.config import MqttSettings


def hub_settings(folder: Path) -> HubSettings:
    """The settings of a hub whose files lie in ``folder``."""
    return HubSettings(
        site="xihu",
        site_name="西湖壹号",
        data_dir=str(folder),
        site_file="",
        accounts_file="",
        secret_key="k",
        listen_host="127.0.0.1",
        mqtt=MqttSettings(username="hub", password="p"),
    )


def site_of(hub: Hub, folder: Path, post_box: PostBox | None = None) -> HubSite:
    """The hub in ``folder`` as the pages see it; what they ask of it goes into the post box."""
    return HubSite(hub_settings(folder), hub, post_box)
