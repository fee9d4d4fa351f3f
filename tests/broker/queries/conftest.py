from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from tests.hub_site import site_of
from tests.settings_rig import Manager, SettingsRig


@pytest.fixture
def site(hub: Hub, tmp_path: Path) -> HubSite:
    return site_of(hub, tmp_path)


@pytest.fixture
def rig(tmp_path: Path) -> SettingsRig:
    """A hub and its pages of settings."""
    return SettingsRig(tmp_path)


@pytest.fixture
def manager(rig: SettingsRig) -> Manager:
    """Somebody who is logged in there."""
    return rig.manager()
