"""Which customers their owner has to call (回访), by when, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from broker.rules.policy import Policy
from broker.rules.portfolio import OwnCustomer
from shared.messages import Outcome

NEXT_DAYS: Mapping[Outcome, int | None] = {
    Outcome.AGAIN: 7,
    Outcome.COMING: 3,
    Outcome.NO_ANSWER: 1,
    Outcome.REACHED: None,
    Outcome.NOT_INTERESTED: None,
    Outcome.BOUGHT: None,
}
"""In how many days the customer is called next; None: nobody said."""
CLOSING = frozenset({Outcome.NOT_INTERESTED, Outcome.BOUGHT})
"""After these nobody is called any more, so nothing is overdue either."""


class Stage(StrEnum):
    """Where a follow-up stands."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    NO_NEXT_STEP = "no_next_step"
    """The customer was called, and nobody said what comes next."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What the owner said of calling: an outcome, or (None) that they call later."""

    at: datetime
    outcome: Outcome | None
    days: int | None = None
    reason: str | None = None
    note: str | None = None

    def due_on(self, policy: Policy) -> date | None:
        """When the customer is called next; None: nobody said."""
        days = self.days
        if days is None and self.outcome is not None:
            days = NEXT_DAYS[self.outcome]
        return None if days is None else policy.local(self.at).date() + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A customer who is to be called."""

    customer: OwnCustomer
    due_on: date | None
    stage: Stage
    days_over: int = 0
    last: Contact | None = None
    """Since the last reception."""


def due_after(received_at: datetime, policy: Policy) -> date:
    """By the end of which day a customer is called who was received then."""
    return policy.local(received_at).date() + timedelta(days=policy.follow_up_days)


def follow_ups(
    portfolio: Iterable[OwnCustomer],
    contacts: Mapping[str, Sequence[Contact]],
    policy: Policy,
    at: datetime,
) -> tuple[FollowUp, ...]:
    """The customers to be called, the most urgent first; ``contacts``: by registration."""
    found = (_follow_up(customer, contacts, policy, at) for customer in portfolio)
    open_ones = (one for one in found if one is not None)
    return tuple(sorted(open_ones, key=_urgency))


def _follow_up(
    customer: OwnCustomer,
    contacts: Mapping[str, Sequence[Contact]],
    policy: Policy,
    at: datetime,
) -> FollowUp | None:
    """None: nobody is to be called any more."""
    received_at, today = customer.latest.received_at, policy.local(at).date()
    said = (
        contact
        for registration in customer.registrations
        for contact in contacts.get(registration.registration_id, ())
        if contact.at >= received_at
    )
    last = max(said, key=lambda contact: contact.at, default=None)
    if last is not None and last.outcome in CLOSING:
        return None
    due_on = due_after(received_at, policy) if last is None else last.due_on(policy)
    return FollowUp(customer, due_on, _stage(due_on, today), _days_over(due_on, today), last)


def _stage(due_on: date | None, today: date) -> Stage:
    if due_on is None:
        return Stage.NO_NEXT_STEP
    if due_on == today:
        return Stage.TODAY
    return Stage.OVERDUE if due_on < today else Stage.LATER


def _days_over(due_on: date | None, today: date) -> int:
    return max(0, (today - due_on).days) if due_on else 0


def _urgency(one: FollowUp) -> tuple[date, str]:
    """Who has no next step comes after what is due, before what has time."""
    return one.due_on or date.max, one.customer.latest.registration_id
