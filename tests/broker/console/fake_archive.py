"""Disputes, past decisions and conduct for the pages' tests. All invented."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from broker.console.dispute_view import (
    Answers,
    ClaimLine,
    DecisionLine,
    DecisionPage,
    EntryLine,
    Mark,
    Reading,
    RulingLine,
    Search,
    TimelineLine,
    Topic,
    VisitEvidence,
)
from broker.console.find_view import FoundByText
from broker.console.patterns_view import Conduct, MakeUpPair, Patterns, Trail
from broker.console.people_view import Person
from broker.console.register_view import (
    OfferedRegister,
    PagePlace,
    SheetAsked,
    SheetHead,
    SheetPage,
    ShownRow,
)
from broker.console.replay_view import DayReplay, Frame, ReplayVisit
from broker.console.report_view import (
    AlarmRow,
    Bar,
    Chart,
    DayReport,
    MonthReport,
    Number,
    OriginRow,
    PersonDay,
    PostDay,
    ReaderFigures,
    WeekReport,
    WeekRow,
)

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 at the site."""


def two_claims(at: datetime = NINE) -> VisitEvidence:
    """赵磊 receives a visitor whom 李敏 had entered by phone, and who came in a car of 王强's."""
    entered, until = at - timedelta(days=5), at + timedelta(days=10)
    earlier, minute = entered - timedelta(days=2), timedelta(minutes=1)
    return VisitEvidence(
        *("v2", at, "王先生", "13900139000", "粤BD12345", at, at + minute, None, None),
        *("zhao", "赵磊", "li", "李敏", "R6"),
        sentence="手机 13900139000 由李敏登记，归属李敏，由赵磊代为接待。",
        answers=Answers("no", "no", "yes", "李敏", None, "sms"),
        claims=(
            ClaimLine("li", "李敏", None, registered_at=entered, protected_until=until),
            ClaimLine("wang", "王强", "card", at=at + 3 * minute),
        ),
        readings=(
            Reading("earliest", "王强", earlier, "plate"),
            Reading("phone", "李敏", entered, "phone"),
        ),
        entries=(
            EntryLine("王强", earlier, entered, until, "walk_in", ("plate",), (Mark.LATE,)),
            EntryLine("李敏", entered, entered, until, "phone", ("phone",), (Mark.COUNTED,)),
        ),
        timeline=told(at),
        ruling=None,
        is_open=True,
        parties=frozenset({"li", "wang"}),
        can_be_ruled_on=True,
    )


def told(at: datetime) -> tuple[TimelineLine, ...]:
    """What happened before and after ``at``, when the car came."""
    minute = timedelta(minutes=1)
    return (
        TimelineLine(at - 7200 * minute, Topic.ENTRY, "李敏登记该客户（手机号），为本次依据。"),
        TimelineLine(at - minute, Topic.LOOK_UP, "王强查询了139****9000。"),
        TimelineLine(at, Topic.GATE, "车辆到访 粤B·D***45。"),
        TimelineLine(at + minute, Topic.DECISION, "归属李敏，由赵磊代为接待。", "R6"),
        TimelineLine(at + 3 * minute, Topic.CLAIM, "王强认为是自己的客户。"),
    )


def ruled(dispute: VisitEvidence) -> VisitEvidence:
    """The same dispute after the manager ruled."""
    at = dispute.came_at + timedelta(minutes=9)
    ruling = RulingLine(at, "王强", "陈静", "客户出示了名片")
    line = TimelineLine(at, Topic.RULING, "经理裁定归属王强，理由：客户出示了名片。")
    timeline = (*dispute.timeline, line)
    return replace(dispute, ruling=ruling, is_open=False, timeline=timeline)


def week(first: date, last: date) -> Patterns:
    """王强 looks customers up and then claims them; everybody names 赵磊."""
    return Patterns(
        first,
        last,
        people=(
            Conduct("wang", "王强", 8, 5, 0, 4, 1, 0, 1, 14, 1, 2, 2, 0, 0, 1),
            Conduct("zhao", "赵磊", 10, 2, 8, 6),
            Conduct("li", "李敏", 9, 6, 1, 5, looked_up=2),
        ),
        make_ups=(MakeUpPair("王强", "赵磊", 3, 1),),
        trails=(Trail("王强", "王强", NINE, NINE + timedelta(minutes=4), "v2"),),
    )


