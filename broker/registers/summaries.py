"""The report of a day and of a week (日报、周报): numbers that open their rows, small charts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from broker.console.report_view import (
    Bar,
    Chart,
    DayReport,
    Number,
    PersonDay,
    PostDay,
    WeekReport,
    WeekRow,
)
from broker.registers.columns import FileReading
from broker.registers.day_facts import Day, VisitStory
from broker.registers.days import days
from broker.registers.figures import (
    FIGURES,
    answered_s,
    figures_of,
    middle,
    summed,
    waited_s,
)
from broker.registers.of_reports import REPORTED, does, reports
from broker.registers.of_rotation import turn_kind
from broker.registers.of_visits import VISITS, later_ruling
from broker.registers.visit_kinds import ORIGINS, WAITS_MIN, origin, wait_group
from broker.registers.writer import Writer
from broker.rules import events as e

_OF_PERSON: Mapping[str, str] = {
    "turn": "turns",
    "make_up_granted": "make_ups",
    "stand_in": "stand_ins",
    "passed_over": "passed_over",
}
"""What a line of the rotation ledger counts for, of whoever it names."""


@dataclass(slots=True)
class _Person:
    counts: Counter[str] = field(default_factory=Counter)
    stories: list[VisitStory] = field(default_factory=list)


Posts = Mapping[str, Sequence[str]]
"""Everybody's posts, by id."""


def day_report(asked: FileReading, write: Writer, posts: Posts) -> DayReport:
    """The report of the first day of ``asked``."""
    (day,) = days(asked.db, asked.policy, asked.first, asked.first)
    stories = list(day.visits.values())
    return DayReport(
        on=day.on,
        made_at=asked.now,
        is_over=asked.policy.local(asked.now).date() > day.on,
        numbers=numbers_of(figures_of(day, asked), write),
        charts=_charts([day], asked, write),
        people=_people([day], write),
        posts=_posts(day, write, posts),
        later=tuple(filter(None, (_later(story, write) for story in stories))),
        answered_s=middle(answered_s(stories)),
        waited_s=middle(waited_s(stories)),
    )


def week_report(asked: FileReading, write: Writer) -> WeekReport:
    """The days of ``asked``, their numbers side by side and their sums."""
    found = list(days(asked.db, asked.policy, asked.first, asked.last))
    each = [figures_of(day, asked) for day in found]
    numbers = numbers_of(summed(each), write)
    rows = (
        WeekRow(number, tuple(counted[figure.name] for counted in each))
        for figure, number in zip(FIGURES, numbers, strict=True)
    )
    return WeekReport(
        days=tuple(day.on for day in found),
        rows=tuple(rows),
        people=_people(found, write),
        charts=_charts(found, asked, write),
    )


def numbers_of(counted: Mapping[str, int], write: Writer) -> tuple[Number, ...]:
    """What was counted, each with the rows that it opens."""
    return tuple(
        Number(
            write.say(f"figure_{figure.name}"),
            counted[figure.name],
            figure.register.name,
            figure.kind,
        )
        for figure in FIGURES
    )


def _later(story: VisitStory, write: Writer) -> str:
    said = later_ruling(write, story)
    who = write.visitor(story.surname, story.salutation) or write.time(story.began_at)
    return f"{write.time(story.began_at)} {who} · {said}" if said else ""


def _charts(found: Iterable[Day], asked: FileReading, write: Writer) -> tuple[Chart, ...]:
    stories = [story for day in found for story in day.visits.values() if story.is_customer]
    origins = Counter(origin(story) for story in stories)
    by_origin = (
        Bar(write.say(f"origin_{name}"), origins[name], VISITS.name, name) for name in ORIGINS
    )
    return (
        Chart(write.say("chart_arrivals"), _by_quarter(stories), is_over_time=True),
        Chart(write.say("chart_waits"), _by_wait(stories)),
        Chart(write.say("chart_origins"), tuple(bar for bar in by_origin if bar.value)),
    )


def _by_quarter(stories: Iterable[VisitStory]) -> tuple[Bar, ...]:
    """Arrivals by 15 minutes, from the first that had any to the last."""
    counted = Counter(story.quarter for story in stories)
    if not counted:
        return ()
    first, last = (_number(quarter) for quarter in (min(counted), max(counted)))
    quarters = (f"{number // 4:02d}:{number % 4 * 15:02d}" for number in range(first, last + 1))
    return tuple(
        Bar(quarter, counted[quarter], VISITS.name, f"came_{quarter}") for quarter in quarters
    )


def _number(quarter: str) -> int:
    hours, minutes = quarter.split(":")
    return int(hours) * 4 + int(minutes) // 15


def _by_wait(stories: Iterable[VisitStory]) -> tuple[Bar, ...]:
    counted = Counter(map(wait_group, waited_s(stories)))
    ends = (*(f"–{low}" for low in WAITS_MIN[1:]), "")
    return tuple(
        Bar(f"{low}{end}" if end else f"≥{low}", counted[low], VISITS.name, f"waited_{low}")
        for low, end in zip(WAITS_MIN, ends, strict=True)
    )


def _people(found: Iterable[Day], write: Writer) -> tuple[PersonDay, ...]:
    people: defaultdict[str, _Person] = defaultdict(_Person)
    for day in found:
        for story in day.visits.values():
            if story.host_id and story.is_customer:
                people[story.host_id].stories.append(story)
        for line in day.rotation:
            event = line.event
            is_decided = isinstance(event, e.Decided)
            who = event.host_id if is_decided else event.consultant_id
            if who and (name := _OF_PERSON.get(turn_kind(event))):
                people[who].counts[name] += 1
    rows = (
        PersonDay(
            staff_id,
            write.name(staff_id),
            received=len(person.stories),
            answered_s=middle(answered_s(person.stories)),
            **person.counts,
        )
        for staff_id, person in people.items()
    )
    return tuple(sorted(rows, key=lambda person: (-person.received, person.name)))


def _posts(day: Day, write: Writer, posts: Posts) -> tuple[PostDay, ...]:
    """What each post reported, without the consultants, who have rows of their own."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for report in reports(day):
        for role in posts.get(report.staff_id or "", ()):
            counted[role][does(report)] += 1
    return tuple(
        PostDay(
            role,
            tuple(
                Bar(write.word("may", what), count, REPORTED.name, what)
                for what, count in did.items()
            ),
            tuple(sorted(who for who, roles in posts.items() if role in roles)),
        )
        for role, did in sorted(counted.items())
        if role != "consultant"
    )
