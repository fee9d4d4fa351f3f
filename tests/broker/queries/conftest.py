from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.local.post_box import PostBox
from broker.queries.overview import HubSite
from broker.settings import HubSettings
from shared.config import MqttSettings


@pytest.fixture
def site(hub: Hub, tmp_path: Path) -> HubSite:
    return site_of(hub, tmp_path)


def site_of(hub: Hub, tmp_path: Path, post_box: PostBox | None = None) -> HubSite:
    """What the pages know of this hub; what they ask of it goes into the post box."""
    settings = HubSettings(
        site="xihu",
        site_name="西湖壹号",
        data_dir=str(tmp_path),
        site_file="",
        accounts_file="",
        secret_key="k",
        listen_host="127.0.0.1",
        mqtt=MqttSettings(username="hub", password="p"),
    )
    return HubSite(settings, hub, post_box)
