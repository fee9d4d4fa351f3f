"""Who is expected: VIPs and appointments, and what they may not take (R2, R3b, R5)."""

from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.bulk import is_one_too_many, tell_bulk
from broker.rules.exclusive import free_times, overlap, taken_room
from broker.rules.facts import Registration
from broker.rules.family import family_protected_by_others
from broker.rules.proceeding import Proceeding
from broker.rules.protection import protected_by_others, protected_until
from broker.rules.state import MANAGER, Expected


def on_vip(case: Proceeding, command: c.PlanVip) -> None:
    """A VIP is expected; nobody else at the time of a plan that keeps the house (清场接待)."""
    expected = Expected(
        flag="vip",
        on=case.policy.local(command.arrives_at).date(),
        starts_at=command.arrives_at,
        ends_at=command.ends_at,
        host_id=None if command.host_id == MANAGER else command.host_id,
        phone=command.phone,
        plates=command.plates,
        name=command.name,
        level=command.level,
        is_exclusive=command.is_exclusive,
        booked_by=command.by,
        booking_id=command.booking_id,
        party_size=command.party_size,
        rooms=command.rooms,
        note=command.note,
    )
    if _is_planned(case, expected):
        return
    if command.is_asked:
        case.tell(n.PlanAsked(at=case.now, consultant_id=command.by, expected=expected))
        return
    plan(case, expected, command.by)


def on_appointment(case: Proceeding, command: c.MakeAppointment) -> None:
    """A customer is expected, unless they are a colleague's (R2)."""
    by = command.by or command.host_id
    expected = Expected(
        flag="appointment",
        on=case.policy.local(command.starts_at).date(),
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        host_id=command.host_id,
        phone=command.phone,
        plates=(command.plate,) if command.plate else (),
        booked_by=by,
        booked_at=command.made_at or case.now,
        booking_id=command.booking_id,
    )
    if _is_planned(case, expected):
        return
    if command.made_at is not None:
        plan(case, expected, by)
        return
    if owned := _protected_from(case, command, by):
        because = n.Because(
            code="not_allowed_protected",
            consultant_id=owned.consultant_id,
            until=protected_until(owned, case.policy),
        )
        case.tell(n.Refused(at=case.now, consultant_id=by, rule="R2", because=because))
        return
    is_held = is_one_too_many(case, by)
    is_late = _is_too_late(case, expected)
    plan(case, replace(expected, gives_nothing=is_late, is_held=is_held), by)
    if is_late:
        because = n.Because(code="not_allowed_booked_late")
        case.tell(n.Refused(at=case.now, consultant_id=by, rule="R3b", because=because))
    if is_held:
        tell_bulk(case, by)


def _protected_from(case: Proceeding, command: c.MakeAppointment, by: str) -> Registration | None:
    """An entry that protects the customer from this host, or from the consultant who books (R2)."""
    keys = (command.phone, command.plate)
    barred = dict.fromkeys((command.host_id, *((by,) if by in case.state.roster else ())))
    owned = (protected_by_others(case, keys, who) for who in barred)
    of_family = (family_protected_by_others(case, who) for who in barred)
    return next(filter(None, (*owned, *of_family)), None)


def _is_too_late(case: Proceeding, expected: Expected) -> bool:
    """Booked after the car came, or for a stranger who is nearly here (R3b)."""
    if any(expected.is_meant(visit.phone, visit.plate) for visit in case.state.visits.values()):
        return True
    is_stranger = not case.known.registrations and not case.known.receptions
    lead = timedelta(minutes=case.policy.booking_lead_minutes)
    return is_stranger and expected.starts_at - case.now < lead


def plan(case: Proceeding, expected: Expected, by: str | None) -> None:
    """Expect them, unless time or room is somebody else's."""
    if not is_refused(case, expected, by):
        case.tell(e.Planned(at=case.now, expected=expected))


def is_refused(case: Proceeding, expected: Expected, by: str | None) -> bool:
    """Whether time or room is somebody else's already; ``by`` is told."""
    others = [each for each in case.state.expected if each.booking_id != expected.booking_id]
    if expected.booking_id is None:
        others = list(case.state.expected)
    free = partial(free_times, case.state, case.policy, case.now, expected)
    because = None
    if any(overlap(other, expected, case.policy) for other in others):
        because = n.Because(code="not_allowed_slot_taken", free=free())
    elif room := taken_room(expected, others, case.policy):
        because = n.Because(code="not_allowed_room_taken", named=room)
    if because is not None:
        case.tell(n.Refused(at=case.now, consultant_id=by, rule="R5", because=because))
    return because is not None


def _is_planned(case: Proceeding, expected: Expected) -> bool:
    """Whether the same was planned before."""
    known = (*case.state.expected, *case.state.asked)
    return any(_bare(planned) == _bare(expected) for planned in known)


def _bare(expected: Expected) -> Expected:
    return replace(
        expected,
        booked_at=None,
        booked_by=None,
        has_come=False,
        gives_nothing=False,
        is_held=False,
        booking_id=None,
        is_given_up=False,
        left_at=None,
    )


def miss_appointment(case: Proceeding, expected: Expected) -> None:
    """Tell the host that the customer did not come at the agreed time."""
    case.tell(n.AppointmentMissed(at=case.now, consultant_id=expected.host_id, expected=expected))
