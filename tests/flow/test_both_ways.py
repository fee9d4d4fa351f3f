"""Every scenario through the rules alone and through a hub: the same decisions, word for word."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.hub.loop import WANTED, HubLoop
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.mqtt_server.accounts import Account, new_account
from broker.rules.line import queue
from broker.scenarios.runner import run_scenario
from broker.scenarios.scenario_file import read_scenario
from broker.scenarios.scenario_steps import Scenario
from broker.scenarios.step_commands import DOOR
from shared.codec import encode
from shared.config import MqttSettings
from shared.messages import Message, NodeKind, Receipt
from shared.mqtt import Delivery, MqttLink
from shared.node import Node
from shared.topics import Party, match, topic_of
from tests.fakes import SITE, FakeClock, FakeLink
from tests.flow.both_ways import Steps
from tests.flow.scenario_site import BOSS, first_moment, people_of, policy_of
from tests.servers import Watcher, client, mqtt_server
from tests.waiting import eventually

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(FOLDER.glob("**/*.yaml"))
SENT_AGAIN_S = 5.0
"""As an outbox does: the hub may be connected and not have subscribed yet."""
NODE = Node(SITE, "hub", NodeKind.HUB, "test")
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def read(path: Path) -> Scenario:
    return read_scenario(path.read_text(encoding="utf-8"), path.name)


def compare(steps: Steps, scenario: Scenario) -> None:
    alone = run_scenario(scenario, "scenario")
    assert steps.told() == [told.line for told in alone.told]
    assert queue(steps.hub.decider.state) == queue(alone.state)


def a_hub(scenario: Scenario, folder: Path) -> tuple[Hub, FakeClock]:
    clock = FakeClock(first_moment(scenario))
    return open_hub(folder, people_of(scenario), policy_of(scenario), clock), clock


class RememberingLoop(HubLoop):
    """Knows which payloads it has acted on."""

    def __init__(self, hub: Hub, link: MqttLink, node: Node) -> None:
        super().__init__(hub, link, node)
        self.taken: set[bytes] = set()

    def take(self, delivery: Delivery) -> Receipt | None:
        receipt = super().take(delivery)
        self.taken.add(delivery.payload)
        return receipt


@each_file
def test_a_scenario_is_decided_the_same_by_the_rules_and_by_the_hub(
    path: Path, tmp_path: Path
) -> None:
    scenario = read(path)
    hub, clock = a_hub(scenario, tmp_path)
    link = FakeLink()
    service = HubLoop(hub, link, NODE)

    def deliver(message: Message | None) -> None:
        for _ in range(2):  # each message twice: QoS 1 may do that
            if message is not None:
                link.deliver(message)
            service.step(0)

    steps = Steps(hub, scenario, clock, deliver)
    steps.run()
    compare(steps, scenario)
    assert replay(tmp_path / "hub.sqlite3", print) == 0
    again, _ = a_hub(scenario, tmp_path)
    assert again.decider.state == hub.decider.state


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_scenarios_are_decided_the_same_over_a_real_mqtt_server(tmp_path: Path) -> None:
    scenarios = [read(path) for path in FILES]
    with real_senders(tmp_path, scenarios) as (hub_account, senders):
        for number, scenario in enumerate(scenarios):
            hub, clock = a_hub(scenario, tmp_path / str(number))
            link = MqttLink(hub_account, NODE, WANTED)
            link.start()
            run_over_mqtt(Steps(hub, scenario, clock, lambda _: None), link, senders)
            link.stop()


def run_over_mqtt(steps: Steps, link: MqttLink, senders: dict[str, Watcher]) -> None:
    service = RememberingLoop(steps.hub, link, NODE)
    assert eventually(lambda: link.connected_count > 0)
    service.step(0)

    def deliver(message: Message | None) -> None:
        if message is None:
            service.step(0)
            return
        topic = topic_of(message, site=SITE)
        _, said = match(topic, site=SITE)
        (sender,) = said.values()
        payload, sent_at = encode(message), float("-inf")

        def is_taken() -> bool:
            nonlocal sent_at
            if time.monotonic() - sent_at > SENT_AGAIN_S:
                senders[sender].client.publish(topic, payload, qos=1)
                sent_at = time.monotonic()
            service.step(0.05)
            return payload in service.taken

        assert eventually(is_taken), message

    steps.deliver = deliver
    steps.run()
    compare(steps, steps.scenario)


@contextmanager
def real_senders(
    tmp_path: Path, scenarios: list[Scenario]
) -> Iterator[tuple[MqttSettings, dict[str, Watcher]]]:
    """A mosquitto with a gate, a tablet and everybody's phone connected to it."""
    people = {person.id for scenario in scenarios for person in scenario.consultants}
    accounts: list[Account] = [
        new_account(Party.GATE, "north"),
        new_account(Party.KIOSK, "lobby"),
        *(new_account(Party.STAFF, staff_id, ("consultant",)) for staff_id in sorted(people)),
        new_account(Party.STAFF, BOSS, ("manager",)),
        new_account(Party.STAFF, DOOR, ("door",)),
    ]
    hub = new_account(Party.HUB, "hub")
    with ExitStack() as stack:
        server = stack.enter_context(mqtt_server(tmp_path, "mosquitto", [hub, *accounts]))
        senders = {
            account.node_id: stack.enter_context(
                client(server.port, account.username, account.password)
            )
            for account in accounts
        }
        settings = MqttSettings(port=server.port, username=hub.username, password=hub.password)
        yield settings, senders
