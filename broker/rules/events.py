"""What the rules decide: facts, decisions, notices. The journal keeps them; state is their fold.

A fact notes a step that was taken. A decision gives a visitor to a consultant. A notice tells the
people concerned something they may argue with; its tag is the ``event`` of a scenario's output.
"""

from datetime import date, datetime

import msgspec

from broker.rules.commands import Consultant
from broker.rules.facts import Registration
from broker.rules.state import Expected, MakeUp, Ownership


def snake_case(name: str) -> str:
    """``PassedOver`` as ``passed_over``."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag=snake_case):
    """Base of all events; ``at`` is aware."""

    at: datetime


class Fact(Event, frozen=True, kw_only=True):
    """A step taken, as the journal keeps it."""


class Notice(Event, frozen=True, kw_only=True):
    """Something that people are told."""

    consultant_id: str | None = None
    visit_id: str | None = None


class Because(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request is refused, or what is unclear: a code and what its sentence needs."""

    code: str
    """``not_allowed_…`` or ``escalated_…``: see ``wording.decisions``."""
    consultant_id: str | None = None
    """Whose customer it is."""
    until: datetime | None = None
    """The end of the protection."""
    named: str | None = None
    """Whom the visitor asked for, as typed."""
    count: int | None = None
    """How many consultants it may mean."""


class Reasoned(Notice, frozen=True, kw_only=True):
    """A notice that says why."""

    because: Because | None = None
    detail: str = ""
    """Only read: until release 0.3 a Chinese sentence stood here instead of ``because``."""


class CommandTaken(Fact, frozen=True, kw_only=True):
    """A command was decided on; counts the commands and moves the time on."""


class RosterSet(Fact, frozen=True, kw_only=True):
    """Who works here."""

    consultants: tuple[Consultant, ...]
    line: tuple[str, ...]
    here: tuple[str, ...]


class DayBegan(Fact, frozen=True, kw_only=True):
    """A new day: visits left open are over, everybody is at their post."""

    on: date
    line: tuple[str, ...]
    here: tuple[str, ...]


class Arrived(Fact, frozen=True, kw_only=True):
    """A car came."""

    visit_id: str
    plate: str


class PlateCorrected(Fact, frozen=True, kw_only=True):
    """The car's plate is not the one that was read."""

    visit_id: str
    plate: str


class CheckedIn(Fact, frozen=True, kw_only=True):
    """The visitor said who they are."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None


class VisitorCorrected(Fact, frozen=True, kw_only=True):
    """The visitor corrected their data; a field that is None was not given."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None


class Acknowledged(Fact, frozen=True, kw_only=True):
    """Somebody goes: the host, a manager, or, before a decision, anybody told of the car."""

    visit_id: str
    consultant_id: str


class Finished(Fact, frozen=True, kw_only=True):
    """The visit is over."""

    visit_id: str
    consultant_id: str | None = None


class Rejoined(Fact, frozen=True, kw_only=True):
    """A consultant is at the end of the line again."""

    consultant_id: str


class WentAway(Fact, frozen=True, kw_only=True):
    """A consultant left their post."""

    consultant_id: str
    is_excused: bool = False


class CameBack(Fact, frozen=True, kw_only=True):
    """A consultant is at their post."""

    consultant_id: str


class Joined(Fact, frozen=True, kw_only=True):
    """A consultant started their day."""

    consultant_id: str


class Left(Fact, frozen=True, kw_only=True):
    """A consultant ended their day."""

    consultant_id: str


class Planned(Fact, frozen=True, kw_only=True):
    """A VIP or an appointment is expected."""

    expected: Expected


class Decided(Event, frozen=True, kw_only=True):
    """Whose customer this visitor is, and who receives them now (判客)."""

    visit_id: str
    owner_id: str | None = None
    host_id: str | None = None
    rule: str
    is_turn_used: bool = False
    flags: tuple[str, ...] = ()
    ownership: Ownership
    """The row of the decision table that fits; used again when the host changes."""
    turn_of: str | None = None
    """Whose turn is used; not the host's if they stand in for somebody."""
    make_up: MakeUp | None = None
    """The make-up turn that is used instead of a place in the line."""
    renews: tuple[str, ...] = ()
    """Registrations whose protection starts again, because their owner receives (R2)."""


class PassedOver(Notice, frozen=True, kw_only=True):
    """A consultant did not come: their turn counts as used (轮空, R23)."""

    called_at: datetime | None = None
    """None: they had been away without leave and were not called at all."""
    is_declined: bool = False
    """They said themselves that they can't receive."""


class Declined(Notice, frozen=True, kw_only=True):
    """A host called for their own customer, or as a helper, said that they can't receive."""


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


class Registered(Notice, frozen=True, kw_only=True):
    """A customer was entered."""

    registration: Registration


class LookedUp(Notice, frozen=True, kw_only=True):
    """A customer was looked up."""

    phone: str | None = None
    plate: str | None = None


class LateEntry(Notice, frozen=True, kw_only=True):
    """A customer was entered after they had come: it does not count for that visit (R3)."""

    registration_id: str


class LookThenClaim(Notice, frozen=True, kw_only=True):
    """A customer was looked up, and entered soon after (R3)."""

    registration_id: str


class DisputeOpened(Notice, frozen=True, kw_only=True):
    """Two owners claim one visitor (R15)."""

    claims: tuple[Ownership, ...]


class Ruled(Notice, frozen=True, kw_only=True):
    """The manager's ruling (R15)."""

    reason: str
    overrules: tuple[str, ...] = ()
    """Registrations that no longer count."""


class Refused(Reasoned, frozen=True, kw_only=True):
    """What was asked for is not allowed; the manager is told."""

    rule: str


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


class AppointmentMissed(Notice, frozen=True, kw_only=True):
    """The customer did not come at the agreed time."""

    expected: Expected
