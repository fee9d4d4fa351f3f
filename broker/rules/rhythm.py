"""How often somebody comes (到访节奏), and what of it is news to their owner. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

OFTEN_WITHIN = timedelta(days=10)
OFTEN = 3


class Coming(NamedTuple):
    """A visit: when, and how many they were."""

    at: datetime
    party_size: int | None
    """None: nobody said."""


def news_of(before: tuple[Coming, ...], now: Coming) -> Iterator[str]:
    """The names of what is new: the third visit in ten days, the first time with the family."""
    lately = [each for each in before if now.at - each.at < OFTEN_WITHIN]
    if len(lately) == OFTEN - 1:
        yield "comes_often"
    were_alone = bool(before) and all((each.party_size or 1) == 1 for each in before)
    if were_alone and (now.party_size or 1) > 1:
        yield "first_with_family"
