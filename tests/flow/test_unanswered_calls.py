"""A call that nobody answers: until when it runs, who comes instead, who still waits."""

from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.rules.policy import Policy
from shared.messages import CloseReason
from tests.fakes import NINE, FakeClock
from tests.hub_answers import (
    ack,
    after,
    alerts,
    answers,
    closed,
    host_alerts,
    hosts,
    phones_come_online,
)
from tests.samples import NATURAL


def test_the_deadline_that_is_told_is_the_rules_own(hub: Hub, clock: FakeClock) -> None:
    first = host_alerts(hub)["li"]
    assert first.ack_due_at == NINE + timedelta(seconds=Policy().absent_after_s)
    found = after(hub, clock, 120)
    assert hosts(found) == []
    phones_come_online(hub, "wang")
    found = after(hub, clock, 1)
    assert hosts(found) == ["王强"]
    ends = {alert_id: (reason, name) for alert_id, reason, name in closed(found)}
    assert ends[first.alert_id] == (CloseReason.PASSED_ON, "王强")
    again = alerts(found)["wang"]
    passed_at = first.ack_due_at  # at its own moment, whoever looked a second later
    assert again.ack_due_at == passed_at + timedelta(seconds=Policy().absent_after_s)


def test_a_claim_after_the_two_minutes_is_refused_by_alert_and_rotation_together(
    hub: Hub, clock: FakeClock
) -> None:
    first = host_alerts(hub)["li"]
    clock.pass_s(121)  # no tick yet
    found = answers(hub, ack(first, "li"))
    ends = {alert_id: (reason, name) for alert_id, reason, name in closed(found)}
    assert ends[first.alert_id] == (CloseReason.PASSED_ON, "王强")
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.host_id, visit.claimed_by) == ("wang", None)
    answers(hub, ack(alerts(found)["wang"], "wang"))
    visit = hub.visits.get(visit.visit_id)
    assert visit.claimed_by == "wang"


def test_who_is_called_just_before_closing_is_called_until_the_visitor_is_received(
    hub: Hub, clock: FakeClock
) -> None:
    clock.moment = NINE.replace(hour=10, minute=29)  # 18:29 at the sales office
    first = alerts(answers(hub, replace(NATURAL, checked_in_at=clock.moment)))["li"]
    assert first.ack_due_at is None
    found = after(hub, clock, 600)
    assert (first.alert_id, CloseReason.EXPIRED, None) in closed(found)
    assert "请接待" in alerts(found)["li"].title


def test_a_visitor_whom_nobody_comes_for_waits_for_the_first_who_is_free(
    hub: Hub, clock: FakeClock
) -> None:
    known = replace(NATURAL, phone="13800138000", consented_at=NINE)
    first = alerts(answers(hub, known))["wang"]
    found = after(hub, clock, 600)
    assert (first.alert_id, CloseReason.PASSED_ON, "李敏") in closed(found)
    assert alerts(found)["manager"].title == "无人接待"
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.owner_id, visit.host_id) == ("wang", None)
    assert alerts(answers(hub, ack(first, "wang"))) == {}
