"""What a gate or tablet keeps after the hub's receipt, and sends again to a restored hub."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.clock import now
from shared.courier import Courier
from shared.edge_outbox import KEPT_FOR, EdgeOutbox
from shared.messages import Arrival, NodeKind, NodeState, NodeStatus, Receipt
from shared.node import Node
from shared.outbox import open_database
from tests.fakes import NINE, SITE, FakeLink
from tests.samples import arrival


@pytest.fixture
def outbox(tmp_path: Path) -> EdgeOutbox:
    return EdgeOutbox(open_database(tmp_path / "gate.sqlite3"))


def filled(outbox: EdgeOutbox, numbers: range, confirmed_at: datetime | None = NINE) -> None:
    for number in numbers:
        outbox.put(arrival(number=number))
    if confirmed_at:
        outbox.confirm([f"a-{number}" for number in numbers], confirmed_at)


def waiting(outbox: EdgeOutbox) -> list[str]:
    messages = (each.message for each in outbox.waiting(1000))
    return [each.arrival_id for each in messages if isinstance(each, Arrival)]


def test_what_the_hub_had_comes_again_before_what_waits_in_the_old_order(
    outbox: EdgeOutbox,
) -> None:
    filled(outbox, range(1, 6))
    filled(outbox, range(6, 8), None)
    assert waiting(outbox) == ["a-6", "a-7"]
    assert outbox.send_again("r-1") == 5
    assert waiting(outbox) == [f"a-{number}" for number in range(1, 8)]


def test_the_same_restore_asks_only_once_also_after_a_restart(
    outbox: EdgeOutbox, tmp_path: Path
) -> None:
    filled(outbox, range(1, 4))
    assert outbox.send_again(None) == 0
    assert outbox.send_again("r-1") == 3
    outbox.confirm(waiting(outbox), NINE)
    again = EdgeOutbox(open_database(tmp_path / "gate.sqlite3"))
    assert again.send_again("r-1") == 0
    assert again.send_again("r-2") == 3


def test_it_is_kept_a_week_and_never_more_than_so_many(
    outbox: EdgeOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(outbox, range(1, 3))
    filled(outbox, range(3, 5), NINE + KEPT_FOR + timedelta(seconds=1))
    assert outbox.send_again("r-1") == 2
    monkeypatch.setattr("shared.edge_outbox.KEPT", 10)
    filled(outbox, range(10, 40))
    assert outbox.send_again("r-2") == 10


def test_a_restored_hub_s_first_word_makes_the_gate_send_again(outbox: EdgeOutbox) -> None:
    link = FakeLink()
    courier = Courier(Node(SITE, "north", NodeKind.GATE, "1"), link, outbox, lambda _: None)
    courier.post(arrival(number=1))
    link.deliver(hub_says(None))
    courier.step(0)
    link.deliver(Receipt(node_id="north", ids=("a-1",), stored_at=NINE))
    courier.step(0)
    link.deliver(hub_says(None, NodeState.OFFLINE))
    courier.step(0)
    assert waiting(outbox) == []
    link.deliver(hub_says("r-1"))
    link.deliver(hub_says("r-1", NodeState.OFFLINE))
    courier.step(0)
    courier.step(0)
    assert len([each for each in link.sent if isinstance(each, Arrival)]) == 2
    link.deliver(Receipt(node_id="north", ids=("a-1",), stored_at=NINE))
    courier.step(0)
    assert waiting(outbox) == []


def hub_says(restore_id: str | None, state: NodeState = NodeState.ONLINE) -> NodeStatus:
    told = None if state is NodeState.OFFLINE else restore_id
    return NodeStatus(node_id="hub", kind=NodeKind.HUB, state=state, at=NINE, restore_id=told)


def test_what_was_confirmed_long_ago_goes_though_nothing_new_is_confirmed(
    outbox: EdgeOutbox,
) -> None:
    filled(outbox, range(1, 4))
    outbox.forget_old(NINE + KEPT_FOR - timedelta(seconds=1))
    assert outbox.send_again("r-1") == 3
    outbox.confirm(["a-1", "a-2", "a-3"], NINE)
    outbox.forget_old(NINE + KEPT_FOR + timedelta(seconds=1))
    assert outbox.send_again("r-2") == 0


def test_whom_the_hub_erased_is_not_sent_again(outbox: EdgeOutbox) -> None:
    filled(outbox, range(1, 4), now())
    filled(outbox, range(4, 5), None)
    link = FakeLink()
    courier = Courier(Node(SITE, "north", NodeKind.GATE, "test"), link, outbox, lambda _: None)
    link.deliver(Receipt(node_id="north", ids=(), stored_at=NINE, erased=("a-2", "a-4")))
    link.waiting.append(None)
    courier.step(0.0)
    assert outbox.send_again("r-1") == 2
    assert waiting(outbox) == ["a-1", "a-3"]
