"""The hub's clock is set: nobody loses a minute to answer, no day is lost, no protection ends."""

from datetime import date, timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.fold_clock import clock_set
from tests.days.living import assert_replay_equals_live
from tests.office import MORNING, Office

YEAR, HOUR = timedelta(days=365), timedelta(hours=1)
STEPS = [YEAR, HOUR, -HOUR, timedelta(minutes=-3), timedelta(days=-730)]


def is_set(office: Office, by: timedelta, since_s: float = 3600) -> None:
    """Somebody sets the hub's clock, which was wrong for so long."""
    was = office.now
    office.now += by
    office.take(c.SetClock(at=office.now, was=was, since=was - timedelta(seconds=since_s)))


@pytest.mark.parametrize("by", STEPS)
def test_who_was_called_keeps_the_rest_of_the_two_minutes(by: timedelta) -> None:
    office = Office(now=MORNING + 2 * HOUR)
    office.check_in("v1")
    office.pass_s(60)
    is_set(office, by)
    office.wait(60)
    assert office.host("v1") == "li"
    assert not office.all_of(n.PassedOver)
    office.wait(1)
    assert [event.consultant_id for event in office.all_of(n.PassedOver)] == ["li"]
    assert office.host("v1") == "wang"
    assert_replay_equals_live(office)


@pytest.mark.parametrize("by", STEPS)
def test_the_day_is_that_of_the_right_clock_and_goes_on(by: timedelta) -> None:
    office = Office()
    office.check_in("v1")
    line = office.state.line
    is_set(office, by)
    assert office.state.today == office.policy.local(office.now).date()
    assert office.state.visits["v1"].host_id == "li"
    assert office.state.line == line
    office.take(c.Ack(at=office.now, consultant_id="li", visit_id="v1"))
    office.take(c.Finish(at=office.now, visit_id="v1"))
    office.wait(86_400)
    assert office.state.today == office.policy.local(office.now).date()
    assert_replay_equals_live(office)


def test_forward_over_midnight_ends_only_what_was_open_before_the_clock_was_wrong() -> None:
    office = Office()
    office.check_in("yesterday")
    office.take(c.Ack(at=office.now, consultant_id="li", visit_id="yesterday"))
    office.pass_s(7200)
    office.check_in("today")
    is_set(office, timedelta(hours=16), since_s=60)
    assert tuple(office.state.visits) == ("today",)
    assert [event.visit_id for event in office.all_of(n.LeftOpen)] == ["yesterday"]


def test_who_is_away_is_not_passed_over_because_the_clock_is_set() -> None:
    office = Office()
    office.take(c.Away(at=office.now, consultant_id="li"))
    office.pass_s(30)
    is_set(office, HOUR)
    office.take(c.Back(at=office.now, consultant_id="li"))
    assert office.check_in("v1").host_id == "li"


def test_a_make_up_turn_is_good_as_many_days_as_before() -> None:
    office = Office(("zhao", "wang"))
    office.known("wang")
    office.take(c.Away(at=office.now, consultant_id="wang"))
    office.check_in("v1", phone="13800138000")
    granted = office.last(n.MakeUpGranted)
    is_set(office, -YEAR)
    (make_up,) = office.state.make_ups
    assert make_up.consultant_id == granted.consultant_id
    assert make_up.granted_at == granted.at - YEAR
    assert make_up.expires_on == date(2025, 11, 23)


def test_plans_are_people_s_words_and_stay() -> None:
    office = Office()
    starts_at = office.now + timedelta(hours=3)
    ends_at, phone = starts_at + HOUR, "13800138000"
    booking = c.MakeAppointment(
        at=office.now, host_id="li", starts_at=starts_at, ends_at=ends_at, phone=phone
    )
    office.take(booking)
    was = office.state.expected
    event = e.ClockSet(at=office.now, was=office.now + HOUR, since=office.now)
    assert clock_set(office.state, event).expected == was
