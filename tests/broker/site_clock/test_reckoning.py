"""Who must vouch for a machine's clock before the hub goes by it, and how small steps are taken."""

from datetime import timedelta

import pytest

from broker.site_clock.reckoning import Held, Vouch, after, begun, looked, needed, step
from tests.fakes import NINE

HOUR_S, DAY_S = 3_600.0, 86_400.0
TRACE = Held(NINE, 0.0, since=NINE, is_trace=True)
PLAUSIBLE = Held(NINE, 0.0, since=NINE)
CONFIRMED = Held(NINE, 0.0, since=NINE, is_confirmed=True)


@pytest.mark.parametrize(
    ("held", "ahead_s", "vouch"),
    [
        (TRACE, -60, Vouch.NOBODY),
        (TRACE, -61, Vouch.TIME_SOURCE),
        (TRACE, 3 * DAY_S, Vouch.NOBODY),
        (TRACE, 3 * DAY_S + 1, Vouch.TIME_SOURCE),
        (TRACE, 60 * DAY_S, Vouch.TIME_SOURCE),
        (TRACE, 60 * DAY_S + 1, Vouch.WITNESSES),
        (TRACE, -60 * DAY_S - 1, Vouch.WITNESSES),
        (PLAUSIBLE, 60, Vouch.NOBODY),
        (PLAUSIBLE, 61, Vouch.TIME_SOURCE),
        (PLAUSIBLE, -HOUR_S, Vouch.TIME_SOURCE),
        (PLAUSIBLE, -60 * DAY_S - 1, Vouch.WITNESSES),
        (CONFIRMED, -60, Vouch.NOBODY),
        (CONFIRMED, -61, Vouch.WITNESSES),
        (CONFIRMED, DAY_S, Vouch.TIME_SOURCE),
        (CONFIRMED, DAY_S + 1, Vouch.WITNESSES),
        (CONFIRMED, 365 * DAY_S, Vouch.WITNESSES),
    ],
)
def test_the_table_of_who_must_vouch(held: Held, ahead_s: float, vouch: Vouch) -> None:
    assert needed(held, ahead_s) is vouch


def test_two_years_back_into_a_hole_of_the_journal_a_time_server_is_enough() -> None:
    assert needed(TRACE, -730 * DAY_S, is_torn=True) is Vouch.TIME_SOURCE
    assert needed(PLAUSIBLE, -730 * DAY_S, is_torn=True) is Vouch.WITNESSES


@pytest.mark.parametrize("off_s", [-60, -5, 5, 60])
def test_a_small_step_is_brought_in_so_slowly_that_two_minutes_stay_two_minutes(
    off_s: float,
) -> None:
    held = PLAUSIBLE
    for second in range(1, 121):
        before = held.at
        held = looked(held, NINE + timedelta(seconds=second + off_s), float(second))
        assert held.refused_s is None
        assert held.at > before
    lasted_s = (held.at - NINE).total_seconds()
    assert 114 <= lasted_s <= 126
    for second in range(121, 1500):
        held = looked(held, NINE + timedelta(seconds=second + off_s), float(second))
    assert held.at == NINE + timedelta(seconds=1499 + off_s)


def test_a_start_after_the_night_needs_nobody_and_one_in_1970_goes_on_from_the_last_trace() -> None:
    night = timedelta(hours=14)
    assert begun(NINE + night, 5.0, NINE).at == NINE + night
    lost = begun(NINE - timedelta(days=20_000), 5.0, NINE)
    assert lost.at == NINE + timedelta(seconds=1)
    assert lost.refused_s is not None
    assert lost.time(65.0) == lost.at + timedelta(seconds=60)


def test_only_who_may_vouch_sets_the_clock_and_from_then_on_it_is_sure() -> None:
    shown = NINE + timedelta(days=100)
    held = looked(PLAUSIBLE, shown, 10.0)
    assert step(held, Vouch.TIME_SOURCE) is None
    taken = step(held, Vouch.PERSON)
    assert taken is not None
    assert (taken.was, taken.at) == (NINE + timedelta(seconds=10), shown)
    sure = after(held, taken)
    assert (sure.at, sure.is_confirmed, sure.refused_s) == (shown, True, None)
