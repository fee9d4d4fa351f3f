"""What a later day changes of an earlier one: nothing but what stands apart."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from random import Random

import pytest

from broker.console.register_view import RowsWanted, ShownRow
from broker.console.report_view import DayReport
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.local.questions import CustomersImported, CustomersPart, ListedCustomer
from broker.registers.all_registers import REGISTERS
from broker.registers.columns import FileReading
from broker.registers.day_facts import Day
from broker.registers.days import days
from broker.registers.figures import FIGURES, figures_of, summed
from broker.registers.period_numbers import PeriodNumbers
from broker.registers.summaries import day_report, week_report
from shared.messages import Correction, ReportKind
from tests.busy_day import PHONE, PLATE, comes, live_through, report, rule
from tests.erasing import pass_on, request
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers
from tests.register_rows import TODAY, cells, reading, rows, writer


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


def told_of_the_day(hub: Hub) -> tuple[object, ...]:
    """The report of the first day, without what came after it."""
    found: DayReport = day_report(reading(hub), writer(hub), {"wu": ("parking",)})
    return (
        *(found.numbers, found.charts, found.people, found.posts),
        *(found.answered_s, found.waited_s),
    )


def is_corrected(hub: Hub, natural: str) -> None:
    """The guard sees days later what the plate was."""
    said = Correction(
        correction_id="k-1",
        gate_id="north",
        arrival_id="a-1",
        plate="浙A00007",
        corrected_by="north",
        corrected_at=hub.clock(),
    )
    answers(hub, said)


def is_imported(hub: Hub, natural: str) -> None:
    """An agency's table says that it had reported the visitor the day before they came."""
    listed = ListedCustomer(
        registration_id="i-1-1",
        consultant_id="li",
        at=NINE - timedelta(days=1),
        phone=PHONE,
        channel="agency",
    )
    part = CustomersPart(import_id="i-1", asked_at=hub.clock(), customers=(listed,))
    handle(hub, part)
    handle(
        hub, CustomersImported(import_id="i-1", asked_at=hub.clock(), count=1, source="table.csv")
    )


def is_erased(hub: Hub, natural: str) -> None:
    handle(hub, request(phone=PHONE))
    handle(hub, request(plate=PLATE, number="2"))


def leaves(hub: Hub, natural: str) -> None:
    report(hub, ReportKind.LEAVES_COMPANY, "chen", for_staff_id="li")


@pytest.mark.parametrize("happens", [rule, is_corrected, is_imported, is_erased, leaves])
def test_the_report_of_a_day_is_the_same_a_week_later_whatever_happened_since(
    hub: Hub, clock: FakeClock, happens: Callable[[Hub, str], None]
) -> None:
    natural, _ = live_through(hub, clock)
    report(hub, ReportKind.RAIN, "wu")
    clock.pass_s(12 * 3600)
    pass_on(hub)
    before, figures = told_of_the_day(hub), [len(rows(hub, name)) for name in REGISTERS]
    clock.moment += timedelta(days=6)
    pass_on(hub)
    happens(hub, natural)
    clock.moment += timedelta(days=1)
    pass_on(hub)
    assert told_of_the_day(hub) == before
    assert [len(rows(hub, name)) for name in REGISTERS] == figures


@pytest.mark.parametrize("seed", range(3))
def test_days_told_one_by_one_are_the_week_whatever_each_brought(
    hub: Hub, clock: FakeClock, seed: int
) -> None:
    chance = Random(seed)
    for day in range(5):
        for visitor in range(chance.randrange(4)):
            clock.pass_s(chance.randrange(60, 3600))
            number = 10 * day + visitor
            visit = comes(hub, number, phone=f"136000000{number:02d}", surname="吴")
            if chance.random() < 0.3:
                rule(hub, visit)
        clock.moment = NINE + timedelta(days=(clock.moment - NINE).days + 1)
        pass_on(hub)
    week = reading(hub, TODAY, TODAY + timedelta(days=5))
    alone = PeriodNumbers(TODAY)
    sums: dict[tuple[str, str | None], int] = {}
    for number in range(6):
        on = TODAY + timedelta(days=number)
        alone.add_next(reading(hub, on, on))
        for found in day_report(reading(hub, on, on), writer(hub), {}).numbers:
            key = found.register, found.kind
            sums[key] = sums.get(key, 0) + found.value
    told = week_report(week, writer(hub)).rows
    assert {(row.total.register, row.total.kind): row.total.value for row in told} == sums
    assert all(sum(row.days) == row.total.value for row in told)
    assert dict(alone.counted) == dict(summed(figures_of(day, week) for day in days_of(week)))
    assert alone.counted["visits"] == sum(alone.origins.values())


def days_of(week: FileReading) -> Iterator[Day]:
    return days(week.db, week.policy, week.first, week.last)
