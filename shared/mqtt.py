"""The link to the MQTT server. The only module that imports paho."""

import logging
import socket
import ssl
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol

from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from shared import way
from shared.clock import running_s
from shared.codec import PROBE, encode
from shared.config import MqttSettings
from shared.fair_queue import FairQueue, Pace
from shared.messages import Message, NodeState
from shared.node import Node
from shared.topics import Party, filters_for, route_of, sender_of, topic_of
from shared.trust import time_trouble, trusting, why_not_trusted
from shared.words import Sentence

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 10
GOODBYE_S = 0.5
UNANSWERED_S = 15.0
"""After so long without the server's answer another message is timed."""
INBOX_SIZE = 500
"""How many deliveries of one sender may wait for the main loop: five times what a program of ours
sends without a receipt. More are dropped: senders keep theirs until one comes."""
PACES = {
    "gate": Pace(200, 30.0),
    "kiosk": Pace(200, 30.0),
    "staff": Pace(100, 5.0),
    "correction": Pace(100, 5.0),
}
"""By the kind of sender, far above what anybody has to say: programs bring a day's messages home in
minutes, people tap. An account that goes wild leaves the hub time for the others."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came in, not decoded yet: that can fail, which is for the main loop to handle."""

    topic: str
    payload: bytes
    was_retained: bool
    heard_at_s: float = field(default=0.0, compare=False)
    """By ``running_s``."""


class Sent(Protocol):
    """A message that was handed over for sending."""

    def is_confirmed(self, wait_s: float) -> bool:
        """Whether the MQTT server has taken it; waits up to ``wait_s`` seconds."""


class Link(Protocol):
    """What the programs need from messaging."""

    @property
    def connected_count(self) -> int:
        """How often a connection was made; 0 or less while there is none."""

    def send(self, message: Message) -> Sent:
        """Hand ``message`` over for sending."""

    def receive(self, wait_s: float) -> Delivery | None:
        """The next delivery; None when ``wait_s`` seconds pass without one, or on ``wake``."""

    def wake(self) -> None:
        """Let a waiting ``receive`` return."""

    def flooding(self) -> frozenset[str]:
        """Who sent more than may wait since this was last asked, as ``sender_of`` names them."""


class _Sent:
    """A publish that paho has under way."""

    def __init__(self, info: MQTTMessageInfo) -> None:
        self._info = info

    def is_confirmed(self, wait_s: float) -> bool:
        """See Sent. paho raises for a publish that was never queued."""
        try:
            self._info.wait_for_publish(wait_s)
            return self._info.is_published()
        except (RuntimeError, ValueError):
            return False


def pace_of(sender: str) -> Pace | None:
    """How fast this sender's are taken, as ``sender_of`` names them; None: as they come."""
    return PACES.get(sender.partition("/")[0])


