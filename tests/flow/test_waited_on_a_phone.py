"""What waited on a phone: done where it is still true, else its sender hears why not."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

import broker.console
from broker.handlers.context import Hub
from broker.handlers.lateness import LATE, LATE_AFTER
from broker.handlers.table import handle
from broker.hub.loop import HubLoop
from broker.rules.authority import What
from broker.rules.reported import DOES
from shared.messages import (
    Ack,
    AckAnswer,
    Alert,
    AlertClosed,
    CloseReason,
    Correction,
    Message,
    NodeKind,
    Receipt,
    Registration,
    ReportKind,
    StaffReport,
)
from shared.mqtt import Delivery
from shared.node import Node
from shared.topics import topic_of
from shared.words import LANGUAGES
from tests.fakes import NINE, SITE, FakeClock, FakeLink
from tests.hub_answers import (
    ack,
    alerts,
    answers,
    host_alerts,
    line,
    registration,
    report,
    time_passes,
    unauthorised,
)
from tests.samples import NATURAL, arrival

SHORT, LONG = timedelta(seconds=3), timedelta(minutes=10)
OF_LI = "select count(*) from messages where body like '%\"li\"%'"


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def service(hub: Hub, link: FakeLink) -> HubLoop:
    return HubLoop(hub, link, Node(SITE, "hub", NodeKind.HUB, "0.5"))


@pytest.fixture
def visit_id(hub: Hub) -> str:
    """李敏 receives a visitor."""
    told = host_alerts(hub)["li"]
    answers(hub, ack(told, "li"))
    return told.visit_id


def receipts(link: FakeLink) -> list[Receipt]:
    return [message for message in link.sent if isinstance(message, Receipt)]


def waited(message: StaffReport, wait: timedelta) -> StaffReport:
    return replace(message, sent_at=message.reported_at + wait)


def told(hub: Hub, message: Message) -> str | None:
    """What the sender is told, in Chinese."""
    refused = handle(hub, message)
    return refused.in_language("zh-CN") if refused else None


def test_a_reception_that_ended_while_the_hub_was_away_ends_when_it_is_back(
    hub: Hub, clock: FakeClock, visit_id: str
) -> None:
    clock.pass_s(LONG.total_seconds())
    assert told(hub, waited(report(ReportKind.FINISHED, "li", visit_id=visit_id), LONG)) is None
    finished_at = hub.visits.get(visit_id).finished_at
    assert finished_at == clock().isoformat(), "the hub's own clock decides"
    assert line(hub) == ("wang", "li")


def test_the_line_of_another_day_is_left_alone(hub: Hub, clock: FakeClock) -> None:
    clock.pass_s(timedelta(hours=23).total_seconds())
    time_passes(hub)
    before = line(hub)
    said = told(hub, waited(report(ReportKind.LEAVE, "li"), timedelta(hours=23)))
    assert said == "隔了 1380 分钟才送到，已经过时，没有办理。还需要的话，请再做一次。"
    assert line(hub) == before


@pytest.mark.parametrize("kind", [ReportKind.SEATED, ReportKind.HAND_OVER, ReportKind.CART])
def test_what_is_for_the_moment_rings_nowhere_later_and_its_sender_hears_so(
    hub: Hub, clock: FakeClock, visit_id: str, kind: ReportKind
) -> None:
    clock.pass_s(LONG.total_seconds())
    late = waited(report(kind, "li", visit_id=visit_id, for_staff_id="wang", place="a"), LONG)
    for _ in range(2):  # its receipt may be lost
        said = told(hub, late)
        assert said is not None
        assert "隔了 10 分钟才送到" in said
    assert alerts(time_passes(hub)) == {}
    assert hub.decider.state.visits[visit_id].host_id == "li"


def test_a_repeat_of_what_came_in_time_is_not_called_late(hub: Hub, visit_id: str) -> None:
    seated = report(ReportKind.SEATED, "li", visit_id=visit_id, place="a")
    assert told(hub, waited(seated, SHORT)) is None
    assert told(hub, waited(seated, LONG)) is None


def test_what_cannot_move_a_visitor_is_all_that_counts_late() -> None:
    moves = {What.HAND_OVER, What.STAND_IN, What.SEND_STAND_IN, What.TAKE_OVER, What.OWNER_FOUND}
    of_the_desk = {What.RULE, What.SET_ORDER, What.CLOSE_DAY, What.LEAVES_COMPANY}
    assert not (moves | of_the_desk) & set(LATE)
    assert set(DOES.values()) & set(LATE)


def test_the_phone_knows_what_still_counts_as_the_hub_does() -> None:
    """The kinds of `LASTING` in the page's table; ``left`` also ends a reception."""
    text = (Path(broker.console.__file__).parent / "static/handheld/messages.js").read_text("utf-8")
    (table,) = re.findall(r"^const LASTING = \[(.*?)\];", text, re.MULTILINE | re.DOTALL)
    counting = {kind.value for kind, what in DOES.items() if what in LATE}
    assert set(re.findall(r'"(\w+)"', table)) == counting | {ReportKind.LEFT.value}


