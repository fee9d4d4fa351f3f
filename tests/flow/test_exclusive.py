"""The house alone for one party (清场接待): who else comes is asked kindly to come another time."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.rules.events import Planned
from broker.rules.exclusive import span
from broker.store.kept_times import KeptTimes
from shared.errors import MessageError
from shared.messages import Alert, Assignment, Booking, BookingKind, Message, ReportKind
from tests.fakes import NINE, FakeClock
from tests.hub_answers import after, alerts, answers, report, visitor
from tests.samples import NATURAL, arrival, departure
from tests.slot_rush import SlotRush

VIP_CAR, OTHER_CAR = "浙A00005", "浙A00006"


def vip(booking_id: str = "b-1", starts_at: timedelta = timedelta(0), **more: object) -> Booking:
    """The manager plans a VIP for an hour from now on, with the house alone."""
    plan = Booking(
        booking_id=booking_id,
        staff_id="chen",
        kind=BookingKind.VIP,
        booked_at=NINE,
        starts_at=NINE + starts_at,
        ends_at=NINE + starts_at + timedelta(hours=1),
        name="贺总",
        plates=(VIP_CAR,),
        is_exclusive=True,
    )
    return replace(plan, **more)


def car(number: int, plate: str) -> Message:
    return replace(arrival(), arrival_id=f"a-{number}", seq=number, plate=plate)


def told_tablet(found: list[Message]) -> Assignment:
    return [each for each in found if isinstance(each, Assignment)][-1]


def test_whoever_comes_meanwhile_is_told_kindly_everywhere_and_gets_no_host(hub: Hub) -> None:
    answers(hub, vip())
    at_the_gate = alerts(answers(hub, car(1, OTHER_CAR)))
    assert {*at_the_gate} == {"gate", "door", "steward", "manager"}, "nobody parks or receives"
    assert {each.actions for each in at_the_gate.values()} == {("let_in", "turned_away")}
    assert at_the_gate["gate"].plate == OTHER_CAR
    assert at_the_gate["door"].text.startswith("正在清场接待，请送上楼书")
    found = answers(hub, replace(NATURAL, arrival_id="a-1"))
    assert {each.actions for each in alerts(found).values()} == {("let_in", "turned_away")}
    told = told_tablet(found)
    assert told.host_name is None
    assert told.notice is not None
    assert "第 1 位" in told.notice
    assert "11-23 10:30" in told.notice
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.host_id, visit.rule) == (None, None)


def test_who_is_let_in_is_decided_on_as_ever(hub: Hub) -> None:
    answers(hub, vip())
    answers(hub, NATURAL)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    found = answers(hub, report(ReportKind.LET_IN, "chen", visit_id=visit.visit_id))
    assert told_tablet(found).notice is None
    assert hub.visits.get(visit.visit_id).host_id == "li"
    assert answers(hub, report(ReportKind.LET_IN, "chen", 2, visit_id=visit.visit_id)) != found


def test_when_the_vip_has_left_the_first_on_the_list_is_offered_the_house_for_ten_minutes(
    hub: Hub, clock: FakeClock
) -> None:
    answers(hub, vip())
    answers(hub, car(1, VIP_CAR))
    answers(hub, replace(visitor(1), arrival_id="a-1"))
    answers(hub, visitor(2))
    answers(hub, visitor(3))
    came = hub.visits.of_check_in("c-1")
    assert came is not None
    found = answers(hub, report(ReportKind.FINISHED, "chen", visit_id=came.visit_id))
    assert "为您保留到 09:10" in (told_tablet(found).notice or "")
    assert [each.text for each in found if isinstance(each, Alert) and each.title == "可入场"]
    found = after(hub, clock, 601)
    told = {each.check_in_id: each.notice or "" for each in found if isinstance(each, Assignment)}
    assert "保留" in told["c-3"]
    assert "联系您" in told["c-2"]


def test_a_vip_who_does_not_come_keeps_the_house_no_longer_and_the_manager_is_asked(
    hub: Hub, clock: FakeClock
) -> None:
    answers(hub, vip())
    found = after(hub, clock, 76 * 60)
    assert [each.role for each in found if isinstance(each, Alert) and each.title == "贵宾未到"]
    now = replace(NATURAL, checked_in_at=clock(), sent_at=clock())
    assert told_tablet(answers(hub, now)).notice is None


def test_a_car_that_was_turned_away_and_left_needs_nobody(hub: Hub) -> None:
    answers(hub, vip())
    answers(hub, car(1, OTHER_CAR))
    answers(hub, replace(departure(), plate=OTHER_CAR))
    assert not hub.decider.state.visits


def test_the_file_itself_lets_no_two_plans_overlap(hub: Hub) -> None:
    answers(hub, vip())
    (plan,) = hub.decider.state.expected
    kept = KeptTimes(hub.inbox.db)
    begins, ends = span(plan, hub.decider.policy)
    assert ends - begins == timedelta(minutes=90)
    rows = hub.inbox.db.table("kept_times")
    assert rows.count == 1
    other = replace(plan, starts_at=ends - timedelta(minutes=1), ends_at=ends, name="万总")
    after_it = replace(hub.decider.state, expected=(plan, other))
    planned = Planned(at=NINE, expected=other)
    with pytest.raises(MessageError, match="house alone"):
        kept.note(planned, after_it, hub.decider.policy)
    assert rows.count == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_of_twenty_who_ask_while_the_hub_dies_one_wins_and_the_rest_hear_when_else(
    tmp_path: Path, seed: int
) -> None:
    rush = SlotRush(tmp_path, seed)
    rush.run()
    assert rush.kills
    assert list(rush.problems()) == []
    rush.site.assert_sound()
    rush.site.stop()
