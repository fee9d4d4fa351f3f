"""What the rules tell the people concerned, who may argue with it: a skip, a dispute, a ruling.

A notice is an event like any other; its tag is the ``event`` of a scenario's output.
"""

from datetime import date, datetime

from broker.rules.commands import GivenCustomer
from broker.rules.facts import Registration
from broker.rules.notice_base import Because as Because
from broker.rules.notice_base import Notice as Notice
from broker.rules.notice_base import Reasoned as Reasoned
from broker.rules.plan_notices import AppointmentMissed as AppointmentMissed
from broker.rules.plan_notices import KeptInVain as KeptInVain
from broker.rules.plan_notices import OfferLapsed as OfferLapsed
from broker.rules.plan_notices import PlanAnswered as PlanAnswered
from broker.rules.plan_notices import PlanAsked as PlanAsked
from broker.rules.plan_notices import PlanCancelled as PlanCancelled
from broker.rules.plan_notices import PlanMoved as PlanMoved
from broker.rules.plan_notices import SlotOffered as SlotOffered
from broker.rules.plan_notices import TurnedAway as TurnedAway
from broker.rules.state import MakeUp, Ownership
from shared.messages import Ground


class PassedOver(Notice, frozen=True, kw_only=True):
    """A consultant did not come: their turn counts as used (轮空, R23)."""

    called_at: datetime | None = None
    """None: they had been away without leave and were not called at all."""
    is_declined: bool = False
    """They said themselves that they can't receive."""
    make_up: MakeUp | None = None
    """The make-up turn that they were not called for."""


class Declined(Notice, frozen=True, kw_only=True):
    """A host called for their own customer, or as a helper, can't receive."""

    is_unanswered: bool = False
    """They did not say so: they did not answer in time (R6)."""


class SkipTakenBack(Notice, frozen=True, kw_only=True):
    """The manager took back that somebody was passed over: their place is theirs again (R23)."""

    reason: str
    make_up: MakeUp | None = None
    """The make-up turn that they get back."""


class TurnGivenBack(Notice, frozen=True, kw_only=True):
    """Nobody ever met the visitor: the turn that the visit used is given back (R23)."""

    make_up: MakeUp | None = None


class TurnRests(Notice, frozen=True, kw_only=True):
    """They have overdue calls: until these are done, others' turns come first (回访)."""


class TurnResumes(Notice, frozen=True, kw_only=True):
    """They have no overdue calls any more: their turn comes as ever."""


class StandInTurnUsed(Notice, frozen=True, kw_only=True):
    """A stand-in received the visitor to the end: their own turn is used too (R24)."""


class CallWithdrawn(Notice, frozen=True, kw_only=True):
    """The manager excused a consultant who was called: they keep their place (R23)."""

    make_up: MakeUp | None = None
    """The make-up turn that they get back."""


class MakeUpGranted(Notice, frozen=True, kw_only=True):
    """A consultant may receive one visitor ahead of the line (补轮排首, R12)."""

    make_up: MakeUp


class MakeUpUsed(Notice, frozen=True, kw_only=True):
    """A consultant's make-up turn is used for this visit."""

    make_up_id: str


class MakeUpCarried(Notice, frozen=True, kw_only=True):
    """An unused make-up turn is good on the next working day too."""

    make_up_id: str
    expires_on: date


class MakeUpExpired(Notice, frozen=True, kw_only=True):
    """A make-up turn was not used in time, or its cause fell away."""

    make_up_id: str


class MakeUpRevoked(Notice, frozen=True, kw_only=True):
    """A make-up turn is taken back: what it was granted for was taken back (R12)."""

    make_up_id: str


class Registered(Notice, frozen=True, kw_only=True):
    """A customer was entered."""

    registration: Registration


class LookedUp(Notice, frozen=True, kw_only=True):
    """A customer was looked up."""

    phone: str | None = None
    plate: str | None = None
    name: str | None = None
    shown: tuple[str, ...] = ()
    """The ids of the registrations that the answer showed."""


