"""What MQTT 3.1.1 asks of a server, asked of mosquitto and of the embedded one, side by side.

    python -m tests.bench mqtt_conformance

The checks are those of Eclipse's own client for 3.1.1 (paho.mqtt.testing), with a site's accounts
and topics: whatever mosquitto passes there, the embedded server passes too.
"""

import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.mqtt_wire import (
    ACCOUNTS,
    COUNTS,
    GATE,
    MONITOR,
    NAMES,
    QUIET_S,
    ROOT,
    ROSTER,
    SAID,
    STATUS,
    WITHIN_S,
    begin,
    connected,
    hello,
    id_of,
    is_quiet,
    listens_and_hears,
    packet,
    publish,
    text,
)
from tests.bench.table import table
from tests.servers import mqtt_server
from tests.waiting import eventually

LATE_S = 7.0
"""Longer than a server might wait for a confirmation."""


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
    with begin(port, hello("silent", keep_alive_s=2)) as raw:
        began_s = time.monotonic()
        raw.settimeout(12)
        return raw.recv(4)[3] == 0 and raw.recv(1) == b"" and 2 < time.monotonic() - began_s < 10


def redelivered(port: int) -> bool:
    """What a client did not confirm comes again when it does."""
    name = next(NAMES)
    with begin(port, hello(name, is_clean=False)) as raw:
        first = listens_and_hears(raw, port)
    with begin(port, hello(name, is_clean=False)) as raw:
        answer = raw.recv(4)
        again = raw.recv(1000)
        return b"again" in first and answer[2] == 1 and b"again" in again and bool(again[0] & 8)


def confirmed_late(port: int) -> bool:
    """What a client confirms after a long while was told once, and does not come again."""
    name = next(NAMES)
    with begin(port, hello(name, is_clean=False)) as raw:
        first = listens_and_hears(raw, port)
        time.sleep(LATE_S)
        raw.sendall(b"\x40\x02" + id_of(first))
        time.sleep(QUIET_S)
    with begin(port, hello(name, is_clean=False)) as raw:
        raw.recv(4)
        return b"again" in first and is_quiet(raw)


def half_way(port: int) -> bool:
    """Of the best quality: what was received goes on at its second step, and comes once."""
    name = next(NAMES)
    with begin(port, hello(name, is_clean=False)) as raw:
        first = listens_and_hears(raw, port, qos=2)
        raw.sendall(b"\x50\x02" + id_of(first))
        released = raw.recv(4)
    with begin(port, hello(name, is_clean=False)) as raw:
        raw.recv(4)
        again = raw.recv(1000)
        raw.sendall(b"\x70\x02" + id_of(first))
        return released == again == b"\x62\x02" + id_of(first) and is_quiet(raw)


def taken_over(port: int) -> bool:
    """Who connects anew goes on with their session, and the old connection ends."""
    name = next(NAMES)
    with begin(port, hello(name, is_clean=False)) as old:
        old.recv(4)
        old.sendall(packet(0x82, b"\x00\x01" + text(SAID) + b"\x01"))
        old.recv(5)
        with begin(port, hello(name, is_clean=False)) as new:
            answer = new.recv(4)
            publish(port, (SAID, b"again", 1, False))
            return old.recv(1) == b"" and answer[2] == 1 and b"again" in new.recv(1000)


def subscribed_again(port: int) -> bool:
    """A subscription takes the place of an older one to the same filter."""
    with connected(port, MONITOR, next(NAMES)) as monitor:
        monitor.listen((SAID, 2))
        monitor.listen((SAID, 0))
        publish(port, (SAID, b"x", 2, False))
        return monitor.hears(1) and monitor.messages[0][2] == 0


def second_connect(port: int) -> bool:
    """A second CONNECT on one connection ends it."""
    with begin(port, hello("twice")) as raw:
        raw.recv(4)
        raw.sendall(hello("twice"))
        return raw.recv(4) == b""


def wrong_protocol(port: int) -> bool:
    """Another protocol's name ends the connection."""
    with begin(port, packet(0x10, text("hj") + b"\x04\x02\x00\x3c" + text("x"))) as raw:
        return raw.recv(4)[:1] != b"\x20"


def no_client_id(port: int) -> bool:
    """Who has no name is taken with a session of the moment, and refused with one to keep."""
    with begin(port, hello("", is_clean=False)) as raw:
        refused = raw.recv(4)
    with begin(port, hello("")) as raw:
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
    with begin(port, hello(next(NAMES))) as raw:
        raw.recv(4)
        raw.sendall(b"\xc0\x00")
        return raw.recv(2) == b"\xd0\x00"


CHECKS: tuple[Callable[[int], bool], ...] = (
    *(basic, quality, retained, queued, overlapping, will, silent, redelivered),
    *(confirmed_late, half_way, taken_over, subscribed_again),
    *(second_connect, wrong_protocol, no_client_id, subscribe_failure, dollar, ping),
)


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
