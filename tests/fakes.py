"""Stand-ins for the edges. Each keeps what it was given, so a test can look."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.codec import encode, read_delivery
from shared.messages import Message
from shared.mqtt import Delivery
from shared.topics import route_of, topic_of

SITE = "xihu"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine in the morning at the sales office."""


@dataclass(slots=True)
class FakeSent:
    """A publish that the MQTT server took, or did not."""

    is_taken: bool

    def is_confirmed(self, wait_s: float) -> bool:
        return self.is_taken


@dataclass(slots=True)
class FakeLink:
    """A Link inside one process; messages still pass through the codec."""

    waiting: list[Delivery | None] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    floods: set[str] = field(default_factory=set)
    connections: int = 1
    is_up: bool = True

    @property
    def connected_count(self) -> int:
        return self.connections if self.is_up else 0

    def send(self, message: Message) -> FakeSent:
        if self.is_up:
            topic = topic_of(message, site=SITE)
            self.sent.append(read_delivery(topic, encode(message), site=SITE))
        return FakeSent(self.is_up)

    def receive(self, wait_s: float) -> Delivery | None:
        return self.waiting.pop(0) if self.waiting else None

    def wake(self) -> None:
        """Nothing waits here."""

    def flooding(self) -> frozenset[str]:
        flooding = frozenset(self.floods)
        self.floods.clear()
        return flooding

    def deliver(self, message: Message) -> None:
        topic = topic_of(message, site=SITE)
        self.waiting.append(Delivery(topic, encode(message), route_of(message).is_retained))


@dataclass(slots=True)
class FakeClock:
    """A clock and a stopwatch that a test moves."""

    moment: datetime = NINE
    passed_s: float = 0.0

    def __call__(self) -> datetime:
        return self.moment

    def pass_s(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.passed_s += seconds

    def is_set(self, seconds: float) -> None:
        """Somebody sets the clock forward or back; no time passes."""
        self.moment += timedelta(seconds=seconds)

    def running_s(self) -> float:
        """The stopwatch."""
        return self.passed_s