class LateEntry(Notice, frozen=True, kw_only=True):
    """A customer was entered after they had come: it gives no ownership (R3)."""

    registration_id: str
    came_at: datetime | None = None
    entered_at: datetime | None = None


class BulkRegistration(Notice, frozen=True, kw_only=True):
    """Somebody enters so many customers that the further entries wait for the manager (R3b)."""

    count: int


class ContradictsAnswers(Notice, frozen=True, kw_only=True):
    """Three times "no" from a visitor whom the owner registered and never received (R3b)."""

    registration_id: str


class Orphaned(Notice, frozen=True, kw_only=True):
    """A customer came whose owner left the company: somebody must take them over (R4b)."""

    registration_id: str


class LeftCompany(Notice, frozen=True, kw_only=True):
    """A consultant left the company (R4b)."""


class CustomersHandedOver(Notice, frozen=True, kw_only=True):
    """The customers of somebody who left were given to colleagues (R4b)."""

    act_id: str
    given: tuple[GivenCustomer, ...]
    registrations: tuple[Registration, ...]
    """The receivers' new entries."""


class EntriesReleased(Notice, frozen=True, kw_only=True):
    """Entries that waited for the manager count from now on (R3b, R4b)."""

    registration_ids: tuple[str, ...]
    bookings_of: str | None = None
    """This person's bookings count too."""


class Claimed(Notice, frozen=True, kw_only=True):
    """A consultant says that a visitor is theirs; nobody moves (R12, R15)."""

    ground: Ground


class Unauthorised(Notice, frozen=True, kw_only=True):
    """Somebody asked for what is not theirs to ask; nothing changed."""

    by: str
    what: str


class DepartureAsked(Notice, frozen=True, kw_only=True):
    """The car left while its visitor is received: the host is asked whether the visitor left."""


class LeftOpen(Notice, frozen=True, kw_only=True):
    """A visit that nobody finished ended with the day."""


class FinishedInside(Notice, frozen=True, kw_only=True):
    """A reception was finished while the car still stands inside (R23)."""


class LookThenClaim(Notice, frozen=True, kw_only=True):
    """A customer was looked up, and entered soon after (R3)."""

    registration_id: str


class DisputeOpened(Notice, frozen=True, kw_only=True):
    """Two owners claim one visitor (R15)."""

    claims: tuple[Ownership, ...]


class Ruled(Notice, frozen=True, kw_only=True):
    """The manager's ruling (R15)."""

    reason: str
    by: str | None = None
    """Which manager."""
    overrules: tuple[str, ...] = ()
    """Registrations that no longer count, for ``keys``."""
    keys: tuple[str, ...] | None = None
    """Phone and plate of the visit; None: a journal before release 0.4, they count for nothing."""
    registration: Registration | None = None
    """The winner's, with the keys of the visit."""


class Refused(Reasoned, frozen=True, kw_only=True):
    """What was asked for is not allowed; the manager is told."""

    rule: str

    @property
    def is_house_kept(self) -> bool:
        """Whether somebody came while the house is kept for a VIP."""
        return self.because is not None and self.because.code == "not_allowed_house_closed"


class Escalated(Reasoned, frozen=True, kw_only=True):
    """Manager and steward are told at once that nobody can receive (R25), or what is unclear."""


class KeysCorrected(Notice, frozen=True, kw_only=True):
    """A visitor corrected the phone or plate by which an owner is found; no owner changes."""

    detail: str = ""
    """Only read: until release 0.3 a Chinese sentence stood here instead of the fields below."""
    was: str = ""
    """Phone and plate, masked; empty: none was given."""
    now: str = ""
    registered_by: str | None = None
    """Who has a running protection for the corrected phone or plate."""


class Transferred(Notice, frozen=True, kw_only=True):
    """The visit moves to its owner (R12)."""

    from_id: str | None = None