def test_an_entry_made_before_the_arrival_counts_from_when_it_came(
    hub: Hub, clock: FakeClock
) -> None:
    """A phone's clock proves nothing, so it may not say that it knew the visitor first (R3)."""
    clock.pass_s(60)
    answers(hub, arrival("浙A12345", seen_at=clock()))
    clock.pass_s(LONG.total_seconds())
    early = registration(1, "wang", "13900000001")
    entry = replace(early, plates=("浙A12345",), registered_at=NINE, sent_at=NINE + LONG)
    assert alerts(answers(hub, entry))["manager"].title == "到访后录入"


def claim(alert: Alert, staff_id: str, wait: timedelta, how: AckAnswer = AckAnswer.CLAIM) -> Ack:
    return replace(ack(alert, staff_id), answer=how, acked_at=NINE, sent_at=NINE + wait)


def test_a_claim_that_waited_takes_no_visitor_and_the_alert_stays_open(hub: Hub) -> None:
    call = host_alerts(hub)["li"]
    said = told(hub, claim(call, "li", LONG))
    assert said == "您的应答隔了 10 分钟才送到，没有算数。提醒还在：能去请再按一次。"
    assert hub.decider.state.visits[call.visit_id].claimed_by is None
    assert told(hub, claim(call, "li", SHORT)) is None
    assert hub.decider.state.visits[call.visit_id].claimed_by == "li"


def test_who_claimed_too_late_hears_who_went(hub: Hub) -> None:
    calls = alerts(answers(hub, NATURAL))
    answers(hub, ack(calls["door"], "lin"))
    answers(hub, ack(calls["li"], "li"))
    assert told(hub, claim(calls["li"], "li", LONG)) is None, "the repeat of what was taken"
    parking = alerts(answers(hub, arrival("浙A12345")))["parking"]
    answers(hub, ack(parking, "wu"))
    late = claim(parking, "zhao", LONG)
    assert told(hub, late) == "您的应答隔了 10 分钟才送到，小吴 已经去了。"
    *_, over = (one for one in answers(hub, late) if isinstance(one, AlertClosed))
    assert (over.reason, over.by_name) == (CloseReason.CLAIMED, "小吴")


def test_an_app_that_does_not_say_when_it_sent_is_never_late(hub: Hub, clock: FakeClock) -> None:
    call = host_alerts(hub)["li"]
    clock.pass_s(60)
    old = replace(ack(call, "li"), acked_at=NINE - timedelta(days=900))
    assert told(hub, old) is None
    assert hub.decider.state.visits[call.visit_id].claimed_by == "li"


def test_a_phone_gets_a_receipt_for_whatever_it_keeps(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    call = host_alerts(hub)["li"]
    link.deliver(registration(1, "li", "13900000001"))
    link.deliver(report(ReportKind.AWAY, "li"))
    link.deliver(ack(call, "li"))
    link.deliver(report(ReportKind.AWAY, "li"))
    service.step(0)
    assert [(said.node_id, said.ids, said.refused) for said in receipts(link)] == [
        ("li", ("r-1",), {}),
        ("li", ("s-1",), {}),
        ("li", ("k-1",), {}),
        ("li", ("s-1",), {}),
    ]


def test_a_guard_s_correction_is_answered_to_the_guard(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    answers(hub, arrival("浙A88880"))
    corrected = Correction(
        correction_id="k-9",
        gate_id="north",
        arrival_id="a-1",
        plate="浙A88888",
        corrected_by="wu",
        corrected_at=NINE,
    )
    link.deliver(corrected)
    service.step(0)
    (said,) = receipts(link)
    assert (said.node_id, said.ids) == ("wu", ("k-9",))


def test_what_is_not_theirs_is_refused_in_the_reader_s_language(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    link.deliver(report(ReportKind.CLOSE_DAY, "li"))
    service.step(0)
    (said,) = receipts(link)
    assert set(said.refused) == set(LANGUAGES)
    assert said.refused["zh-CN"] == "这不在您的岗位权限内，没有办理。需要时请找管理岗。"
    assert len(unauthorised(link.sent)) == 1


def test_what_cannot_be_read_is_refused_with_the_field(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    topic = topic_of(registration(1, "li", "13900000001"), site=SITE)
    bad = b'{"registration_id": "r-1", "staff_id": "li", "phone": "1", "registered_at": "x"}'
    link.waiting.append(Delivery(topic, bad, was_retained=False))
    service.step(0)
    (said,) = receipts(link)
    assert said.ids == ("r-1",)
    assert "Registration" in said.refused["en"]
    assert hub.inbox.db.table("messages").count == 0


def test_lateness_begins_where_the_house_says(hub: Hub, visit_id: str) -> None:
    seated = report(ReportKind.SEATED, "li", visit_id=visit_id, place="a")
    assert told(hub, waited(seated, LATE_AFTER)) is None
    again = replace(seated, report_id="s-2")
    assert told(hub, waited(again, LATE_AFTER + timedelta(seconds=1))) is not None


def test_a_registration_is_never_too_late(hub: Hub, clock: FakeClock) -> None:
    clock.pass_s(timedelta(days=2).total_seconds())
    entry: Registration = registration(1, "li", "13900000001")
    assert told(hub, replace(entry, sent_at=NINE + timedelta(days=2))) is None
    assert hub.inbox.db.conn.execute(OF_LI).fetchone() == (1,)
