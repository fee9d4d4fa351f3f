"""Both real MQTT servers, with the accounts that a site has; see ``test_access.py`` for topics."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.mqtt_server.accounts import new_account
from broker.mqtt_server.sign_of_life import is_alive
from shared.topics import Party
from tests.fakes import SITE
from tests.servers import Server, client, is_listening, mqtt_server
from tests.waiting import eventually

pytestmark = pytest.mark.server

ROOT = f"yingbin/v1/{SITE}"
LI = new_account(Party.STAFF, "li", ("consultant",))
HUB = new_account(Party.HUB, "hub")
TABLET = new_account(Party.KIOSK, "lobby")
ACCOUNTS = [LI, HUB, TABLET]


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


def test_a_server_that_hangs_shows_no_sign_of_life_though_its_port_takes_connections(
    server: Server,
) -> None:
    assert eventually(lambda: is_alive("127.0.0.1", server.port))
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    (child,) = map(int, children.read_text(encoding="ascii").split())
    os.kill(child, signal.SIGSTOP)
    assert is_listening(server.port)
    assert not is_alive("127.0.0.1", server.port)
    os.kill(child, signal.SIGCONT)
    assert eventually(lambda: is_alive("127.0.0.1", server.port))


def test_a_page_connects_over_websocket_with_the_same_account(server: Server) -> None:
    with client(server.ws_port, LI.username, LI.password, transport="websockets") as page:
        assert page.is_connected()
    with client(server.ws_port, LI.username, "guess", transport="websockets") as stranger:
        assert not stranger.is_connected()


def test_a_refusal_leaves_a_line_in_the_log(server: Server) -> None:
    with client(server.port, LI.username, LI.password) as sender:
        assert sender.is_connected()
        sender.client.publish(f"{ROOT}/alert/staff/li", b"{}", qos=1)
        assert eventually(lambda: "enied" in server.log)


def test_who_connects_is_sent_no_retained_message_that_only_others_asked_for(
    server: Server,
) -> None:
    roster, closed = f"{ROOT}/kiosk/roster", f"{ROOT}/alert/closed"
    with client(server.port, HUB.username, HUB.password) as hub:
        hub.client.publish(roster, b"{}", qos=1, retain=True)
        with client(server.port, TABLET.username, TABLET.password) as tablet:
            tablet.listen(roster)
            assert tablet.hears(roster)
            with client(server.port, LI.username, LI.password) as phone:
                phone.listen(closed)
                hub.client.publish(closed, b"{}", qos=1)
                assert phone.hears(closed)
                assert [topic for topic, _ in phone.heard] == [closed]


def test_a_last_will_says_nothing_that_its_account_may_not_say(server: Server) -> None:
    forged, own = f"{ROOT}/gate/north/arrival", f"{ROOT}/staff/li/presence"
    with client(server.port, HUB.username, HUB.password) as hub:
        hub.listen(forged, own)
        for topic in (forged, own):
            with client(server.port, LI.username, LI.password, last_will=topic) as phone:
                connection = phone.client.socket()
                assert connection is not None
                with socket.socket(fileno=os.dup(connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)
                assert topic == forged or hub.hears(own)
        assert {topic for topic, _ in hub.heard} == {own}


def test_a_killed_server_comes_back_though_its_files_are_gone(server: Server) -> None:
    child = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
    )
    shutil.rmtree(server.folder / "mqtt", ignore_errors=True)
    os.kill(int(child.stdout.split()[0]), signal.SIGKILL)

    def is_back() -> bool:
        try:
            with client(server.port, LI.username, LI.password) as page:
                return page.is_connected(within_s=5.0)
        except OSError:
            return False

    assert eventually(is_back)


def test_nothing_is_left_running_when_the_supervisor_is_killed(server: Server) -> None:
    server.process.kill()

    assert eventually(lambda: not is_listening(server.port))
