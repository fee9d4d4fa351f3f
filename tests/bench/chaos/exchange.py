"""An MQTT server inside one process: ordered for each client, some things twice, wiped at will."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from paho.mqtt.client import topic_matches_sub

from shared.codec import encode
from shared.messages import Message
from shared.mqtt import Delivery
from shared.topics import route_of, topic_of
from tests.fakes import SITE, FakeSent

TWICE = 0.05
"""QoS 1 may deliver a message twice."""


@dataclass(slots=True)
class Exchange:
    """The server: what it keeps, and who is connected."""

    chance: random.Random
    is_up: bool = True
    links: list["ExchangeLink"] = field(default_factory=list)
    retained: dict[str, bytes] = field(default_factory=dict)

    def connect(self, filters: Sequence[str]) -> "ExchangeLink":
        """A client that hears what fits ``filters``."""
        link = ExchangeLink(self, tuple(filters))
        self.links.append(link)
        if self.is_up:
            link.come_up()
        return link

    def publish(self, topic: str, payload: bytes, *, is_retained: bool) -> None:
        """Hand it to everybody who is connected and wants it."""
        if is_retained:
            self.retained[topic] = payload
        for link in self.links:
            if link.is_connected and link.wants(topic):
                link.give(Delivery(topic, payload, was_retained=False))

    def wipe(self) -> None:
        """The server dies with all that it keeps; the last of what was on its way is lost."""
        self.is_up = False
        self.retained.clear()
        for link in self.links:
            link.is_connected = False
            for _ in range(self.chance.randint(0, len(link.under_way))):
                link.under_way.pop()

    def come_up(self) -> None:
        """The server is there again, and knows nothing; each client finds it in its own time."""
        self.is_up = True

    def turn(self) -> None:
        """Some of those who lost their connection find the server again."""
        for link in self.links:
            if self.is_up and not link.is_connected and self.chance.random() < 0.5:
                link.come_up()


@dataclass(slots=True, eq=False)
class ExchangeLink:
    """One client's end, as `shared.mqtt.Link`."""

    exchange: Exchange
    filters: tuple[str, ...]
    is_connected: bool = False
    connections: int = 0
    under_way: deque[Delivery] = field(default_factory=deque)

    @property
    def connected_count(self) -> int:
        return self.connections if self.is_connected else 0

    def send(self, message: Message) -> FakeSent:
        if self.is_connected:
            topic, route = topic_of(message, site=SITE), route_of(message)
            self.exchange.publish(topic, encode(message), is_retained=route.is_retained)
        return FakeSent(self.is_connected)

    def receive(self, wait_s: float) -> Delivery | None:
        return self.under_way.popleft() if self.under_way else None

    def wake(self) -> None:
        """Nothing waits here."""

    def flooding(self) -> frozenset[str]:
        """Nobody floods it."""
        return frozenset()

    def wants(self, topic: str) -> bool:
        return any(topic_matches_sub(pattern, topic) for pattern in self.filters)

    def give(self, delivery: Delivery) -> None:
        again = self.exchange.chance.random() < TWICE
        self.under_way.extend((delivery, delivery) if again else (delivery,))

    def come_up(self) -> None:
        self.is_connected = True
        self.connections += 1
        for topic, payload in self.exchange.retained.items():
            if self.wants(topic):
                self.under_way.append(Delivery(topic, payload, was_retained=True))

    def leave(self) -> None:
        """Its program has ended."""
        self.is_connected = False
        self.exchange.links.remove(self)
