from pathlib import Path

import pytest
from msgspec.structs import replace

from shared.courier import LOST, RESEND_AFTER_S, WINDOW, Courier
from shared.edge_outbox import EdgeOutbox
from shared.errors import MessageError
from shared.messages import (
    Arrival,
    Message,
    NodeKind,
    NodeStatus,
    Receipt,
    Roster,
    RosterEntry,
    Say,
)
from shared.mqtt import Delivery
from shared.node import Node
from shared.outbox import open_database
from tests.fakes import NINE, SITE, FakeClock, FakeLink
from tests.samples import arrival

GATE = Node(SITE, "north", NodeKind.GATE, "0.1.0")


@pytest.fixture
def outbox(tmp_path: Path) -> EdgeOutbox:
    return EdgeOutbox(open_database(tmp_path / "gate.sqlite3"))


class Carried:
    """A courier, its link, and the messages that it handed to the program."""

    def __init__(self, outbox: EdgeOutbox, monkeypatch: pytest.MonkeyPatch) -> None:
        self.link, self.handed, self.moment_s = FakeLink(), list[Message](), 1000.0
        self.courier = Courier(GATE, self.link, outbox, self.handed.append)
        monkeypatch.setattr("shared.courier.time.monotonic", lambda: self.moment_s)

    def hub_answers(self, *ids: str) -> None:
        self.link.deliver(Receipt(node_id="north", ids=ids or ("a-before",), stored_at=NINE))
        self.courier.step(0)

    def arrivals_sent(self) -> list[str]:
        return [message.arrival_id for message in self.link.sent if isinstance(message, Arrival)]


@pytest.fixture
def carried(outbox: EdgeOutbox, monkeypatch: pytest.MonkeyPatch) -> Carried:
    return Carried(outbox, monkeypatch)


def test_a_message_stays_until_the_hub_s_receipt(carried: Carried, outbox: EdgeOutbox) -> None:
    carried.courier.post(arrival(number=1))
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-1"]
    assert outbox.depth() == 1
    carried.link.deliver(Receipt(node_id="north", ids=("a-1",), stored_at=NINE))
    carried.courier.step(0)
    assert outbox.depth() == 0


def test_without_a_receipt_it_is_sent_again_after_a_while(carried: Carried) -> None:
    carried.courier.post(arrival(number=1))
    for seconds in (0, 1, RESEND_AFTER_S):
        carried.moment_s = 1000.0 + seconds
        carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-1", "a-1"]


