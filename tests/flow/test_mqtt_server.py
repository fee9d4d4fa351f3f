"""Both real MQTT servers, with the accounts that a site has; see ``test_access.py`` for topics."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.mqtt_server.accounts import Account, new_account, page_account, write_accounts
from broker.mqtt_server.sign_of_life import is_alive
from shared.codec import MAX_PAYLOAD_BYTES
from shared.topics import Party
from tests.fakes import SITE
from tests.servers import Server, client, is_listening, mqtt_server
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = pytest.mark.server

ROOT = f"yingbin/v1/{SITE}"
LI = new_account(Party.STAFF, "li", ("consultant",))
HUB = new_account(Party.HUB, "hub")
TABLET = new_account(Party.KIOSK, "lobby")
MONITOR = new_account(Party.MONITOR, "monitor")
ACCOUNTS = [LI, HUB, TABLET, MONITOR]


@contextmanager
def silent_client(port: int, account: Account, *, last_will: str) -> Iterator[None]:
    """A client that promises to say something every second, and is connected but silent."""

    def text(said: str) -> bytes:
        return len(said).to_bytes(2, "big") + said.encode()

    flags, keep_alive_s = 0b1100_0110, 1
    body = text("MQTT") + bytes([4, flags]) + keep_alive_s.to_bytes(2, "big")
    for said in (account.username, last_will, "{}", account.username, account.password):
        body += text(said)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(bytes([0x10, len(body) & 0x7F | 0x80, len(body) >> 7]) + body)
        assert connection.recv(4) == bytes([0x20, 2, 0, 0])
        yield


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


def test_who_comes_with_another_s_client_id_is_refused_and_throws_nobody_off(
    server: Server,
) -> None:
    with client(server.port, HUB.username, HUB.password) as hub:
        assert hub.is_connected()
        for thief in (LI, TABLET):
            for wanted in ("hub", "somebody"):
                with client(
                    server.port, thief.username, thief.password, client_id=wanted
                ) as refused:
                    assert not refused.is_connected()
        hub.listen(f"{ROOT}/staff/li/ack")
        with client(server.port, LI.username, LI.password) as phone:
            phone.client.publish(f"{ROOT}/staff/li/ack", b"{}", qos=1)
            assert hub.hears(f"{ROOT}/staff/li/ack")
        assert hub.answers == ["Success"], "it never had to connect again"


def test_who_may_choose_a_client_id_never_keeps_another_s(server: Server) -> None:
    """Mosquitto lets it in once; then the account is shut out, and the hub is back."""
    with (
        client(server.port, MONITOR.username, MONITOR.password, client_id="any") as one,
        client(server.port, MONITOR.username, MONITOR.password, client_id="other") as another,
        client(server.port, HUB.username, HUB.password) as hub,
    ):
        assert one.is_connected()
        assert another.is_connected()
        with client(server.port, MONITOR.username, MONITOR.password, client_id="hub") as thief:
            assert eventually(lambda: thief.answers[-1] == "Not authorized")
        assert hub.is_connected()


def test_whose_account_is_taken_out_is_disconnected_and_others_are_not(server: Server) -> None:
    with (
        client(server.port, LI.username, LI.password) as phone,
        client(server.port, HUB.username, HUB.password) as hub,
    ):
        left, hub_left = threading.Event(), threading.Event()
        phone.client.on_disconnect = lambda *_: left.set()
        hub.client.on_disconnect = lambda *_: hub_left.set()
        page = page_account("li", ("consultant",), "a log-in")
        write_accounts(server.folder / "accounts.json", [HUB, TABLET, page])
        assert left.wait(2.0)

        def lets_in(account: Account) -> bool:
            with client(server.port, account.username, account.password) as asking:
                return asking.answers[-1] == "Success"

        assert eventually(lambda: lets_in(page))
        assert not lets_in(LI)
        assert not hub_left.is_set()


def test_who_connects_again_ends_their_own_old_connection(server: Server) -> None:
    with client(server.port, LI.username, LI.password) as old:
        gone = threading.Event()
        old.client.on_disconnect = lambda *_: gone.set()
        old.client.reconnect_delay_set(60, 60)
        with client(server.port, LI.username, LI.password) as new:
            assert new.is_connected()
            assert gone.wait(CAME_AT_ALL_S)


def test_a_client_that_is_silent_longer_than_it_promised_is_gone(server: Server) -> None:
    will = f"{ROOT}/staff/li/presence"
    with client(server.port, HUB.username, HUB.password) as hub:
        hub.listen(will)
        with silent_client(server.port, LI, last_will=will):
            assert hub.hears(will, within_s=20.0)


def test_a_message_that_is_too_long_reaches_nobody(server: Server) -> None:
    topic = f"{ROOT}/staff/li/ack"
    with client(server.port, HUB.username, HUB.password) as hub:
        hub.listen(topic)
        with client(server.port, LI.username, LI.password) as phone:
            phone.client.publish(topic, b"x" * (MAX_PAYLOAD_BYTES + 100), qos=0)
            gone = threading.Event()
            phone.client.on_disconnect = lambda *_: gone.set()
            phone.client.publish(topic, b"{}", qos=1)
            assert hub.hears(topic)
        assert {payload for _, payload in hub.heard} == {b"{}"}


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


def test_a_phone_that_reads_nothing_holds_up_neither_the_hub_nor_another_client(
    server: Server,
) -> None:
    topic, text = f"{ROOT}/alert/role/consultant", "x" * 20_000
    with (
        client(server.port, LI.username, LI.password) as phone,
        client(server.port, MONITOR.username, MONITOR.password) as other,
        client(server.port, HUB.username, HUB.password) as hub,
    ):
        phone.listen(topic)
        other.listen(topic)
        phone.client.loop_stop()
        sent = [hub.client.publish(topic, f"{number}{text}", qos=1) for number in range(40)]
        assert eventually(lambda: all(message.is_published() for message in sent))
        assert eventually(lambda: len(other.heard) == len(sent))
        assert len(phone.heard) < len(sent)
