"""The registers of cases: complaints, repairs, feedback from the show flat, and all together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from broker.registers.columns import (
    FileReading,
    Mask,
    Parties,
    RegisterSheet,
    Scope,
    SheetColumn,
)
from broker.registers.day_facts import Day
from broker.registers.writer import Writer
from broker.rules.cases import Act
from broker.store.case_files import CaseFile, Cases


def _opened(*kinds: str) -> Callable[[Day, FileReading], Iterator[CaseFile]]:
    """Those of these classes (none named: of all) that were opened that day."""

    def rows(day: Day, asked: FileReading) -> Iterator[CaseFile]:
        start = asked.policy.start_of(day.on)
        end = asked.policy.start_of(day.on + timedelta(days=1))
        for file in Cases(asked.db).between(start, end):
            if not kinds or file.case.kind in kinds:
                yield file

    return rows


def _promise(what: str) -> Callable[[Writer, CaseFile], str]:
    """When it was done or is due, and whether that was too late."""

    def said(write: Writer, file: CaseFile) -> str:
        done = [kept for kept in file.case.kept if kept.what == what]
        due = file.case.acknowledge_by if what == "acknowledge" else file.case.solve_by
        if due is not None:
            key = "case_overdue" if due < write.now else "case_due"
            return write.say(key, at=write.moment(due))
        if not done:
            return ""
        key = "case_late" if done[-1].is_late else "case_done"
        return write.say(key, at=write.moment(done[-1].done_at))

    return said


def _called_back(write: Writer, file: CaseFile) -> str:
    if file.case.is_call_back_due:
        return write.say("case_to_call")
    return write.moment(file.case.called_back_at)


def _answer(_write: Writer, file: CaseFile) -> str:
    """What was said when it was solved, and called back."""
    told = (deed.note for deed in file.deeds if deed.act in (Act.SOLVE, Act.CALL_BACK))
    return " / ".join(filter(None, told))


def _solved_by(write: Writer, file: CaseFile) -> str:
    solved = [deed.by for deed in file.deeds if deed.act is Act.SOLVE]
    return write.name(solved[-1]) if solved else ""


def _by(write: Writer, file: CaseFile) -> str:
    return write.name(file.said.by) if file.said.by else write.say("case_visitor")


def _kinds(file: CaseFile) -> Iterator[str]:
    """What never changes: a report of that day says the same for ever."""
    yield "case_opened"
    yield f"case_{file.case.kind}"


def _parties(file: CaseFile) -> Parties:
    by = file.said.by
    return Parties(host_id=by, others=tuple(deed.by for deed in file.deeds))


def _moment(file: CaseFile) -> datetime:
    return file.case.opened_at


COLUMNS = (
    SheetColumn("on", lambda write, file: write.on(_moment(file)), width=11),
    SheetColumn("at", lambda write, file: write.time(_moment(file)), width=7),
    SheetColumn("number", lambda _write, file: file.number, width=9),
    SheetColumn("kind", lambda write, file: write.say(f"case_{file.case.kind}"), width=10),
    SheetColumn("name", lambda write, file: write.key(file.said.name), Mask.FREE, 10),
    SheetColumn("phone", lambda write, file: write.key(file.said.phone), Mask.PHONE, 14),
    SheetColumn("place", lambda _write, file: file.said.place or "", Mask.FREE, 12),
    SheetColumn("what_happened", lambda write, file: write.key(file.said.text), Mask.FREE, 40),
    SheetColumn("wish", lambda write, file: write.key(file.said.note), Mask.FREE, 24),
    SheetColumn("entered_by", _by, width=10),
    SheetColumn("state", lambda write, file: write.say(f"case_state_{file.case.state}"), width=10),
    SheetColumn("acknowledged", _promise("acknowledge"), width=22),
    SheetColumn("solved", _promise("solve"), width=22),
    SheetColumn("solved_by", _solved_by, width=10),
    SheetColumn("answer", _answer, Mask.FREE, 30),
    SheetColumn("called_back", _called_back, width=17),
    SheetColumn("reopened", lambda _write, file: file.case.reopened or "", width=8),
)


_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_OF_STOCK = ("number", "kind", "name", "phone", "place", "what_happened", "entered_by")
"""What never changes of a case."""


def _register(name: str, seen_by: tuple[str, ...], *kinds: str) -> RegisterSheet:
    return RegisterSheet(
        name,
        _opened(*kinds),
        COLUMNS,
        _parties,
        {"consultant": Scope.OWN, **dict.fromkeys(seen_by, Scope.ALL)},
        _kinds,
        is_signed=True,
    )


FEEDBACK = _register("feedback", ("manager", "showflat", "steward"), "feedback", "suggestion")
COMPLAINTS = _register("complaints", ("manager",), "complaint", "reported")
REPAIRS = _register("repairs", ("manager", "maintenance", "desk"), "repair")
CASES = _register("cases", ("manager", "desk"))


@dataclass(frozen=True, slots=True)
class StockRow:
    """A case that was open when the day ended; today's: that is open now."""

    end: datetime
    file: CaseFile
    on: date

    @property
    def is_late(self) -> bool:
        """Whether one of its promises was broken then."""
        return self.file.case.was_overdue(self.end)


_Span = tuple[datetime, datetime | None]
"""From when until when a case was open; None: it still is."""


def _stock(day: Day, asked: FileReading) -> Iterator[StockRow]:
    """What was open at closing reads the same ever after, whatever was done since."""
    end = min(asked.policy.start_of(day.on + timedelta(days=1)), asked.now)
    if asked.policy.start_of(day.on) > asked.now:
        return
    for case_id, spans in _spans(asked):
        is_open = any(since <= end and (until is None or until > end) for since, until in spans)
        if is_open and (file := Cases(asked.db).find(case_id)):
            yield StockRow(end, file, day.on)


def _spans(asked: FileReading) -> list[tuple[str, tuple[_Span, ...]]]:
    """When each case was open, read once for all days."""
    if "open_spans" not in asked.memo:
        last = asked.policy.start_of(asked.last + timedelta(days=1))
        found = Cases(asked.db).between(_EVER, last)
        asked.memo["open_spans"] = [(file.case.case_id, (*_open_spans(file),)) for file in found]
    spans: list[tuple[str, tuple[_Span, ...]]] = asked.memo["open_spans"]
    return spans


def _open_spans(file: CaseFile) -> Iterator[_Span]:
    since: datetime | None = file.case.opened_at
    for deed in file.deeds:
        if deed.act is Act.SOLVE and since is not None:
            yield since, deed.at
            since = None
        elif deed.act is Act.REOPEN:
            since = deed.at
    if since is not None:
        yield since, None


def _stock_kinds(row: StockRow) -> Iterator[str]:
    yield "case_unsolved"
    if row.is_late:
        yield "case_unsolved_late"


def _of_file(column: SheetColumn) -> SheetColumn:
    return SheetColumn(
        column.name, lambda write, row: column.cell(write, row.file), column.mask, column.width
    )


STOCK = RegisterSheet(
    "open_cases",
    _stock,
    (
        SheetColumn("on", lambda write, row: write.on(row.on), width=11),
        *(_of_file(column) for column in COLUMNS if column.name in _OF_STOCK),
        SheetColumn("opened", lambda write, row: write.moment(row.file.case.opened_at), width=17),
        SheetColumn("overdue", lambda write, row: write.yes(row.is_late), width=8),
    ),
    lambda row: _parties(row.file),
    {"manager": Scope.ALL, "desk": Scope.ALL},
    _stock_kinds,
    is_signed=True,
)
"""The daily stock-take at closing (每日盘点)."""
