"""What time brings about happens at its moment, whenever somebody looks (R12, R20, R21, R23)."""

from datetime import datetime, timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from tests.office import MORNING, ZONE, Office

PHONE, OTHER_PHONE = "13800138000", "13900001111"


def passed(office: Office) -> list[tuple[str | None, datetime]]:
    """Who was passed over, and at which moment."""
    return [(skip.consultant_id, skip.at) for skip in office.all_of(n.PassedOver)]


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, second, tzinfo=ZONE)


def test_each_in_line_is_passed_over_two_minutes_after_the_call_though_nobody_looked() -> None:
    office = Office()
    office.check_in("v1")
    office.pass_s(3600)
    office.take(c.Arrive(at=office.now, visit_id="v2", plate="浙A88888"))
    assert passed(office) == [("li", at(9, 2)), ("wang", at(9, 4)), ("zhao", at(9, 6))]
    assert office.host("v1") is None
    assert office.last(n.Escalated).at == at(9, 6)


def test_looking_at_every_second_changes_nothing() -> None:
    watched, unwatched = Office(), Office()
    for office, step in ((watched, 1), (unwatched, 300)):
        office.known("wang")
        office.check_in("v1")
        office.check_in("v2", phone=PHONE)
        for _ in range(300 // step):
            office.wait(step)
    for kind in (n.PassedOver, n.Declined, e.Decided, e.Rejoined):
        assert watched.told(kind) == unwatched.told(kind)
    assert watched.line == unwatched.line


def test_leave_granted_after_the_two_minutes_does_not_bring_the_turn_back() -> None:
    office = Office()
    office.check_in("v1")
    office.pass_s(600)
    office.do(c.Away, consultant_id="li", is_excused=True)
    assert passed(office)[0] == ("li", at(9, 2))
    assert office.told(n.CallWithdrawn) == []


def test_an_owner_who_does_not_answer_is_helped_and_keeps_place_and_customer() -> None:
    office = Office(("wang", "li", "zhao"))
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.wait(120)
    assert office.host("v1") == "wang"
    office.wait(1)
    declined = office.last(n.Declined)
    assert (declined.consultant_id, declined.at, declined.is_unanswered) == ("wang", at(9, 2), True)
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id, visit.turn_of) == ("wang", "li", None)
    assert office.line == ("wang", "li", "zhao")


def test_a_team_mate_who_does_not_answer_either_gives_way_to_the_next_in_line() -> None:
    office = Office(("wang", "li", "zhao"))
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.wait(241)
    visit = office.state.visits["v1"]
    assert (visit.owner_id, visit.host_id, visit.turn_of) == ("wang", "zhao", "zhao")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]


@pytest.mark.parametrize(("called_at", "is_called_on"), [((18, 27, 59), False), ((18, 28), True)])
def test_who_is_called_so_late_that_the_two_minutes_end_after_closing_is_called_on(
    called_at: tuple[int, ...], is_called_on: bool
) -> None:
    office = Office(now=at(*called_at))
    office.check_in("v1")
    office.wait(1800)
    assert (office.told(n.PassedOver) == []) is is_called_on


def test_who_said_at_closing_time_that_they_go_is_not_passed_over_for_meeting_nobody() -> None:
    office = Office(policy=Policy(must_meet_within_s=180), now=at(18, 26))
    office.check_in("v1")
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    office.check_in("v2")
    office.pass_s(90)
    office.do(c.Ack, consultant_id="wang", visit_id="v2")
    office.wait(600)
    assert passed(office) == [("li", at(18, 29))]


def test_an_owner_who_does_not_answer_after_closing_is_helped_all_the_same() -> None:
    office = Office(now=at(19))
    office.known("wang")
    office.check_in("v1", phone=PHONE)
    office.wait(121)
    assert (office.host("v1"), office.told(n.MakeUpGranted)) == ("li", [])


def test_who_still_waits_at_closing_time_is_received_by_the_manager_then() -> None:
    office = Office(("li",), now=at(18))
    office.check_in("v1")
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    office.check_in("v2")
    office.wait(1799)
    assert office.host("v2") is None
    office.wait(3600)
    decided = office.last(e.Decided)
    assert (decided.at, decided.host_id, decided.rule) == (at(18, 30), MANAGER, "R20")


def test_a_site_that_never_closes_lets_nobody_wait_for_the_duty_list_before_midnight() -> None:
    office = Office(("li",), Policy(open="00:00", close="24:00"), now=at(23, 50))
    office.check_in("v1")
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    office.check_in("v2")
    office.wait(3600)
    assert [decided.at for decided in office.all_of(e.Decided)][-1] == at(23, 50)
    assert office.state.visits == {}


def test_a_day_begins_at_midnight_and_what_was_left_open_ends_then() -> None:
    office = Office()
    office.check_in("v1")
    office.do(c.Ack, consultant_id="li", visit_id="v1")
    office.take(c.Arrive(at=office.now, visit_id="car", plate="浙A88888"))
    office.pass_s(86_400)
    office.do(c.Tick)
    midnight = MORNING.replace(hour=0) + timedelta(days=1)
    assert office.last(e.DayBegan).at == midnight
    (left,) = office.all_of(n.LeftOpen)
    assert (left.visit_id, left.consultant_id, left.at) == ("v1", "li", midnight)


def test_of_a_long_holiday_only_the_days_begin_that_end_something() -> None:
    office = Office()
    office.pass_s(10 * 86_400)
    office.do(c.Tick)
    assert [day.on.day for day in office.all_of(e.DayBegan)] == [23, 3]


def test_a_make_up_turn_ends_on_the_second_day_of_a_long_holiday() -> None:
    office = Office(("wang", "zhao", "chen"))
    office.known("wang")
    office.do(c.Away, consultant_id="wang", is_excused=True)
    office.check_in("v1", phone=PHONE)
    office.do(c.Ack, consultant_id="zhao", visit_id="v1")
    office.pass_s(10 * 86_400)
    office.do(c.Tick)
    assert office.last(n.MakeUpCarried).at == MORNING.replace(hour=0) + timedelta(days=1)
    assert office.last(n.MakeUpExpired).at == MORNING.replace(hour=0) + timedelta(days=2)
    assert [day.on.day for day in office.all_of(e.DayBegan)] == [23, 24, 25, 3]


def test_an_appointment_is_missed_at_its_end_and_not_when_somebody_looks() -> None:
    office = Office()
    office.do(
        c.MakeAppointment,
        host_id="li",
        phone=PHONE,
        starts_at=at(10),
        ends_at=at(11),
    )
    office.pass_s(5 * 3600)
    office.check_in("v1", phone=PHONE)
    missed = office.last(n.AppointmentMissed)
    assert (missed.at, missed.consultant_id) == (at(11), "li")
    assert office.state.visits["v1"].ownership is not None
    assert office.state.visits["v1"].ownership.rule == "R14"


def test_an_answer_in_the_last_instant_of_an_appointment_is_in_time() -> None:
    office = Office()
    office.do(c.MakeAppointment, host_id="wang", phone=PHONE, starts_at=at(10), ends_at=at(11))
    office.now = at(11)
    assert office.check_in("v1", phone=PHONE).rule == "R5"


def test_after_a_clock_was_set_back_nothing_is_done_twice() -> None:
    office = Office()
    office.check_in("v1")
    office.wait(121)
    office.pass_s(-60)
    office.do(c.Ack, consultant_id="wang", visit_id="v1")
    office.wait(600)
    assert passed(office) == [("li", at(9, 2))]
    assert office.host("v1") == "wang"
