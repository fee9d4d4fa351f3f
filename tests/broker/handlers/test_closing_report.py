"""The day, the week and the month in numbers, told once when they have closed."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broker.handlers.closing_report import last_closed, last_month, last_week
from broker.handlers.context import Hub
from broker.handlers.table import let_time_pass
from broker.hub.opening import open_hub
from broker.rules.policy import Policy, SpecialDay
from shared.codec import decode
from shared.messages import Alert, Correction
from tests.busy_day import comes, live_through
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.hub_fixtures import PEOPLE, clocked
from tests.samples import arrival

HERE = ZoneInfo(Policy().timezone)
WEEK, MONTH = "2026-11-23 – 11-29", "2026-11："
"""How the reports of this week and this month begin; the 23rd is a Monday."""


def at(day: int, clock_time: str, month: int = 11) -> datetime:
    hours, minutes = map(int, clock_time.split(":"))
    return datetime(2026, month, day, hours, minutes, tzinfo=HERE)


def told(hub: Hub, begins: str) -> list[str]:
    """The reports told so far that begin like this."""
    bodies = hub.inbox.db.execute("select body from alerts order by rowid").fetchall()
    texts = (decode(Alert, body.encode()).text for (body,) in bodies)
    return [text for text in texts if text.startswith(begins)]


def passes(hub: Hub, clock: FakeClock, moment: datetime, turns: int = 40) -> None:
    """It is ``moment`` now, and the hub has so many turns."""
    clock.moment = moment
    for _ in range(turns):
        let_time_pass(hub)


def restarted(folder: Path, clock: FakeClock) -> Hub:
    return clocked(open_hub(folder, PEOPLE, Policy(), clock), clock)


@pytest.mark.parametrize(
    ("moment", "day", "week", "month"),
    [
        (at(29, "17:59"), date(2026, 11, 28), date(2026, 11, 22), date(2026, 10, 31)),
        (at(29, "18:00"), date(2026, 11, 29), date(2026, 11, 29), date(2026, 10, 31)),
        (at(30, "08:59"), None, None, None),
        (at(30, "09:00"), date(2026, 11, 29), date(2026, 11, 29), date(2026, 10, 31)),
        (at(30, "23:59"), date(2026, 11, 30), date(2026, 11, 29), date(2026, 11, 30)),
        (at(1, "00:00", 1), date(2026, 1, 1), date(2025, 12, 28), date(2025, 12, 31)),
        (at(1, "18:00", 3), date(2026, 3, 1), date(2026, 3, 1), date(2026, 2, 28)),
    ],
)
def test_what_is_over_at_a_moment(
    moment: datetime, day: date | None, week: date | None, month: date | None
) -> None:
    new_year = SpecialDay(on=date(2026, 1, 1))  # closed
    policy = Policy(open="09:00", close="18:00", special_days=(new_year,))
    assert last_closed(policy, moment) == day
    if day is not None:
        assert last_week(day) == (week and week - timedelta(days=6), week)
        assert last_month(day) == (month and month.replace(day=1), month)


def test_a_house_that_never_closes_is_told_of_a_day_when_the_next_begins() -> None:
    policy = Policy(open="00:00", close="24:00")
    assert last_closed(policy, at(29, "23:59")) == date(2026, 11, 28)
    assert last_closed(policy, at(30, "00:00")) == date(2026, 11, 29)


def test_the_week_is_told_once_in_numbers_only_also_over_a_restart_amid_it(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    live_through(hub, clock)
    passes(hub, clock, at(23, "21:30"), turns=1)
    assert len(told(hub, "2026-11-23：")) == 1, "the day's own"
    passes(hub, clock, at(29, "21:30"), turns=3)
    assert told(hub, WEEK) == [], "its days are still being read"
    hub = restarted(tmp_path, clock)
    passes(hub, clock, at(29, "21:31"))
    (week,) = told(hub, WEEK)
    assert "到访 3 组（首次 3），接待 3；每位顾问轮次 1～2、接待 1～1；轮空 2，" in week
    assert not re.search("浙A|张|赵|李敏|王强|女士|1[0-9]{10}", week)
    hub = restarted(tmp_path, clock)
    passes(hub, clock, at(29, "21:32"))
    passes(hub, clock, at(30, "09:30"))
    assert told(hub, WEEK) == [week]


def test_after_a_night_without_power_the_week_is_told_once_when_the_house_opens(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    live_through(hub, clock)
    passes(hub, clock, at(29, "16:00"), turns=1)
    hub = restarted(tmp_path, clock)
    passes(hub, clock, at(30, "06:00"))
    assert told(hub, WEEK) == []
    passes(hub, clock, at(30, "09:30"))
    passes(hub, clock, at(30, "21:30"))
    assert len(told(hub, WEEK)) == 1


def test_a_clock_that_jumps_doubles_no_report(hub: Hub, clock: FakeClock) -> None:
    live_through(hub, clock)
    for moment in (at(23, "21:30"), at(29, "21:30")):
        passes(hub, clock, moment)
    for moment in (at(28, "21:30"), at(29, "21:31"), at(23, "21:31"), at(29, "21:32")):
        passes(hub, clock, moment)
    passes(hub, clock, at(31, "21:30", 12))
    passes(hub, clock, at(29, "21:33"))
    assert (len(told(hub, "2026-11-23：")), len(told(hub, WEEK))) == (1, 1)


def test_the_month_is_told_by_channel_with_the_reader_s_corrections(
    hub: Hub, clock: FakeClock
) -> None:
    live_through(hub, clock)
    answers(hub, arrival("浙A0B001", 77, seen_at=clock()))
    said = Correction(
        correction_id="k-1",
        gate_id="north",
        arrival_id="a-77",
        plate="浙A08001",
        corrected_by="north",
        corrected_at=clock(),
    )
    answers(hub, said)
    clock.moment = at(30, "10:00")
    comes(hub, 9, phone="13600000009", surname="吴")
    passes(hub, clock, at(30, "21:30"), turns=1)
    assert told(hub, MONTH) == []
    passes(hub, clock, at(30, "21:31"))
    (month,) = told(hub, MONTH)
    assert re.search(r"到访 4 组（[^）]*自然到访 \d[^）]*），首次 \d，接待 \d；", month)
    assert "车辆 2，车牌改正 1（50%）" in month
    assert not re.search("浙A|吴|赵|李敏|王强", month)
