"""The site's living state: the day's line, presence, open visits, make-up turns. A fold of events.

It holds nothing of days past and nobody's registrations, so its size does not grow with the years.
Values are never changed; ``fold.apply`` makes new ones.
"""

from datetime import date, datetime

import msgspec

from broker.rules.commands import Consultant

MANAGER = "manager"
"""The post, and the host where nobody else may receive (R20): a post, not a person."""


class Basis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an ownership rests on, for the sentence and for the manager."""

    registration_ids: tuple[str, ...] = ()
    registered_at: datetime | None = None
    received_at: datetime | None = None
    protected_until: datetime | None = None
    key: str | None = None
    """The phone or plate that matched, masked."""
    visit_id: str | None = None
    """The visit of the same party (R16)."""
    evidence: str | None = None
    """Name, SMS, card, WeChat (R9)."""
    reason: str | None = None
    """The manager's (R15)."""
    is_exclusive: bool = False
    """Nobody else is received meanwhile (清场接待)."""


class Ownership(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the decision table says; ``owner_id`` None: by rotation."""

    rule: str
    owner_id: str | None = None
    flags: tuple[str, ...] = ()
    basis: Basis = Basis()


class Visit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One party's visit that is not over (到访)."""

    visit_id: str
    arrived_at: datetime
    """Gate or check-in, whichever was first."""
    entry: int
    """Place of the arrival among all commands (R3)."""
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    ownership: Ownership | None = None
    """None: not checked in yet."""
    owner_id: str | None = None
    host_id: str | None = None
    """None: waits (R25), or has not checked in."""
    checked_in_as: int | None = None
    """Place of the check-in among all commands: who waits is served by it (R25)."""
    is_waiting: bool = False
    """Nobody could receive him; people were told."""
    is_made_up: bool = False
    """Whose turn it uses was granted a make-up turn for it."""
    called_at: datetime | None = None
    """When the host was called."""
    acked_at: datetime | None = None
    """When somebody said that they go."""
    claimed_by: str | None = None
    """Who goes: the host, one of the managers, or before a decision whoever was told of the car."""
    turn_of: str | None = None
    """Whose turn this visit uses; he is out of the line until it is over."""
    make_up: "MakeUp | None" = None
    """The make-up turn that was used instead of his place in the line."""
    ahead: tuple[str, ...] = ()
    """Who stood before him in the line when he was called: his place, should he be excused."""
    passed: tuple[str, ...] = ()
    """Who was passed over for this visit and has not shown himself since."""
    declined: tuple[str, ...] = ()
    """Who said that he can't receive it, and has not shown himself since."""


class MakeUp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One make-up turn (补接): goes before the line, first granted first used (R12)."""

    make_up_id: str
    consultant_id: str
    visit_id: str
    """The visit that cost him his turn."""
    cause: str
    """The rule by which it was granted."""
    granted_by: str
    granted_at: datetime
    expires_on: date
    """Good through this day; moved once to the next working day."""


class Absence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Not at his post since ``since``."""

    since: datetime
    is_excused: bool = False


class Expected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A VIP or an appointment of today or later (R5)."""

    flag: str
    """``vip`` or ``appointment``."""
    on: date
    starts_at: datetime
    ends_at: datetime | None = None
    host_id: str | None = None
    phone: str | None = None
    plates: tuple[str, ...] = ()
    name: str | None = None
    level: str | None = None
    is_exclusive: bool = False
    has_come: bool = False

    def is_meant(self, phone: str | None, plate: str | None) -> bool:
        """Whether a visitor with this phone or plate is the one expected."""
        has_plate = plate is not None and plate in self.plates
        return has_plate or (phone is not None and phone == self.phone)


class Dispute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Two owners claim one visitor (R15); open until the manager rules."""

    visit_id: str
    claims: tuple[Ownership, ...]
    """The one that holds until then first."""


class SiteState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a decision needs besides its command and the ``Known`` facts."""

    now: datetime | None = None
    today: date | None = None
    entry: int = 0
    """Commands taken so far."""
    roster: dict[str, Consultant] = {}
    line: tuple[str, ...] = ()
    """Everybody in today's order, also who serves or has gone home; the first is next."""
    here: frozenset[str] = frozenset()
    """Started the day and did not end it."""
    absent: dict[str, Absence] = {}
    visits: dict[str, Visit] = {}
    """Open ones, in the order in which they began."""
    make_ups: tuple[MakeUp, ...] = ()
    """Unused, in the order granted."""
    expected: tuple[Expected, ...] = ()
    disputes: dict[str, Dispute] = {}
    """Open ones by visit."""
