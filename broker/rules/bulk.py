"""Customers entered or booked by the dozen wait for the manager's release (R3b)."""

from datetime import timedelta

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.proceeding import Proceeding

HOUR = timedelta(hours=1)


def entered_this_hour(case: Proceeding, who: str) -> int:
    """How many customers they entered or booked in the last hour."""
    return sum(at > case.now - HOUR for at in case.state.entries.get(who, ()))


def is_one_too_many(case: Proceeding, who: str) -> bool:
    """Whether their next entry waits for the manager."""
    return entered_this_hour(case, who) >= case.policy.bulk_per_hour


def tell_bulk(case: Proceeding, who: str) -> None:
    """Tell the manager, with the first entry that waits; the others say nothing new."""
    count = entered_this_hour(case, who)
    if count == case.policy.bulk_per_hour + 1:
        case.tell(n.BulkRegistration(at=case.now, consultant_id=who, count=count))


def on_release(case: Proceeding, command: c.ReleaseEntries) -> None:
    """The manager lets entries count that waited; those of colleagues wait on."""
    who = command.consultant_id
    waiting = tuple(
        registration.registration_id
        for registration in case.known.registrations
        if registration.is_held
        and (
            registration.registration_id in command.registration_ids
            or registration.consultant_id == who
        )
    )
    has_bookings = any(plan.is_held and plan.booked_by == who for plan in case.state.expected)
    if waiting or has_bookings:
        case.tell(
            n.EntriesReleased(
                at=case.now,
                consultant_id=who,
                registration_ids=waiting,
                bookings_of=who if has_bookings else None,
            )
        )
