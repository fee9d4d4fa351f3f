"""Promises in working time: 60 by hand, and what holds for all of them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules.office_hours import is_workday, office_hours
from broker.rules.policy import Policy, SpecialDay
from broker.rules.working_time import WorkingTime

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office_hours(Policy())
"""08:30 to 12:00 and 13:00 to 18:30: nine hours."""
ROUND_THE_CLOCK = WorkingTime(lambda _on: ((time(), time()),), ZONE)

DUE = """
    2026-11-23 09:00  30m  2026-11-23 09:30  a Monday morning
    2026-11-23 08:30  30m  2026-11-23 09:00  at opening
    2026-11-23 07:00  30m  2026-11-23 09:00  before opening
    2026-11-23 00:00  30m  2026-11-23 09:00  at midnight
    2026-11-23 11:45  15m  2026-11-23 12:00  just before lunch
    2026-11-23 11:45  16m  2026-11-23 13:01  over lunch
    2026-11-23 11:45  30m  2026-11-23 13:15  over lunch
    2026-11-23 12:00  30m  2026-11-23 13:30  as lunch begins
    2026-11-23 12:30  30m  2026-11-23 13:30  in lunch
    2026-11-23 13:00  30m  2026-11-23 13:30  as lunch ends
    2026-11-23 18:00  30m  2026-11-23 18:30  at closing
    2026-11-23 18:00  31m  2026-11-24 08:31  over the night
    2026-11-23 18:30  30m  2026-11-24 09:00  as the day ends
    2026-11-23 22:00  30m  2026-11-24 09:00  at night
    2026-11-23 23:59  30m  2026-11-24 09:00  a minute before midnight
    2026-11-23 08:30  9h   2026-11-23 18:30  a whole day
    2026-11-23 09:00  9h   2026-11-24 09:00  a day later
    2026-11-23 08:30  18h  2026-11-24 18:30  two whole days
    2026-11-23 17:00  9h   2026-11-24 17:00  a day later
    2026-11-23 12:30  9h   2026-11-24 12:00  from lunch to lunch
    2026-11-23 09:00  0m   2026-11-23 09:00  nothing
    2026-11-22 12:00  0m   2026-11-22 12:00  nothing on a Sunday
    2026-11-27 18:00  1h   2026-11-30 09:00  Friday evening to Monday
    2026-11-27 09:00  9h   2026-11-30 09:00  Friday to Monday
    2026-11-27 08:30  9h   2026-11-27 18:30  a whole Friday
    2026-11-27 08:30  18h  2026-11-30 18:30  Friday and Monday
    2026-11-28 10:00  1h   2026-11-30 09:30  a Saturday
    2026-11-29 23:00  1h   2026-11-30 09:30  a Sunday night
    2026-02-13 18:00  1h   2026-02-14 09:00  a Saturday that is worked
    2026-02-14 08:30  9h   2026-02-14 18:30  all of that Saturday
    2026-02-14 18:00  1h   2026-02-24 09:00  over Spring Festival
    2026-02-14 09:00  9h   2026-02-24 09:00  a day, over Spring Festival
    2026-02-14 09:00  18h  2026-02-25 09:00  two days, over Spring Festival
    2026-02-15 10:00  1h   2026-02-24 09:30  its first day
    2026-02-17 10:00  30m  2026-02-24 09:00  New Year's day
    2026-02-23 18:00  1h   2026-02-24 09:30  its last day
    2026-02-24 09:00  1h   2026-02-24 10:00  the day after
    2026-02-27 18:00  1h   2026-02-28 09:00  to the Saturday worked for it
    2026-02-28 17:30  2h   2026-03-02 09:30  from that Saturday over Sunday
    2026-04-03 18:00  1h   2026-04-07 09:00  over Tomb Sweeping
    2026-04-04 09:00  1h   2026-04-07 09:30  Tomb Sweeping
    2026-04-30 18:00  1h   2026-05-06 09:00  over Labour Day
    2026-05-01 09:00  1h   2026-05-06 09:30  Labour Day
    2026-05-08 18:00  1h   2026-05-09 09:00  to the Saturday worked for it
    2026-05-09 18:00  1h   2026-05-11 09:00  from that Saturday
    2026-06-18 18:00  1h   2026-06-22 09:00  over Dragon Boat
    2026-06-19 12:00  1h   2026-06-22 09:30  Dragon Boat
    2026-09-20 09:00  1h   2026-09-20 10:00  a Sunday that is worked
    2026-09-19 09:00  1h   2026-09-20 09:30  a free Saturday before it
    2026-09-24 18:00  1h   2026-09-28 09:00  over Mid-Autumn
    2026-09-30 18:00  1h   2026-10-08 09:00  over National Day
    2026-10-01 09:00  9h   2026-10-08 18:30  a whole day, over National Day
    2026-10-07 23:00  1h   2026-10-08 09:30  its last night
    2026-10-09 18:00  1h   2026-10-10 09:00  to the Saturday worked for it
    2026-10-10 18:00  1h   2026-10-12 09:00  from that Saturday
    2025-12-31 18:00  1h   2026-01-04 09:00  over New Year to a worked Sunday
    2026-01-04 18:00  1h   2026-01-05 09:00  from that Sunday
    2027-02-05 18:00  1h   2027-02-08 09:00  a year that is not announced: a weekend
    2031-11-28 18:00  1h   2031-12-01 09:00  far ahead: a weekend
    2026-11-20 17:30  45h  2026-11-27 17:30  five days
