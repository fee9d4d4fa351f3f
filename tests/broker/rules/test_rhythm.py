"""How often somebody comes, and what of it is news."""

from datetime import timedelta

import pytest

from broker.rules.rhythm import Coming, news_of
from tests.office import MORNING


def days_ago(days: float, party_size: int | None = 1) -> Coming:
    return Coming(MORNING - timedelta(days=days), party_size)


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [
        ([], 1, []),
        ([], 3, []),
        ([1], 1, []),
        ([9, 1], 1, ["comes_often"]),
        ([30, 9, 1], 1, ["comes_often"]),
        ([11, 1], 1, []),
        ([9, 5, 1], 1, []),
        ([40], 2, ["first_with_family"]),
        ([9, 1], 2, ["comes_often", "first_with_family"]),
    ],
)
def test_the_third_visit_in_ten_days_and_the_first_with_family_are_news(
    before: list[float], now: int, news: list[str]
) -> None:
    came = tuple(map(days_ago, before))
    assert list(news_of(came, days_ago(0, now))) == news


def test_who_has_come_with_others_before_comes_with_them_again() -> None:
    assert list(news_of((days_ago(30, 2), days_ago(20)), days_ago(0, 3))) == []
