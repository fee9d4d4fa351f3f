"""A real MQTT server for a test, and a second client that watches it."""

import os
import random
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from broker.certificates.keeping import AUTHORITY
from broker.mqtt_server.accounts import Account, write_accounts
from broker.mqtt_server.plain_client import Way
from tests.fakes import SITE
from tests.waiting import CAME_AT_ALL_S, eventually

GUESTS = ("monitor", "home_assistant", "watcher")
"""Accounts that may connect with any client id that is nobody else's."""
FIRST_PORT = 20_000
PORTS_EACH = 2_000
"""Ports for each worker of pytest-xdist, so that two workers never take the same."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses now, below those that the kernel gives to clients.

    A client that knocks at a port of its own range while the server is away may be given just this
    port, connect to itself and keep the server out (TCP's simultaneous open).
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker * PORTS_EACH
    found: set[int] = set()
    while len(found) < count:
        port = random.randrange(first, first + PORTS_EACH)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.add(port)
    return list(found)


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def wait_for_port(port: int) -> None:
    """Until somebody listens there."""
    assert eventually(lambda: is_listening(port)), f"port {port} is silent"


@dataclass(frozen=True, slots=True)
class Server:
    """A running MQTT server."""

    port: int
    ws_port: int
    process: "subprocess.Popen[bytes]"
    folder: Path
    tls_ports: tuple[int, int]
    """MQTT, and MQTT over WebSocket; silent without certificates."""
    trusting: ssl.SSLContext | None = None

    @property
    def ways(self) -> list[Way]:
        """Every way to reach it."""
        host, trusting = "127.0.0.1", self.trusting
        plain = [Way(host, self.port), Way(host, self.ws_port, "websockets")]
        if trusting is None:
            return plain
        tcp, ws = self.tls_ports
        return [*plain, Way(host, tcp, "tcp", trusting), Way(host, ws, "websockets", trusting)]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


@contextmanager
def mqtt_server(
    tmp_path: Path,
    engine: str,
    accounts: list[Account],
    *,
    module: str = "broker",
    certificates: Path | None = None,
) -> Iterator[Server]:
    """``yingbin mqtt`` as its own process on free ports, also with TLS if it has certificates."""
    port, ws_port, tls_port, tls_ws_port = free_ports(4)
    write_accounts(tmp_path / "accounts.json", accounts)
    config = tmp_path / "mqtt.toml"
    config.write_text(
        f'site = "{SITE}"\ndata_dir = "{tmp_path}/mqtt"\n'
        f'accounts_file = "{tmp_path}/accounts.json"\nlisten_host = "127.0.0.1"\n'
        f'port = {port}\nws_port = {ws_port}\nengine = "{engine}"\n'
        f"tls_port = {tls_port}\ntls_ws_port = {tls_ws_port}\n"
        f'tls = "{"on" if certificates else "off"}"\ncertificates_dir = "{certificates}"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", module, "mqtt", "--config", str(config)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log)
    try:
        wait_for_port(port)
        wait_for_port(ws_port)
        if certificates is not None:
            wait_for_port(tls_port)
            wait_for_port(tls_ws_port)
        authority = certificates / AUTHORITY if certificates else None
        trusting = ssl.create_default_context(cafile=authority) if authority else None
        yield Server(port, ws_port, process, tmp_path, (tls_port, tls_ws_port), trusting)
    finally:
        process.terminate()
        process.wait(CAME_AT_ALL_S)


@dataclass(slots=True)
class Watcher:
    """A plain MQTT client that keeps what it hears."""

    client: Client
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    subscribed: int = 0

    def note_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))

    def note_subscription(self, *_: object) -> None:
        self.subscribed += 1

    def listen(self, *topics: str) -> None:
        """Subscribe, and wait until the server said yes: only then may a test publish."""
        before = self.subscribed
        self.client.subscribe([(topic, 1) for topic in topics])
        assert eventually(lambda: self.subscribed > before)

    def hears(self, topic: str, *, within_s: float = CAME_AT_ALL_S) -> bool:
        return eventually(lambda: any(heard == topic for heard, _ in self.heard), within_s=within_s)

    def is_connected(self, *, within_s: float = CAME_AT_ALL_S) -> bool:
        return eventually(lambda: bool(self.answers), within_s=within_s) and (
            self.answers[-1] == "Success"
        )


@contextmanager
def client(
    port: int,
    username: str | None,
    password: str | None,
    *,
    transport: Literal["tcp", "websockets"] = "tcp",
    last_will: str | None = None,
    trusting: ssl.SSLContext | None = None,
    client_id: str | None = None,
) -> Iterator[Watcher]:
    """A client that has connected or was refused: see ``answers``.

    Without ``client_id`` it has its account's own, and a guest has one that nobody has.
    """
    own_id = None if username in GUESTS else username
    paho = Client(CallbackAPIVersion.VERSION2, client_id or own_id, transport=transport)
    watcher = Watcher(paho)
    paho.on_message = watcher.note_message
    paho.on_connect = lambda _c, _d, _f, reason, _p: watcher.answers.append(str(reason))
    paho.on_subscribe = watcher.note_subscription
    if username is not None:
        paho.username_pw_set(username, password)
    if last_will is not None:
        paho.will_set(last_will, b"{}", qos=1)
    if trusting is not None:
        paho.tls_set_context(trusting)
    if transport == "websockets":
        paho.ws_set_options(path="/mqtt")
    paho.connect("127.0.0.1", port)
    paho.loop_start()
    try:
        eventually(lambda: bool(watcher.answers))
        yield watcher
    finally:
        paho.disconnect()
        paho.loop_stop()
