"""What an alert asks, whom it says was asked before, what it answers, and when it is over."""

from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import AckAnswer, Alert, AlertKind, CloseReason, ReportKind
from tests.fakes import NINE, FakeClock
from tests.hub_answers import (
    ack,
    after,
    alerts,
    answer,
    answers,
    closed,
    host_alerts,
    registration,
    report,
)
from tests.samples import NATURAL, arrival


def test_a_call_a_notice_and_a_task_say_what_they_are(hub: Hub) -> None:
    told = alerts(answers(hub, replace(NATURAL, drinks=("green_tea",), needs=("umbrella",))))
    assert told["li"].kind is AlertKind.CALL
    assert {told[post].kind for post in ("bar", "parking")} == {AlertKind.TASK}
    news = alerts(answers(hub, registration(1, "li", "13800138000")))
    assert {alert.kind for alert in news.values()} == {AlertKind.NOTICE}


def test_a_call_says_the_consultant_s_name_first(hub: Hub) -> None:
    assert host_alerts(hub)["li"].speech.startswith("李敏，")


def test_the_ladder_names_everybody_who_was_asked_in_turn(hub: Hub, clock: FakeClock) -> None:
    host_alerts(hub)
    after(hub, clock, 20)
    manager = alerts(after(hub, clock, 20))["manager"]
    assert [(rung.name, rung.has_passed) for rung in manager.ladder] == [
        ("李敏", False),
        ("王强", False),
    ]
    assert manager.ladder[1].at == NINE + timedelta(seconds=20)


def test_a_turn_that_is_passed_on_takes_its_ladder_along(hub: Hub) -> None:
    first = host_alerts(hub)["li"]
    found = answers(hub, answer(first, "li", AckAnswer.PASS_ON))
    (rung,) = alerts(found)["wang"].ladder
    assert (rung.name, rung.has_passed) == ("李敏", True)


def test_the_check_in_ends_what_only_told_of_the_car_though_its_host_had_answered(hub: Hub) -> None:
    told = alerts(answers(hub, arrival()))
    answers(hub, ack(told["li"], "li"))
    found = answers(hub, replace(NATURAL, arrival_id="a-1"))
    over = {alert_id for alert_id, reason, _ in closed(found) if reason is CloseReason.CANCELLED}
    still = {told["parking"].alert_id, told["door"].alert_id} - over
    assert all(hub.raised_alerts.find(alert_id).closed for alert_id in still)  # type: ignore[union-attr]


def test_a_departure_is_told_and_over(hub: Hub) -> None:
    answers(hub, ack(host_alerts(hub)["li"], "li"))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    found = answers(hub, report(ReportKind.FINISHED, "li", visit_id=visit.visit_id))
    told = [message for message in found if isinstance(message, Alert)]
    assert {alert.title for alert in told} == {"客户离场"}
    assert {alert.alert_id for alert in told} <= {alert_id for alert_id, _, _ in closed(found)}
    assert hub.alert_groups.open_of(visit.visit_id) == []


def test_a_refusal_says_which_message_it_answers_and_a_call_never_does(hub: Hub) -> None:
    refused = alerts(answers(hub, registration(1, "li", "13800138000")))
    assert refused["li"].answers_id == "r-1"
    assert refused["manager"].answers_id is None
    assert host_alerts(hub)["li"].answers_id is None
