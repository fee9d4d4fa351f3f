"""Home Assistant as it connects: by its own account, to a real mosquitto that the hub speaks to."""

import json
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.home_assistant.bridge import House
from broker.home_assistant.discovery import discovery
from broker.mqtt_server.accounts import new_account
from shared import VERSION, schema
from shared.codec import decode
from shared.config import MqttSettings
from shared.messages import NodeKind, Roster
from shared.mqtt import MqttLink
from shared.node import Node
from shared.topics import Party
from tests.fakes import SITE
from tests.samples import arrival
from tests.servers import client, mqtt_server
from tests.waiting import eventually

pytestmark = pytest.mark.server

HUB = new_account(Party.HUB, "hub")
HOUSE = new_account(Party.HOME_ASSISTANT, "home_assistant")
ROSTER = decode(Roster, Path(schema.__file__).with_name("Roster.sample.json").read_bytes())
ROOT = f"yingbin/v1/{SITE}"
CONFIG = f"homeassistant/device/yingbin-{SITE}/config"


@pytest.mark.parametrize("engine", ["mosquitto", "embedded"])
def test_home_assistant_finds_the_site_and_what_it_is_told_to_listen_to(
    tmp_path: Path, hub: Hub, engine: str
) -> None:
    with mqtt_server(tmp_path, engine, [HUB, HOUSE]) as server, ExitStack() as ended:
        settings = MqttSettings(port=server.port, username="hub", password=HUB.password)
        link = MqttLink(settings, Node(SITE, "hub", NodeKind.HUB, VERSION), [])
        described = discovery(SITE, "西湖壹号", [HUB, HOUSE], {}, str)
        house = House(hub, link, tuple, lambda _accounts: described)
        link.start()
        ended.callback(link.stop)
        assert eventually(lambda: link.connected_count > 0)
        link.send(ROSTER)  # retained, and nothing for Home Assistant
        house.step(time.monotonic())
        with client(server.port, HOUSE.username, HOUSE.password) as automation:
            automation.listen("homeassistant/device/+/config", "#")  # wider than what it may hear
            assert automation.hears(CONFIG)
            found = json.loads(dict(automation.heard)[CONFIG])
            parts = found["components"].values()
            topics = {part["state_topic"] for part in parts if "state_topic" in part}
            automation.listen(*topics)
            handle(hub, arrival("浙A88888"))
            house.step(time.monotonic() + 10)
            assert automation.hears(f"{ROOT}/house/arrival")
            assert automation.hears(f"{ROOT}/house/counts")  # retained
            heard = b" ".join(payload for _, payload in automation.heard).decode()
    assert "浙A·8**88" in heard
    assert "88888" not in heard
    assert not any(topic.endswith("/kiosk/roster") for topic, _ in automation.heard)
