"""What the rules tell the people concerned, who may argue with it: a skip, a dispute, a ruling.

A notice is an event like any other; its tag is the ``event`` of a scenario's output.
"""

from datetime import date, datetime

import msgspec

from broker.rules.events import Event
from broker.rules.facts import Registration
from broker.rules.state import Expected, MakeUp, Ownership


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
