from msgspec.structs import replace

from broker.console.site_view import VisitState
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.queries.overview import HubSite
from shared.messages import NodeKind, NodeState, NodeStatus
from tests.fakes import NINE, FakeClock
from tests.hub_answers import ack, alerts, answers
from tests.samples import NATURAL, arrival


def states(site: HubSite) -> list[VisitState]:
    return [visit.state for visit in site.overview("zh-CN").visits]


def test_a_visit_is_shown_from_the_gate_to_the_claim(hub: Hub, site: HubSite) -> None:
    answers(hub, arrival())
    assert states(site) == [VisitState.ARRIVED]
    told = alerts(answers(hub, replace(NATURAL, arrival_id="a-1")))
    assert states(site) == [VisitState.CALLED]
    answers(hub, ack(told["li"], "li"))
    (visit,) = site.overview("zh-CN").visits
    assert (visit.state, visit.host_name, visit.rule) == (VisitState.SERVING, "李敏", "R14")


def test_yesterday_s_visits_are_not_today_s(hub: Hub, site: HubSite, clock: FakeClock) -> None:
    answers(hub, arrival())
    clock.pass_s(15 * 3600)  # nine in the morning: midnight has passed
    assert states(site) == []


def test_the_line_stands_in_order_and_moves_with_a_turn(hub: Hub, site: HubSite) -> None:
    assert [person.name for person in site.overview("zh-CN").line] == ["李敏", "王强"]
    answers(hub, NATURAL)
    assert [person.name for person in site.overview("zh-CN").line] == ["王强"]


def test_an_alert_that_nobody_took_is_listed_with_whom_it_calls(hub: Hub, site: HubSite) -> None:
    told = alerts(answers(hub, arrival()))
    (card,) = site.overview("zh-CN").alerts
    assert {rung.name or rung.role for rung in card.rungs} == {"parking", "door", "李敏"}
    answers(hub, ack(told["li"], "li"))
    assert site.overview("zh-CN").alerts == ()


def test_an_alert_is_listed_in_the_language_of_the_page(hub: Hub, site: HubSite) -> None:
    answers(hub, arrival())
    (card,) = site.overview("en").alerts
    assert card.title == "A car came"


def test_a_silent_node_counts_as_gone_after_three_heartbeats(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    status = NodeStatus(node_id="north", kind=NodeKind.GATE, state=NodeState.ONLINE, at=NINE)
    handle(hub, status)
    for seconds, is_online in ((29, True), (1, False)):
        clock.pass_s(seconds)
        assert [node.is_online for node in site.overview("zh-CN").nodes] == [is_online]


def test_a_visitor_for_whom_nobody_is_free_is_shown_as_waiting(hub: Hub, site: HubSite) -> None:
    for number in (1, 2, 3):
        answers(hub, replace(NATURAL, check_in_id=f"c-{number}", seq=number))
    assert sorted(states(site)) == [VisitState.CALLED, VisitState.CALLED, VisitState.WAITING]


def test_a_visitor_is_called_as_the_reader_s_language_calls_them(hub: Hub, site: HubSite) -> None:
    answers(hub, replace(NATURAL, surname="张", salutation="女士"))
    assert [visit.visitor for visit in site.overview("en").visits] == ["Ms 张"]
    (visit,) = site.overview("zh-CN").visits
    assert (visit.visitor, visit.surname, visit.salutation) == ("张女士", "张", "女士")
