from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from tests.hub_site import site_of


@pytest.fixture
def site(hub: Hub, tmp_path: Path) -> HubSite:
    return site_of(hub, tmp_path)
