"""Clients that try an MQTT server out: a usual one, and packets byte by byte."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from broker.mqtt_server.accounts import Account, new_account
from shared.topics import Party
from tests.fakes import SITE
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


@contextmanager
def begin(port: int, first: bytes) -> Iterator[socket.socket]:
    """A connection that sends this first."""
    with socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S) as raw:
        raw.sendall(first)
        yield raw


def listens_and_hears(raw: socket.socket, port: int, qos: int = 1) -> bytes:
    """What is told to who subscribes."""
    raw.recv(4)
    raw.sendall(packet(0x82, b"\x00\x01" + text(SAID) + bytes([qos])))
    raw.recv(5)
    publish(port, (SAID, b"again", qos, False))
    return raw.recv(1000)


def id_of(told: bytes) -> bytes:
    """Of a PUBLISH about ``SAID``: the packet's id."""
    after = told.index(SAID.encode()) + len(SAID)
    return told[after : after + 2]


def is_quiet(raw: socket.socket) -> bool:
    """Whether nothing more comes."""
    raw.settimeout(QUIET_S)
    try:
        return raw.recv(1000) == b""
    except TimeoutError:
        return True


def hello(name: str, *, is_clean: bool = True, keep_alive_s: int = 60) -> bytes:
    """As the monitor."""
    flags = 0xC0 | (2 if is_clean else 0)
    head = text("MQTT") + bytes((4, flags)) + keep_alive_s.to_bytes(2)
    return packet(0x10, head + text(name) + text(MONITOR.username) + text(MONITOR.password))


def packet(kind: int, body: bytes) -> bytes:
    """A packet, its length in front."""
    assert len(body) < 16_384
    low, high = len(body) & 127, len(body) >> 7
    return bytes((kind, low | 128, high) if high else (kind, low)) + body


def text(words: str) -> bytes:
    """As a packet holds text: its length first."""
    return len(words.encode()).to_bytes(2) + words.encode()
