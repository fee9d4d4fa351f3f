"""What follows when a plan (接待计划) is approved, moved or cancelled on its page."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.handlers.event_guests import (
    EventGuest,
    event_guests,
    guest_named,
    room_left,
    times_of_event,
)
from broker.local.plan_questions import ListedPlan, PlansImported, PlanStep
from broker.rules import commands as c
from broker.rules.authority import What, may_at_post
from broker.rules.events import Planned
from broker.rules.free_times import is_guest_s_to_change, times_instead, times_with
from broker.rules.notices import Refused
from broker.rules.plan_changes import named
from broker.rules.plan_notices import THE_GUEST
from broker.rules.state import MANAGER, Expected
from shared.codec import to_json
from shared.database import Database
from shared.errors import MessageError
from shared.messages import Booking, Message

APPROVE, DECLINE, MOVE, CANCEL = "approve", "decline", "move", "cancel"


def on_plan_step(hub: Hub, asked: PlanStep) -> Iterator[Message]:
    """Let the rules decide; whoever asked is told at once why not.

    Raises:
        MessageError: it is not theirs, is over, became another since they saw it, or its time is
            somebody else's.
    """
    state = hub.decider.state
    plan = named((*state.expected, *state.asked), asked.booking_id)
    if plan is None or asked.act not in _ASKS:
        raise MessageError("error.no_plan")
    if asked.seen not in (None, mark_of(plan, is_asked=plan in state.asked)):
        raise MessageError("error.plan_changed_since")
    if asked.is_guest:
        _check_guest(hub, asked, plan)
    else:
        _check_staff(hub, asked, plan)
    if not hub.inbox.add_message(asked.step_id, asked, hub.clock()):
        return
    hub.journal.append(type(asked).__name__, asked.step_id, to_json(asked), hub.clock())
    followed = hub.decider.take(_ASKS[asked.act](asked, hub.clock()))
    for event in followed:
        if isinstance(event, Refused) and event.consultant_id == _who(asked):
            raise MessageError("error.plan_refused", why=hub.teller(hub.language).detail(event))
    yield from announce(hub, followed)


def times_for_guest(hub: Hub, db: Database, plan: Expected) -> tuple[datetime, ...] | None:
    """When else the guest may come by their own choice; None: it is not theirs to change."""
    state, policy, now = hub.decider.state, hub.decider.policy, hub.clock()
    if plan.booking_id is None or not is_guest_s_to_change(plan, state):
        return None
    guests = event_guests(db)
    if own := guest_named(guests, plan.booking_id):
        return tuple(times_of_event(guests, own, policy, now))
    return tuple(times_instead(plan, state, policy, now))


def check_free(hub: Hub, booking: Booking) -> None:
    """Of two guests who ask at once the second hears what the first took.

    Raises:
        MessageError: the consultant is not free then.
    """
    state, policy = hub.decider.state, hub.decider.policy
    if booking.starts_at not in times_with(booking.host_id or "", state, policy, hub.clock()):
        raise MessageError("error.plan_not_taken", free="")


def _check_guest(hub: Hub, asked: PlanStep, plan: Expected) -> None:
    times = times_for_guest(hub, hub.inbox.db, plan)
    if times is None or asked.act not in (MOVE, CANCEL):
        raise MessageError("error.no_plan")
    if asked.act == MOVE and asked.starts_at not in times:
        raise MessageError("error.plan_not_taken", free="")


def _check_staff(hub: Hub, asked: PlanStep, plan: Expected) -> None:
    posts, is_asked = hub.roles_of(asked.staff_id), plan in hub.decider.state.asked
    if asked.act not in acts_of(plan, asked.staff_id, posts, is_asked=is_asked):
        raise MessageError("error.not_yours")
    if asked.act != MOVE or asked.starts_at in (None, plan.starts_at):
        return
    guests = event_guests(hub.inbox.db)
    own = guest_named(guests, asked.booking_id)
    if own is not None and room_left(guests, replace(own, starts_at=asked.starts_at)) < 1:
        raise MessageError("error.event_time_full")


def on_plans_imported(hub: Hub, asked: PlansImported) -> Iterator[Message]:
    """Plan all rows of a table, or none. Who is here right now may be expected again (R3b).

    Raises:
        MessageError: names the row that cannot be planned, and why; it is no manager's to ask.
    """
    if asked.by and not may_at_post(What.PLAN_VIP, hub.roles_of(asked.by)):
        raise MessageError("error.not_yours")
    if not hub.inbox.add_message(asked.import_id, asked, hub.clock()):
        return
    hub.journal.append(type(asked).__name__, asked.import_id, to_json(asked), hub.clock())
    guests = event_guests(hub.inbox.db) if any(row.event for row in asked.plans) else ()
    planned = {row.booking_id for row in asked.plans}
    others = tuple(guest for guest in guests if guest.row.booking_id not in planned)
    for row in asked.plans:
        if row.places is not None and room_left((*others, *map(EventGuest, asked.plans)), row) < 1:
            raise MessageError("error.event_full", row=row.row)
        followed = hub.decider.take(_of_row(row, asked.by, hub.clock()))
        refused = next((event for event in followed if isinstance(event, Refused)), None)
        if refused and not any(isinstance(event, Planned) for event in followed):
            why = hub.teller(hub.language).detail(refused)
            raise MessageError("error.plan_row", row=row.row, why=why)
        yield from announce(hub, followed)


def _of_row(row: ListedPlan, by: str | None, at: datetime) -> c.Command:
    if row.level is None:
        return c.MakeAppointment(
            at=at,
            by=by,
            host_id=row.host_id or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at or row.starts_at,
            phone=row.phone,
            plate=row.plates[0] if row.plates else None,
            booking_id=row.booking_id,
        )
    return c.PlanVip(
        at=at,
        by=by or MANAGER,
        name=row.name or "",
        phone=row.phone,
        plates=row.plates,
        level=row.level,
        host_id=row.host_id,
        arrives_at=row.starts_at,
        ends_at=row.ends_at,
        is_exclusive=row.is_exclusive,
        booking_id=row.booking_id,
        party_size=row.party_size,
        rooms=row.rooms,
        note=row.note,
    )


def acts_of(
    plan: Expected, staff_id: str, posts: tuple[str, ...], *, is_asked: bool
) -> tuple[str, ...]:
    """What this person may do with the plan: a manager all, who booked it or hosts it the rest."""
    is_manager = may_at_post(What.PLAN_VIP, posts)
    is_own = plan.flag == "appointment" and staff_id in (plan.host_id, plan.booked_by)
    if plan.has_come or plan.booking_id is None:
        return ()
    if is_asked:
        is_askers = staff_id == plan.booked_by
        return (APPROVE, DECLINE) if is_manager else (CANCEL,) if is_askers else ()
    return (MOVE, CANCEL) if is_manager or is_own else ()


def mark_of(plan: Expected, *, is_asked: bool) -> str:
    """What a page keeps of the plan that it shows, to notice that it became another since."""
    return hashlib.sha256(msgspec.json.encode((plan, is_asked))).hexdigest()[:16]


def _answer(asked: PlanStep, at: datetime) -> c.Command:
    return c.AnswerPlan(
        at=at,
        booking_id=asked.booking_id,
        by=asked.staff_id,
        is_approved=asked.act == APPROVE,
        reason=asked.reason,
    )


def _move(asked: PlanStep, at: datetime) -> c.Command:
    if asked.starts_at is None or (asked.ends_at is not None and asked.ends_at <= asked.starts_at):
        raise MessageError("error.plan_times")
    return c.MovePlan(
        at=at,
        booking_id=asked.booking_id,
        by=_who(asked),
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
    )


def _cancel(asked: PlanStep, at: datetime) -> c.Command:
    return c.CancelPlan(at=at, booking_id=asked.booking_id, by=_who(asked), reason=asked.reason)


def _who(asked: PlanStep) -> str:
    return THE_GUEST if asked.is_guest else asked.staff_id


_ASKS: Mapping[str, Callable[[PlanStep, datetime], c.Command]] = {
    APPROVE: _answer,
    DECLINE: _answer,
    MOVE: _move,
    CANCEL: _cancel,
}

ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    PlanStep: on_plan_step,
    PlansImported: on_plans_imported,
}
"""These handlers' rows of the table."""
