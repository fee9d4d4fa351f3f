"""The comparison of sites as a file for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable

from broker.head_office.conduct import ANSWER_WITHIN_S, DAYS, WAIT_AT_MOST_S, SiteConduct
from shared.spreadsheet import harmless

_COLUMNS: tuple[tuple[str, Callable[[SiteConduct], str | float | None]], ...] = (
    ("group.site", lambda one: harmless(one.site)),
    ("group.days", lambda one: one.of(DAYS)),
    ("group.visits", lambda one: one.of("visits")),
    ("group.received_visits", lambda one: one.of("received")),
    ("group.wait_s", lambda one: one.waits.middle_s),
    ("group.wait_short", lambda one: one.waits.percent_within(WAIT_AT_MOST_S)),
    ("group.answer_s", lambda one: one.answers.middle_s),
    ("group.answer_soon", lambda one: one.answers.percent_within(ANSWER_WITHIN_S)),
    ("group.passed_over", lambda one: one.of("passed_over")),
    ("group.turn_gap", lambda one: one.turn_gap),
    ("group.disputes", lambda one: one.of("disputes")),
    ("group.anomalies", lambda one: one.of("anomalies")),
)


def as_csv(found: Iterable[SiteConduct], say: Callable[[str], str]) -> str:
    """``found`` with a head, as Excel opens it: with a BOM, and no cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(say(key) for key, _ in _COLUMNS)
    writer.writerows([value(one) for _, value in _COLUMNS] for one in found)
    return f"\ufeff{written.getvalue()}"
