"""What MQTT 3.1.1 asks of a server, asked of mosquitto and of the embedded one, side by side.

    python -m tests.bench mqtt_conformance

The checks are those of Eclipse's own client for 3.1.1 (paho.mqtt.testing), with a site's accounts
and topics: whatever mosquitto passes there, the embedded server passes too.
"""

import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from broker.mqtt_server.accounts import Account, new_account
from shared.topics import Party
from tests.bench.table import table
from tests.fakes import SITE
from tests.servers import mqtt_server
from tests.waiting import eventually

ROOT = f"yingbin/v1/{SITE}"
ROSTER, COUNTS, SAID = f"{ROOT}/kiosk/roster", f"{ROOT}/house/counts", f"{ROOT}/say/role/door"
STATUS = f"{ROOT}/gate/north/status"
ACCOUNTS = [
    new_account(Party.HUB, "hub"),
    new_account(Party.GATE, "north"),
    new_account(Party.MONITOR, "monitor"),
]
HUB, GATE, MONITOR = ACCOUNTS
WITHIN_S, QUIET_S = 10.0, 1.5
NAMES = (f"conformance-{number}" for number in count())


@dataclass(slots=True)
class Heard:
    """A client, and what it was told: topic, payload, QoS, retained."""

    client: Client
    messages: list[tuple[str, bytes, int, bool]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    """Of the last answer to a subscription."""
    reason: int | None = None

    def listen(self, *wanted: tuple[str, int]) -> None:
        """Subscribe, and wait for the server's answer."""
        self.codes.clear()
        self.client.subscribe(list(wanted))
        assert eventually(lambda: bool(self.codes), within_s=WITHIN_S), "no SUBACK"

    def hears(self, number: int) -> bool:
        """Whether so many messages come, and no more."""
        if not eventually(lambda: len(self.messages) >= number, within_s=WITHIN_S):
            return False
        time.sleep(QUIET_S)
        return len(self.messages) == number


@contextmanager
def connected(
    port: int, account: Account, name: str, *, clean: bool = True, will: bytes | None = None
) -> Iterator[Heard]:
    """A client of this account inside the block."""
    client = Client(CallbackAPIVersion.VERSION2, name, clean_session=clean)
    heard = Heard(client)

    def took(_client: Client, _data: object, message: MQTTMessage) -> None:
        heard.messages.append((message.topic, bytes(message.payload), message.qos, message.retain))

    def answered(_c: object, _d: object, _m: object, reasons: list[Any], _p: object) -> None:
        heard.codes[:] = [reason.value for reason in reasons]

    def came(_c: object, _d: object, _f: object, reason: Any, _p: object) -> None:
        heard.reason = reason.value

    client.on_message, client.on_subscribe, client.on_connect = took, answered, came
    client.username_pw_set(account.username, account.password)
    if will is not None:
        client.will_set(STATUS, will, qos=1)
    client.connect("127.0.0.1", port, keepalive=60)
    client.loop_start()
    try:
        assert eventually(lambda: heard.reason is not None, within_s=WITHIN_S), "no CONNACK"
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def publish(port: int, *messages: tuple[str, bytes, int, bool]) -> None:
    """As the hub, each confirmed by the server."""
    with connected(port, HUB, HUB.client_id or HUB.username) as hub:
        for topic, payload, qos, retain in messages:
            hub.client.publish(topic, payload, qos, retain).wait_for_publish(WITHIN_S)
        time.sleep(0.2)


def basic(port: int) -> bool:
    """A message of each quality of service comes once."""
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((SAID, 2))
        publish(port, *((SAID, f"qos {qos}".encode(), qos, False) for qos in (0, 1, 2)))
        return monitor.hears(3)


def quality(port: int) -> bool:
    """A message comes with its own quality of service, where the subscription has a better one."""
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((SAID, 2))
        publish(port, *((SAID, b"x", qos, False) for qos in (0, 1, 2)))
        return monitor.hears(3) and sorted(each[2] for each in monitor.messages) == [0, 1, 2]


def retained(port: int) -> bool:
    """What is retained comes to who subscribes later, until an empty one ends it."""
    publish(port, (ROSTER, b"1", 1, True), (COUNTS, b"2", 2, True))
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((f"{ROOT}/#", 2))
        was_told = monitor.hears(2) and all(each[3] for each in monitor.messages)
    publish(port, (ROSTER, b"", 1, True), (COUNTS, b"", 1, True))
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((f"{ROOT}/#", 2))
        return was_told and monitor.hears(0)


def queued(port: int) -> bool:
    """A session that is kept is told what came meanwhile; quality 0 may be left out."""
    name = next(NAMES)
    with connected(port, MONITOR, name, clean=False) as monitor:
        monitor.listen((SAID, 2))
    publish(port, *((SAID, b"x", qos, False) for qos in (0, 1, 2)))
    with connected(port, MONITOR, name, clean=False) as monitor:
        return eventually(lambda: len(monitor.messages) in (2, 3), within_s=WITHIN_S)


def overlapping(port: int) -> bool:
    """Filters that overlap bring a message once with the best quality, or once for each."""
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((f"{ROOT}/say/#", 2), (f"{ROOT}/say/+/door", 1))
        publish(port, (SAID, b"x", 2, False))
        told = eventually(lambda: bool(monitor.messages), within_s=WITHIN_S)
        time.sleep(QUIET_S)
        return told and sorted(each[2] for each in monitor.messages) in ([2], [1, 2])


def will(port: int) -> bool:
    """The last will of a client whose connection breaks is told."""
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((STATUS, 1))
        with connected(port, GATE, GATE.client_id or GATE.username, will=b"gone") as gate:
            raw: Any = gate.client.socket()
            gate.client.loop_stop()
            raw.shutdown(socket.SHUT_RDWR)
            return monitor.hears(1)


def silent(port: int) -> bool:
    """A client that is silent for one and a half of its keep-alive times is cut off."""
    with _raw(port, _connect("silent", keep_alive_s=2)) as raw:
        began_s = time.monotonic()
        raw.settimeout(12)
        return raw.recv(4)[3] == 0 and raw.recv(1) == b"" and 2 < time.monotonic() - began_s < 10


def redelivered(port: int) -> bool:
    """What a client did not confirm comes again when it does."""
    name = next(NAMES)
    with _raw(port, _connect(name, is_clean=False)) as raw:
        raw.recv(4)
        raw.sendall(_packet(0x82, b"\x00\x01" + _text(SAID) + b"\x01"))
        raw.recv(5)
        publish(port, (SAID, b"again", 1, False))
        first = raw.recv(1000)
    with _raw(port, _connect(name, is_clean=False)) as raw:
        answer = raw.recv(4)
        again = raw.recv(1000)
        return b"again" in first and answer[2] == 1 and b"again" in again and bool(again[0] & 8)


def second_connect(port: int) -> bool:
    """A second CONNECT on one connection ends it."""
    with _raw(port, _connect("twice")) as raw:
        raw.recv(4)
        raw.sendall(_connect("twice"))
        return raw.recv(4) == b""


def wrong_protocol(port: int) -> bool:
    """Another protocol's name ends the connection."""
    with _raw(port, _packet(0x10, _text("hj") + b"\x04\x02\x00\x3c" + _text("x"))) as raw:
        return raw.recv(4)[:1] != b"\x20"


def no_client_id(port: int) -> bool:
    """Who has no name is taken with a session of the moment, and refused with one to keep."""
    with _raw(port, _connect("", is_clean=False)) as raw:
        refused = raw.recv(4)
    with _raw(port, _connect("")) as raw:
        return refused in (b"", b"\x20\x02\x00\x02") and raw.recv(4) == b"\x20\x02\x00\x00"


def subscribe_failure(port: int) -> bool:
    """A filter that is not allowed is answered with a failure."""
    with connected(port, GATE, GATE.client_id or GATE.username) as gate:
        gate.listen((f"{ROOT}/staff/li/presence", 2))
        return gate.codes == [0x80]


def dollar(port: int) -> bool:
    """A filter that begins with a wildcard hears nothing of the server's own topics."""
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen(("#", 2))
        time.sleep(QUIET_S)
        return not [each for each in monitor.messages if each[0].startswith("$")]


def ping(port: int) -> bool:
    """A PINGREQ is answered."""
    with _raw(port, _connect(next(NAMES))) as raw:
        raw.recv(4)
        raw.sendall(b"\xc0\x00")
        return raw.recv(2) == b"\xd0\x00"


CHECKS: tuple[Callable[[int], bool], ...] = (
    *(basic, quality, retained, queued, overlapping, will, silent, redelivered),
    *(second_connect, wrong_protocol, no_client_id, subscribe_failure, dollar, ping),
)


@contextmanager
def _raw(port: int, packet: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S) as raw:
        raw.sendall(packet)
        yield raw


def _connect(name: str, *, is_clean: bool = True, keep_alive_s: int = 60) -> bytes:
    """As the monitor."""
    flags = 0xC0 | (2 if is_clean else 0)
    head = _text("MQTT") + bytes((4, flags)) + keep_alive_s.to_bytes(2)
    return _packet(0x10, head + _text(name) + _text(MONITOR.username) + _text(MONITOR.password))


def _packet(kind: int, body: bytes) -> bytes:
    assert len(body) < 16_384
    low, high = len(body) & 127, len(body) >> 7
    return bytes((kind, low | 128, high) if high else (kind, low)) + body


def _text(text: str) -> bytes:
    return len(text.encode()).to_bytes(2) + text.encode()


def passes(check: Callable[[int], bool], port: int) -> bool:
    """Whether the server at ``port`` does as ``check`` asks."""
    try:
        return check(port)
    except (AssertionError, OSError, IndexError, ValueError):
        return False


def main() -> int:
    """1 where mosquitto passes what the embedded server does not."""
    found: dict[str, list[bool]] = {}
    for engine in ("mosquitto", "embedded"):
        with (
            tempfile.TemporaryDirectory() as folder,
            mqtt_server(Path(folder), engine, ACCOUNTS) as server,
        ):
            for check in CHECKS:
                found.setdefault(check.__name__, []).append(passes(check, server.port))
    rows = [
        [name, *("passes" if each else "FAILS" for each in both)] for name, both in found.items()
    ]
    print(table(["MQTT 3.1.1", "mosquitto", "embedded"], rows))
    return int(any(mosquitto and not embedded for mosquitto, embedded in found.values()))


if __name__ == "__main__":
    sys.exit(main())
