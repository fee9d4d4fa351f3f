from hypothesis import given, settings
from hypothesis import strategies as st

from tests.days.living import assert_replay_equals_live, assert_ticks_change_nothing, live
from tests.days.moves import Day, days


@settings(max_examples=60, deadline=None)
@given(days)
def test_on_any_day_nobody_is_overtaken_and_a_replay_says_the_same(day: Day) -> None:
    assert_replay_equals_live(live(day))


@settings(max_examples=40, deadline=None)
@given(days, st.integers(0, 1000))
def test_what_time_brings_about_never_depends_on_when_somebody_looks(day: Day, seed: int) -> None:
    assert_ticks_change_nothing(live(day), seed)
