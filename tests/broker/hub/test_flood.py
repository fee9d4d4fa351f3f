"""One sender's flood holds nobody else up."""

from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.loop import BATCH, HubLoop
from shared.codec import encode
from shared.fair_queue import FairQueue
from shared.messages import Alert, Assignment, CheckIn, Message, NodeKind
from shared.mqtt import INBOX_SIZE, Delivery
from shared.node import Node
from shared.topics import sender_of, topic_of
from tests.fakes import NINE, SITE, FakeClock, FakeLink
from tests.samples import NATURAL

FLOOD = 1_500


@dataclass(slots=True)
class FairLink(FakeLink):
    """A link with the inbox of the real one."""

    inbox: FairQueue[Delivery] = field(default_factory=lambda: FairQueue(INBOX_SIZE))

    def receive(self, wait_s: float) -> Delivery | None:
        return self.inbox.take(0)

    def flooding(self) -> frozenset[str]:
        return self.inbox.flooding()

    def deliver(self, message: Message) -> None:
        topic = topic_of(message, site=SITE)
        self.inbox.put(sender_of(topic), Delivery(topic, encode(message), was_retained=False))


def check_in(kiosk_id: str, number: int) -> CheckIn:
    name = f"{kiosk_id}-{number}"
    return replace(NATURAL, check_in_id=name, kiosk_id=kiosk_id, seq=number, sent_at=NINE)


@pytest.fixture
def link() -> FairLink:
    return FairLink()


@pytest.fixture
def service(hub: Hub, link: FairLink) -> HubLoop:
    return HubLoop(hub, link, Node(SITE, "hub", NodeKind.HUB, "0.1.0"))


def assigned(link: FairLink) -> list[str]:
    return [told.check_in_id for told in link.sent if isinstance(told, Assignment)]


def test_a_visitor_at_another_tablet_waits_for_one_turn_of_the_loop(
    service: HubLoop, link: FairLink
) -> None:
    for number in range(FLOOD):
        link.deliver(check_in("lobby", number))
    link.deliver(check_in("hall", 1))
    service.step(0)
    assert "hall-1" in assigned(link)
    assert len(assigned(link)) <= BATCH


def test_the_manager_hears_of_a_flood_once_a_day(
    hub: Hub, service: HubLoop, link: FairLink, clock: FakeClock
) -> None:
    heard = []
    for hours in (0, 1, 25):
        clock.moment = NINE
        clock.pass_s(3600 * hours)
        for number in range(INBOX_SIZE + 1):
            link.deliver(replace(NATURAL, check_in_id=f"c-{number}", sent_at=NINE))
        service.step(0)
        heard.append(sum(isinstance(m, Alert) and "lobby" in m.text for m in link.sent))
        while link.receive(0):  # this test does not wait for all of them
            pass
    assert heard == [1, 1, 2]
