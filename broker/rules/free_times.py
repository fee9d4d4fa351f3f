"""When a customer may book a consultant by themselves (自助预约). Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from broker.rules.exclusive import USUAL_LENGTH, is_inside, overlap, span, starts
from broker.rules.policy import Policy
from broker.rules.shifts import Shift
from broker.rules.state import Expected, SiteState

DAYS_SHOWN = 7


def times_with(
    host_id: str,
    state: SiteState,
    policy: Policy,
    now: datetime,
    length: timedelta = USUAL_LENGTH,
) -> Iterator[datetime]:
    """The half hours of the next days at which this consultant is at work and nobody else's."""
    first = now + timedelta(minutes=policy.booking_lead_minutes)
    for day in range(DAYS_SHOWN):
        on = policy.local(now).date() + timedelta(days=day)
        if policy.shifts.of(host_id, on) is not Shift.ON:
            continue
        for starts_at in starts(policy, on, length):
            asked = Expected(
                flag="appointment",
                on=on,
                starts_at=starts_at,
                ends_at=starts_at + length,
                host_id=host_id,
            )
            if starts_at >= first and not any(
                _is_in_the_way(other, asked, policy) for other in state.expected
            ):
                yield starts_at


def times_instead(
    plan: Expected, state: SiteState, policy: Policy, now: datetime
) -> Iterator[datetime]:
    """When else the guest of ``plan`` may come by their own choice; their present time is free."""
    others = replace(state, expected=tuple(each for each in state.expected if each != plan))
    length = plan.ends_at - plan.starts_at if plan.ends_at else USUAL_LENGTH
    found = times_with(plan.host_id or "", others, policy, now, length)
    return (at for at in found if at != plan.starts_at)


def is_guest_s_to_change(plan: Expected, state: SiteState) -> bool:
    """Whether the guest may move or cancel it: an appointment, and they are not here yet."""
    is_open = plan.flag == "appointment" and plan.host_id is not None and not plan.has_come
    return is_open and not is_inside(plan, state)


def _is_in_the_way(other: Expected, asked: Expected, policy: Policy) -> bool:
    if overlap(other, asked, policy):
        return True
    (begins, ends), (other_begins, other_ends) = span(asked, policy), span(other, policy)
    return other.host_id == asked.host_id and begins < other_ends and other_begins < ends
