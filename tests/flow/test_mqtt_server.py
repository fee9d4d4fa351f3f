"""Both real MQTT servers, with the accounts and access that a site has."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.accounts import Account, new_account
from shared.messages import Ack
from shared.topics import Party, topic_of
from tests.fakes import NINE, SITE
from tests.servers import Server, client, is_listening, mqtt_server, wait_until

pytestmark = pytest.mark.server

ROOT = f"yingbin/v1/{SITE}"
ACK = topic_of(Ack(ack_id="k", alert_id="a", staff_id="li", acked_at=NINE), site=SITE)
LI = new_account(Party.STAFF, "li", ("consultant",))
GATE = new_account(Party.GATE, "north")
MONITOR = new_account(Party.MONITOR, "monitor")
HUB = new_account(Party.HUB, "hub")
ACCOUNTS = [LI, GATE, MONITOR, HUB]


@pytest.fixture(params=["mosquitto", "embedded"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with mqtt_server(tmp_path, request.param, ACCOUNTS) as running:
        yield running


def test_nobody_gets_in_without_a_password_or_with_a_wrong_one(server: Server) -> None:
    for username, password in ((None, None), ("hub", "guess"), ("nobody", "guess"), ("hub", "")):
        with client(server.port, username, password) as stranger:
            assert not stranger.is_connected()
    with client(server.port, LI.username, LI.password) as known:
        assert known.is_connected()


def test_a_page_connects_over_websocket_with_the_same_account(server: Server) -> None:
    with client(server.ws_port, LI.username, LI.password, transport="websockets") as page:
        assert page.is_connected()
    with client(server.ws_port, LI.username, "guess", transport="websockets") as stranger:
        assert not stranger.is_connected()


@pytest.mark.parametrize(
    ("account", "topic", "is_allowed"),
    [
        (LI, ACK, True),
        (LI, ACK.replace("/li/", "/wang/"), False),
        (LI, f"{ROOT}/alert/staff/li", False),
        (LI, f"{ROOT}/gate/north/arrival", False),
        (GATE, f"{ROOT}/gate/north/arrival", True),
        (GATE, f"{ROOT}/gate/south/arrival", False),
        (GATE, f"{ROOT}/say/role/gate", True),
        (MONITOR, f"{ROOT}/alert/closed", False),
        (HUB, f"{ROOT}/alert/staff/li", True),
    ],
    ids=lambda value: value.username if isinstance(value, Account) else str(value),
)
def test_a_second_client_hears_what_an_account_may_say_and_nothing_else(
    server: Server, account: Account, topic: str, is_allowed: bool
) -> None:
    with (
        client(server.port, MONITOR.username, MONITOR.password) as watcher,
        client(server.port, account.username, account.password) as sender,
    ):
        watcher.listen(f"{ROOT}/#")
        assert sender.is_connected()
        sender.client.publish(topic, b"{}", qos=1)
        assert watcher.hears(topic, within_s=2.0 if is_allowed else 0.7) is is_allowed


def test_a_person_hears_nothing_that_is_meant_for_another(server: Server) -> None:
    with (
        client(server.port, LI.username, LI.password) as page,
        client(server.port, HUB.username, HUB.password) as hub,
    ):
        page.listen(f"{ROOT}/#", f"{ROOT}/alert/staff/li")
        assert wait_until(lambda: hub.is_connected(), within_s=3)
        hub.client.publish(f"{ROOT}/alert/staff/wang", b"{}", qos=1)
        hub.client.publish(f"{ROOT}/alert/staff/li", b"{}", qos=1)
        assert page.hears(f"{ROOT}/alert/staff/li")
        assert not page.hears(f"{ROOT}/alert/staff/wang", within_s=0.5)


def test_a_refusal_leaves_a_line_in_the_log(server: Server) -> None:
    with client(server.port, LI.username, LI.password) as sender:
        assert sender.is_connected()
        sender.client.publish(f"{ROOT}/alert/staff/li", b"{}", qos=1)
        assert wait_until(lambda: "enied" in server.log, within_s=3)


def test_a_killed_server_comes_back_though_its_files_are_gone(server: Server) -> None:
    child = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
    )
    shutil.rmtree(server.folder / "mqtt", ignore_errors=True)
    os.kill(int(child.stdout.split()[0]), signal.SIGKILL)

    def is_back() -> bool:
        try:
            with client(server.port, LI.username, LI.password) as page:
                return page.is_connected(within_s=1.0)
        except OSError:
            return False

    assert wait_until(is_back, within_s=15)


def test_nothing_is_left_running_when_the_supervisor_is_killed(server: Server) -> None:
    server.process.kill()

    assert wait_until(lambda: not is_listening(server.port), within_s=5)
