from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.policy import Policy
from tests.office import MORNING, NO, YES, Office, people

TEN, NOON = MORNING.replace(hour=10), MORNING.replace(hour=12)


def vip(office: Office, ends_at: datetime | None, *, is_exclusive: bool = True) -> None:
    office.take(
        c.PlanVip(
            at=office.now, name="贵宾", arrives_at=TEN, ends_at=ends_at, is_exclusive=is_exclusive
        )
    )


def appointment(office: Office, starts_at: datetime) -> type[e.Event] | None:
    """What was decided when somebody wanted an hour with Li; None: nothing."""
    wish = c.MakeAppointment(
        at=office.now,
        host_id="li",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        phone="13800138000",
    )
    followed = office.take(wish)
    return type(followed[-1]) if followed else None


@pytest.mark.parametrize(
    ("starts_at", "answer"),
    [
        (TEN - timedelta(hours=1, minutes=15), e.Planned),
        (TEN - timedelta(hours=1, minutes=14), n.Refused),
        (TEN, n.Refused),
        (NOON + timedelta(minutes=14), n.Refused),
        (NOON + timedelta(minutes=15), e.Planned),
    ],
)
def test_nobody_is_invited_while_a_vip_has_the_house(
    starts_at: datetime, answer: type[e.Event]
) -> None:
    office = Office(now=MORNING.replace(hour=8))
    vip(office, NOON)
    assert appointment(office, starts_at) is answer


@pytest.mark.parametrize(
    ("starts_at", "answer"),
    [
        (TEN - timedelta(hours=1, minutes=15), e.Planned),
        (TEN, n.Refused),
        (TEN.replace(hour=18), n.Refused),
        (TEN + timedelta(days=1), e.Planned),
    ],
)
def test_a_vip_without_a_set_end_has_the_house_for_the_rest_of_the_day(
    starts_at: datetime, answer: type[e.Event]
) -> None:
    office = Office(now=MORNING.replace(hour=8))
    vip(office, None)
    assert appointment(office, starts_at) is answer


def test_a_vip_who_shares_the_house_keeps_nobody_out() -> None:
    office = Office()
    vip(office, NOON, is_exclusive=False)
    assert appointment(office, TEN) is e.Planned


def test_an_appointment_made_twice_is_planned_once() -> None:
    office = Office()
    assert appointment(office, TEN) is e.Planned
    assert appointment(office, TEN) is None


def test_an_appointment_is_missed_after_its_end_and_told_once() -> None:
    office = Office()
    appointment(office, TEN)
    office.now = TEN + timedelta(hours=1)
    office.wait(0)
    assert office.told(n.AppointmentMissed) == []
    office.wait(1)
    office.wait(1)
    assert len(office.told(n.AppointmentMissed)) == 1


def test_who_came_to_an_appointment_is_not_missed() -> None:
    office = Office()
    appointment(office, TEN)
    office.now = TEN
    office.check_in("v1", phone="13800138000")
    office.wait(7200)
    assert office.told(n.AppointmentMissed) == []


def test_a_vip_who_does_not_come_is_nobody_s_missed_appointment() -> None:
    office = Office()
    vip(office, NOON)
    office.now = NOON
    office.wait(7200)
    assert office.told(n.AppointmentMissed) == []


def test_an_order_set_for_the_running_day_holds_at_once_and_sends_nobody_home() -> None:
    office = Office()
    office.take(c.Leave(at=office.now, consultant_id="wang"))
    day = office.now.date()
    office.take(c.NextDay(at=office.now, on=day, order=("zhao", "wang", "li", "zhao")))
    assert office.state.line == ("zhao", "wang", "li")
    assert office.line == ("zhao", "li")
    assert office.take(c.NextDay(at=office.now, on=day, order=("zhao", "wang", "li"))) == ()
    assert office.take(c.NextDay(at=office.now, on=day)) == ()


def test_an_order_for_yesterday_changes_nothing() -> None:
    office = Office()
    yesterday = office.now.date() - timedelta(days=1)
    assert office.take(c.NextDay(at=office.now, on=yesterday, order=("zhao", "li", "wang"))) == ()


def test_whoever_is_put_into_the_order_of_the_day_is_here() -> None:
    office = Office(("li", "wang"))
    office.take(c.SetRoster(at=office.now, consultants=people("li", "wang", "zhao")))
    assert list(office.line) == ["li", "wang"]
    office.take(c.NextDay(at=office.now, on=office.now.date(), order=("zhao", "li", "wang")))
    assert list(office.line) == ["zhao", "li", "wang"]


def test_who_has_left_the_company_is_in_no_order() -> None:
    office = Office()
    gone = tuple(
        replace(person, has_left=person.id == "wang") for person in people("li", "wang", "zhao")
    )
    office.take(c.SetRoster(at=office.now, consultants=gone, order=("li", "wang", "zhao")))
    assert "wang" not in office.state.line
    tomorrow = office.now + timedelta(days=1)
    order = ("wang", "zhao", "li")
    office.take(c.NextDay(at=tomorrow, on=tomorrow.date(), order=order))
    assert office.line == ("zhao", "li")


def test_the_same_roster_again_changes_nothing() -> None:
    office = Office()
    same = c.SetRoster(at=office.now, consultants=people("li", "wang", "zhao"))
    assert office.take(same) == ()


def test_who_went_home_stays_at_home_when_the_roster_changes() -> None:
    office = Office(("li", "wang"))
    office.take(c.Leave(at=office.now, consultant_id="li"))
    everybody = people("li", "wang", "zhao")
    office.take(c.SetRoster(at=office.now, consultants=everybody, order=("zhao", "li", "wang")))
    assert office.line == ("wang", "zhao")


def made_up(office: Office) -> None:
    """Zhao hosts a customer of Wang's and is owed a turn for it."""
    office.known("wang")
    office.take(c.Away(at=office.now, consultant_id="wang", is_excused=True))
    office.check_in("v1", phone="13800138000")
    office.take(c.Ack(at=office.now, consultant_id="zhao", visit_id="v1"))
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]


@pytest.mark.parametrize(("is_carried", "owed"), [(True, [1, 0]), (False, [0, 0])])
def test_an_owed_turn_is_good_on_one_more_day_where_the_site_carries_it(
    is_carried: bool, owed: list[int]
) -> None:
    office = Office(("wang", "zhao", "chen"), Policy(is_make_up_carried=is_carried))
    made_up(office)
    found = []
    for _ in range(2):
        office.wait(86_400)
        found.append(len(office.state.make_ups))
    assert found == owed


def test_what_was_expected_yesterday_is_forgotten_and_what_is_today_is_not() -> None:
    office = Office()
    vip(office, None)
    office.now += timedelta(days=1)
    today = c.PlanVip(at=office.now, name="贵宾二", arrives_at=office.now + timedelta(hours=1))
    office.take(today)
    assert [guest.name for guest in office.state.expected] == ["贵宾二"]
    office.now += timedelta(hours=9)
    office.check_in("v1", (YES, NO, NO))
    assert [guest.name for guest in office.state.expected] == ["贵宾二"]
