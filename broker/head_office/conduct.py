"""How sites' days went, side by side (横向比较): waits, answers, fairness, what stands out.

Kept as counts by site, day and name, so that any days of any sites can be added up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import psycopg

from broker.journal.shipment import SPANS_S, DayConduct

ANSWER_WITHIN_S = 60
WAIT_AT_MOST_S = 300
PLAIN = ("visits", "received", "passed_over", "turn_gap", "disputes", "anomalies")
DAYS = "days"
"""How many days are in the sum."""


@dataclass(frozen=True, slots=True)
class Spans:
    """How many lasted how long, in the groups of ``SPANS_S``."""

    groups: tuple[int, ...]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.groups)

    @property
    def middle_s(self) -> int | None:
        """About the median, as if each group were spread evenly; None: of nothing.

        Of what lasted longer than the last bound only this bound is known.
        """
        before, half = 0, self.count / 2
        for (low_s, high_s), count in zip(pairwise((0, *SPANS_S)), self.groups, strict=False):
            if count and before + count >= half:
                return round(low_s + (high_s - low_s) * (half - before) / count)
            before += count
        return SPANS_S[-1] if self.count else None

    def percent_within(self, bound_s: int) -> int | None:
        """How many of a hundred lasted no longer than ``bound_s``, which is one of the bounds."""
        within = sum(self.groups[: SPANS_S.index(bound_s) + 1])
        return round(100 * within / self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class SiteConduct:
    """A site's days, added up."""

    site: str
    counted: Mapping[str, int]

    @property
    def waits(self) -> Spans:
        """Until somebody said that they go."""
        return self._spans("wait")

    @property
    def answers(self) -> Spans:
        """From the call to its answer."""
        return self._spans("answer")

    @property
    def turn_gap(self) -> float:
        """How many turns more the first had than the last, on a mean day."""
        return round(self.of("turn_gap") / max(1, self.of(DAYS)), 1)

    def of(self, what: str) -> int:
        """How often that was."""
        return self.counted.get(what, 0)

    def _spans(self, name: str) -> Spans:
        return Spans(tuple(self.of(f"{name}_{group}") for group in range(len(SPANS_S) + 1)))


def keep_days(connection: psycopg.Connection, site: str, days: Sequence[DayConduct]) -> None:
    """Keep what a site told of these days, instead of what it told of them before."""
    if not days:
        return
    connection.execute(
        "delete from site_conduct where site = %s and day = any (%s)",
        [site, [one.day for one in days]],
    )
    with connection.cursor() as cursor:
        rows = [
            (site, one.day, *row)
            for one in {day.day: day for day in days}.values()
            for row in _counts_of(one)
        ]
        cursor.executemany("insert into site_conduct values (%s, %s, %s, %s)", rows)


def added_up(rows: Iterable[tuple[str, str, int]]) -> list[SiteConduct]:
    """``rows`` of site, name and count by site; those whose visitors wait longest first."""
    counted = dict[str, dict[str, int]]()
    for site, what, count in rows:
        counted.setdefault(site, {})[what] = count
    found = [SiteConduct(site, counts) for site, counts in counted.items()]
    return sorted(found, key=lambda one: (-(one.waits.middle_s or 0), one.site))


def _counts_of(day: DayConduct) -> Iterable[tuple[str, int]]:
    spans = (("wait", day.waits), ("answer", day.answers))
    in_groups = ((f"{name}_{at}", count) for name, all_ in spans for at, count in enumerate(all_))
    plain = ((name, getattr(day, name)) for name in PLAIN)
    return ((what, count) for what, count in chain([(DAYS, 1)], plain, in_groups) if count)
