"""The network of one round: a lossy MQTT server between the hub's link and simulated phones."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from msgspec.structs import replace

from shared.codec import encode, read_delivery
from shared.messages import (
    Ack,
    Alert,
    AlertClosed,
    Message,
    NodeKind,
    NodeState,
    NodeStatus,
    StaffReport,
)
from shared.mqtt import Delivery
from shared.topics import route_of, topic_of
from tests.fakes import SITE, FakeClock, FakeSent
from tests.phone_page import PhonePage

HEARTBEAT_S = 10
KEEP_ALIVE_S = 15
"""The server drops a phone after this many seconds without a sign, and publishes its will."""
TWICE = 0.1
"""QoS 1 may deliver a message twice."""


@dataclass(slots=True)
class Phone:
    """A phone: its page, its connection, and the messages on their way to it."""

    page: PhonePage
    clock: FakeClock
    skew_s: float = 0.0
    is_connected: bool = False
    is_frozen: bool = False
    frozen_for_s: int = 0
    woken_for_s: int = 100
    inbox: deque[tuple[int, Message]] = field(default_factory=deque)
    connected_for_s: int = 0

    def status(self, state: NodeState) -> NodeStatus:
        """The status that the phone sends; its clock may be wrong."""
        now = self.clock.moment
        return NodeStatus(
            node_id=self.page.staff_id,
            kind=NodeKind.STAFF,
            state=state,
            at=now + timedelta(seconds=self.skew_s),
            connected_at=now - timedelta(seconds=self.connected_for_s),
            device_id=self.page.device_id,
        )


@dataclass(slots=True)
class Air:
    """The MQTT server: delivers late, twice, or not at all, but to each client in order."""

    chance: random.Random
    clock: FakeClock
    phones: list[Phone]
    is_up: bool = True
    tick: int = 0
    to_hub: deque[tuple[int, bytes, str, bool]] = field(default_factory=deque)
    retained: dict[str, bytes] = field(default_factory=dict)
    connections: int = 0
    is_hub_there: bool = False
    rang: Callable[[Phone, Alert], None] = lambda _phone, _alert: None

    def from_hub(self, message: Message) -> bool:
        """Hand a message of the hub's to every phone that listens; False: the server is away."""
        if not self.is_up:
            return False
        topic = topic_of(message, site=SITE)
        copy = read_delivery(topic, encode(message), site=SITE)
        for phone in self.phones:
            if phone.is_connected:
                for _ in range(1 + (self.chance.random() < TWICE)):
                    phone.inbox.append((self._due(), copy))
        return True

    def from_phone(self, phone: Phone, message: Message) -> None:
        """Hand a phone's message to the hub, if both are there."""
        if not phone.is_connected or not self.is_up:
            return
        self.publish(message)

    def publish(self, message: Message) -> None:
        """Hand ``message`` to the server, which hands it to the hub."""
        topic, body = topic_of(message, site=SITE), encode(message)
        if route_of(message).is_retained:
            self.retained[topic] = body
        if self.is_hub_there:
            for _ in range(1 + (self.chance.random() < TWICE)):
                self.to_hub.append((self._due(), body, topic, False))

    def _due(self) -> int:
        return self.tick + self.chance.choice((0, 0, 0, 1))

    def hub_connects(self) -> None:
        """The hub subscribes: it hears what is retained."""
        self.is_hub_there = True
        self.connections += 1
        self.to_hub = deque((self.tick, body, topic, True) for topic, body in self.retained.items())

    def connect(self, phone: Phone) -> None:
        """A phone connects again: it says so, and sends unanswered messages again."""
        if phone.is_connected or not self.is_up:
            return
        phone.is_connected, phone.is_frozen, phone.connected_for_s = True, False, 0
        phone.inbox.clear()
        phone.page.connect(self.clock.moment)
        self.from_phone(phone, phone.status(NodeState.ONLINE))
        for ack in phone.page.pending.values():
            self.from_phone(phone, ack)

    def disconnect(self, phone: Phone, *, has_will: bool = True) -> None:
        """The server has lost a phone; its last will may fail too."""
        if phone.is_connected and has_will and self.is_up:
            self.publish(phone.status(NodeState.OFFLINE))
        phone.is_connected = False
        phone.inbox.clear()
        phone.page.lose_connection()

    def go_down(self) -> None:
        """The server is killed: nothing is delivered, no will is published, nothing is kept."""
        self.is_up = False
        self.to_hub.clear()
        self.retained.clear()
        for phone in self.phones:
            self.disconnect(phone, has_will=False)

    def come_up(self) -> None:
        """The server is there again; who lives connects."""
        self.is_up = True
        self.hub_connects()

    def pass_second(self) -> None:
        """Phones hear, beat, and are dropped when they are frozen for long."""
        self.tick += 1
        for phone in self.phones:
            phone.connected_for_s += 1
            if phone.is_frozen:
                phone.frozen_for_s += 1
                if phone.frozen_for_s == KEEP_ALIVE_S and phone.is_connected:
                    self.disconnect(phone, has_will=self.chance.random() < 0.7)
                continue
            phone.woken_for_s += 1
            self._hear(phone)
            phone.page.pass_time(self.clock.moment)
            if phone.is_connected and phone.connected_for_s % HEARTBEAT_S == 2:
                self.from_phone(phone, phone.status(NodeState.ONLINE))
            if phone.is_connected and phone.connected_for_s % 3 == 0:
                for ack in phone.page.pending.values():
                    self.from_phone(phone, ack)

    def _hear(self, phone: Phone) -> None:
        while phone.inbox and phone.inbox[0][0] <= self.tick:
            _, message = phone.inbox.popleft()
            if isinstance(message, AlertClosed):
                phone.page.close(message)
            elif isinstance(message, Alert) and phone.page.receive(message, self.clock.moment):
                self.rang(phone, message)

    def tell(self, phone: Phone, message: Ack | StaffReport) -> None:
        """A person taps; the moment of an ack is by the phone's clock, which may be wrong."""
        if isinstance(message, Ack):
            skewed = message.acked_at + timedelta(seconds=phone.skew_s)
            message = replace(message, acked_at=skewed)
        self.from_phone(phone, message)


@dataclass(slots=True)
class AirLink:
    """The hub's end of the network."""

    air: Air

    @property
    def connected_count(self) -> int:
        return self.air.connections if self.air.is_up else 0

    def send(self, message: Message) -> FakeSent:
        return FakeSent(self.air.from_hub(message))

    def receive(self, wait_s: float) -> Delivery | None:
        if not self.air.to_hub or self.air.to_hub[0][0] > self.air.tick:
            return None
        _, body, topic, was_retained = self.air.to_hub.popleft()
        return Delivery(topic, body, was_retained)

    def wake(self) -> None:
        """Nothing waits here."""

    def flooding(self) -> frozenset[str]:
        """Nobody floods the air."""
        return frozenset()