def _send_at_once(_client: Client, _data: object, connection: Any) -> None:
    """Send small packets without delay: otherwise an alert after a receipt is 40 ms late."""
    if isinstance(connection, socket.socket):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class _Handshake(ssl.SSLSocket):
    """paho leaves a connection open whose handshake failed, until it is collected."""

    def do_handshake(self, block: bool = False) -> None:
        """See ssl."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


class MqttLink:
    """A Link over paho-mqtt.

    The session is clean, and a delivery counts as taken when it is in memory: what must not be lost
    waits in its sender's outbox for a ``Receipt``, so the MQTT server needs to remember nothing.
    """

    def __init__(
        self, settings: MqttSettings, node: Node, wanted: Collection[type[Message]]
    ) -> None:
        self._settings, self._node = settings, node
        if settings.says_way:
            way.say()
        filters = filters_for(wanted, site=node.site, own=node.own_names, reader=Party(node.kind))
        self._filters = [(name, 1) for name in filters]
        self._inbox: FairQueue[Delivery] = FairQueue(INBOX_SIZE, pace_of)
        self._connections = 0
        self._is_up = threading.Event()
        self._timed: tuple[int, float] | None = None
        """The message whose answer is awaited, and when it was sent."""
        self._round_trip_s: float | None = None
        client_id = settings.client_id or node.client_id
        self._client = Client(CallbackAPIVersion.VERSION2, client_id, clean_session=True)
        self._client.username_pw_set(settings.username, settings.password)
        self._client.reconnect_delay_set(min_delay=1, max_delay=5)
        self._client.on_socket_open = _send_at_once
        if settings.tls:
            context = trusting(settings.ca_file)
            context.sslsocket_class = _Handshake
            self._client.tls_set_context(context)
        self._trouble: Sentence | None = None
        """What was last said of the server's certificate, so that it is said once."""
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish

    def start(self) -> None:
        """Connect in the background, and again whenever the server comes back."""
        last_will = self._node.status(NodeState.OFFLINE)
        topic = topic_of(last_will, site=self._node.site)
        self._client.will_set(topic, encode(last_will), qos=1, retain=True)
        self._client.connect_async(self._settings.host, self._settings.port, KEEP_ALIVE_S)
        self._client.loop_start()

    def stop(self) -> None:
        """Say that we are offline and end the background thread."""
        if self._is_up.is_set():  # a thread that is still connecting would delay us for seconds
            self.send(self._node.status(NodeState.OFFLINE)).is_confirmed(GOODBYE_S)
            self._client.disconnect()
            self._client.loop_stop()
        else:
            self._client.disconnect()  # its thread ends at its next turn
        # The client and we refer to each other: without this its socket stays open for long.
        self._client.on_connect = self._client.on_disconnect = None
        self._client.on_connect_fail = None
        self._client.on_message = self._client.on_publish = None

    @property
    def connected_count(self) -> int:
        """See Link."""
        return self._connections if self._is_up.is_set() else 0

    def round_trip_ms(self) -> int | None:
        """How long the server last took to confirm a message; None: not connected, or not yet."""
        seconds = self._round_trip_s if self._is_up.is_set() else None
        return None if seconds is None else round(seconds * 1000)

    def send(self, message: Message) -> _Sent:
        """See Link."""
        topic, route = topic_of(message, site=self._node.site), route_of(message)
        sent_s, timed = time.monotonic(), self._timed
        info = self._client.publish(topic, encode(message), qos=1, retain=route.is_retained)
        if timed is None or sent_s - timed[1] > UNANSWERED_S:
            self._timed = info.mid, sent_s
        return _Sent(info)

    def receive(self, wait_s: float) -> Delivery | None:
        """See Link."""
        return self._inbox.take(wait_s)

    def wake(self) -> None:
        """See Link."""
        self._inbox.wake()

    def flooding(self) -> frozenset[str]:
        """See Link."""
        return self._inbox.flooding()

    # The callbacks run on paho's thread, where an exception would end it: they only note and queue.

    def _on_connect(
        self, client: Client, _data: object, _flags: object, reason: Any, _p: Any
    ) -> None:
        if reason.is_failure:
            log.warning("the MQTT server refused %s: %s", self._settings.username, reason)
            return
        if self._filters:
            client.subscribe(self._filters)
        self._connections += 1
        self._is_up.set()
        log.info("connected to the MQTT server as %s", self._settings.username)
        connection = client.socket()
        if isinstance(connection, ssl.SSLSocket):
            self._tell(time_trouble(connection.getpeercert() or {}, self._node.clock()))
        self.wake()

    def _on_connect_fail(self, _client: Client, _data: object) -> None:
        """paho calls this while it handles the exception, which it does not hand over."""
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            self._tell(why_not_trusted(error, self._settings.host, self._settings.port))

    def _tell(self, trouble: Sentence | None) -> None:
        if trouble is not None and trouble != self._trouble:
            log.warning("the MQTT server's certificate: %s", trouble)
        self._trouble = trouble

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: object, reason: Any, _p: Any
    ) -> None:
        if self._is_up.is_set():
            log.warning("the MQTT server is away: %s", reason)
        self._is_up.clear()
        self._timed = self._round_trip_s = None

    def _on_publish(
        self, _client: Client, _data: object, mid: int, _reason: Any, _properties: Any
    ) -> None:
        timed = self._timed
        if timed is not None and timed[0] == mid:
            self._timed, self._round_trip_s = None, time.monotonic() - timed[1]

    def _on_message(self, _client: Client, _data: object, raw: MQTTMessage) -> None:
        if raw.payload.startswith(PROBE):
            return  # a test message of the doctor
        delivery = Delivery(raw.topic, bytes(raw.payload), raw.retain, running_s())
        self._inbox.put(sender_of(raw.topic), delivery)
