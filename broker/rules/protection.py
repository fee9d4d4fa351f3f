"""Which registrations count for a visitor, in which order, and how long they protect (R1 to R3)."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from broker.rules.facts import Known, Reception, Registration
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.state import SiteState, Visit


def protected_until(registration: Registration, policy: Policy) -> datetime:
    """The last protected moment: the day of the reception is not counted («自接待之日起», R2)."""
    days = (
        policy.unreceived_protection_days if registration.is_unreceived else policy.protection_days
    )
    first_free = policy.local(registration.received_at).date() + timedelta(days=days + 1)
    return datetime.combine(first_free, time(), ZoneInfo(policy.timezone))


def is_protected(registration: Registration, policy: Policy, at: datetime) -> bool:
    """Whether ``at`` lies in the protection, 24:00 of its last day included."""
    return at <= protected_until(registration, policy)


def works_here(state: SiteState, consultant_id: str | None) -> bool:
    """Whether they are on the roster and have not left the company."""
    consultant = state.roster.get(consultant_id or "")
    return consultant is not None and not consultant.has_left


def is_after_arrival(registration: Registration, visit: Visit) -> bool:
    """Whether the customer was entered after the visitor had arrived (R3); a ruling never is."""
    if registration.is_ruling:
        return False
    return (registration.registered_at, registration.entry) > (visit.arrived_at, visit.entry)


def shared_keys(registration: Registration, keys: Iterable[str | None]) -> set[str]:
    """Which of ``keys`` the registration counts for; none if a ruling gave them away (R15)."""
    if registration.is_overruled:
        return set()
    own = {registration.phone, *registration.plates} & set(keys)
    return {key for key in own if key is not None} - set(registration.overruled_keys)


def counts(registration: Registration) -> bool:
    """Whether it was entered in time and need not wait for the manager (R3, R3b)."""
    return not registration.is_late and not registration.is_held


def honest(known: Known, visit: Visit) -> tuple[Registration, ...]:
    """Registrations that may give this visit to somebody, the first first (R1, R3).

    A match by the visitor's own phone stands above one by the plate alone: cars are lent.
    """
    keys = (visit.phone, visit.plate)
    kept = [
        registration
        for registration in known.registrations
        if counts(registration)
        and shared_keys(registration, keys)
        and not is_after_arrival(registration, visit)
    ]
    return tuple(sorted(kept, key=lambda registration: _rank(registration, visit)))


def _rank(registration: Registration, visit: Visit) -> tuple[bool, datetime, int]:
    is_by_plate = visit.phone not in shared_keys(registration, (visit.phone,))
    return is_by_plate, registration.registered_at, registration.entry


def protected_by_others(
    case: Proceeding,
    keys: Iterable[str | None],
    who: str | None,
    among: tuple[Registration, ...] | None = None,
) -> Registration | None:
    """A colleague's registration for one of ``keys`` whose protection runs (R2).

    Without ``among`` all that are known are looked at.
    """
    wanted = tuple(keys)
    for registration in case.known.registrations if among is None else among:
        owner_id = registration.consultant_id
        is_other = owner_id != who and works_here(case.state, owner_id)
        if not is_other or not counts(registration) or not shared_keys(registration, wanted):
            continue
        if is_protected(registration, case.policy, case.now):
            return registration
    return None


def end_of_next_day(policy: Policy, at: datetime) -> datetime:
    """When the day after that of ``at`` ends at the site (R3)."""
    return policy.midnight(policy.midnight(at) + timedelta(days=2, hours=1))


def is_recent(reception: Reception, policy: Policy, now: datetime) -> bool:
    """Whether who enters this visitor now would be too late for them (R3)."""
    return reception.arrived_at <= now < end_of_next_day(policy, reception.arrived_at)
