"""What the rules must know of customers and earlier visits.

It is looked up for each command and recorded with it, so that a replay decides on the same facts.
"""

from datetime import datetime

import msgspec


class Registration(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer tied to a consultant (客户登记); append-only."""

    registration_id: str
    consultant_id: str
    registered_at: datetime
    received_at: datetime
    """The last reception by this consultant; protection counts from its day (R2)."""
    entry: int = 0
    """The number of its command: of two at the same moment the lower was first (R3)."""
    phone: str | None = None
    plates: tuple[str, ...] = ()
    surname: str | None = None
    salutation: str | None = None
    is_late: bool = False
    """Entered after the visitor had arrived, by somebody who was not assigned (R3)."""
    is_overruled: bool = False
    """The manager gave this customer to somebody else (R15)."""
    overruled_keys: tuple[str, ...] = ()
    """The phone or plates for which the manager gave it to somebody else (R15)."""
    is_unreceived: bool = False
    """Entered without a reception: ``received_at`` is when it was entered (R2)."""
    is_held: bool = False
    """Waits for the manager's release before it protects (R3b, R4b)."""
    channel: str | None = None
    """``phone``, ``walk_in`` …; None: not said."""
    is_ruling: bool = False
    """The manager's ruling gives it: it counts also for who arrived before (R15)."""


class Reception(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An earlier visit by this phone or plate, or one that is open, as it was last decided."""

    visit_id: str
    arrived_at: datetime
    owner_id: str | None = None
    host_id: str | None = None
    """None: the visitor waited in vain."""
    entry: int = 0
    """The number of the arrival's command (R3)."""
    phone: str | None = None
    plate: str | None = None
    surname: str | None = None


class LookedUpBefore(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody asked for, or was shown, a customer with this phone, plate or name."""

    consultant_id: str
    at: datetime
    found_nobody: bool = False


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What to look up for a command: whatever matches any of these."""

    phone: str | None = None
    plates: tuple[str, ...] = ()
    surname: str | None = None
    """Matches look-ups only: a name alone decides nothing."""
    visit_id: str | None = None
    """A visit, also one that is over; without phone and plates its own are looked for."""
    registration_ids: tuple[str, ...] = ()
    """Registrations by id, and whatever shares a key with them."""
    held_of: str | None = None
    """Whatever this person entered that waits for the manager."""
    family: tuple[str, ...] = ()
    """Phones and plates whose family is looked for (F27)."""
    family_car: str | None = None
    """The plate by which the visitor's family was here: who came by it is looked for too."""


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found for some ``Keys``."""

    registrations: tuple[Registration, ...] = ()
    """Earliest first, by ``registered_at`` and ``entry``."""
    receptions: tuple[Reception, ...] = ()
    """The latest ``RECEPTIONS_AT_MOST``, latest last."""
    family_registrations: tuple[Registration, ...] = ()
    """By the phones and plates of the family, in the same order (F27)."""
    family_receptions: tuple[Reception, ...] = ()
    look_ups: tuple[LookedUpBefore, ...] = ()
    """Since the day that the policy looks back to, earliest first."""


RECEPTIONS_AT_MOST = 20

NOTHING_KNOWN = Known()
