import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

import broker.handlers.table
from broker.handlers.context import Hub
from broker.handlers.table import HANDLERS
from broker.hub.loop import GROUPS_AT_ONCE, HubLoop
from shared.codec import encode
from shared.messages import (
    Alert,
    Arrival,
    Message,
    Receipt,
    Say,
)
from shared.mqtt import Delivery
from shared.sealed_file import sqlite3
from shared.topics import topic_of
from tests.fakes import SITE, FakeClock, FakeLink
from tests.samples import arrival, departure

TOPIC = topic_of(arrival(), site=SITE)


def receipts(link: FakeLink) -> list[tuple[str, tuple[str, ...]]]:
    return [(message.node_id, message.ids) for message in link.sent if isinstance(message, Receipt)]


def rejected(hub: Hub) -> list[str]:
    return [row["reason"] for row in hub.inbox.db.table("rejected").rows]


def test_the_sender_gets_a_receipt_after_the_commit(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    link.deliver(arrival())
    service.step(0)
    assert receipts(link) == [("north", ("a-1",))]
    assert hub.inbox.db.table("arrivals").count == 1


def test_alerts_leave_before_anything_else_and_say_which_message_raised_them(
    service: HubLoop, link: FakeLink
) -> None:
    service.step(0)
    link.sent.clear()
    link.deliver(arrival())
    service.step(0)
    kinds = [type(message) for message in link.sent]
    assert kinds.index(Alert) < kinds.index(Receipt)
    assert {message.trace_id for message in link.sent if isinstance(message, Alert)} == {"a-1"}


def test_alerts_that_ring_again_leave_room_for_messages(
    service: HubLoop, link: FakeLink, clock: FakeClock
) -> None:
    for number in range(20):
        link.deliver(arrival(f"浙A000{number:02d}", number))
    service.step(0)
    link.sent.clear()
    clock.pass_s(60)
    rung = []
    for _ in range(20):
        service.step(0)
        alerts = [message for message in link.sent if isinstance(message, Alert)]
        rung.append(len({alert.visit_id for alert in alerts}))
    assert 0 < rung[0] <= GROUPS_AT_ONCE
    assert rung[0] < rung[1] <= rung[-1] == 20


def test_a_second_delivery_gets_its_receipt_too(hub: Hub, service: HubLoop, link: FakeLink) -> None:
    for _ in range(2):
        link.deliver(arrival())
    service.step(0)
    assert len(receipts(link)) == 2
    assert hub.inbox.db.table("arrivals").count == 1


def test_a_departure_is_noted_once_however_often_it_comes_and_gets_its_receipt(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    for _ in range(2):
        link.deliver(departure())
    service.step(0)
    assert receipts(link) == [("north", ("d-2",))] * 2
    noted = list(hub.inbox.db.query("select kind from journal where subject_id = ?", ["d-2"]))
    assert len(noted) == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"not json", "Arrival"),
        (b'{"plate": "x"}', "arrival_id"),
        (b"x" * 1_000_000, "more than 65536"),
        (b"\xff\xfe", "Arrival"),
        (encode(arrival()).replace(b'"north"', b'"south"'), "speaks only for itself"),
    ],
    ids=["no JSON", "no arrival", "a megabyte", "no UTF-8", "another gate's"],
)
def test_what_cannot_be_used_is_set_aside_with_a_line_and_the_next_is_taken(
    payload: bytes,
    reason: str,
    hub: Hub,
    service: HubLoop,
    link: FakeLink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    link.waiting.append(Delivery(TOPIC, payload, was_retained=False))
    link.deliver(arrival())
    with caplog.at_level(logging.WARNING):
        service.step(0)
    assert reason in rejected(hub)[0]
    assert "set aside" in caplog.text
    assert hub.inbox.db.table("arrivals").count == 1


def test_what_is_due_is_looked_for_ten_times_a_second_while_messages_come_and_in_each_pause(
    hub: Hub, service: HubLoop, link: FakeLink, clock: FakeClock
) -> None:
    asked: list[str] = []
    hub.inbox.db.conn.set_trace_callback(asked.append)

    def looked(*, after_s: float = 0.0, is_pause: bool = False) -> bool:
        asked.clear()
        clock.moment += timedelta(seconds=after_s)
        if not is_pause:
            link.deliver(arrival(number=len(link.sent) + 1))
        service.step(0)
        return any("from service_visits" in statement for statement in asked)

    assert looked()
    assert not looked()
    assert not looked(after_s=0.06)
    assert looked(after_s=0.06)
    assert not looked()
    assert looked(is_pause=True)
    assert looked(after_s=-60)  # a clock that was set back


def test_a_retained_event_is_never_acted_on(hub: Hub, service: HubLoop, link: FakeLink) -> None:
    link.waiting.append(Delivery(TOPIC, encode(arrival()), was_retained=True))
    service.step(0)
    assert "retained" in rejected(hub)[0]
    assert hub.inbox.db.table("arrivals").count == 0


def test_a_bad_message_sent_again_and_again_is_kept_once_and_its_sender_may_forget_it(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    bad = encode(arrival()).replace(b'"confidence":0.95', b'"confidence":7')
    for _ in range(3):
        link.waiting.append(Delivery(TOPIC, bad, was_retained=False))
    service.step(0)
    assert len(rejected(hub)) == 1
    assert receipts(link)[0] == ("north", ("a-1",))


def test_a_handler_s_bug_is_kept_with_its_traceback_and_the_flow_goes_on(
    hub: Hub, service: HubLoop, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_hub: Hub, _message: Arrival) -> Iterator[Message]:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(broker.handlers.table, "HANDLERS", HANDLERS | {Arrival: broken})
    link.deliver(arrival())
    service.step(0)
    assert "ZeroDivisionError" in rejected(hub)[0]
    monkeypatch.undo()
    link.deliver(arrival(number=2))
    service.step(0)
    assert hub.inbox.db.table("arrivals").count == 1


@pytest.mark.parametrize("trouble", [OSError("disk full"), sqlite3.OperationalError("locked")])
def test_when_the_hub_s_file_is_in_trouble_the_sender_keeps_its_message(
    hub: Hub,
    service: HubLoop,
    link: FakeLink,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
) -> None:
    def fail(_message: Message) -> None:
        raise trouble

    monkeypatch.setattr(hub.outbox, "put_all", fail)
    link.deliver(arrival())
    with pytest.raises(type(trouble)):
        service.step(0)
    assert receipts(link) == []
    assert hub.inbox.db.table("arrivals").count == 0


def test_a_message_of_ours_that_cannot_be_read_is_set_aside_and_the_manager_is_told(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    link.deliver(arrival())
    link.is_up = False
    service.step(0)
    with hub.decider.atomic():
        hub.inbox.db.conn.execute(
            "update outbox set body = json_set(body, '$.title', ?) where row = 1", ["x" * 600]
        )
    link.is_up = True
    for _ in range(3):
        service.step(0)
    assert hub.outbox.depth() == 0
    assert hub.outbox.unreadable() == []
    assert rejected(hub) == [reason for reason in rejected(hub) if "$.title" in reason]
    told = [m for m in link.sent if isinstance(m, Alert) and m.role == "manager"]
    assert [alert.title for alert in told] == ["消息丢失"]


def test_what_fails_of_what_is_due_is_noted_once_and_stops_nothing_else(
    hub: Hub, service: HubLoop, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_hub: Hub) -> Iterator[Message]:
        yield Say(role="bar", text="half a bug")
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(broker.handlers.table, "call_again", broken)
    for number in range(3):
        link.deliver(arrival(number=number))
        service.step(0)
    (reason,) = rejected(hub)
    assert "ZeroDivisionError" in reason
    assert hub.inbox.db.table("arrivals").count == 3
    assert not any(isinstance(m, Say) and m.role == "bar" for m in link.sent)
    assert any(isinstance(m, Alert) for m in link.sent)


def test_a_statement_that_odd_values_break_is_no_trouble_with_the_file(
    hub: Hub, service: HubLoop, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(hub: Hub, _message: Arrival) -> Iterator[Message]:
        hub.inbox.db.conn.execute("select * from customer_texts where customer_texts match '\"'")
        yield from ()

    monkeypatch.setattr(broker.handlers.table, "HANDLERS", HANDLERS | {Arrival: broken})
    link.deliver(arrival())
    service.step(0)
    assert "unterminated" in rejected(hub)[0]
    assert receipts(link) == [("north", ("a-1",))]
