"""What is asked of the rules about plans, and about who comes while the house is kept."""

from datetime import datetime

from broker.rules.command_base import Command


class PlanVip(Command, frozen=True, kw_only=True):
    """The manager plans a VIP's visit (R5)."""

    name: str
    plates: tuple[str, ...] = ()
    phone: str | None = None
    level: str = "B"
    host_id: str | None = None
    by: str | None = None
    """Who plans it; None: not known."""
    arrives_at: datetime
    ends_at: datetime | None = None
    is_exclusive: bool = False
    booking_id: str | None = None
    """By which an invitation names it; None: nobody can be invited."""
    is_asked: bool = False
    """Only asked for (接待申请): it counts once the manager approves."""
    party_size: int | None = None
    rooms: tuple[str, ...] = ()
    """Rooms and parking places that it takes."""
    note: str | None = None


class MakeAppointment(Command, frozen=True, kw_only=True):
    """A consultant expects a customer (R5)."""

    host_id: str
    by: str | None = None
    """Who books; None: the host."""
    made_at: datetime | None = None
    """When it was made, if it is carried over as it stands; None: it is made now."""
    starts_at: datetime
    ends_at: datetime
    phone: str | None = None
    plate: str | None = None
    booking_id: str | None = None
    """As of a VIP."""


class LetIn(Command, frozen=True, kw_only=True):
    """A post lets a visitor in, though the house is or was kept for a VIP."""

    visit_id: str
    by: str | None = None


class TurnAway(Command, frozen=True, kw_only=True):
    """A post asks a visitor to come another time."""

    visit_id: str


class AnswerPlan(Command, frozen=True, kw_only=True):
    """The manager approves what was asked for, or does not."""

    booking_id: str
    by: str
    is_approved: bool
    reason: str | None = None


class MovePlan(Command, frozen=True, kw_only=True):
    """Whoever is expected comes at another time."""

    booking_id: str
    by: str
    starts_at: datetime
    ends_at: datetime | None = None


class CancelPlan(Command, frozen=True, kw_only=True):
    """Whoever is expected does not come."""

    booking_id: str
    by: str
    reason: str | None = None
