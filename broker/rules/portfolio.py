"""The protected customers of a consultant, each once however often they were entered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.rules.protection import counts, is_protected, protected_until


@dataclass(frozen=True, slots=True)
class OwnCustomer:
    """Entries of one consultant that share a phone or plate, earliest first."""

    registrations: tuple[Registration, ...]
    protected_until: datetime

    @property
    def latest(self) -> Registration:
        """The entry that was last received."""
        return max(self.registrations, key=lambda registration: registration.received_at)


def received_since(policy: Policy, at: datetime) -> datetime:
    """Entries whose last reception was before this moment protect nobody at ``at``."""
    days = max(policy.protection_days, policy.unreceived_protection_days) + 1
    return policy.midnight(at - timedelta(days=days))


def customers(
    registrations: Iterable[Registration], policy: Policy, at: datetime
) -> tuple[OwnCustomer, ...]:
    """The customers whom these entries protect at ``at``; whose protection ends first, first."""
    protected = (
        registration
        for registration in registrations
        if _counts(registration) and is_protected(registration, policy, at)
    )
    found = (_customer(group, policy) for group in _grouped(protected))
    return tuple(
        sorted(
            found,
            key=lambda customer: (customer.protected_until, customer.latest.registration_id),
        )
    )


def dealt(
    portfolio: Sequence[OwnCustomer], receivers: Sequence[str]
) -> tuple[tuple[OwnCustomer, str], ...]:
    """Each customer and who gets them: in turn, so that number and days left come out even."""
    return tuple(
        (customer, receivers[place % len(receivers)]) for place, customer in enumerate(portfolio)
    )


def _counts(registration: Registration) -> bool:
    is_overruled = registration.is_overruled or (
        bool(registration.overruled_keys) and _keys(registration) <= {*registration.overruled_keys}
    )
    return counts(registration) and not is_overruled


def _keys(registration: Registration) -> set[str]:
    return {*registration.plates, *filter(None, (registration.phone,))}


def _grouped(registrations: Iterable[Registration]) -> list[list[Registration]]:
    """The entries, those together that share a phone or plate, also by way of a third."""
    group_of: dict[str, list[Registration]] = {}
    for registration in registrations:
        keys = _keys(registration) or {registration.registration_id}
        together = {id(group): group for key in keys if (group := group_of.get(key))}
        merged = [*(kept for group in together.values() for kept in group), registration]
        known = (_keys(kept) for group in together.values() for kept in group)
        group_of.update(dict.fromkeys(keys.union(*known), merged))
    return list({id(group): group for group in group_of.values()}.values())


def _customer(group: list[Registration], policy: Policy) -> OwnCustomer:
    ordered = sorted(group, key=lambda entered: (entered.registered_at, entered.entry))
    until = max(protected_until(registration, policy) for registration in group)
    return OwnCustomer(tuple(ordered), until)


SOON_DAYS = 3
"""So many days ahead an owner is told that a protection ends."""


def last_day(customer: OwnCustomer, policy: Policy) -> date:
    """The last protected day, site time; the protection ends with it, at 24:00."""
    return policy.local(customer.protected_until).date() - timedelta(days=1)


def expiring(
    portfolio: Iterable[OwnCustomer], policy: Policy, at: datetime
) -> tuple[OwnCustomer, ...]:
    """The customers whose last protected day is today or one of the next ``SOON_DAYS``."""
    today = policy.local(at).date()
    until = today + timedelta(days=SOON_DAYS)
    return tuple(customer for customer in portfolio if today <= last_day(customer, policy) <= until)


def soon_over_since(policy: Policy, at: datetime) -> tuple[datetime, datetime]:
    """The span in which the last reception of an expiring customer lies."""
    days = min(policy.protection_days, policy.unreceived_protection_days)
    until = policy.midnight(at + timedelta(days=SOON_DAYS + 1 - days))
    return received_since(policy, at), until
