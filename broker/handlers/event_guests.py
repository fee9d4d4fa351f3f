"""Who is invited to the site's event days (活动日), as the journal tells it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from broker.local.plan_questions import ListedPlan, PlansImported, PlanStep
from broker.rules.policy import Policy
from shared.database import Database

_TOLD = "select kind, body from journal where kind in ('PlansImported', 'PlanStep') order by seq"
"""By an index of its own."""


class EventGuest(msgspec.Struct, frozen=True):
    """An invitation as it is now."""

    row: ListedPlan
    is_cancelled: bool = False


def event_guests(db: Database) -> tuple[EventGuest, ...]:
    """Everybody who was ever invited to an event, with what became of the booking."""
    found: dict[str, EventGuest] = {}
    for kind, body in db.conn.execute(_TOLD):
        if kind == PlansImported.__name__:
            for row in msgspec.json.decode(body, type=PlansImported, strict=False).plans:
                if row.event is not None:
                    found[row.booking_id] = EventGuest(row)
        else:
            _step(found, msgspec.json.decode(body, type=PlanStep))
    return tuple(found.values())


def guest_named(guests: Iterable[EventGuest], booking_id: str) -> ListedPlan | None:
    """The invitation to an event of this booking; None: it is no event's."""
    return next((one.row for one in guests if one.row.booking_id == booking_id), None)


def times_of_event(
    guests: tuple[EventGuest, ...], own: ListedPlan, policy: Policy, now: datetime
) -> Iterator[datetime]:
    """The other times of this day's event at which one more may come, the earliest first."""
    on = policy.local(own.starts_at).date()
    times = {guest.row.starts_at for guest in guests if guest.row.event == own.event}
    for at in sorted(times - {own.starts_at}):
        is_room = room_left(guests, replace(own, starts_at=at)) > 0
        if at > now and policy.local(at).date() == on and is_room:
            yield at


def room_left(guests: Iterable[EventGuest], row: ListedPlan) -> int:
    """How many more may come at this time to the event of ``row``, which tells its places."""
    there = sum(
        not guest.is_cancelled
        and (guest.row.event, guest.row.starts_at) == (row.event, row.starts_at)
        and guest.row.booking_id != row.booking_id
        for guest in guests
    )
    return (row.places or 0) - there


def _step(found: dict[str, EventGuest], step: PlanStep) -> None:
    guest = found.get(step.booking_id)
    if guest is None:
        return
    if step.act == "cancel":
        found[step.booking_id] = replace(guest, is_cancelled=True)
    elif step.act == "move" and step.starts_at is not None:
        moved = replace(guest.row, starts_at=step.starts_at, ends_at=step.ends_at)
        found[step.booking_id] = EventGuest(moved)
