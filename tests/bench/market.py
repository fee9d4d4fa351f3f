"""Two working days at a sales office, drawn from a seed: who comes, and how honest people act."""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.policy import Policy
from broker.rules.state import Visit
from shared.messages import Answer3, Evidence
from tests.office import MORNING, Office

STAFF = ("li", "wang", "zhao", "chen", "sun", "zhou")
POLICY = Policy(must_meet_within_s=180)
"""A site whose posts see who is met."""
DAYS = 2
OPEN = MORNING.replace(hour=8, minute=30)
EVERY_MINUTES = 16.0
RECEPTION_MINUTES = (15.0, 90.0)
ANSWERS_IN_TIME = 0.94
COMES_BACK = 0.3
REGISTERS = 0.8
MANNERS = ("natural", "returning", "named", "by_name", "family", "unsure")
HOW_OFTEN = (60, 16, 7, 4, 6, 7)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One party; the same phone may come again the next day."""

    name: str
    arrives_at: datetime
    phone: str
    plate: str | None
    manner: str
    knows: str
    """Whom a returning, named or family visitor knows."""
    stays: timedelta

    def check_in(self, at: datetime) -> c.CheckIn:
        """What they answer."""
        yes, no, unsure = Answer3.YES, Answer3.NO, Answer3.UNSURE
        first, family, contacted = {
            "returning": (no, no, no),
            "named": (yes, no, yes),
            "by_name": (yes, no, yes),
            "family": (yes, yes, no),
            "unsure": (unsure, no, no),
        }.get(self.manner, (yes, no, no))
        return c.CheckIn(
            at=at,
            visit_id=self.name,
            phone=self.phone,
            plate=self.plate,
            surname="张",
            first_visit=first,
            family=family,
            contacted=contacted,
            named=self.knows if self.manner in ("named", "by_name") else None,
            family_named=self.knows if self.manner == "family" else None,
            evidence=Evidence.WECHAT if self.manner == "named" else Evidence.NONE,
        )


def visitors_of(seed: int, staff: tuple[str, ...]) -> list[Visitor]:
    """Everybody who comes on the two days, in no order."""
    draw, found = Random(f"visitors {seed}"), list[Visitor]()
    for day in range(DAYS):
        at = OPEN + timedelta(days=day)
        closes = at + timedelta(hours=9, minutes=30)
        while (at := at + timedelta(minutes=draw.expovariate(1 / EVERY_MINUTES))) < closes:
            number = len(found)
            shortest, longest = RECEPTION_MINUTES
            visitor = Visitor(
                name=f"v{number}",
                arrives_at=at,
                phone=f"1380000{seed % 10}{number:03}",
                plate=f"浙A{number:05}" if draw.random() < 0.7 else None,
                manner=draw.choices(MANNERS, HOW_OFTEN)[0],
                knows=draw.choice(staff),
                stays=timedelta(minutes=draw.triangular(shortest, longest, 30.0)),
            )
            found.append(visitor)
            if day + 1 < DAYS and draw.random() < COMES_BACK:
                back_at = at + timedelta(days=1, minutes=draw.uniform(-60, 60))
                again = f"{visitor.name}-again"
                found.append(_again(visitor, again, back_at))
    return found


def _again(visitor: Visitor, name: str, at: datetime) -> Visitor:
    return Visitor(
        name, at, visitor.phone, visitor.plate, "returning", visitor.knows, visitor.stays
    )


class Cheat:
    """What somebody does beside their work; the honest do nothing."""

    name = "honest"
    shown_by: tuple[str, ...] = ()
    """Notices and decisions that show it to the manager."""
    is_shared = False
    """The friend gains too: both are counted."""

    def morning(self, floor: "Floor") -> None:
        """Before the doors open."""

    def on_event(self, floor: "Floor", event: e.Event) -> None:
        """Whenever the rules tell something."""

    def check_in(self, floor: "Floor", visitor: Visitor, answers: c.CheckIn) -> c.CheckIn:
        """What a visitor answers whom the cheater could speak to before."""
        return answers

    def stay_of(self, floor: "Floor", visit: Visit, stays: timedelta) -> timedelta:
        """After how long the reception is reported as over."""
        return stays


@dataclass(slots=True)
class Floor:
    """The hall on these days: visitors come, people answer, a cheater does what the rules let."""

    seed: int
    cheat: Cheat
    office: Office = field(init=False)
    staff: tuple[str, ...] = field(init=False)
    told: Counter[str] = field(default_factory=Counter)
    _plan: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _called: set[tuple[str, str, datetime]] = field(default_factory=set)
    _ends: set[str] = field(default_factory=set)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        draw = Random(f"staff {self.seed}")
        self.staff = STAFF[: draw.choice((5, 6))]
        self.office = Office(self.staff, POLICY, now=OPEN - timedelta(hours=1))
        self.visitors = {one.name: one for one in visitors_of(self.seed, self.staff)}
        self._know_customers(draw)

    @property
    def cheater(self) -> str:
        return self.staff[self.seed % len(self.staff)]

    @property
    def friend(self) -> str:
        return self.staff[(self.seed + 1) % len(self.staff)]

    @property
    def now(self) -> datetime:
        return self.office.now

    def chance(self, *what: object) -> float:
        """A number from 0 to 1 that is the same on the honest and the dishonest day."""
        return Random(f"{self.seed} {what}").random()

    def later(self, wait_s: float, act: Callable[[], None]) -> None:
        """Do ``act`` in so many seconds."""
        self._at(self.now + timedelta(seconds=wait_s), act)

    def run(self) -> "Floor":
        """Live through the days."""
        for day in range(DAYS):
            self._at(OPEN + timedelta(days=day, minutes=-20), lambda: self.cheat.morning(self))
        for visitor in self.visitors.values():
            self._at(visitor.arrives_at, lambda visitor=visitor: self._arrive(visitor))  # type: ignore[misc]
        while self._plan:
            at, _, act = heapq.heappop(self._plan)
            self.office.now = max(self.now, at)
            act()
        return self

    def tell(self, command: c.Command) -> None:
        """Give the hub ``command``, now, and act on what follows."""
        for event in self.office.take(replace(command, at=self.now)):
            self._note(event)
            self.cheat.on_event(self, event)
        self._answer_calls()

    def visitors_of(self, who: str) -> tuple[int, int]:
        """How many real visitors are theirs, and how many they received, in the end."""
        seen = [self.office.book.visits.get(name) for name in self.visitors]
        owned = sum(visit is not None and visit.owner_id == who for visit in seen)
        return owned, sum(visit is not None and visit.host_id == who for visit in seen)

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._plan, (at, self._count, act))

    def _know_customers(self, draw: Random) -> None:
        """Those who return were received by somebody in the last weeks."""
        for visitor in self.visitors.values():
            if visitor.manner == "returning" and not visitor.name.endswith("-again"):
                days_ago = draw.uniform(1, 25)
                self.office.known(visitor.knows, days_ago=days_ago, phone=visitor.phone)

    def _note(self, event: e.Event) -> None:
        self.told[e.snake_case(type(event).__name__)] += 1
        if isinstance(event, e.Decided):
            self.told[event.rule] += 1

    def _arrive(self, visitor: Visitor) -> None:
        if visitor.plate is not None:
            self.tell(c.Arrive(at=self.now, visit_id=visitor.name, plate=visitor.plate))
        self.later(60 + 120 * self.chance("walk", visitor.name), lambda: self._check_in(visitor))

    def _check_in(self, visitor: Visitor) -> None:
        self.tell(self.cheat.check_in(self, visitor, visitor.check_in(self.now)))

    def _answer_calls(self) -> None:
        """Whoever was called answers after a while, or not; time is looked at when it is up."""
        for visit in self.office.state.visits.values():
            host = visit.host_id
            if host not in self.staff or visit.called_at is None or visit.acked_at is not None:
                if visit.acked_at is not None and host in self.staff:
                    self._receive(visit)
                continue
            key = (visit.visit_id, host or "", visit.called_at)
            if key in self._called:
                continue
            self._called.add(key)
            drawn = self.chance("answer", visit.visit_id, host)
            if drawn < ANSWERS_IN_TIME or host == self.cheater:
                wait_s = 5 + 100 * drawn
                self.later(wait_s, lambda key=key: self._ack(*key[:2]))  # type: ignore[misc]
            self.later(121, lambda: self.tell(c.Tick(at=self.now)))

    def _ack(self, visit_id: str, who: str) -> None:
        visit = self.office.state.visits.get(visit_id)
        if visit is not None and visit.host_id == who and visit.acked_at is None:
            self.tell(c.Ack(at=self.now, consultant_id=who, visit_id=visit_id))

    def _receive(self, visit: Visit) -> None:
        """The visitor is met, registered by the host, and leaves."""
        visitor = self.visitors.get(visit.visit_id)
        if visitor is None or visit.visit_id in self._ends:
            return
        self._ends.add(visit.visit_id)
        name, stays = visit.visit_id, visitor.stays
        self.later(60, lambda: self.tell(c.Met(at=self.now, visit_id=name, by="door")))
        reported = self.cheat.stay_of(self, visit, stays)
        early_s = min(stays, reported).total_seconds() - 30
        if self.chance("registers", name) < REGISTERS:
            self.later(early_s, lambda: self._register(visitor))
        if visitor.plate is not None:
            depart = c.Depart(at=self.now, plate=visitor.plate)
            self.later(stays.total_seconds() - 10, lambda: self.tell(depart))
        self.later(
            reported.total_seconds(), lambda: self.tell(c.Finish(at=self.now, visit_id=name))
        )

    def _register(self, visitor: Visitor) -> None:
        visit = self.office.state.visits.get(visitor.name)
        if visit is None or visit.host_id not in self.staff or visit.host_id is None:
            return
        self.tell(
            c.Register(
                at=self.now,
                registration_id=f"of {visitor.name}",
                consultant_id=visit.host_id,
                phone=visitor.phone,
                plates=(visitor.plate,) if visitor.plate else (),
                surname="张",
                visit_id=visitor.name,
            )
        )
