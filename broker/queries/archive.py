"""The pages' ``Archive``: the past as the hub's file tells it, read only."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from broker.console.dispute_view import DecisionPage, Search, VisitEvidence
from broker.console.find_view import FoundByText
from broker.console.patterns_view import Patterns
from broker.console.register_view import (
    OfferedRegister,
    SheetAsked,
    SheetHead,
    SheetPage,
    ShownRow,
)
from broker.console.replay_view import DayReplay
from broker.console.report_view import DayReport, MonthReport, WeekReport
from broker.console.site_view import Person
from broker.handlers.context import Hub
from broker.leaving.who_left import staff_here
from broker.local.post_box import PostBox
from broker.local.questions import RegisterRead, Unmask
from broker.queries.day_replay import day_replay
from broker.queries.found_by_text import found
from broker.queries.past_decisions import past_decisions
from broker.queries.patterns import patterns_of
from broker.queries.visit_evidence import evidence_of
from broker.registers.all_registers import REGISTERS
from broker.registers.columns import FileReading, RegisterSheet
from broker.registers.month import month_report
from broker.registers.sheet_pages import in_pages, page_of
from broker.registers.sheets import Reader, sheet_head, shown_rows
from broker.registers.summaries import Posts, day_report, week_report
from broker.registers.writer import Writer
from broker.registers.xlsx_file import write_xlsx
from broker.wording.decisions import Teller
from shared.ids import new_id

NOTED_AT_ONCE = 200
"""Rows of a printed or written register of which one entry says that somebody reads them."""


class HubArchive:
    """See ``Archive``. Any thread may ask: each call reads for itself."""

    def __init__(self, hub: Hub, post_box: PostBox) -> None:
        self._post_box = post_box
        self._file, self._choices, self._clock = hub.disk.reading, hub.choices, hub.clock
        self._decider = hub.decider

    def dispute(self, visit_id: str, language: str) -> VisitEvidence | None:
        """See Archive."""
        with self._file() as db:
            return evidence_of(db, visit_id, self._teller(language), self._clock())

    def decisions(self, search: Search, language: str) -> DecisionPage:
        """See Archive."""
        with self._file() as db:
            return past_decisions(db, search, self._teller(language), self._clock())

    def patterns(self, first: date, last: date) -> Patterns:
        """See Archive."""
        with self._file() as db:
            return patterns_of(db, first, last, self._choices.policy, self._choices.people.names())

    def registers(self, person: Person, language: str) -> tuple[OfferedRegister, ...]:
        """See Archive."""
        write = self._writer(language)
        return tuple(
            OfferedRegister(name, write.say(f"title_{name}"))
            for name in REGISTERS
            if _open_to(person, name)
        )

    def register(self, asked: SheetAsked, person: Person, language: str) -> SheetPage | None:
        """See Archive."""
        register, write = _open_to(person, asked.name), self._writer(language)
        if register is None:
            return None
        with closing(self._rows(register, asked, person, write)) as rows:
            page, following = page_of(rows, asked.begins)
        self._note(register, person, page)
        return SheetPage(sheet_head(register, write), page, following)

    def register_rows(
        self, asked: SheetAsked, person: Person, language: str
    ) -> tuple[SheetHead, Iterator[ShownRow]] | None:
        """See Archive."""
        register, write = _open_to(person, asked.name), self._writer(language)
        if register is None:
            return None
        rows = self._rows(register, asked, person, write)
        return sheet_head(register, write), self._noting(register, person, rows)

    def register_file(self, asked: SheetAsked, person: Person, language: str) -> bytes | None:
        """See Archive."""
        found = self.register_rows(asked, person, language)
        if found is None:
            return None
        head, rows = found
        with TemporaryDirectory(prefix="yingbin-") as folder:
            path = Path(folder, "register.xlsx")
            write_xlsx(path, head, (row.cells for row in rows))
            return path.read_bytes()

    def _rows(
        self, register: RegisterSheet, asked: SheetAsked, person: Person, write: Writer
    ) -> Generator[ShownRow, None, None]:
        first = asked.begins.on if asked.begins else asked.first
        with self._file() as db:
            reading = FileReading(db, self._choices.policy, first, asked.last, write.now)
            yield from shown_rows(register, reading, write, Reader(person), asked.wanted)

    def _noting(
        self, register: RegisterSheet, person: Person, rows: Iterable[ShownRow]
    ) -> Iterator[ShownRow]:
        """The rows, each noted before it is shown."""
        for some in in_pages(rows, NOTED_AT_ONCE):
            self._note(register, person, some)
            yield from some

    def _note(self, register: RegisterSheet, person: Person, rows: Sequence[ShownRow]) -> None:
        """Reading a register that shows customers is a look-up (R3)."""
        if not register.shows_customers:
            return
        moment = self._clock()
        read = RegisterRead(
            request_id=new_id(moment),
            asked_at=moment,
            staff_id=person.staff_id,
            register=register.name,
            visit_ids=tuple(row.visit_id for row in rows if row.visit_id),
        )
        self._post_box.post(read)

    def _writer(self, language: str) -> Writer:
        return Writer(self._teller(language), self._clock())

    def day_report(self, on: date, language: str) -> DayReport:
        """See Archive."""
        write = self._writer(language)
        with self._file() as db:
            asked = FileReading(db, self._choices.policy, on, on, write.now)
            return day_report(asked, write, self._posts())

    def _posts(self) -> Posts:
        return {person.id: person.roles for person in self._choices.people.staff}

    def day_replay(self, on: date, language: str) -> DayReplay:
        """See Archive."""
        with self._file() as db:
            return day_replay(db, on, self._teller(language))

    def week_report(self, first: date, last: date, language: str) -> WeekReport:
        """See Archive."""
        write = self._writer(language)
        with self._file() as db:
            return week_report(FileReading(db, self._choices.policy, first, last, write.now), write)

    def month_report(self, first: date, last: date, language: str) -> MonthReport:
        """See Archive."""
        write = self._writer(language)
        with self._file() as db:
            asked = FileReading(db, self._choices.policy, first, last, write.now)
            return month_report(asked, write, self._posts())

    def unmask(self, visit_id: str, staff_id: str, reason: str) -> None:
        """See Archive."""
        moment = self._clock()
        asked = Unmask(
            request_id=new_id(moment),
            asked_at=moment,
            staff_id=staff_id,
            visit_id=visit_id,
            reason=reason,
        )
        self._post_box.post(asked)

    def find(self, text: str, language: str) -> FoundByText:
        """See Archive."""
        here = staff_here(self._choices.people, self._decider.state)
        with self._file() as db:
            return found(db, text, here, self._teller(language), self._clock())

    def _teller(self, language: str) -> Teller:
        return Teller(
            self._choices.people.names(), self._choices.policy, language, self._choices.people.words
        )


def _open_to(person: Person, name: str) -> RegisterSheet | None:
    """The register of this name, if they may open it."""
    register = REGISTERS.get(name)
    return register if register is not None and register.scope(person.roles) else None
