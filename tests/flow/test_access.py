"""Everybody says and listens to everything at a real MQTT server; a watcher hears all."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.mqtt_server.access_check import try_out
from broker.mqtt_server.access_matrix import NOBODY, Breach, will_topic
from broker.mqtt_server.mosquitto import find_mosquitto
from broker.mqtt_server.plain_client import Way
from tests.every_account import ACCOUNTS, LISTENER, OTHERS, hearing_all
from tests.fakes import SITE
from tests.servers import Server, client, free_ports, mqtt_server, wait_for_port
from tests.waiting import CAME_AT_ALL_S

pytestmark = pytest.mark.server

ROOT = f"yingbin/v1/{SITE}"
ENGINES = ("mosquitto", "embedded")


@pytest.fixture(scope="module", params=ENGINES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    with hearing_all(folder, request.param) as server:
        yield server


def test_everybody_says_and_hears_what_is_theirs_and_nothing_else(server: Server) -> None:
    """By TCP, TLS and WebSocket, with TLS too: `python -m tests.bench access` tries all in each."""
    assert try_out(ACCOUNTS, site=SITE, ways=server.ways, is_live=False, watcher=LISTENER) == []


def test_what_was_refused_is_not_kept_for_who_comes_later(server: Server) -> None:
    """A retained message on another's topic would reach its owner at their next connection."""
    thief = ACCOUNTS[0]
    refused = ["alert/staff/second", "staff/second/presence", "hub/status", "alert/role/manager"]
    with client(server.port, thief.username, thief.password) as sender:
        for topic in refused:
            sender.client.publish(f"{ROOT}/{topic}", b"{}", qos=1, retain=True)
        sender.client.publish(f"{ROOT}/staff/{thief.node_id}/presence", b"{}", qos=1, retain=True)
        with client(server.port, LISTENER.username, LISTENER.password) as late:
            late.listen("#")
            assert late.hears(f"{ROOT}/staff/{thief.node_id}/presence")
            topics = {topic for topic, _ in late.heard}
        sender.client.publish(f"{ROOT}/staff/{thief.node_id}/presence", b"", qos=1, retain=True)
    assert topics == {f"{ROOT}/staff/{thief.node_id}/presence"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_server_that_allows_too_much_or_too_little_is_found_out(
    tmp_path: Path, engine: str
) -> None:
    """The server believes that a consultant is a manager, and that the guard is not a guard."""
    checked = [ACCOUNTS[3], ACCOUNTS[0], OTHERS[1], OTHERS[7], OTHERS[8]]
    li, guard = checked[:2]
    believed = [
        replace(li, roles=("consultant", "manager")),
        replace(guard, roles=()),
        *checked[2:],
    ]
    with mqtt_server(tmp_path, engine, believed) as server:
        found = try_out(checked, site=SITE, ways=server.ways, is_live=True)

    correction = f"{ROOT}/gate/yingbin-probe/correction"
    given = f"{ROOT}/staff/{li.node_id}/customers_given"
    assert set(found) == {
        Breach(li.username, "read", f"{ROOT}/alert/role/manager", is_allowed=False),
        Breach(li.username, "write", given, is_allowed=False),
        Breach(guard.username, "read", f"{ROOT}/alert/role/gate", is_allowed=True),
        Breach(guard.username, "write", correction, is_allowed=True),
    }


def test_a_server_that_keeps_no_list_is_found_out_in_every_way(tmp_path: Path) -> None:
    """Debian's mosquitto, which believes everybody: borrowed ids, last wills, what is kept."""
    (port,) = free_ports(1)
    config = tmp_path / "open.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
    binary = find_mosquitto()
    assert binary
    process = subprocess.Popen([binary, "-c", config], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        thief, hub = OTHERS[0], OTHERS[7]
        ways = [Way("127.0.0.1", port)]
        found = try_out([thief, hub], site=SITE, ways=ways, is_live=False)
        with client(port, "late", "any") as late:
            late.listen("#")
            assert not late.hears("#", within_s=1.0)
            assert late.heard == [], "nothing of the trial is left for who comes later"
    finally:
        process.terminate()
        process.wait(CAME_AT_ALL_S)
    assert Breach(thief.username, "connect", "hub", is_allowed=False) in found
    assert Breach("hub", "connect", thief.username, is_allowed=False) in found
    assert Breach(thief.username, "write", will_topic(SITE), is_allowed=False) in found
    kept_for_others = f"{ROOT}/alert/role/{NOBODY}"
    assert Breach(thief.username, "read", kept_for_others, is_allowed=False) in found
