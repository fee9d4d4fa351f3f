"""The report of a month (月报): by channel, what the reader got wrong, who raised alarms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from broker.console.report_view import AlarmRow, Bar, Chart, MonthReport, OriginRow, ReaderFigures
from broker.registers.columns import FileReading
from broker.registers.day_facts import Day, VisitStory
from broker.registers.days import days
from broker.registers.figures import figures_of, middle, summed, waited_s
from broker.registers.of_reports import ALARM, does, reports
from broker.registers.of_visits import SELF_DRIVE, VISITS, WISHES
from broker.registers.summaries import Posts, numbers_of
from broker.registers.visit_kinds import (
    ENTERED,
    NEW,
    OPEN,
    ORIGINS,
    RECEIVED,
    confusions,
    origin,
    visit_kinds,
)
from broker.registers.writer import Writer

CONFUSIONS_SHOWN = 8


def month_report(asked: FileReading, write: Writer, posts: Posts) -> MonthReport:
    """The report of the days of ``asked``; a day is held no longer than it is counted."""
    counted: list[dict[str, int]] = []
    stories: list[VisitStory] = []
    arrivals: list[Bar] = []
    misread: list[VisitStory] = []
    alarms: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for day in days(asked.db, asked.policy, asked.first, asked.last):
        numbers = dict(figures_of(day, asked))
        counted.append(numbers)
        stories += [story for story in day.visits.values() if story.is_customer]
        arrivals.append(Bar(f"{day.on:%m-%d}", numbers["visits"], VISITS.name, on=day.on))
        misread += [story for story in day.visits.values() if story.is_misread]
        alarms.update(_alarms(day))
        told.update(_told(day, asked))
    total = summed(counted)
    return MonthReport(
        first=asked.first,
        last=asked.last,
        is_over=asked.policy.local(asked.now).date() > asked.last,
        made_at=asked.now,
        numbers=numbers_of(total, write),
        channels=tuple(_channels(stories, write)),
        reader=_reader(total["cars"], misread),
        alarms=tuple(_alarm_rows(alarms, write, posts)),
        charts=(
            Chart(write.say("chart_days"), tuple(arrivals)),
            Chart(write.say("chart_told"), tuple(_bars(told, write))),
        ),
    )


def _channels(stories: Sequence[VisitStory], write: Writer) -> Iterator[OriginRow]:
    """How the customers came, each channel that had any; the sums are the month's."""
    by_origin: defaultdict[str | None, list[VisitStory]] = defaultdict(list)
    for story in stories:
        by_origin[origin(story)].append(story)
    for name in (*ORIGINS, None):
        if own := by_origin.get(name):
            yield OriginRow(
                title=write.say(f"origin_{name}" if name else "origin_open"),
                kind=name or OPEN,
                visits=len(own),
                new=sum(NEW in visit_kinds(story) for story in own),
                received=sum(RECEIVED in visit_kinds(story) for story in own),
                entered=sum(ENTERED in visit_kinds(story) for story in own),
                waited_s=middle(waited_s(own)),
            )


def _reader(cars: int, misread: Sequence[VisitStory]) -> ReaderFigures:
    most = Counter(pair for story in misread for pair in confusions(story)).most_common()
    bars = (Bar(*pair, SELF_DRIVE.name, f"misread_{pair[0]}") for pair in most[:CONFUSIONS_SHOWN])
    return ReaderFigures(cars, len(misread), tuple(bars))


def _alarms(day: Day) -> Iterator[str]:
    return (told.staff_id for told in reports(day) if does(told) == ALARM and told.staff_id)


def _alarm_rows(alarms: Counter[str], write: Writer, posts: Posts) -> Iterator[AlarmRow]:
    """Whose phone raised alarms, the most first: one that raises many is looked at."""
    for staff_id, count in alarms.most_common():
        yield AlarmRow(staff_id, tuple(posts.get(staff_id, ())), write.name(staff_id), count)


def _told(day: Day, asked: FileReading) -> Iterator[str]:
    """How customers say that they heard of the house (来访途径)."""
    return (row.event.source for row in WISHES.rows(day, asked) if row.event.source)


def _bars(told: Counter[str], write: Writer) -> Iterable[Bar]:
    return (
        Bar(write.word("source", name), count, WISHES.name, f"source_{name}")
        for name, count in told.most_common()
    )
