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
    """What stands against a request, or what is unclear: a code and what its sentence needs."""

    code: str
    """``not_allowed_…`` or ``escalated_…``: see ``wording.decisions``."""
    consultant_id: str | None = None
    """Whose customer it is."""
    until: datetime | None = None
    """The end of the protection."""
    named: str | None = None
    """Whom the visitor asked for, as typed."""
    count: int | None = None
    """How many consultants that fits."""


class Reasoned(Notice, frozen=True, kw_only=True):
    """A notice that says why."""

    because: Because | None = None
    detail: str = ""
    """Read only: until release 0.3 a Chinese sentence stood here instead of ``because``."""


class CommandTaken(Fact, frozen=True, kw_only=True):
    """A command was decided on; counts them and moves time on."""


class RosterSet(Fact, frozen=True, kw_only=True):
    """Who works here."""

    consultants: tuple[Consultant, ...]
    line: tuple[str, ...]
    here: tuple[str, ...]


class DayBegan(Fact, frozen=True, kw_only=True):
    """A new day: visits left open are over, everybody is at his post."""

    on: date
    line: tuple[str, ...]
    here: tuple[str, ...]


class Arrived(Fact, frozen=True, kw_only=True):
    """A car came."""

    visit_id: str
    plate: str


class PlateCorrected(Fact, frozen=True, kw_only=True):
    """The car's plate is another."""

    visit_id: str
    plate: str


class CheckedIn(Fact, frozen=True, kw_only=True):
    """The visitor said who he is."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None


class VisitorCorrected(Fact, frozen=True, kw_only=True):
    """The visitor corrected who he is; what is None he did not give."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None


class Acknowledged(Fact, frozen=True, kw_only=True):
    """Somebody goes: the host, one of the managers, or before a decision who was told of a car."""

    visit_id: str
    consultant_id: str


class Finished(Fact, frozen=True, kw_only=True):
    """The visit is over."""

    visit_id: str
    consultant_id: str | None = None


class Rejoined(Fact, frozen=True, kw_only=True):
    """He stands at the end of the line."""

    consultant_id: str


class WentAway(Fact, frozen=True, kw_only=True):
    """He left his post."""

    consultant_id: str
    is_excused: bool = False


class CameBack(Fact, frozen=True, kw_only=True):
    """He is at his post."""

    consultant_id: str


class Joined(Fact, frozen=True, kw_only=True):
    """He started his day."""

    consultant_id: str


class Left(Fact, frozen=True, kw_only=True):
    """He ended his day."""

    consultant_id: str


class Planned(Fact, frozen=True, kw_only=True):
    """A VIP or an appointment is expected."""

    expected: Expected


class Decided(Event, frozen=True, kw_only=True):
    """Who this visitor belongs to and who receives him now (判客)."""

    visit_id: str
    owner_id: str | None = None
    host_id: str | None = None
    rule: str
    is_turn_used: bool = False
    flags: tuple[str, ...] = ()
    ownership: Ownership
    """The row of the table that it rests on; asked again when the host changes."""
    turn_of: str | None = None
    """Whose turn; not the host's where somebody stands in."""
    make_up: MakeUp | None = None
    """Used instead of his place in the line."""
    renews: tuple[str, ...] = ()
    """Registrations whose protection starts anew: their owner receives (R2)."""


class PassedOver(Notice, frozen=True, kw_only=True):
    """His turn counts as used (轮空, R23)."""

    called_at: datetime | None = None
    """None: he had been away without leave and was not called at all."""
    is_declined: bool = False
    """He said himself that he can't receive."""


class Declined(Notice, frozen=True, kw_only=True):
    """Who was called for a visitor of his own, or as a help, said that he can't receive."""


class CallWithdrawn(Notice, frozen=True, kw_only=True):
    """The manager excused him after he was called: he keeps his place (R23)."""

    make_up: MakeUp | None = None
    """Given back."""


class MakeUpGranted(Notice, frozen=True, kw_only=True):
    """He may receive one visitor before the line (补轮排首, R12)."""

    make_up: MakeUp


class MakeUpUsed(Notice, frozen=True, kw_only=True):
    """His make-up turn is used for this visit."""

    make_up_id: str


class MakeUpCarried(Notice, frozen=True, kw_only=True):
    """Unused: it is good on this day too."""

    make_up_id: str
    expires_on: date


class MakeUpExpired(Notice, frozen=True, kw_only=True):
    """It was not used in time, or its cause fell away."""

    make_up_id: str


class Registered(Notice, frozen=True, kw_only=True):
    """A customer was entered."""

    registration: Registration


class LookedUp(Notice, frozen=True, kw_only=True):
    """A customer was searched for."""

    phone: str | None = None
    plate: str | None = None


class LateEntry(Notice, frozen=True, kw_only=True):
    """Entered after the visitor had come: no ownership of that visit (R3)."""

    registration_id: str


class LookThenClaim(Notice, frozen=True, kw_only=True):
    """Searched for, then entered soon after (R3)."""

    registration_id: str


class DisputeOpened(Notice, frozen=True, kw_only=True):
    """Two owners claim one visitor (R15)."""

    claims: tuple[Ownership, ...]


class Ruled(Notice, frozen=True, kw_only=True):
    """The manager's ruling (R15)."""

    reason: str
    overrules: tuple[str, ...] = ()
    """Registrations that count no more."""


class Refused(Reasoned, frozen=True, kw_only=True):
    """What was asked for is not allowed; the manager is told."""

    rule: str


class Escalated(Reasoned, frozen=True, kw_only=True):
    """Manager and steward are told at once: nobody can receive (R25), or why it is unclear."""


class KeysCorrected(Notice, frozen=True, kw_only=True):
    """A visitor corrected the phone or plate by which an owner is found; nobody gains by it."""

    detail: str = ""
    """Read only: until release 0.3 a Chinese sentence stood here instead of what follows."""
    was: str = ""
    """Phone and plate, masked; empty: none was given."""
    now: str = ""
    registered_by: str | None = None
    """Whose running protection the corrected phone or plate has."""


class Transferred(Notice, frozen=True, kw_only=True):
    """The visit moves to its owner (R12)."""

    from_id: str | None = None


class AppointmentMissed(Notice, frozen=True, kw_only=True):
    """The customer did not come in his time."""

    expected: Expected
