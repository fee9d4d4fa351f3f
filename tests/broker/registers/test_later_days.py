"""What a later day changes of an earlier one: nothing but what stands apart."""

from collections.abc import Iterable
from datetime import date, timedelta

from broker.console.register_view import RowsWanted, ShownRow
from broker.handlers.context import Hub
from broker.registers.all_registers import REGISTERS
from broker.registers.days import days
from broker.registers.figures import FIGURES, figures_of, summed
from tests.busy_day import comes, live_through, rule
from tests.fakes import NINE, FakeClock
from tests.register_rows import TODAY, cells, reading, rows


def without_later(shown: Iterable[ShownRow], columns: list[str]) -> list[dict[str, object]]:
    """The rows without the column of what came after the day."""
    named = (dict(zip(columns, row.cells, strict=True)) for row in shown)
    return [{name: cell for name, cell in row.items() if name != "later"} for row in named]


def test_a_ruling_of_a_later_day_stands_apart_and_changes_nothing_else(
    hub: Hub, clock: FakeClock
) -> None:
    natural, _ = live_through(hub, clock)
    before = {name: rows(hub, name) for name in REGISTERS}
    clock.moment += timedelta(days=6)
    rule(hub, natural)
    for name, register in REGISTERS.items():
        columns = [column.name for column in register.columns]
        assert without_later(rows(hub, name), columns) == without_later(before[name], columns), name
    assert cells(hub, "visits")[0]["later"] == "2026-11-29 裁决归属王强"
    assert cells(hub, "disputes")[0]["later"] == "2026-11-29 裁决归属王强"
    ruled = rows(hub, "rotation", first=date(2026, 11, 29), last=date(2026, 11, 29))
    assert any("裁决" in row.cells for row in ruled)


def test_the_sums_of_the_days_are_the_numbers_of_the_range_and_count_what_is_shown(
    hub: Hub, clock: FakeClock
) -> None:
    live_through(hub, clock)
    clock.moment = NINE + timedelta(days=1)
    comes(hub, 9, phone="13600000009", surname="吴")
    week = reading(hub, TODAY, TODAY + timedelta(days=1))
    each = [figures_of(day, week) for day in days(week.db, week.policy, week.first, week.last)]
    total = summed(each)
    assert total["visits"] > each[0]["visits"] > 0
    for figure in FIGURES:
        found = rows(
            hub,
            figure.register.name,
            wanted=RowsWanted(kind=figure.kind),
            first=week.first,
            last=week.last,
        )
        assert len(found) == total[figure.name], figure.name
