"""One working day as the journal tells it: its visits, and what else happened, in order. Pure.

A day is what stands between its ``DayBegan`` and the next: it never changes afterwards, but for the
names of people who were erased.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from broker.registers.told import Message, StepAsked
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Registration

ANSWERED = ("first_visit", "family", "contacted", "named", "evidence", "party_size")


@dataclass(slots=True)
class VisitStory:
    """A party's visit (到访) as that day told it."""

    visit_id: str
    began_at: datetime
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    car_at: datetime | None = None
    """When the gate saw the car; None: on foot, or nobody saw it."""
    checked_in_at: datetime | None = None
    answers: StepAsked | None = None
    first: e.Decided | None = None
    """The decision on what the visitor said."""
    last: e.Decided | None = None
    called_at: datetime | None = None
    """When the present host was called."""
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    met_at: datetime | None = None
    finished_at: datetime | None = None
    is_left_open: bool = False
    """Nobody finished it: it ended with the day."""
    car_left_at: datetime | None = None
    is_disputed: bool = False
    services: list[Message] = field(default_factory=list)
    """What the posts did for the visitor."""
    entered: Registration | None = None
    """What the host registered (客户登记)."""
    read_as: str | None = None
    """What the reader saw, if somebody corrected it."""
    quarter: str = ""
    """The quarter of an hour in which it began, by the site's clock: ``09:15``."""
    ruled_later: n.Ruled | None = None
    """A manager's ruling after that day (R15)."""

    @property
    def owner_id(self) -> str | None:
        """Whose customer it is."""
        return self.last.owner_id if self.last else None

    @property
    def host_id(self) -> str | None:
        """Who received; the manager's post where nobody of the managers answered."""
        return self.claimed_by or (self.last.host_id if self.last else None)

    @property
    def flags(self) -> tuple[str, ...]:
        """Of the decision on what the visitor said."""
        return self.first.flags if self.first else ()

    @property
    def is_customer(self) -> bool:
        """Whether somebody checked in or was received, not only a car seen."""
        return self.checked_in_at is not None or self.last is not None

    @property
    def is_misread(self) -> bool:
        """Whether the reader took the car's plate for another."""
        return bool(self.car_at and self.read_as and self.read_as != self.plate)

    @property
    def answered_s(self) -> float | None:
        """How long the host took to answer the call."""
        if self.claimed_at is None or self.called_at is None or self.claimed_at < self.called_at:
            return None
        return (self.claimed_at - self.called_at).total_seconds()

    @property
    def waited_s(self) -> float | None:
        """How long a customer waited until somebody said that they go."""
        if self.claimed_at is None or not self.is_customer:
            return None
        return (self.claimed_at - self.began_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Line:
    """An event of a register, and the visit that it is about."""

    event: Any
    visit: VisitStory | None = None


@dataclass(slots=True)
class Day:
    """A day's facts, by register."""

    on: date
    visits: dict[str, VisitStory] = field(default_factory=dict)
    rotation: list[Line] = field(default_factory=list)
    entered: list[n.Registered] = field(default_factory=list)
    looked_up: list[n.LookedUp] = field(default_factory=list)
    disputed: list[Line] = field(default_factory=list)
    ruled: list[n.Ruled] = field(default_factory=list)
    """Today's rulings, on visits of any day."""
    planned: list[e.Planned | n.PlanMoved | n.PlanCancelled] = field(default_factory=list)
    notices: list[n.Notice] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    """What people and machines reported, as it came."""
    closed_at: datetime | None = None
    _here: dict[str, VisitStory] = field(default_factory=dict)
    """The latest visit of each plate."""

    def take(self, event: Any, asked: StepAsked) -> None:
        """Note ``event``, which followed from the command ``asked``."""
        if take := _TAKEN.get(type(event)):
            take(self, event, asked)

    def note(self, message: Message) -> None:
        """Note what somebody reported."""
        self.messages.append(message)
        visit = self.visits.get(message.visit_id or "")
        if visit is not None:
            visit.services.append(message)
        if message.entry == "Departure" and message.plate in self._here:
            car = self._here[message.plate]
            car.car_left_at = car.car_left_at or message.seen_at

    def story(self, visit_id: str | None, at: datetime) -> VisitStory:
        """The visit of this id, which began now if it is new."""
        if visit_id not in self.visits:
            self.visits[visit_id or ""] = VisitStory(visit_id or "", at)
        return self.visits[visit_id or ""]

    def drives(self, visit: VisitStory) -> None:
        """Remember the visit by its plate, to know which visitor a leaving car was."""
        if visit.plate:
            self._here[visit.plate] = visit


def _arrived(day: Day, event: e.Arrived, _asked: StepAsked) -> None:
    visit = day.story(event.visit_id, event.at)
    visit.car_at, visit.plate = event.at, event.plate
    day.drives(visit)


def _checked_in(day: Day, event: e.CheckedIn, asked: StepAsked) -> None:
    visit = day.story(event.visit_id, event.at)
    visit.checked_in_at = visit.checked_in_at or event.at
    visit.answers = visit.answers or asked
    _keys(day, event, asked)


def _keys(day: Day, event: Any, _asked: StepAsked) -> None:
    visit = day.story(event.visit_id, event.at)
    for name in ("plate", "phone", "surname", "salutation"):
        setattr(visit, name, getattr(event, name) or getattr(visit, name))
    day.drives(visit)


def _corrected(day: Day, event: e.VisitorCorrected, _asked: StepAsked) -> None:
    if visit := day.visits.get(event.visit_id):
        visit.plate, visit.phone = event.plate, event.phone
        visit.surname, visit.salutation = event.surname, event.salutation


def _plate(day: Day, event: e.PlateCorrected, _asked: StepAsked) -> None:
    if visit := day.visits.get(event.visit_id):
        if visit.plate and visit.plate != event.plate:
            visit.read_as = visit.read_as or visit.plate
        visit.plate = event.plate
        day.drives(visit)


def _decided(day: Day, event: e.Decided, _asked: StepAsked) -> None:
    visit = day.visits.get(event.visit_id)
    day.rotation.append(Line(event, visit))
    if visit is None:
        return  # a ruling on a visit of another day
    if visit.last is None or visit.last.host_id != event.host_id:
        visit.called_at, visit.claimed_by, visit.claimed_at = event.at, None, None
    visit.first, visit.last = visit.first or event, event


def _acknowledged(day: Day, event: e.Acknowledged, _asked: StepAsked) -> None:
    if visit := day.visits.get(event.visit_id):
        visit.claimed_by, visit.claimed_at = event.consultant_id, visit.claimed_at or event.at


def _met(day: Day, event: e.VisitorMet, _asked: StepAsked) -> None:
    if visit := day.visits.get(event.visit_id):
        visit.met_at = visit.met_at or event.at


def _finished(day: Day, event: e.Finished, _asked: StepAsked) -> None:
    if visit := day.visits.get(event.visit_id):
        visit.finished_at = event.at


def _left_open(day: Day, event: n.LeftOpen, asked: StepAsked) -> None:
    if visit := day.visits.get(event.visit_id or ""):
        visit.is_left_open = True
    _noticed(day, event, asked)


def _registered(day: Day, event: n.Registered, asked: StepAsked) -> None:
    day.entered.append(event)
    if visit := day.visits.get(asked.visit_id or ""):
        visit.entered = event.registration


def _disputed(day: Day, event: n.DisputeOpened | n.Claimed, _asked: StepAsked) -> None:
    visit = day.visits.get(event.visit_id or "")
    day.disputed.append(Line(event, visit))
    if visit is not None:
        visit.is_disputed = True


def _ruled(day: Day, event: n.Ruled, _asked: StepAsked) -> None:
    day.ruled.append(event)
    _in_rotation(day, event, _asked)


def _in_rotation(day: Day, event: Any, _asked: StepAsked) -> None:
    day.rotation.append(Line(event, day.visits.get(getattr(event, "visit_id", None) or "")))


def _noticed(day: Day, event: n.Notice, _asked: StepAsked) -> None:
    day.notices.append(event)


def _closed(day: Day, event: e.DayClosed, _asked: StepAsked) -> None:
    day.closed_at = event.at


_TAKEN: Mapping[type[e.Event], Callable[[Day, Any, StepAsked], None]] = {
    e.Arrived: _arrived,
    e.CheckedIn: _checked_in,
    e.KeysLearnt: _keys,
    e.VisitorCorrected: _corrected,
    e.PlateCorrected: _plate,
    e.Decided: _decided,
    e.Acknowledged: _acknowledged,
    e.VisitorMet: _met,
    e.Finished: _finished,
    e.DayClosed: _closed,
    **dict.fromkeys(
        (e.Planned, n.PlanMoved, n.PlanCancelled), lambda day, event, _: day.planned.append(event)
    ),
    n.LeftOpen: _left_open,
    n.Registered: _registered,
    n.LookedUp: lambda day, event, _: day.looked_up.append(event),
    n.DisputeOpened: _disputed,
    n.Claimed: _disputed,
    n.Ruled: _ruled,
    **dict.fromkeys(
        (
            *(n.PassedOver, n.Declined, n.SkipTakenBack, n.TurnGivenBack, n.StandInTurnUsed),
            *(n.CallWithdrawn, n.MakeUpGranted, n.MakeUpUsed, n.MakeUpCarried, n.MakeUpExpired),
            *(n.MakeUpRevoked, n.TurnRests, n.TurnResumes),
            *(n.Transferred, e.Joined, e.Left, e.WentAway, e.CameBack),
        ),
        _in_rotation,
    ),
    **dict.fromkeys(
        (
            *(n.LateEntry, n.BulkRegistration, n.ContradictsAnswers, n.Orphaned, n.LookThenClaim),
            *(n.Refused, n.Escalated, n.AppointmentMissed, n.Unauthorised, n.FinishedInside),
        ),
        _noticed,
    ),
}
"""What each event is to the day."""
