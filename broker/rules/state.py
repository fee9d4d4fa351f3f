"""The site's living state: the day's line, presence, open visits, make-up turns. A fold of events.

It holds no earlier days and no registrations, so it does not grow over the years.
Values are never changed; ``fold.apply`` makes a new state.
"""

from datetime import date, datetime, timedelta
from functools import cached_property

import msgspec

from broker.rules.commands import CheckIn, Consultant

MANAGER = "manager"
"""The managers' post; it is the host if nobody else may receive (R20). Not a person."""
SOONEST = timedelta(hours=1)
"""A VIP's car that comes longer than this before their time is on an errand."""


class Basis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an ownership rests on, so that the manager can check it."""

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
    """The manager's reason (R15)."""
    is_exclusive: bool = False
    """Nobody else is received meanwhile (清场接待)."""
    left_id: str | None = None
    """The owner who left the company (R4b)."""


class Ownership(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the decision table says; ``owner_id`` None: by rotation."""

    rule: str
    owner_id: str | None = None
    host_id: str | None = None
    """Who receives by plan, if not the owner (R5)."""
    uses_turn: bool = False
    """The owner's turn is used: nothing but a name shows that it is their customer (R9, R3b)."""
    flags: tuple[str, ...] = ()
    basis: Basis = Basis()


class Visit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One party's visit that is not over (到访)."""

    visit_id: str
    arrived_at: datetime
    """Gate or check-in, whichever was first."""
    entry: int
    """The number of the arrival's command (R3)."""
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    ownership: Ownership | None = None
    """None: not checked in yet."""
    owner_id: str | None = None
    host_id: str | None = None
    """None: the visitor waits (R25), or has not checked in."""
    checked_in_as: int | None = None
    """The number of the check-in's command: visitors who wait are served in this order (R25)."""
    is_waiting: bool = False
    """Nobody could receive the visitor; people were told."""
    made_up: tuple[str, ...] = ()
    """Who was granted a make-up turn for a turn that it used."""
    given_by: str | None = None
    """Who gave it to its present owner (R12); if it is given back, nothing is granted."""
    called_at: datetime | None = None
    """When the host was called."""
    acked_at: datetime | None = None
    """When somebody said that they go."""
    is_begun: bool = False
    """Somebody received the visitor: whoever takes over later is not passed over (R12)."""
    claimed_by: str | None = None
    """Who goes: the host, a manager, or, before a decision, anybody told of the car."""
    turn_of: str | None = None
    """Whose turn this visit uses; they are out of the line until it is over."""
    make_up: "MakeUp | None" = None
    """The make-up turn that was used instead of a place in the line."""
    ahead: tuple[str, ...] = ()
    """Who was before the host in the line at the call: their place, should they be excused."""
    passed: tuple[str, ...] = ()
    """Who was passed over for this visit and has not been seen since."""
    declined: tuple[str, ...] = ()
    """Who can't receive it, said or unsaid, and has not been seen since."""
    met_at: datetime | None = None
    """When somebody at a post first saw the visitor."""
    departed_at: datetime | None = None
    """When the car left; the host is asked whether the visitor left too."""
    has_car_left: bool = False
    """Stays true when the host says that the visitor did not leave with it."""
    stood_in_at: datetime | None = None
    """Since when the host stands in for ``turn_of`` (R24)."""
    is_stand_in_counted: bool = False
    """The stand-in's own turn is used too (R24)."""
    is_let_in: bool = False
    """A post let them in while the house is kept for a VIP."""
    kept_out: CheckIn | None = None
    """Asked to come another time: decided on once somebody lets them in."""
    unseen: CheckIn | None = None
    """Answers from the visitor's own phone: decided on once a post has seen the visitor (R23)."""


class MakeUp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A make-up turn (补接) goes before the line; the first granted is used first (R12)."""

    make_up_id: str
    consultant_id: str
    visit_id: str
    """The visit that cost the consultant a turn."""
    cause: str
    """The rule by which it was granted."""
    granted_by: str
    granted_at: datetime
    expires_on: date
    """Good through this day; moved once to the next working day."""


class Absence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A consultant is not at their post."""

    since: datetime
    is_excused: bool = False


class Skip(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody was passed over today; the manager may take it back (R23)."""

    visit_id: str
    consultant_id: str
    ahead: tuple[str, ...] = ()
    """Who was before them in the line."""
    make_up: MakeUp | None = None
    """The make-up turn that they lost."""


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
    booked_by: str | None = None
    booked_at: datetime | None = None
    gives_nothing: bool = False
    """Booked after the car came, or too shortly before: the posts prepare, no owner (R3b)."""
    is_held: bool = False
    """One of too many: gives nothing before the manager's release (R3b)."""
    booking_id: str | None = None
    """By which an invitation names it."""
    is_given_up: bool = False
    """The house was kept for them in vain, and is no more."""
    left_at: datetime | None = None
    """When they left: what is to be done after a visit counts from then."""
    party_size: int | None = None
    rooms: tuple[str, ...] = ()
    """Rooms and parking places that are theirs meanwhile."""
    note: str | None = None

    def is_missed(self, at: datetime) -> bool:
        """Whether the time of an appointment is over and its customer has not come."""
        is_over = self.ends_at is not None and self.ends_at < at
        return self.flag == "appointment" and is_over and not self.has_come

    def is_meant(self, phone: str | None, plate: str | None) -> bool:
        """Whether a visitor with this phone or plate is the expected visitor."""
        has_plate = plate is not None and plate in self.plates
        return has_plate or (phone is not None and phone == self.phone)

    def is_visited_by(self, visit: Visit) -> bool:
        """Whether this VIP came in ``visit``: nobody asks them to check in."""
        is_too_early = visit.arrived_at < self.starts_at - SOONEST
        is_open = self.flag == "vip" and self.left_at is None and not is_too_early
        return is_open and self.is_meant(visit.phone, visit.plate)


class Waiting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A visitor who was asked to come another time, and waits for the house to be free (候补)."""

    visit_id: str
    since: datetime
    offered_until: datetime | None = None
    """The free house is held for them so long; None: it is not offered to them."""


class Dispute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Two owners claim one visitor (R15); open until the manager rules."""

    visit_id: str
    claims: tuple[Ownership, ...]
    """The claim that holds until then comes first."""
    opened_at: datetime | None = None


class SiteState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """Everything that a decision needs besides its command and the ``Known`` facts."""

    now: datetime | None = None
    today: date | None = None
    entry: int = 0
    """Commands taken so far."""
    roster: dict[str, Consultant] = {}
    line: tuple[str, ...] = ()
    """Everybody in today's order, also if they serve or have gone home; the first is next."""
    here: frozenset[str] = frozenset()
    """Who is in line; who ended a day with ``leave`` is not, also later, before they join (R21)."""
    off_duty: frozenset[str] = frozenset()
    """Who is not ``here`` because today is off for them: in line again on their next day."""
    resting: frozenset[str] = frozenset()
    """Whose overdue calls let others' turns come first."""
    absent: dict[str, Absence] = {}
    visits: dict[str, Visit] = {}
    """Open visits, in the order in which they began."""
    make_ups: tuple[MakeUp, ...] = ()
    """Unused make-up turns, in the order granted."""
    expected: tuple[Expected, ...] = ()
    asked: tuple[Expected, ...] = ()
    """Plans that wait for the manager's word (接待申请)."""
    disputes: dict[str, Dispute] = {}
    """Open disputes by visit."""
    skips: tuple[Skip, ...] = ()
    """Today's."""
    stand_ins: dict[str, int] = {}
    """How often today each consultant stood in, or was stood in for (R24)."""
    entries: dict[str, tuple[datetime, ...]] = {}
    """When each person entered or booked customers, the last hour's (R3b)."""
    refused: frozenset[str] = frozenset()
    """Who asked today for what is not theirs, and what: told once."""
    waiting: tuple[Waiting, ...] = ()
    """Whom a kept house turned away today, in order."""
    departed: frozenset[str] = frozenset()
    """Who left the company by the manager's word, whatever post they held; for good (R4b)."""

    @cached_property
    def in_house(self) -> tuple[Visit, ...]:
        """The open visits that concern a consultant: a car of which nobody checked in does not."""
        return tuple(
            visit
            for visit in self.visits.values()
            if visit.ownership is not None or visit.host_id is not None or visit.turn_of is not None
        )

    @cached_property
    def busy(self) -> frozenset[str]:
        """Who receives somebody."""
        return frozenset(visit.host_id for visit in self.in_house if visit.host_id is not None)
