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
from broker.registers.of_rotation import turn_kind
from broker.registers.of_visits import ORIGINS, later_ruling, origin
from broker.registers.writer import Writer
from broker.rules import events as e

WAITS_MIN = (1, 2, 5, 10)
"""The bounds of the groups by which waits are shown."""
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


@dataclass(frozen=True, slots=True)
class Posts:
    """Who stands where, and what a report is called there."""

    roles: Mapping[str, Sequence[str]]
    """Everybody's posts, by id."""
    does: Mapping[str, str]
    """By kind of report, what its sender did (``may.…``)."""


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
    by_origin = (Bar(write.say(f"origin_{name}"), origins[name]) for name in ORIGINS)
    return (
        Chart(write.say("chart_arrivals"), _by_quarter(stories, asked), is_over_time=True),
        Chart(write.say("chart_waits"), _by_wait(stories)),
        Chart(write.say("chart_origins"), tuple(bar for bar in by_origin if bar.value)),
    )


def _by_quarter(stories: Iterable[VisitStory], asked: FileReading) -> tuple[Bar, ...]:
    """Arrivals by 15 minutes, from the first that had any to the last."""
    local = [asked.policy.local(story.began_at) for story in stories]
    minutes = [moment.hour * 60 + moment.minute for moment in local]
    counted = Counter(minute // 15 for minute in minutes)
    if not counted:
        return ()
    return tuple(
        Bar(_clock(quarter), counted[quarter]) for quarter in range(min(counted), max(counted) + 1)
    )


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


def _by_wait(stories: Iterable[VisitStory]) -> tuple[Bar, ...]:
    waits = [wait / 60 for wait in waited_s(stories)]
    edges = (0, *WAITS_MIN)
    bars = [
        Bar(f"{low}–{high}", sum(low <= wait < high for wait in waits))
        for low, high in zip(edges, WAITS_MIN, strict=False)
    ]
    return (*bars, Bar(f"≥{WAITS_MIN[-1]}", sum(wait >= WAITS_MIN[-1] for wait in waits)))


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
    for message in day.messages:
        if message.entry == "StaffReport" and message.kind:
            for role in posts.roles.get(message.staff_id or "", ()):
                counted[role][posts.does[message.kind]] += 1
    return tuple(
        PostDay(role, tuple(Bar(write.word("may", what), count) for what, count in did.items()))
        for role, did in sorted(counted.items())
        if role != "consultant"
    )
