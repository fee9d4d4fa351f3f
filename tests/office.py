"""A sales office in memory: takes commands, and shows what the rules told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Known, Registration
from broker.rules.fold import after
from broker.rules.judge import decide, keys_of, told_at_of
from broker.rules.line import queue
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.wording.decisions import Teller
from shared.messages import Answer3, Evidence
from tests.memory_book import MemoryBook

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
TEAMS = {"li": "a", "wang": "a", "zhao": "b", "chen": "b", "sun": "c", "zhou": "c"}
NAMES = {
    "li": "李敏",
    "wang": "王强",
    "zhao": "赵磊",
    "chen": "陈静",
    "sun": "孙丽",
    "zhou": "周涛",
}
Told = TypeVar("Told", bound=e.Event)
YES, NO, UNSURE = Answer3.YES, Answer3.NO, Answer3.UNSURE


@dataclass(frozen=True, slots=True)
class Taken:
    """One entry of the journal: the command, what was known, and the events."""

    command: c.Command
    known: Known
    events: tuple[e.Event, ...]


def people(*ids: str) -> tuple[c.Consultant, ...]:
    """The consultants of these ids."""
    return tuple(
        c.Consultant(id=consultant, name=NAMES[consultant], team=TEAMS[consultant])
        for consultant in ids
    )


@dataclass(slots=True)
class Office:
    """Takes commands as the hub does and keeps a journal."""

    order: tuple[str, ...] = ("li", "wang", "zhao")
    policy: Policy = field(default_factory=Policy)
    now: datetime = MORNING
    state: SiteState = field(default_factory=SiteState)
    book: MemoryBook = field(default_factory=MemoryBook)
    journal: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.take(c.SetRoster(at=self.now, consultants=people(*self.order), order=self.order))

    def take(self, command: c.Command) -> tuple[e.Event, ...]:
        """Decide on ``command``, what time brought about before it first; the events."""
        passed = () if isinstance(command, c.Tick) else self._take(c.Tick(at=told_at_of(command)))
        return (*passed, *self._take(command))

    def _take(self, command: c.Command) -> tuple[e.Event, ...]:
        known = self.book.known(keys_of(self.state, command), command.at, self.policy)
        events = decide(self.state, self.policy, command, known)
        for event in events:
            self.state = after(self.state, (event,))
            self.book.note(event, self.state)
        if events or not isinstance(command, c.Tick):
            self.journal.append(Taken(command, known, events))
        return events

    def do(self, command: Callable[..., c.Command], **said: object) -> tuple[e.Event, ...]:
        """Decide on this command, given now; the events, without the note that it was taken."""
        return self.take(command(at=self.now, **said))[1:]

    def all_of(self, kind: type[Told]) -> list[Told]:
        """Every event of this kind since the start."""
        return [event for event in self.told(kind) if isinstance(event, kind)]

    def last(self, kind: type[Told]) -> Told:
        """The latest event of this kind."""
        return self.all_of(kind)[-1]

    def pass_s(self, seconds: float) -> None:
        """Let time pass without anything that happens."""
        self.now += timedelta(seconds=seconds)

    def wait(self, seconds: float) -> tuple[e.Event, ...]:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        return self.take(c.Tick(at=self.now))

    def known(self, owner: str, *, days_ago: float = 5, phone: str | None = None) -> Registration:
        """Enter a customer of ``owner`` as received so many days ago."""
        at = self.now - timedelta(days=days_ago)
        registration = Registration(
            registration_id=f"known-{len(self.book.registrations)}",
            consultant_id=owner,
            registered_at=at,
            received_at=at,
            phone=phone or "13800138000",
        )
        self.book.add(registration)
        return registration

    def check_in(
        self,
        visit_id: str,
        answers: tuple[Answer3, Answer3, Answer3] = (YES, NO, NO),
        *,
        phone: str | None = None,
        plate: str | None = None,
        named: str | None = None,
        evidence: Evidence = Evidence.NONE,
    ) -> e.Decided:
        """Check a visitor in; what was decided."""
        first_visit, family, contacted = answers
        events = self.take(
            c.CheckIn(
                at=self.now,
                visit_id=visit_id,
                phone=phone,
                plate=plate,
                first_visit=first_visit,
                family=family,
                contacted=contacted,
                named=named,
                evidence=evidence,
            )
        )
        return next(event for event in events if isinstance(event, e.Decided))

    def why(self, event: e.Decided | n.Notice, language: str = "zh-CN") -> str:
        """The sentence for this event."""
        names = {consultant.id: consultant.name for consultant in self.state.roster.values()}
        teller = Teller(names, self.policy, language)
        return teller.decision(event) if isinstance(event, e.Decided) else teller.notice(event)

    def host(self, visit_id: str) -> str | None:
        """Who receives this visitor now."""
        return self.state.visits[visit_id].host_id

    @property
    def line(self) -> tuple[str, ...]:
        """The line as people read it."""
        return queue(self.state)

    def told(self, kind: type[e.Event]) -> list[e.Event]:
        """Everything of this kind that was told since the start."""
        return [event for taken in self.journal for event in taken.events if type(event) is kind]


def entered(office: Office, who: str, **fields: object) -> None:
    """An entry of a visitor with the usual phone, five days old unless ``fields`` say other."""
    at = office.now - timedelta(days=5)
    known = Registration(
        registration_id=f"old-{who}",
        consultant_id=who,
        registered_at=at,
        received_at=at,
        phone="13800138000",
    )
    office.book.add(replace(known, **fields))
