"""What the rules are asked to decide on: one frozen struct each, with the moment ``at``."""

from datetime import date, datetime

import msgspec

from shared.messages import Answer3, Evidence


class Consultant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A consultant (置业顾问) as the rules know him."""

    id: str
    name: str
    team: str | None = None
    has_left: bool = False
    """Left the company: he owns nobody and receives nobody."""


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Base of all commands; ``at`` is aware."""

    at: datetime


class SetRoster(Command, frozen=True, kw_only=True):
    """Who works here, and who is in the line that is not in it yet (first start, new people)."""

    consultants: tuple[Consultant, ...]
    order: tuple[str, ...] = ()


class Arrive(Command, frozen=True, kw_only=True):
    """The gate saw a car come (车辆到访); opens ``visit_id``."""

    visit_id: str
    plate: str


class CorrectPlate(Command, frozen=True, kw_only=True):
    """What the plate of a car that arrived really is."""

    visit_id: str
    plate: str


class Depart(Command, frozen=True, kw_only=True):
    """The gate saw a car leave: its visit is over."""

    plate: str


class CheckIn(Command, frozen=True, kw_only=True):
    """The answers at the tablet (到访登记); opens ``visit_id`` unless a car did.

    On a car's visit that car's plate counts as confirmed: the visitor took it as his.
    """

    visit_id: str
    phone: str | None = None
    plate: str | None = None
    surname: str | None = None
    salutation: str | None = None
    first_visit: Answer3 = Answer3.UNSURE
    family: Answer3 = Answer3.UNSURE
    contacted: Answer3 = Answer3.UNSURE
    named: str | None = None
    """A consultant's id, or what the visitor typed: characters, pinyin, initials."""
    evidence: Evidence = Evidence.NONE
    party_size: int | None = None


class CorrectVisitor(Command, frozen=True, kw_only=True):
    """A visitor says on his own page who he really is; nothing is decided anew by it."""

    visit_id: str
    owner_id: str | None = None
    """Whose customer he is by that visit."""
    is_registered: bool = False
    """Whether the owner registered him by what he corrects now."""
    was_phone: str | None = None
    was_plate: str | None = None
    phone: str | None = None
    plate: str | None = None
    surname: str | None = None
    salutation: str | None = None


class Ack(Command, frozen=True, kw_only=True):
    """The host who was called takes the visitor on."""

    consultant_id: str
    visit_id: str


class Claim(Command, frozen=True, kw_only=True):
    """Somebody goes to a visitor of whom the rules don't say who of the people receives.

    A car's visitor has not checked in yet, or the manager receives (R20) and there are several.
    """

    visit_id: str
    staff_id: str


class Finish(Command, frozen=True, kw_only=True):
    """The reception is over."""

    visit_id: str


class Away(Command, frozen=True, kw_only=True):
    """A consultant leaves his post; ``is_excused``: the manager granted it."""

    consultant_id: str
    is_excused: bool = False


class Back(Command, frozen=True, kw_only=True):
    """He is at his post again."""

    consultant_id: str


class Join(Command, frozen=True, kw_only=True):
    """He starts his day: at the end of the line (R21)."""

    consultant_id: str


class Leave(Command, frozen=True, kw_only=True):
    """He ends his day."""

    consultant_id: str


class StandIn(Command, frozen=True, kw_only=True):
    """``consultant_id`` receives in place of ``for_id``, who was called (补位, R24)."""

    consultant_id: str
    for_id: str


class PassOn(Command, frozen=True, kw_only=True):
    """The host who was called can't receive: the next, please (R6, R23)."""

    consultant_id: str
    visit_id: str


class Help(Command, frozen=True, kw_only=True):
    """Another receives for the host who was called and does not answer (R6, R24)."""

    visit_id: str
    for_id: str
    consultant_id: str | None = None
    """None: the manager."""
    manager_id: str | None = None
    """Which of the managers; None: a journal before release 0.4 does not say."""


class OwnerFound(Command, frozen=True, kw_only=True):
    """During the reception the true owner turns out (R12)."""

    visit_id: str
    consultant_id: str


class Register(Command, frozen=True, kw_only=True):
    """A consultant enters a customer (客户登记)."""

    registration_id: str
    consultant_id: str
    phone: str | None = None
    plates: tuple[str, ...] = ()
    surname: str | None = None
    salutation: str | None = None


class LookUp(Command, frozen=True, kw_only=True):
    """A consultant asks whose a customer is; the asking is logged (R3)."""

    consultant_id: str
    phone: str | None = None
    plate: str | None = None


class Rule(Command, frozen=True, kw_only=True):
    """The manager's ruling: this visit's customer belongs to ``consultant_id`` (R15)."""

    visit_id: str
    consultant_id: str
    reason: str


class PlanVip(Command, frozen=True, kw_only=True):
    """The manager plans a VIP's visit (R5)."""

    name: str
    plates: tuple[str, ...] = ()
    phone: str | None = None
    level: str = "B"
    host_id: str | None = None
    arrives_at: datetime
    ends_at: datetime | None = None
    is_exclusive: bool = False


class MakeAppointment(Command, frozen=True, kw_only=True):
    """A customer is expected by a consultant (R5)."""

    host_id: str
    starts_at: datetime
    ends_at: datetime
    phone: str | None = None
    plate: str | None = None


class Tick(Command, frozen=True, kw_only=True):
    """Time has passed."""


class NextDay(Command, frozen=True, kw_only=True):
    """A working day begins; ``order`` where the manager sets it, else yesterday's goes on (R21)."""

    on: date
    order: tuple[str, ...] | None = None


AnyCommand = (
    SetRoster
    | Arrive
    | CorrectPlate
    | Depart
    | CheckIn
    | CorrectVisitor
    | Ack
    | Claim
    | Finish
    | Away
    | Back
    | Join
    | Leave
    | StandIn
    | PassOn
    | Help
    | OwnerFound
    | Register
    | LookUp
    | Rule
    | PlanVip
    | MakeAppointment
    | Tick
    | NextDay
)
"""For ``msgspec.json.decode(body, type=AnyCommand)``."""
