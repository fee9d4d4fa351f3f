"""A clock that is wrong makes nothing late, and a message that waited is late by any clock."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from broker.choices.rows import SiteChoices
from broker.handlers.context import Hub
from broker.handlers.lateness import LATE_AFTER
from broker.handlers.sender_troubles import WRONG_FROM_S
from broker.site_file import Staff
from shared.messages import (
    Alert,
    Assignment,
    Correction,
    Message,
    NodeKind,
    NodeState,
    NodeStatus,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers
from tests.hub_fixtures import PEOPLE
from tests.samples import COURIER, NATURAL, arrival

OFF_BY = [timedelta(minutes=-5), timedelta(days=-4_000), timedelta(hours=3)]
SHORT, LONG = timedelta(seconds=3), LATE_AFTER + timedelta(seconds=3)


def heartbeat(at: datetime, kind: NodeKind = NodeKind.GATE, node_id: str = "north") -> NodeStatus:
    return NodeStatus(
        node_id=node_id, kind=kind, state=NodeState.ONLINE, at=at, version="0.5", connected_at=NINE
    )


def rings(hub: Hub, message: Message) -> bool:
    return any(isinstance(answer, Alert | Assignment) for answer in answers(hub, message))


@pytest.mark.parametrize("off_by", OFF_BY)
def test_a_wrong_clock_silences_no_car_and_no_visitor(hub: Hub, off_by: timedelta) -> None:
    wrong = NINE + off_by
    assert rings(hub, replace(arrival(seen_at=wrong), sent_at=wrong + SHORT))
    assert rings(hub, replace(NATURAL, checked_in_at=wrong, sent_at=wrong + SHORT))
    assert rings(hub, replace(COURIER, came_at=wrong, sent_at=wrong + SHORT))
    opened = [visit.arrived_at for visit in hub.decider.state.visits.values()]
    assert all(abs(arrived_at - NINE) <= SHORT for arrived_at in opened)


@pytest.mark.parametrize("off_by", OFF_BY)
def test_what_waited_for_long_rings_nowhere_whatever_the_clock_says(
    hub: Hub, off_by: timedelta
) -> None:
    wrong = NINE + off_by
    assert not rings(hub, replace(arrival(seen_at=wrong), sent_at=wrong + LONG))
    assert not rings(hub, replace(NATURAL, checked_in_at=wrong, sent_at=wrong + LONG))
    assert not rings(hub, replace(COURIER, came_at=wrong, sent_at=wrong + LONG))


@pytest.mark.parametrize("off_by", OFF_BY)
def test_a_phone_with_a_wrong_clock_still_ends_a_reception(hub: Hub, off_by: timedelta) -> None:
    answers(hub, replace(NATURAL, sent_at=NINE))
    (visit_id,) = hub.decider.state.visits
    wrong = NINE + off_by
    finished = StaffReport(
        report_id="r-1",
        staff_id="li",
        kind=ReportKind.FINISHED,
        visit_id=visit_id,
        reported_at=wrong,
        sent_at=wrong,
    )
    answers(hub, finished)
    assert hub.visits.get(visit_id).finished_at is not None


@pytest.mark.parametrize("off_by", OFF_BY)
def test_the_way_is_told_by_the_stopwatch_for_a_gate_that_does_not_renew_its_moment(
    hub: Hub, clock: FakeClock, off_by: timedelta
) -> None:
    wrong = NINE + off_by
    clock.pass_s(LONG.total_seconds())
    answers(hub, heartbeat(wrong + LONG))
    clock.is_set(-3600)
    assert not rings(hub, arrival("浙A88888", seen_at=wrong))
    assert rings(hub, arrival("浙A88888", 3, seen_at=wrong + LONG))


@pytest.mark.parametrize("minutes", [-4_000, -3, 3])
def test_the_manager_hears_once_of_a_clock_that_is_minutes_off(
    hub: Hub, clock: FakeClock, minutes: int
) -> None:
    off_by, told = timedelta(minutes=minutes), []
    for _ in range(4):
        told += answers(hub, heartbeat(clock() + off_by))
        clock.pass_s(10)
    (alert,) = (message for message in told if isinstance(message, Alert))
    assert alert.role == "manager"
    assert str(abs(minutes)) in alert.text
    assert hub.senders.ahead_s("gate/north") == pytest.approx(minutes * 60)


def test_an_old_status_that_was_retained_says_nothing_of_a_clock(
    hub: Hub, clock: FakeClock
) -> None:
    assert answers(hub, heartbeat(NINE - timedelta(days=1))) == []
    for _ in range(3):
        clock.pass_s(10)
        assert answers(hub, heartbeat(clock() + timedelta(seconds=WRONG_FROM_S - 1))) == []
    assert hub.senders.ahead_s("gate/north") == pytest.approx(WRONG_FROM_S - 1)


@pytest.mark.parametrize("off_by", OFF_BY)
def test_a_person_s_correction_is_not_held_against_the_gate_s_clock(
    hub: Hub, off_by: timedelta
) -> None:
    guard = Staff(id="he", name="何师傅", roles=("gate",), pin="7777")
    people = replace(PEOPLE, staff=(*PEOPLE.staff, guard))
    hub.choices.now = SiteChoices(people, hub.choices.policy)
    wrong = NINE + off_by
    answers(hub, heartbeat(wrong))
    answers(hub, arrival("浙A88880", seen_at=wrong))
    (visit_id,) = hub.decider.state.visits
    corrected = Correction(
        correction_id="k-1",
        gate_id="north",
        arrival_id="a-1",
        plate="浙A88888",
        corrected_by="he",
        corrected_at=NINE,
        sent_at=NINE,
    )
    answers(hub, corrected)
    assert hub.visits.get(visit_id).plate == "浙A88888"
