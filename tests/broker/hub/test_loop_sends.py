"""What the loop sends: each message once, whatever the server does."""

import pytest

from broker.handlers.context import Hub
from broker.hub.loop import HubLoop
from shared.messages import Alert, NodeStatus, RecentArrivals, Roster
from tests.fakes import FakeLink, FakeSent
from tests.samples import arrival


def test_alerts_wait_in_the_hub_s_file_while_the_server_is_away(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    link.deliver(arrival())
    link.is_up = False
    service.step(0)
    waiting = hub.outbox.depth()
    assert waiting > 0
    link.is_up = True
    service.step(0)
    assert hub.outbox.depth() == 0


def test_a_server_that_answers_nothing_costs_no_wait_and_no_message(
    hub: Hub, service: HubLoop, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def never(_sent: FakeSent, wait_s: float) -> bool:
        waits.append(wait_s)
        return False

    monkeypatch.setattr(FakeSent, "is_confirmed", never)
    link.deliver(arrival())
    service.step(0)
    service.step(0)
    assert set(waits) == {0.0}
    waiting = hub.outbox.depth()
    assert waiting > 1
    monkeypatch.undo()
    service.step(0)
    assert hub.outbox.depth() == 0
    assert sum(isinstance(message, Alert) for message in link.sent) == waiting // 2


def test_what_the_server_took_is_sent_once_though_it_is_forgotten_later(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    for number in range(3):
        link.deliver(arrival(f"浙A1234{number}", number))
        service.step(0)
    service.step(0)
    told = [message.alert_id for message in link.sent if isinstance(message, Alert)]
    assert len(told) == len(set(told)) == 9
    assert hub.outbox.depth() == 0


def test_a_new_connection_is_told_who_we_are_and_whom_a_visitor_may_name(
    service: HubLoop, link: FakeLink
) -> None:
    for connection in (1, 1, 2):
        link.connections = connection
        service.step(0)
    kinds = [type(message) for message in link.sent]
    assert kinds == [Roster, NodeStatus, RecentArrivals] * 2


def test_a_tablet_is_told_how_each_consultant_is_spelled(hub: Hub) -> None:
    spelled = {consultant.name: consultant.spellings for consultant in hub.roster().consultants}
    assert spelled["李敏"] == ("limin", "lm")
    assert all(spelled.values())
