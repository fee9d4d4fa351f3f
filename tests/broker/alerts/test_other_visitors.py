from datetime import timedelta

import pytest

from broker.alerts.other_visitors import last_closing
from broker.rules.policy import Policy
from tests.fakes import NINE

CLOSING = NINE + timedelta(hours=9, minutes=30)


@pytest.mark.parametrize(
    ("seconds", "days"), [(-1, -1), (0, 0), (1, 0), (5 * 3600, 0), (24 * 3600 - 1, 0), (86_400, 1)]
)
def test_the_last_closing_is_the_one_that_has_been(seconds: int, days: int) -> None:
    moment = CLOSING + timedelta(seconds=seconds)
    assert last_closing(Policy(), moment) == CLOSING + timedelta(days=days)


def test_a_house_that_never_closes_looks_around_at_midnight() -> None:
    always = Policy(open="00:00", close="24:00")
    assert last_closing(always, NINE) == NINE.replace(hour=16) - timedelta(days=1)
