from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import Alert, Message, ReportKind
from tests.fakes import FakeClock
from tests.hub_answers import ack, alerts, answers, closed, report, time_passes
from tests.samples import NATURAL


def ended(found: list[Message]) -> set[str]:
    return {alert_id for alert_id, _, _ in closed(found)}


def wheelchair_wanted(hub: Hub) -> tuple[Alert, Alert]:
    """The host's call for a visitor who needs a wheelchair, and parking's alert to bring one."""
    told = alerts(answers(hub, replace(NATURAL, needs=("wheelchair",))))
    return told["li"], told["parking"]


def test_the_wheelchair_is_still_to_be_brought_once_the_host_comes(hub: Hub) -> None:
    call, wheelchair = wheelchair_wanted(hub)
    over = ended(answers(hub, ack(call, "li")))
    assert call.alert_id in over
    assert wheelchair.alert_id not in over


def test_the_wheelchair_is_still_to_be_brought_when_another_host_is_called(
    hub: Hub, clock: FakeClock
) -> None:
    call, wheelchair = wheelchair_wanted(hub)
    clock.pass_s(121)
    over = ended(time_passes(hub))
    assert call.alert_id in over
    assert wheelchair.alert_id not in over


def test_a_ruling_stays_on_the_loser_s_phone_though_the_host_changes_and_the_visit_ends(
    hub: Hub,
) -> None:
    told = alerts(answers(hub, NATURAL))
    answers(hub, ack(told["li"], "li"))
    visit_id = told["li"].visit_id
    asked: dict[str, object] = {
        "visit_id": visit_id,
        "for_staff_id": "wang",
        "reason": "客户出示了名片",
    }
    found = answers(hub, report(ReportKind.RULING, "chen", 1, **asked))
    ruling = next(
        message
        for message in found
        if isinstance(message, Alert) and message.staff_id == "li" and "名片" in message.text
    )
    assert ruling.actions == ("dispute",)
    assert ruling.alert_id not in ended(found)
    (host,) = {visit.host_id for visit in hub.decider.state.visits.values()}
    over = answers(hub, report(ReportKind.FINISHED, host or "", 2, visit_id=visit_id))
    assert hub.decider.state.visits == {}
    assert ruling.alert_id not in ended(over)
