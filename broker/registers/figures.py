"""The numbers of a day (每日汇总): each counts rows of a register, and so it opens them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from broker.registers.columns import FileReading, Parties, RegisterSheet, Scope, SheetColumn
from broker.registers.day_facts import Day, VisitStory
from broker.registers.of_cases import CASES, STOCK
from broker.registers.of_channels import CHANNELS
from broker.registers.of_customers import CALLS, DISPUTES, LOOK_UPS
from broker.registers.of_follow_ups import SAID_OF_THEM
from broker.registers.of_posts import DUTIES, OTHER_VISITORS, PASSES, PLANS
from broker.registers.of_rotation import ROTATION
from broker.registers.of_visits import DIARY, SELF_DRIVE, VISITS
from broker.registers.visit_kinds import ORIGINS


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: so many rows of the register (of this kind); its name is ``register.figure_…``."""

    name: str
    register: RegisterSheet
    kind: str | None = None


def _kinds_of(register: RegisterSheet, *kinds: str) -> tuple[Figure, ...]:
    return tuple(Figure(kind, register, kind) for kind in kinds)


FIGURES: tuple[Figure, ...] = (
    Figure("cars", SELF_DRIVE),
    Figure("visits", VISITS),
    *_kinds_of(VISITS, "drove", "walked", "new", "again"),
    *_kinds_of(VISITS, *ORIGINS),
    Figure("received", DIARY),
    *_kinds_of(VISITS, "unreceived", "left_open"),
    *_kinds_of(ROTATION, "turn", "stand_in", "passed_over", "skip_taken_back"),
    *_kinds_of(ROTATION, "make_up_granted", "make_up_used", "transferred", "ruled"),
    Figure("disputes", DISPUTES),
    Figure("calls", CALLS),
    Figure("channels", CHANNELS),
    *_kinds_of(CHANNELS, "channel_late", "channel_conflict"),
    *_kinds_of(PLANS, "appointment_planned", "vip_planned"),
    *_kinds_of(SAID_OF_THEM, "follow_up_called", "follow_up_snoozed"),
    *_kinds_of(CASES, "case_opened", "case_complaint", "case_repair", "case_feedback"),
    *_kinds_of(STOCK, "case_unsolved", "case_unsolved_late"),
    Figure("look_ups", LOOK_UPS),
    Figure("other_visitors", OTHER_VISITORS),
    *_kinds_of(PASSES, "pass_staff", "pass_inside", "pass_over", "pass_black", "pass_mismatch"),
    *_kinds_of(DUTIES, "duty_done", "duty_missed", "duty_skipped", "duty_impossible"),
)
"""Everything that is counted, in the order of the report."""


def figures_of(day: Day, asked: FileReading) -> Mapping[str, int]:
    """The day's numbers, by name."""
    counted: dict[str, int] = {}
    registers = {figure.register.name: figure.register for figure in FIGURES}
    rows = {name: list(register.rows(day, asked)) for name, register in registers.items()}
    kinds = {
        name: Counter(kind for row in rows[name] for kind in set(register.kinds(row)))
        for name, register in registers.items()
    }
    for figure in FIGURES:
        of = figure.register.name
        counted[figure.name] = kinds[of][figure.kind] if figure.kind else len(rows[of])
    return counted


def summed(of_days: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """The sums over several days."""
    total = Counter({figure.name: 0 for figure in FIGURES})
    for numbers in of_days:
        total.update(numbers)
    return dict(total)


def answered_s(stories: Iterable[VisitStory]) -> list[float]:
    """How long each host took to answer the call."""
    return [story.answered_s for story in stories if story.answered_s is not None]


def waited_s(stories: Iterable[VisitStory]) -> list[float]:
    """How long each customer waited until somebody said that they go."""
    return [story.waited_s for story in stories if story.waited_s is not None]


def middle(spans_s: Iterable[float]) -> int | None:
    """The median, in whole seconds; None: of nothing."""
    known = list(spans_s)
    return round(median(known)) if known else None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A day in numbers."""

    day: Day
    numbers: Mapping[str, int]


def _column(figure: Figure) -> SheetColumn:
    return SheetColumn(
        f"figure_{figure.name}", lambda _write, row: row.numbers[figure.name], width=9
    )


def _shown_s(spans_s: Iterable[float]) -> int | str:
    found = middle(spans_s)
    return "" if found is None else found


SUMMARY = RegisterSheet(
    "summary",
    lambda day, asked: (SummaryRow(day, figures_of(day, asked)),),
    (
        SheetColumn("on", lambda write, row: write.on(row.day.on), width=11),
        *map(_column, FIGURES),
        SheetColumn(
            "answered_s", lambda _write, row: _shown_s(answered_s(row.day.visits.values()))
        ),
        SheetColumn("waited_s", lambda _write, row: _shown_s(waited_s(row.day.visits.values()))),
    ),
    lambda _row: Parties(),
    {"manager": Scope.ALL},
)
