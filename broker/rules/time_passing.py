"""What time brings about, each at its own moment, whoever looks first (R23).

Every command lets the time up to it pass before it is decided on. So a tick that comes late, or
never, changes no decision.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from broker.rules.day import begin_day
from broker.rules.exclusive import give_up_plan, is_unused, lapse, offer_next, span
from broker.rules.hosting import serve_waiting
from broker.rules.line import due_at
from broker.rules.plans import miss_appointment
from broker.rules.proceeding import Proceeding
from broker.rules.stand_ins import count_stand_in, stand_in_ends_at
from broker.rules.unanswered import give_up


@dataclass(frozen=True, slots=True)
class Due:
    """What happens at a moment if nothing else happens before."""

    at: datetime
    act: Callable[[Proceeding], None]


def let_time_pass(case: Proceeding, until: datetime) -> None:
    """Do everything that fell due before ``until``, in the order in which it did."""
    if case.state.today is None:
        begin_day(case, case.policy.local(until).date())
    case.now = min(case.since, until)
    while due := min(_dues(case, until), key=lambda due: due.at, default=None):
        case.now = max(case.now, due.at)
        due.act(case)
        serve_waiting(case)
        offer_next(case)
    case.now = until


def _dues(case: Proceeding, until: datetime) -> Iterator[Due]:
    """Everything that is due by now; an answer in the last instant is still in time."""
    yield from _midnight(case, until)
    yield from _closing(case, until)
    for visit in case.state.in_house:
        deadline = due_at(case.policy, visit)
        if deadline is not None and deadline < until:
            yield Due(deadline, partial(_give_up, visit_id=visit.visit_id))
        ends_at = stand_in_ends_at(case.policy, visit)
        if ends_at is not None and ends_at < until:
            yield Due(ends_at, partial(count_stand_in, visit_id=visit.visit_id))
    yield from _of_plans(case, until)


def _of_plans(case: Proceeding, until: datetime) -> Iterator[Due]:
    """Who was expected did not come; nobody took the free house."""
    for expected in case.state.expected:
        if expected.is_missed(until) and expected.ends_at is not None:
            yield Due(expected.ends_at, partial(miss_appointment, expected=expected))
        if is_unused(expected, case.state, case.policy, until):
            ends_at = span(expected, case.policy)[1]
            yield Due(ends_at, partial(give_up_plan, plan=expected))
    for waiting in case.state.waiting:
        if waiting.offered_until is not None and waiting.offered_until < until:
            yield Due(waiting.offered_until, partial(lapse, visit_id=waiting.visit_id))


def _give_up(case: Proceeding, visit_id: str) -> None:
    give_up(case, case.visit(visit_id))


def _midnight(case: Proceeding, until: datetime) -> Iterator[Due]:
    """The next day begins; of a long pause only the days that end anything, and today."""
    today, last = case.state.today, case.policy.local(until).date()
    if today is None or last <= today:
        return
    has_something_to_end = case.state.visits or case.state.make_ups
    on = today + timedelta(days=1) if has_something_to_end else last
    yield Due(case.policy.start_of(on), partial(begin_day, on=on))


def _closing(case: Proceeding, until: datetime) -> Iterator[Due]:
    """Who still waits at closing time is received by the duty list (R20)."""
    closes_at = case.policy.closes_at(case.now)
    is_anybody_waiting = any(
        visit.ownership is not None and visit.host_id is None for visit in case.state.in_house
    )
    if is_anybody_waiting and case.now < closes_at <= until:
        yield Due(closes_at, lambda _case: None)
