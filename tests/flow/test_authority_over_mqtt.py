"""Accounts of a real MQTT server ask for what is not theirs: nothing changes but one line."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.hub.loop import WANTED, HubLoop
from broker.hub.opening import open_hub
from broker.mqtt_server.accounts import Account, new_account
from broker.rules.policy import Policy
from shared.codec import encode
from shared.config import MqttSettings
from shared.messages import NodeKind, Receipt
from shared.mqtt import Delivery, MqttLink
from shared.node import Node
from shared.topics import Party, topic_of
from tests.fakes import SITE, FakeClock
from tests.requests_of_all import PEOPLE, Try, tries, with_visitors
from tests.servers import Server, Watcher, client, mqtt_server
from tests.waiting import CAME_AT_ALL_S

pytestmark = pytest.mark.server

NODE = Node(SITE, "hub", NodeKind.HUB, "test")
HUB = new_account(Party.HUB, "hub")
WATCHER = new_account(Party.MONITOR, "monitor")
STAFF: dict[str, Account] = {
    person.id: new_account(Party.STAFF, person.id, person.roles) for person in PEOPLE.staff
}
ROOT = f"yingbin/v1/{SITE}"


@pytest.fixture(scope="module", params=["mosquitto", "embedded"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    with mqtt_server(folder, request.param, [HUB, WATCHER, *STAFF.values()]) as running:
        yield running


class Counting(HubLoop):
    """Knows what it has acted on."""

    def __init__(self, hub: Hub, link: MqttLink) -> None:
        super().__init__(hub, link, NODE)
        self.taken: set[bytes] = set()

    def take(self, delivery: Delivery) -> Receipt | None:
        receipt = super().take(delivery)
        self.taken.add(delivery.payload)
        return receipt


def test_what_is_not_theirs_to_ask_reaches_nobody_but_the_manager_once(
    server: Server, tmp_path: Path
) -> None:
    hub = open_hub(tmp_path, PEOPLE, Policy(), FakeClock())
    forbidden = [
        one for one in tries(*with_visitors(hub)) if not one.is_theirs and may_publish(one)
    ]
    assert len(forbidden) > 200
    visits, entries = hub.decider.state.visits, kept(hub)
    with ExitStack() as stack:
        listener = stack.enter_context(client(server.port, WATCHER.username, WATCHER.password))
        listener.listen(f"{ROOT}/#")
        senders = {
            who: stack.enter_context(client(server.port, STAFF[who].username, STAFF[who].password))
            for who in STAFF
        }
        settings = MqttSettings(port=server.port, username=HUB.username, password=HUB.password)
        link = MqttLink(settings, NODE, WANTED)
        link.start()
        stack.callback(link.stop)
        loop = Counting(hub, link)
        deliver(loop, senders, forbidden)
        attempts = len(hub.decider.state.refused)
        told = f"{ROOT}/alert/role/manager"
        until(loop, lambda: len(heard_on(listener, told)) == attempts)
    assert 0 < attempts <= len({(one.account, what) for one in forbidden for what in one.whats})
    alerts = {topic for topic, _ in listener.heard if "/alert/" in topic or "/say/" in topic}
    assert alerts == {told, f"{ROOT}/say/role/manager"}
    assert (hub.decider.state.visits, kept(hub)) == (visits, entries)


def may_publish(one: Try) -> bool:
    """Whether the MQTT server lets the account publish it, so that the hub must judge."""
    name = type(one.message).__name__
    roles = STAFF[one.account].roles
    return {"CustomersGiven": "manager", "Correction": "gate"}.get(name, roles[0]) in roles


def kept(hub: Hub) -> list[int]:
    tables = ("messages", "visits", "registrations", "look_ups", "cares")
    return [int(hub.inbox.db.table(name).count) for name in tables]


def heard_on(listener: Watcher, topic: str) -> list[bytes]:
    return [payload for heard, payload in listener.heard if heard == topic]


def deliver(loop: Counting, senders: dict[str, Watcher], forbidden: list[Try]) -> None:
    """Send all; again what the hub has not taken, which may not have subscribed yet."""
    payloads = {encode(one.message): one for one in forbidden}
    deadline = time.monotonic() + 3 * CAME_AT_ALL_S
    while missing := payloads.keys() - loop.taken:
        assert time.monotonic() < deadline, [payloads[payload].name for payload in missing]
        for payload in missing:
            one = payloads[payload]
            topic = topic_of(one.message, site=SITE)
            senders[one.account].client.publish(topic, payload, qos=1)
        for _ in range(40):
            loop.step(0.05)
            if payloads.keys() <= loop.taken:
                break


def until(loop: Counting, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + CAME_AT_ALL_S
    while not is_so():
        assert time.monotonic() < deadline
        loop.step(0.05)
