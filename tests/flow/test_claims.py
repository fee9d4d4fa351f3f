"""Whoever takes a call receives the visitor: the rules say so, the hub's row and pages follow."""

from pathlib import Path

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from tests.fakes import FakeClock
from tests.hub_answers import ack, alerts, answers, closed, time_passes
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival


def who_goes(hub: Hub, visit_id: str) -> tuple[str | None, str | None]:
    """Who goes, as the rules have it and as the row of the visit says."""
    return hub.decider.state.visits[visit_id].claimed_by, hub.visits.get(visit_id).claimed_by


def test_a_car_s_call_is_taken_before_anybody_checked_in(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    told = alerts(answers(hub, arrival()))
    call = told["li"]
    answers(hub, ack(call, "li"))
    assert who_goes(hub, call.visit_id) == ("li", "li")
    hub.journal.seal()
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert who_goes(again, call.visit_id) == ("li", "li")
    assert replay(tmp_path / "hub.sqlite3", print) == 0


def test_after_closing_one_of_the_managers_goes(tmp_path: Path, clock: FakeClock) -> None:
    hub = open_hub(tmp_path, PEOPLE, Policy(open="00:00", close="00:01"), clock)
    told = alerts(answers(hub, NATURAL))[MANAGER]
    found = answers(hub, ack(told, "chen"))
    assert who_goes(hub, told.visit_id) == ("chen", "chen")
    assert {name for _, _, name in closed(found)} == {"陈经理"}


def test_a_manager_who_helps_is_known_by_name(hub: Hub, clock: FakeClock) -> None:
    calls = alerts(answers(hub, NATURAL))
    told = calls["li"]
    answers(hub, ack(calls["door"], "lin"))
    clock.pass_s(40)
    asked = alerts(time_passes(hub))[MANAGER]
    assert who_goes(hub, told.visit_id) == (None, None)
    answers(hub, ack(asked, "chen"))
    assert who_goes(hub, told.visit_id) == ("chen", "chen")
    assert hub.decider.state.visits[told.visit_id].host_id == MANAGER
