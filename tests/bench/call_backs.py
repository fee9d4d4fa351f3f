"""Draws months of repairs, solved, reopened and excepted, and looks whom each month calls back.

python -m tests.bench call_backs [--months 10000] [--seed 20261123]
"""

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from broker.rules.call_backs import (
    SAMPLED_SHARE,
    is_drawn,
    missing,
    so_far,
)
from broker.rules.cases import Act, CaseLife, CaseMove, after, is_excepted, opened
from broker.rules.working_time import MIDNIGHT, WorkingTime

FIRST = datetime(2026, 11, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
ALWAYS = WorkingTime(lambda _on: ((MIDNIGHT, MIDNIGHT),), ZoneInfo("Asia/Shanghai"))
MONTH = timedelta(days=30)
AT_LEAST = 5
"""Of a month with fewer repairs no share is asked."""
EXCEPTED = 0.15
REOPENED = 0.2
CALLED = 0.3
"""Of those that are due, after each case that is solved."""


class DrawnMonth:
    """The repairs of one month; some were opened in the month before."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.cases: dict[str, CaseLife] = {}
        self.calls: dict[str, int] = {}

    def open(self, number: int) -> None:
        """A visitor tells of a fault."""
        at = FIRST + (MONTH * 1.5 * self._chance.random()) - MONTH / 2
        is_anonymous = self._chance.random() < EXCEPTED / 3
        case = opened(f"k{number}", "repair", at, ALWAYS, is_anonymous=is_anonymous)
        self.cases[case.case_id] = case

    def solve(self, case_id: str, at: datetime) -> None:
        """Engineering has done it; perhaps it breaks again."""
        chance = self._chance
        step = CaseMove(
            act=Act.SOLVE,
            at=at,
            is_on_the_spot=chance.random() < EXCEPTED / 3,
            is_sensitive=chance.random() < EXCEPTED / 3,
        )
        self._take(case_id, step)
        if chance.random() < REOPENED:
            self._take(case_id, CaseMove(act=Act.REOPEN, at=at))
            self.solve(case_id, at)

    def call_some(self) -> None:
        """The front desk calls some of those who are due."""
        for case_id, case in tuple(self.cases.items()):
            if case.is_call_back_due and self._chance.random() < CALLED:
                self._take(case_id, CaseMove(act=Act.CALL_BACK, at=case.solved_at or FIRST))
                self.calls[case_id] = self.calls.get(case_id, 0) + 1

    def _take(self, case_id: str, step: CaseMove) -> None:
        self.cases[case_id] = after(self.cases[case_id], step, ALWAYS, self._draw)
        for one in missing(self.cases.values(), FIRST):
            self.cases[one.case_id] = replace(one, is_call_back_due=True)

    def _draw(self) -> bool:
        return is_drawn(*so_far(self.cases.values(), FIRST), self._chance.random())


def drawn_month(chance: random.Random) -> DrawnMonth:
    """A month with up to 30 repairs, which are solved in any order."""
    month = DrawnMonth(chance)
    for number in range(chance.randint(1, 30)):
        month.open(number)
    for case_id in chance.sample(sorted(month.cases), len(month.cases)):
        begun = max(FIRST, month.cases[case_id].opened_at)
        month.solve(case_id, begun + (FIRST + MONTH - begun) * chance.random())
        month.call_some()
    return month


def wrongs_of(month: DrawnMonth) -> list[str]:
    """What must never be."""
    return [*_of_share(month), *_of_cases(month)]


def _of_share(month: DrawnMonth) -> Iterator[str]:
    chosen, solved = so_far(month.cases.values(), FIRST)
    if solved >= AT_LEAST and chosen < SAMPLED_SHARE * solved:
        yield f"{chosen} of {solved}"


def _of_cases(month: DrawnMonth) -> Iterator[str]:
    for name, case in month.cases.items():
        if month.calls.get(name, 0) > 1:
            yield f"{name} called twice"
        if case.is_call_back_due and (is_excepted(case) or case.called_back_at):
            yield f"{name} is to be called"


def main(months: int, seed: int) -> int:
    """Draw them; 1 if anything was wrong."""
    chance, wrong, shares = random.Random(seed), 0, []
    for number in range(months):
        month = drawn_month(chance)
        chosen, solved = so_far(month.cases.values(), FIRST)
        if solved >= AT_LEAST:
            shares.append(chosen / solved)
        for found in wrongs_of(month):
            wrong += 1
            print(f"month {number} of seed {seed}: {found}")
    mean = sum(shares) / len(shares)
    print(
        f"{months:,} months: {wrong} wrong; called back {min(shares):.0%} at least, mean {mean:.0%}"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261123)
    given = parser.parse_args()
    sys.exit(main(given.months, given.seed))
