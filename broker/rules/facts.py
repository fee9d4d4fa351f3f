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


class Reception(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A visit of today by this phone or plate (R16), as it was last decided."""

    visit_id: str
    arrived_at: datetime
    owner_id: str | None = None
    host_id: str | None = None
    """None: the visitor waited in vain."""


class LookedUpBefore(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody looked up this phone or plate."""

    consultant_id: str
    at: datetime


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What to look up for a command: whatever matches any of these."""

    phone: str | None = None
    plates: tuple[str, ...] = ()
    visit_id: str | None = None
    """A visit that is over."""


class Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found for some ``Keys``."""

    registrations: tuple[Registration, ...] = ()
    """Earliest first, by ``registered_at`` and ``entry``."""
    receptions: tuple[Reception, ...] = ()
    """Today's, latest last."""
    look_ups: tuple[LookedUpBefore, ...] = ()
    """Of the last ``look_then_claim_minutes``, earliest first."""


NOTHING_KNOWN = Known()
