"""How long a message waited in its sender's outbox, when somebody sets the clock meanwhile."""

from datetime import timedelta

import pytest
from sqlite_utils import Database

from shared import courier as courier_module
from shared.clock import Steady
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.messages import Arrival, NodeKind
from shared.node import Node
from tests.fakes import SITE, FakeClock, FakeLink
from tests.samples import arrival

WAITED_S = 3.0


@pytest.mark.parametrize("set_by_s", [0.0, 3600.0, -3600.0, 31_536_000.0])
def test_a_message_seems_to_have_waited_as_long_as_it_did(
    set_by_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, link = FakeClock(), FakeLink()
    monkeypatch.setattr(courier_module, "now", clock)
    monkeypatch.setattr(courier_module, "running_s", clock.running_s)
    node = Node(SITE, "north", NodeKind.GATE, "test")
    courier = Courier(node, link, EdgeOutbox(Database(memory=True)), lambda _message: None)
    courier.post(arrival(seen_at=clock()))
    clock.pass_s(WAITED_S)
    clock.is_set(set_by_s)
    courier.step(0.0)
    (sent,) = (message for message in link.sent if isinstance(message, Arrival))
    assert sent.sent_at - sent.seen_at == timedelta(seconds=WAITED_S)


def test_a_steady_clock_is_not_set_and_tells_its_moments_by_the_other() -> None:
    clock = FakeClock()
    steady, began_at = Steady(clock, clock.running_s), clock()
    clock.pass_s(5)
    clock.is_set(3600)
    assert steady() - began_at == timedelta(seconds=5)
    assert steady.told(steady()) == clock()
