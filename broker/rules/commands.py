"""What the rules are asked to decide on: each command is a struct with its moment ``at``."""

from datetime import date, datetime

from broker.rules.command_base import Command as Command
from broker.rules.command_base import Consultant as Consultant
from broker.rules.customer_commands import ClaimVisitor as ClaimVisitor
from broker.rules.customer_commands import FollowUpsOverdue as FollowUpsOverdue
from broker.rules.customer_commands import GivenCustomer as GivenCustomer
from broker.rules.customer_commands import HandOver as HandOver
from broker.rules.customer_commands import HandOverCustomers as HandOverCustomers
from broker.rules.customer_commands import LeavesCompany as LeavesCompany
from broker.rules.customer_commands import LinkFamily as LinkFamily
from broker.rules.customer_commands import LookUp as LookUp
from broker.rules.customer_commands import OwnerCalled as OwnerCalled
from broker.rules.customer_commands import OwnerFound as OwnerFound
from broker.rules.customer_commands import Register as Register
from broker.rules.customer_commands import ReleaseEntries as ReleaseEntries
from broker.rules.customer_commands import Rule as Rule
from broker.rules.plan_commands import AnswerPlan as AnswerPlan
from broker.rules.plan_commands import CancelPlan as CancelPlan
from broker.rules.plan_commands import LetIn as LetIn
from broker.rules.plan_commands import MakeAppointment as MakeAppointment
from broker.rules.plan_commands import MovePlan as MovePlan
from broker.rules.plan_commands import PlanVip as PlanVip
from broker.rules.plan_commands import TurnAway as TurnAway
from shared.messages import Answer3, Evidence


class SetRoster(Command, frozen=True, kw_only=True):
    """Who works here, and in which order people who are new to the line join it."""

    consultants: tuple[Consultant, ...]
    order: tuple[str, ...] = ()


class Arrive(Command, frozen=True, kw_only=True):
    """The gate saw a car come (车辆到访); opens ``visit_id``."""

    visit_id: str
    plate: str


class CorrectPlate(Command, frozen=True, kw_only=True):
    """Somebody corrects the plate of a car that arrived."""

    visit_id: str
    plate: str


class Depart(Command, frozen=True, kw_only=True):
    """The gate saw a car leave: its visit is over."""

    plate: str


class CheckIn(Command, frozen=True, kw_only=True):
    """The answers at the tablet (到访登记); opens ``visit_id`` unless a car did.

    If a car opened the visit, its plate counts as confirmed: the visitor chose that car.
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
    family_named: str | None = None
    """By whom family or friends were received (Q2); as ``named``."""
    family_phone: str | None = None
    """The phone of the family member who was here before (Q2)."""
    is_own_phone: bool = False
    """Answered on the visitor's own phone, which may be anywhere (R23)."""
    evidence: Evidence = Evidence.NONE
    party_size: int | None = None


class CorrectVisitor(Command, frozen=True, kw_only=True):
    """A visitor corrects their data on their own page; nothing is decided again."""

    visit_id: str
    owner_id: str | None = None
    """The owner whom that visit was decided for."""
    is_registered: bool = False
    """Whether the owner registered the visitor by the phone or plate corrected now."""
    was_phone: str | None = None
    was_plate: str | None = None
    phone: str | None = None
    plate: str | None = None
    surname: str | None = None
    salutation: str | None = None


class Ack(Command, frozen=True, kw_only=True):
    """The host who was called accepts the visitor."""

    consultant_id: str
    visit_id: str


class Claim(Command, frozen=True, kw_only=True):
    """Somebody goes to a visitor for whom the rules name no single person.

    The visitor of a car has not checked in yet, or "the manager" receives (R20) and there are
    several managers.
    """

    visit_id: str
    staff_id: str


class Met(Command, frozen=True, kw_only=True):
    """Somebody at a post has seen the visitor (R23)."""

    visit_id: str
    by: str


class Finish(Command, frozen=True, kw_only=True):
    """The reception is over: the host says so, or that the visitor left with the car."""

    visit_id: str


class StillHere(Command, frozen=True, kw_only=True):
    """The car left, the visitor did not (a driver dropped a guest)."""

    visit_id: str


class CloseDay(Command, frozen=True, kw_only=True):
    """The manager closes the day: visits that are still open end, and are listed."""


class Away(Command, frozen=True, kw_only=True):
    """A consultant leaves their post; ``is_excused``: the manager granted it."""

    consultant_id: str
    is_excused: bool = False


class Back(Command, frozen=True, kw_only=True):
    """A consultant is back at their post."""

    consultant_id: str


class Join(Command, frozen=True, kw_only=True):
    """A consultant starts their day, at the end of the line (R21)."""

    consultant_id: str


class Leave(Command, frozen=True, kw_only=True):
    """A consultant ends their day."""

    consultant_id: str


class StandIn(Command, frozen=True, kw_only=True):
    """``consultant_id`` receives in place of ``for_id``, who was called (补位, R24)."""

    consultant_id: str
    for_id: str


class TakeOver(Command, frozen=True, kw_only=True):
    """The consultant whose turn it is receives from now on, not the stand-in (R24)."""

    consultant_id: str
    visit_id: str


class TakeBackSkip(Command, frozen=True, kw_only=True):
    """The manager takes back that somebody was passed over: their place is theirs again (R23)."""

    visit_id: str
    consultant_id: str
    reason: str


class PassOn(Command, frozen=True, kw_only=True):
    """The host who was called can't receive; somebody else is needed (R6, R23)."""

    consultant_id: str
    visit_id: str


class Help(Command, frozen=True, kw_only=True):
    """Somebody else receives, because the host who was called does not answer (R6, R24)."""

    visit_id: str
    for_id: str
    consultant_id: str | None = None
    """None: the manager."""
    manager_id: str | None = None
    """Which of the managers; None: a journal before release 0.4 does not say."""


class Attempt(Command, frozen=True, kw_only=True):
    """Somebody asked for what is not theirs to ask (see ``authority``)."""

    by: str
    what: str
    visit_id: str | None = None


class Tick(Command, frozen=True, kw_only=True):
    """Time has passed."""


class SetClock(Command, frozen=True, kw_only=True):
    """The hub's clock is set: until now it showed ``was``, from now on ``at``.

    What was kept since ``since``, by the clock that was wrong, moves along.
    """

    was: datetime
    since: datetime


class NextDay(Command, frozen=True, kw_only=True):
    """A working day begins; ``order``: set by the manager, None: yesterday's continues (R21)."""

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
    | Met
    | StillHere
    | CloseDay
    | TakeOver
    | TakeBackSkip
    | ClaimVisitor
    | HandOver
    | LeavesCompany
    | OwnerCalled
    | LinkFamily
    | HandOverCustomers
    | ReleaseEntries
    | Attempt
    | SetClock
    | LetIn
    | TurnAway
    | AnswerPlan
    | MovePlan
    | CancelPlan
    | FollowUpsOverdue
)
"""For ``msgspec.json.decode(body, type=AnyCommand)``."""
