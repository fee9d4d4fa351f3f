"""A soak's arithmetic finds what grows; a short one holds with real programs."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.soak.bounds import DAY_S, Bounds, Held, Sample, checks
from tests.bench.soak.day import SPEED, live_through
from tests.bench.soak.plan import Plan

MINUTE_S = 60.0
SHORT = Bounds(rss_mb=1000.0, descriptors=150.0, log_mb=20.0, wal_mb=16.0)
"""In its first minutes a program still fills its caches, and a day is forty times as long."""


def flat(minutes: int = 480) -> list[Sample]:
    """A day on which nothing grows."""
    quiet = Sample(0.0, (Held(80.0, 20),) * 3, wal_mb=4.0, waiting=0, journal=0, log_mb=0.0)
    return [replace(quiet, at_s=minute * MINUTE_S) for minute in range(minutes + 1)]


def missed(samples: list[Sample]) -> list[str]:
    return [check.what for check in checks(samples, Bounds()) if not check.is_good]


def leaking(mb_a_day: float, files_a_day: float) -> list[Sample]:
    """A day on which the hub grows by so much."""
    return [
        replace(
            sample,
            programs=(
                Held(
                    80 + mb_a_day * sample.at_s / DAY_S,
                    round(20 + files_a_day * sample.at_s / DAY_S),
                ),
                *sample.programs[1:],
            ),
        )
        for sample in flat()
    ]


def test_a_site_that_holds_no_more_at_night_than_in_the_morning_is_within_its_bounds() -> None:
    assert missed(flat()) == []
    assert missed(leaking(19, 4)) == []


def test_a_hub_that_grows_by_more_than_its_bound_in_a_day_is_found() -> None:
    assert missed(leaking(21, 0)) == ["hub: MB of memory more in a day"]
    assert missed(leaking(0, 6)) == ["hub: descriptors more in a day"]


def test_what_a_program_takes_while_it_warms_up_does_not_count() -> None:
    warm = [
        replace(sample, programs=(Held(80 + min(place, 100), 20), *sample.programs[1:]))
        for place, sample in enumerate(flat())
    ]
    assert missed(warm) == []


def test_half_a_day_is_taken_as_a_whole_one() -> None:
    grown = [replace(sample, log_mb=sample.at_s / DAY_S * 30) for sample in flat(240)]
    logs = next(check for check in checks(grown, Bounds()) if "logs" in check.what)
    assert logs.found == pytest.approx(30)
    assert not logs.is_good


def test_a_write_ahead_log_may_at_no_moment_be_large_and_nothing_waits_at_the_end() -> None:
    day = flat()
    day[3], day[-1] = replace(day[3], wal_mb=17.0), replace(day[-1], waiting=1)
    assert missed(day) == ["MB of the largest write-ahead log", "messages that wait at the end"]


@pytest.mark.slow
@pytest.mark.server
def test_a_short_part_of_a_busy_day_loses_no_alert_and_keeps_to_its_bounds(tmp_path: Path) -> None:
    day = live_through(tmp_path, Plan(40, SPEED))
    assert day.wrong == []
    assert day.cars > 50
    assert [check for check in checks(day.samples, SHORT) if not check.is_good] == []
