"""Whose customer a visitor is while a protection runs, said in another way (R1, R2)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.rules.state import SiteState, Visit


def runs(entry: Registration, policy: Policy, at: datetime) -> bool:
    """Whether this entry protects at ``at``: the day of the reception is not counted."""
    span = policy.unreceived_protection_days if entry.is_unreceived else policy.protection_days
    last_day = policy.local(entry.received_at).date() + timedelta(days=span)
    now = policy.local(at)
    is_midnight_after = now - timedelta(microseconds=1) < now and (
        policy.local(at - timedelta(microseconds=1)).date() <= last_day
    )
    return now.date() <= last_day or is_midnight_after


def was_before(entry: Registration, visit: Visit) -> bool:
    """Whether it was entered before this visitor arrived."""
    return (entry.registered_at, entry.entry) < (visit.arrived_at, visit.entry)


def counts(entry: Registration, state: SiteState) -> bool:
    """Whether this entry may own anything: in time, not waiting, its owner works here."""
    person = state.roster.get(entry.consultant_id)
    works_here = person is not None and not person.has_left
    return works_here and not (entry.is_late or entry.is_held or entry.is_overruled)


def owner_of(
    entries: Iterable[Registration], visit: Visit, state: SiteState, policy: Policy, at: datetime
) -> str | None:
    """The protected owner of this visitor: by the phone before the plate, the earliest first."""
    good = [
        entry
        for entry in entries
        if counts(entry, state)
        and runs(entry, policy, at)
        and (entry.is_ruling or was_before(entry, visit))
    ]
    by_phone = [
        entry
        for entry in good
        if visit.phone and entry.phone == visit.phone and visit.phone not in entry.overruled_keys
    ]
    by_plate = [
        entry
        for entry in good
        if visit.plate and visit.plate in entry.plates and visit.plate not in entry.overruled_keys
    ]
    first = sorted(by_phone or by_plate, key=lambda entry: (entry.registered_at, entry.entry))
    return first[0].consultant_id if first else None
