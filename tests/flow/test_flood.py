"""One tablet's account sends 1,500 check-ins through a real MQTT server; another has a visitor."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.hub.loop import WANTED, HubLoop
from broker.hub.opening import open_hub
from broker.mqtt_server.accounts import new_account
from broker.rules.policy import Policy
from shared.clock import now
from shared.codec import encode
from shared.config import MqttSettings
from shared.messages import CheckIn, NodeKind
from shared.mqtt import MqttLink
from shared.node import Node
from shared.topics import Party, topic_of
from tests.fakes import SITE
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL
from tests.servers import Server, Watcher, client, mqtt_server
from tests.waiting import CAME_AT_ALL_S, while_busy

pytestmark = pytest.mark.server

NODE = Node(SITE, "hub", NodeKind.HUB, "test")
HUB = new_account(Party.HUB, "hub")
LOBBY, HALL = new_account(Party.KIOSK, "lobby"), new_account(Party.KIOSK, "hall")
FLOOD = 1_500
TIMES_QUIET = 10
PROMISED_S = 1.0
"""Where the quiet time is a few milliseconds, its tenfold is below what a busy machine does."""


@pytest.fixture(params=["mosquitto", "embedded"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with mqtt_server(tmp_path, request.param, [HUB, LOBBY, HALL]) as running:
        yield running


def check_in(kiosk_id: str, number: int) -> CheckIn:
    moment = now()
    return replace(
        NATURAL,
        check_in_id=f"{kiosk_id}-{number}",
        kiosk_id=kiosk_id,
        seq=number,
        checked_in_at=moment,
        sent_at=moment,
    )


def publish(tablet: Watcher, message: CheckIn) -> None:
    tablet.client.publish(topic_of(message, site=SITE), encode(message), qos=1)


def turn_until(service: HubLoop, is_true: Callable[[], bool]) -> float:
    """Let the hub turn until then; the seconds that it took."""
    began_s = time.monotonic()
    while not is_true():
        assert time.monotonic() - began_s < CAME_AT_ALL_S
        service.step(0.01)
    return time.monotonic() - began_s


def test_a_flood_from_one_tablet_leaves_the_next_visitor_at_another_alone(
    server: Server, tmp_path: Path
) -> None:
    hub = open_hub(tmp_path / "hub", PEOPLE, Policy(), now)
    settings = MqttSettings(port=server.port, username=HUB.username, password=HUB.password)
    link = MqttLink(settings, NODE, WANTED)
    link.start()
    service = HubLoop(hub, link, NODE)
    answer = f"yingbin/v1/{SITE}/kiosk/hall/assignment"
    with (
        client(server.port, LOBBY.username, LOBBY.password) as lobby,
        client(server.port, HALL.username, HALL.password) as hall,
    ):
        hall.listen(answer)

        def answered(times: int) -> bool:
            return sum(topic == answer for topic, _ in hall.heard) >= times

        turn_until(service, lambda: link.connected_count > 0)
        publish(hall, check_in("hall", 1))
        quiet_s = turn_until(service, lambda: answered(1))
        for number in range(FLOOD):
            publish(lobby, check_in("lobby", number))
        turn_until(service, lambda: hub.inbox.db.table("check_ins").count > FLOOD // 15)
        publish(hall, check_in("hall", 2))
        flooded_s = turn_until(service, lambda: answered(2))
        waiting = FLOOD - hub.inbox.db.table("check_ins").count
    link.stop()
    assert waiting > FLOOD // 3
    assert flooded_s < max(TIMES_QUIET * quiet_s, while_busy(PROMISED_S)), f"quiet: {quiet_s} s"
