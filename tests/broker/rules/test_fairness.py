from hypothesis import given, settings

from tests.days import Move, assert_replay_equals_live, days, live


@settings(max_examples=60, deadline=None)
@given(days)
def test_on_any_day_nobody_is_overtaken_and_a_replay_says_the_same(
    day: tuple[int, str, list[Move]],
) -> None:
    assert_replay_equals_live(live(day))
