"""When a customer may book a consultant by themselves (自助预约). Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from broker.rules.exclusive import USUAL_LENGTH, overlap, span, starts
from broker.rules.policy import Policy
from broker.rules.shifts import Shift
from broker.rules.state import Expected, SiteState

DAYS_SHOWN = 7


def times_with(host_id: str, state: SiteState, policy: Policy, now: datetime) -> Iterator[datetime]:
    """The half hours of the next days at which this consultant is at work and nobody else's."""
    first = now + timedelta(minutes=policy.booking_lead_minutes)
    for day in range(DAYS_SHOWN):
        on = policy.local(now).date() + timedelta(days=day)
        if policy.shifts.of(host_id, on) is not Shift.ON:
            continue
        for starts_at in starts(policy, on, USUAL_LENGTH):
            asked = Expected(
                flag="appointment",
                on=on,
                starts_at=starts_at,
                ends_at=starts_at + USUAL_LENGTH,
                host_id=host_id,
            )
            if starts_at >= first and not any(
                _is_in_the_way(other, asked, policy) for other in state.expected
            ):
                yield starts_at


def _is_in_the_way(other: Expected, asked: Expected, policy: Policy) -> bool:
    if overlap(other, asked, policy):
        return True
    (begins, ends), (other_begins, other_ends) = span(asked, policy), span(other, policy)
    return other.host_id == asked.host_id and begins < other_ends and other_begins < ends
