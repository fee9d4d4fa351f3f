"""Many real MQTT clients in one thread: a selector reads them, a clock makes them act."""

import heapq
import itertools
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from broker.mqtt_server.accounts import Account
from shared.codec import encode, read_delivery
from shared.messages import Message
from shared.topics import route_of, topic_of
from tests.fakes import SITE

MISC_EVERY_S = 1.0
KNOCK_AGAIN_S = 0.5


@dataclass(slots=True)
class Crowd:
    """Connects clients, sends and hears for them, and does what was planned when it is due."""

    port: int
    clients: dict[str, Client] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _plan: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: Any = field(default_factory=itertools.count)
    _ready: set[str] = field(default_factory=set)
    on_up: Callable[[str], None] = lambda _name: None
    on_down: Callable[[str], None] = lambda _name: None

    def join(self, account: Account, filters: list[str], hear: Callable[[Message], None]) -> None:
        """Connect as ``account`` and subscribe; ``hear`` takes every message that comes."""
        name = account.username
        client = Client(CallbackAPIVersion.VERSION2, account.client_id, clean_session=True)
        client.username_pw_set(account.username, account.password)

        def on_message(_client: Client, _data: object, raw: MQTTMessage) -> None:
            hear(read_delivery(raw.topic, bytes(raw.payload), site=SITE))

        def on_connect(*_: object) -> None:
            client.subscribe([(pattern, 1) for pattern in filters])

        def on_subscribe(*_: object) -> None:
            self._ready.add(name)
            self.on_up(name)

        client.on_message = on_message
        client.on_connect = on_connect
        client.on_subscribe = on_subscribe
        client.connect("127.0.0.1", self.port, keepalive=30)
        self.clients[name] = client
        self._watch(name)

    def are_ready(self, *, within_s: float) -> bool:
        """Whether everybody is connected and has subscribed."""
        give_up_at = time.monotonic() + within_s
        while len(self._ready) < len(self.clients) and time.monotonic() < give_up_at:
            self._turn()
        return len(self._ready) == len(self.clients)

    def send(self, name: str, message: Message) -> None:
        """Publish as this client, now."""
        topic = topic_of(message, site=SITE)
        self.clients[name].publish(
            topic, encode(message), qos=1, retain=route_of(message).is_retained
        )

    def later(self, wait_s: float, action: Callable[[], None]) -> None:
        """Do ``action`` in so many seconds."""
        heapq.heappush(self._plan, (time.monotonic() + wait_s, next(self._count), action))

    def run(self, seconds: float) -> None:
        """Let everybody act for so long."""
        end, misc_at = time.monotonic() + seconds, 0.0
        while (now := time.monotonic()) < end:
            while self._plan and self._plan[0][0] <= now:
                heapq.heappop(self._plan)[2]()
            if now >= misc_at:
                misc_at = now + MISC_EVERY_S
                for client in self.clients.values():
                    client.loop_misc()
            self._turn()

    def _watch(self, name: str) -> None:
        connection = self.clients[name].socket()
        if connection is not None:
            self._selector.register(connection, selectors.EVENT_READ, name)

    def _lose(self, name: str) -> None:
        """The server is gone: knock again until it is there."""
        self._ready.discard(name)
        self.on_down(name)
        self.later(KNOCK_AGAIN_S, lambda: self._knock(name))

    def _knock(self, name: str) -> None:
        try:
            self.clients[name].reconnect()
        except OSError:
            self.later(KNOCK_AGAIN_S, lambda: self._knock(name))
            return
        self._watch(name)

    def leave(self) -> None:
        """Disconnect everybody."""
        for client in self.clients.values():
            client.disconnect()
            client.loop_write()
        self._selector.close()

    def _turn(self) -> None:
        wait_s = 0.02
        if self._plan:
            wait_s = min(wait_s, max(0.0, self._plan[0][0] - time.monotonic()))
        for key, _ in self._selector.select(wait_s):
            if self.clients[key.data].loop_read(100) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._selector.unregister(key.fileobj)
                self._lose(key.data)
        for client in self.clients.values():
            if client.want_write():
                client.loop_write()
