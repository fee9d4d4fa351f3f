from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.hub.loop import HubLoop
from shared.messages import NodeKind
from shared.node import Node
from tests.broker.backup.office import Office, set_up_office
from tests.fakes import SITE, FakeLink


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return set_up_office(tmp_path)


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def service(hub: Hub, link: FakeLink) -> HubLoop:
    return HubLoop(hub, link, Node(SITE, "hub", NodeKind.HUB, "0.1.0"))
