"""What pages and commands ask about plans (接待计划)."""

from typing import Annotated

from msgspec import Meta, Struct

from shared.messages import Booking, Id, Message, Moment, NodeId


class PlanStep(Message, frozen=True, kw_only=True):
    """Somebody approves, moves or cancels a plan on the page of plans."""

    step_id: Id
    booking_id: Id
    asked_at: Moment
    staff_id: NodeId
    act: NodeId
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    reason: Annotated[str, Meta(max_length=200)] | None = None
    seen: Annotated[str, Meta(max_length=64)] | None = None
    """The mark of the plan as the page showed it; None: whoever asks saw no page."""
    is_guest: bool = False
    """The guest asks, by their invitation; ``staff_id`` is their host."""


class ListedPlan(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A row of a table of plans, its keys in their stored form; without a level: an appointment."""

    row: int
    booking_id: Id
    starts_at: Moment
    ends_at: Moment | None = None
    name: str | None = None
    phone: str | None = None
    plates: tuple[str, ...] = ()
    level: str | None = None
    host_id: NodeId | None = None
    is_exclusive: bool = False
    party_size: int | None = None
    rooms: tuple[str, ...] = ()
    note: str | None = None
    event: Annotated[str, Meta(max_length=60)] | None = None
    """The event day (开放日) to which they are invited."""
    places: Annotated[int, Meta(ge=1, le=999)] | None = None
    """Of an event: how many may come at this time."""


class PlansImported(Message, frozen=True, kw_only=True, tag=True):
    """All plans of a table, or none of them."""

    import_id: Id
    asked_at: Moment
    plans: Annotated[tuple[ListedPlan, ...], Meta(min_length=1, max_length=500)]
    by: NodeId | None = None
    """Who imported them at the console; None: an operator, by a command."""


class GuestBooking(Message, frozen=True, kw_only=True, tag=True):
    """A guest books a free time by their consultant's link; the hub keeps the booking."""

    booking: Booking