def test_each_try_says_anew_when_it_was_sent(
    carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr("shared.courier.now", clock)
    monkeypatch.setattr("shared.courier.running_s", clock.running_s)
    carried.courier.post(arrival(number=1))
    for seconds in (0, 60):
        clock.pass_s(seconds)
        carried.moment_s += seconds
        carried.courier.step(0)
    sent = [message for message in carried.link.sent if isinstance(message, Arrival)]
    assert [(each.sent_at - NINE).total_seconds() for each in sent] == [0, 60]
    assert {each.seen_at for each in sent} == {NINE}


def test_a_message_goes_at_once_though_the_hub_has_no_receipt_for_one_before_it(
    carried: Carried,
) -> None:
    carried.hub_answers()
    for number in (1, 2):
        carried.courier.post(arrival(number=number))
    carried.courier.step(0)
    carried.hub_answers("a-2")
    carried.courier.post(arrival(number=3))  # takes the row number that a-2 had
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-1", "a-2", "a-1", "a-3"]


def test_a_hub_that_comes_back_hears_the_older_message_first(carried: Carried) -> None:
    carried.courier.post(arrival(number=1))
    carried.courier.step(0)
    carried.courier.post(arrival(number=2))
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-1"]
    carried.moment_s += RESEND_AFTER_S
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-1", "a-1", "a-2"]


def test_a_new_connection_sends_everything_again_in_order(carried: Carried) -> None:
    carried.hub_answers()
    for number in range(3):
        carried.courier.post(arrival(number=number))
    carried.courier.step(0)
    carried.link.connections += 1
    carried.courier.step(0)
    carried.hub_answers("a-0")
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-0", "a-1", "a-2", "a-0", "a-1", "a-2"]


def test_a_hub_that_does_not_answer_to_one_message_gets_the_others_all_the_same(
    carried: Carried,
) -> None:
    for number in range(3):
        carried.courier.post(arrival(number=number))
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-0"]
    carried.moment_s += RESEND_AFTER_S
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-0", "a-0", "a-1", "a-2"]


def test_while_the_server_is_away_nothing_is_lost(carried: Carried, outbox: EdgeOutbox) -> None:
    carried.link.is_up = False
    carried.courier.post(arrival(number=1))
    carried.courier.say(Say(role="gate", text="浙A12345 到访"))
    carried.courier.step(0)
    assert (carried.link.sent, outbox.depth()) == ([], 1)


def test_no_more_than_a_window_is_under_way(carried: Carried) -> None:
    carried.hub_answers()
    for number in range(WINDOW + 5):
        carried.courier.post(arrival(number=number))
    carried.courier.step(0)
    assert len(carried.arrivals_sent()) == WINDOW


def test_what_waits_survives_a_restart(tmp_path: Path, outbox: EdgeOutbox) -> None:
    outbox.put(arrival(number=1))
    again = EdgeOutbox(open_database(tmp_path / "gate.sqlite3"))
    assert [waiting.message for waiting in again.waiting(10)] == [arrival(number=1)]


def test_a_commit_is_on_the_disk_when_put_returns(tmp_path: Path) -> None:
    db = open_database(tmp_path / "gate.sqlite3")
    assert [next(db.query(f"pragma {name}")) for name in ("synchronous", "journal_mode")] == [
        {"synchronous": 2},  # FULL
        {"journal_mode": "wal"},
    ]


def test_the_node_tells_that_it_lives_and_what_is_wrong(carried: Carried) -> None:
    carried.courier.problem = "camera_offline"
    carried.courier.step(0)
    status = carried.link.sent[0]
    assert isinstance(status, NodeStatus)
    assert (status.node_id, status.problem) == ("north", "camera_offline")
    carried.courier.problem = None
    carried.courier.step(0)
    assert isinstance(carried.link.sent[-1], NodeStatus)
    assert carried.link.sent[-1].problem is None


def damage(folder: Path, change: str) -> None:
    db = open_database(folder / "gate.sqlite3")
    with db.atomic():
        db.conn.execute(f"update outbox set {change} where id = 'a-1'")


@pytest.mark.parametrize(
    "change",
    ["body = '{'", "body = null", "body = x'ff'", "type = 'Rumour'", "type = 'Say', body = '{}'"],
)
def test_a_message_that_cannot_be_read_is_set_aside_and_the_next_is_sent(
    carried: Carried, outbox: EdgeOutbox, tmp_path: Path, change: str
) -> None:
    for number in (1, 2):
        carried.courier.post(arrival(number=number))
    damage(tmp_path, change)
    carried.courier.step(0)
    assert carried.arrivals_sent() == ["a-2"]
    assert outbox.depth() == 1
    (lost,) = outbox.unreadable()
    assert lost.problem


def test_the_node_tells_that_a_message_is_lost(carried: Carried, tmp_path: Path) -> None:
    carried.courier.post(arrival(number=1))
    damage(tmp_path, "body = '{'")
    for _ in range(2):
        carried.courier.step(0)
    problems = [status.problem for status in carried.link.sent if isinstance(status, NodeStatus)]
    assert problems == [None, LOST]


@pytest.mark.parametrize(
    "message",
    [
        replace(arrival(), raw_plate="浙" * 501),
        replace(arrival(), confidence=1.0000001),
        replace(arrival(), seq=2**70),
        replace(arrival(), image_id="\ud800"),
        Say(text="to nobody"),
        Roster(
            consultants=tuple(
                RosterEntry(consultant_id=f"c{number}", name="\0" * 500) for number in range(40)
            ),
            sent_at=NINE,
        ),
    ],
    ids=[
        "too long",
        "a ratio over 1",
        "a huge number",
        "half a character",
        "no topic",
        "too large",
    ],
)
def test_what_could_not_be_read_or_sent_again_is_not_kept(
    outbox: EdgeOutbox, message: Message
) -> None:
    with pytest.raises(MessageError):
        outbox.put(message)
    assert outbox.depth() == 0


def test_other_messages_are_handed_on_and_bad_ones_set_aside(carried: Carried) -> None:
    roster = Roster(consultants=(), sent_at=NINE)
    carried.link.deliver(roster)
    carried.link.waiting.insert(0, Delivery("nonsense", b"{", was_retained=False))
    carried.courier.step(0)
    assert carried.handed == [roster]