@dataclass
class FakeArchive:
    """See Archive."""

    disputes: dict[str, VisitEvidence] = field(default_factory=lambda: {"v2": two_claims()})
    searches: list[Search] = field(default_factory=list)
    ranges: list[tuple[date, date]] = field(default_factory=list)
    asked: list[SheetAsked] = field(default_factory=list)
    """The registers that were asked for."""
    paper_rows: int = 3
    unmasked: list[tuple[str, str, str]] = field(default_factory=list)
    """Visits whose phone and plate somebody saw in full, who, and why."""

    def find(self, _text: str, _language: str) -> FoundByText:
        """Nothing."""
        return FoundByText()

    def dispute(self, visit_id: str, _language: str) -> VisitEvidence | None:
        """See Archive."""
        return self.disputes.get(visit_id)

    def decisions(self, search: Search, _language: str) -> DecisionPage:
        """See Archive."""
        self.searches.append(search)
        lines = tuple(
            DecisionLine(
                *(dispute.visit_id, dispute.came_at, dispute.visitor, dispute.plate),
                *(dispute.host, dispute.owner, dispute.rule or ""),
                is_disputed=dispute.is_open,
                is_ruled=dispute.ruling is not None,
            )
            for dispute in self.disputes.values()
        )
        return DecisionPage(lines, has_more=True, days=30)

    def patterns(self, first: date, last: date) -> Patterns:
        """See Archive."""
        self.ranges.append((first, last))
        return week(first, last)

    def registers(self, person: Person, _language: str) -> tuple[OfferedRegister, ...]:
        """See Archive."""
        return (OfferedRegister("visits", "来访登记本"),) if _may_read(person) else ()

    def register(self, asked: SheetAsked, person: Person, _language: str) -> SheetPage | None:
        """See Archive."""
        self.asked.append(asked)
        if not _may_read(person) or asked.name != "visits":
            return None
        return SheetPage(HEAD, (_row(asked),), PagePlace(asked.last, 50))

    def register_rows(
        self, asked: SheetAsked, person: Person, _language: str
    ) -> tuple[SheetHead, Iterator[ShownRow]] | None:
        """See Archive."""
        self.asked.append(asked)
        return (HEAD, iter((_row(asked),) * self.paper_rows)) if _may_read(person) else None

    def register_file(self, asked: SheetAsked, person: Person, _language: str) -> bytes | None:
        """See Archive."""
        self.asked.append(asked)
        return b"rows" if _may_read(person) else None

    def day_report(self, on: date, _language: str) -> DayReport:
        """See Archive."""
        self.ranges.append((on, on))
        return day_in_numbers(on)

    def day_replay(self, on: date, _language: str) -> DayReplay:
        """See Archive."""
        visits = (ReplayVisit("<王女士>", "called", "李敏"),)
        line = (("赵磊", None), ("王强", "away"))
        frames = (
            Frame(NINE, "李敏开始值守。", "fact", line=(("李敏", None), *line), visits=()),
            Frame(NINE, "由李敏接待。", "decision", "v2", "R14", line, visits),
            Frame(NINE + timedelta(minutes=1), "→ 李敏", "alert", "v2"),
        )
        return DayReplay(on, frames)

    def week_report(self, first: date, last: date, _language: str) -> WeekReport:
        """See Archive."""
        self.ranges.append((first, last))
        day = day_in_numbers(last)
        rows = tuple(WeekRow(number, (0, number.value)) for number in day.numbers)
        return WeekReport((first, last), rows, day.people, day.charts)

    def month_report(self, first: date, last: date, _language: str) -> MonthReport:
        """See Archive."""
        self.ranges.append((first, last))
        day = day_in_numbers(last)
        return MonthReport(
            *(first, last, False, NINE),
            numbers=day.numbers,
            channels=(
                OriginRow("自然到访", "natural", 7, 6, 5, 4, 21),
                OriginRow("尚未判客", "open", 1, 0, 0, 0, None),
            ),
            reader=ReaderFigures(
                40,
                3,
                (
                    Bar("8→B", 2, "self_drive", "misread_8→B"),
                    Bar("0→D", 1, "self_drive", "misread_0→D"),
                ),
            ),
            alarms=(AlarmRow("zhou", ("gate", "security"), "老周", 4),),
            charts=day.charts,
        )

    def unmask(self, visit_id: str, staff_id: str, reason: str) -> None:
        """See Archive."""
        self.unmasked.append((visit_id, staff_id, reason))


def day_in_numbers(on: date) -> DayReport:
    """A day with something in each part of its report."""
    bars = tuple(
        Bar(at, count, "visits", f"came_{at}") for at, count in (("09:00", 3), ("09:15", 0))
    )
    return DayReport(
        *(on, NINE, False),
        numbers=(Number("到访客户", 12, "visits"), Number("自然到访", 7, "visits", "natural")),
        charts=(Chart("每 15 分钟到访", bars), Chart("等候", ())),
        people=(PersonDay("li", "李敏", 5, 4, 1, 0, 1, 21), PersonDay("zhao", "赵磊")),
        posts=(PostDay("bar", (Bar("已送达", 6, "reported", "serve"),), ("sun",)),),
        later=("09:02 赵女士 · 2026-11-29 裁决归属王强",),
        answered_s=21,
    )


HEAD = SheetHead(
    *("visits", "来访登记本", ("日期", "客户", "电话", "人数"), (11, 12, 14, 6)),
    kinds=(("natural", "自然到访"),),
    is_signed=True,
)


def _row(asked: SheetAsked) -> ShownRow:
    return ShownRow((asked.last.isoformat(), "<赵女士>", "139****0001", 3), asked.last, "v2")


def _may_read(person: Person) -> bool:
    return bool({"consultant", "steward", "manager"} & set(person.roles))