"""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def length(text: str) -> timedelta:
    amount = int(text[:-1])
    return timedelta(hours=amount) if text.endswith("h") else timedelta(minutes=amount)


ROWS = [line.split() for line in DUE.strip().splitlines()]


def test_there_are_sixty_by_hand() -> None:
    assert len(ROWS) == 60


@pytest.mark.parametrize(
    "row", ROWS, ids=[" ".join(row[5:]) + f" {row[0]} {row[1]}" for row in ROWS]
)
def test_a_promise_is_due_when_a_person_would_say_so(row: list[str]) -> None:
    start, due = moment(f"{row[0]} {row[1]}"), moment(f"{row[3]} {row[4]}")
    assert OFFICE.due(start, length(row[2])) == due
    assert OFFICE.passed(start, due) == length(row[2])


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=699)).map(
    lambda passed: datetime(2025, 1, 1, tzinfo=ZONE) + passed
)
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=100))


@given(MOMENTS, LENGTHS)
def test_just_the_promised_time_is_worked_until_it_is_due(
    start: datetime, promised: timedelta
) -> None:
    due = OFFICE.due(start, promised)
    assert due >= start
    assert OFFICE.passed(start, due) == promised
    if promised:
        local = due.astimezone(ZONE)
        assert is_workday(local.date())
        assert time(8, 30) < local.time() <= time(12) or time(13) < local.time() <= time(18, 30)


@given(MOMENTS, LENGTHS, LENGTHS)
def test_two_promises_after_each_other_are_one_of_both(
    start: datetime, first: timedelta, second: timedelta
) -> None:
    assert OFFICE.due(OFFICE.due(start, first), second) == OFFICE.due(start, first + second)


@settings(max_examples=40)
@given(MOMENTS, MOMENTS, MOMENTS)
def test_time_adds_up_and_never_runs_back(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    parts = OFFICE.passed(first, middle) + OFFICE.passed(middle, last)
    assert parts == OFFICE.passed(first, last)
    assert OFFICE.passed(last, first) == timedelta(0)


def test_where_work_never_rests_a_promise_is_time_by_the_clock() -> None:
    start = moment("2026-11-28 23:00")
    assert ROUND_THE_CLOCK.due(start, timedelta(hours=30)) == moment("2026-11-30 05:00")


def test_a_site_without_lunch_and_one_that_never_closes() -> None:
    no_lunch = office_hours(Policy(lunch_from="12:00", lunch_to="12:00"))
    assert no_lunch.due(moment("2026-11-23 11:45"), timedelta(hours=1)) == moment(
        "2026-11-23 12:45"
    )
    always = office_hours(Policy(open="00:00", close="24:00"))
    assert always.due(moment("2026-11-23 23:00"), timedelta(hours=2)) == moment("2026-11-24 01:00")


def test_a_day_on_which_the_site_chose_other_hours_is_worked_in_those() -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    chosen = (SpecialDay(on=monday, open="09:00", close="11:00"), SpecialDay(on=tuesday))
    due = office_hours(Policy(special_days=chosen)).due(
        moment("2026-11-23 10:00"), timedelta(hours=2)
    )
    assert due == moment("2026-11-25 09:30"), "closed on Tuesday, and open again from 08:30"


def test_a_holiday_for_which_the_site_chose_hours_is_worked_in_those() -> None:
    """Three days of Spring Festival, and a Sunday; the other holidays and weekends rest."""
    chosen = tuple(
        SpecialDay(on=date(2026, 2, number), open="10:00", close="16:00") for number in (17, 18, 19)
    )
    house = office_hours(
        Policy(special_days=(*chosen, SpecialDay(on=date(2026, 3, 1), open="09:00", close="12:00")))
    )
    assert house.due(moment("2026-02-14 18:00"), timedelta(hours=1)) == moment("2026-02-17 10:30")
    assert house.due(moment("2026-02-17 11:30"), timedelta(hours=1)) == moment("2026-02-17 13:30")
    assert house.due(moment("2026-02-19 15:30"), timedelta(hours=1)) == moment("2026-02-24 09:00")
    assert house.due(moment("2026-02-28 18:00"), timedelta(hours=1)) == moment("2026-03-01 09:30")
    assert house.due(moment("2026-03-01 11:30"), timedelta(hours=1)) == moment("2026-03-02 09:00")


def test_a_calendar_that_knows_no_working_day_ends_too() -> None:
    never = WorkingTime(lambda _on: (), ZONE)
    assert never.due(moment("2026-11-23 09:00"), timedelta(hours=1)) > moment("2027-11-23 09:00")
    assert never.passed(moment("2026-11-23 09:00"), moment("2026-11-24 09:00")) == timedelta(0)


@pytest.mark.parametrize(
    ("on", "is_worked"),
    [(date(2026, 2, 14), True), (date(2026, 2, 16), False), (date(2026, 11, 28), False)],
)
def test_the_calendar_knows_holidays_and_the_weekends_worked_for_them(
    on: date, is_worked: bool
) -> None:
    assert is_workday(on) is is_worked
