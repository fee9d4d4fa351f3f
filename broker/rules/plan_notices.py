"""What the rules tell of plans: who is expected, who is asked to wait, what the manager said."""

from datetime import datetime

from broker.rules.commands import CheckIn
from broker.rules.notice_base import Notice
from broker.rules.state import Expected

THE_GUEST = ""
"""By whose word a plan changed, if it was the guest's own: no member of the staff has this id."""


class AppointmentMissed(Notice, frozen=True, kw_only=True):
    """The customer did not come at the agreed time."""

    expected: Expected


class TurnedAway(Notice, frozen=True, kw_only=True):
    """The house is kept for a VIP: a visitor is asked kindly to come another time."""

    free: tuple[datetime, ...] = ()
    asked: CheckIn | None = None
    """What they answered at the tablet; None: they have not checked in."""


class SlotOffered(Notice, frozen=True, kw_only=True):
    """The house is free: whoever waits longest may come in, and it is held for them."""

    until: datetime


class OfferLapsed(Notice, frozen=True, kw_only=True):
    """Who was offered the free house did not take it."""


class KeptInVain(Notice, frozen=True, kw_only=True):
    """Who had the house alone did not come: it is open again, and the manager is asked."""

    expected: Expected


class PlanAsked(Notice, frozen=True, kw_only=True):
    """Somebody asks for a plan (接待申请): the manager approves it, or does not."""

    expected: Expected


class PlanAnswered(Notice, frozen=True, kw_only=True):
    """The manager's word on a plan that was asked for."""

    expected: Expected
    by: str
    is_approved: bool
    reason: str | None = None


class PlanMoved(Notice, frozen=True, kw_only=True):
    """Who is expected comes at another time."""

    expected: Expected
    """As it is now."""
    by: str


class PlanCancelled(Notice, frozen=True, kw_only=True):
    """Who was expected does not come."""

    expected: Expected
    by: str
    reason: str | None = None
