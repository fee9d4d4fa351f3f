"""The doctor at a site without a hub, at a foreign MQTT server, and without any server."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Timer

import msgspec
import pytest

from broker.doctor import servers
from broker.doctor.finding import Finding
from broker.doctor.patient import Patient, admit
from broker.mqtt_server.accounts import Account, read_accounts
from broker.mqtt_server.mosquitto import find_mosquitto
from shared.clock import now
from shared.codec import encode
from shared.messages import NodeKind, NodeState, NodeStatus
from shared.topics import Party, topic_of
from tests.a_site import set_up_in
from tests.fakes import SITE
from tests.servers import Watcher, client, wait_for_port
from tests.waiting import CAME_AT_ALL_S

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a site, on ports that nobody uses."""
    return set_up_in(tmp_path_factory.mktemp("site"))


@pytest.fixture
def patient(folder: Path) -> Patient:
    return admit(folder, {}, now)


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[None]:
    """The site's MQTT server, and no hub."""
    command = [sys.executable, "-m", "broker", "mqtt", "--config", str(folder / "mqtt.toml")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    site = admit(folder, {}, now)
    wait_for_port(site.address[1])
    wait_for_port(site.address[1] + 1)
    yield
    process.terminate()
    process.wait(CAME_AT_ALL_S)


def keys(found: Iterator[Finding]) -> list[str]:
    return [finding.key for finding in found]


def test_without_a_server_each_silent_port_is_named(patient: Patient) -> None:
    found = list(servers.mqtt_server(patient))
    assert [(finding.key, finding.values["port"]) for finding in found] == [
        ("mqtt_silent", patient.address[1]),
        ("mqtt_silent", patient.address[1] + 1),
    ]
    assert set(keys(servers.pages(patient))) == {"page_silent"}


def test_a_server_that_lets_anybody_in_is_not_ours(patient: Patient) -> None:
    """Debian's mosquitto as it is after its installation."""
    process = subprocess.Popen(
        [str(find_mosquitto()), "-p", str(patient.address[1])], stderr=subprocess.DEVNULL
    )
    try:
        wait_for_port(patient.address[1])
        assert "open_door" in keys(servers.mqtt_server(patient))
    finally:
        process.terminate()
        process.wait(CAME_AT_ALL_S)


@pytest.mark.usefixtures("running")
def test_a_sound_server_is_found_sound(patient: Patient) -> None:
    for look in (servers.mqtt_server, servers.log_ins, servers.access):
        assert list(look(patient)) == []


@pytest.mark.usefixtures("running")
def test_an_account_whose_password_the_server_does_not_know_is_named(patient: Patient) -> None:
    monitor = patient.account(Party.MONITOR)
    assert monitor
    changed = msgspec.structs.replace(monitor, password="another")
    (found,) = servers.log_ins(replace(patient, accounts=(changed,)))
    assert (found.key, found.values["username"]) == ("log_in_refused", "monitor")


@pytest.mark.usefixtures("running")
def test_the_hub_is_missed_and_old_or_wrong_clocks_are_named(
    patient: Patient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "LISTEN_S", 6.0)
    accounts = {account.username: account for account in read_accounts(folder / "accounts.json")}
    kiosk, gate = accounts["kiosk-lobby"], accounts["gate-north"]
    old = _status(NodeKind.KIOSK, "lobby", hours_ago=24)
    wrong_clock = _status(NodeKind.GATE, "north", hours_ago=1, problem="camera_offline")
    with (
        connected(patient, kiosk) as tablet,
        connected(patient, gate) as camera,
    ):
        tablet.client.publish(topic_of(old, site=SITE), encode(old), qos=1, retain=True)
        topic = topic_of(wrong_clock, site=SITE)
        camera.client.publish(topic, encode(wrong_clock), qos=1, retain=True)

        again = Timer(1.0, camera.client.publish, [topic, encode(wrong_clock), 1, True])
        again.start()
        found = list(servers.nodes(patient))
        again.join()
        tablet.client.publish(topic_of(old, site=SITE), b"", qos=1, retain=True)
        camera.client.publish(topic, b"", qos=1, retain=True)
    assert [(finding.key, finding.is_wrong) for finding in found] == [
        ("hub_silent", True),
        ("node_problem", False),
        ("clock_apart", True),
        ("node_silent", True),
    ]
    assert int(found[2].values["seconds"]) == pytest.approx(-3600, abs=3)


def connected(patient: Patient, account: Account) -> AbstractContextManager[Watcher]:
    port, own_id = patient.address[1], account.client_id
    return client(port, account.username, account.password, client_id=own_id)


def _status(
    kind: NodeKind, node_id: str, *, hours_ago: float, problem: str | None = None
) -> NodeStatus:
    return NodeStatus(
        node_id=node_id,
        kind=kind,
        state=NodeState.ONLINE,
        at=now() - timedelta(hours=hours_ago),
        problem=problem,
    )
