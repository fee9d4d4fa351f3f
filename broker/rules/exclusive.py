"""The house alone for one party (清场接待): when, who waits meanwhile, what else is free."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.policy import CLOSED, Policy
from broker.rules.proceeding import Proceeding
from broker.rules.state import Expected, SiteState, Visit

USUAL_LENGTH = timedelta(hours=1)
EVERY = timedelta(minutes=30)
DAYS_AHEAD = 14
TIMES_OFFERED = 3
A_MOMENT = timedelta(minutes=1)


def span(plan: Expected, policy: Policy) -> tuple[datetime, datetime]:
    """From when until when a plan takes its time; setting up and clearing belong to one that
    keeps the house, which without a set end keeps it for the rest of its day.
    """
    if not plan.is_exclusive:
        return plan.starts_at, plan.ends_at or plan.starts_at + A_MOMENT
    begins = plan.starts_at - timedelta(minutes=policy.exclusive_setup_minutes)
    if plan.ends_at is None:
        return begins, policy.start_of(plan.on + timedelta(days=1))
    return begins, plan.ends_at + timedelta(minutes=policy.exclusive_clearing_minutes)


def overlap(one: Expected, other: Expected, policy: Policy) -> bool:
    """Whether they meet and one of them keeps the house."""
    if not one.is_exclusive and not other.is_exclusive:
        return False
    (begins, ends), (other_begins, other_ends) = span(one, policy), span(other, policy)
    return begins < other_ends and other_begins < ends


def taken_room(plan: Expected, others: Iterable[Expected], policy: Policy) -> str | None:
    """A room or parking place of ``plan`` that is somebody else's at its time; None: none."""
    begins, ends = span(plan, policy)
    for other in others:
        other_begins, other_ends = span(other, policy)
        if begins < other_ends and other_begins < ends:
            shared = [room for room in plan.rooms if room in other.rooms]
            if shared:
                return shared[0]
    return None


def is_inside(plan: Expected, state: SiteState) -> bool:
    """Whether whoever is expected is in the house: received, or come and not checked in yet."""
    if plan.has_come:
        return plan.left_at is None
    return any(plan.is_meant(visit.phone, visit.plate) for visit in state.visits.values())


def keeping(state: SiteState, policy: Policy, now: datetime) -> Expected | None:
    """The plan that keeps the house now: from its setting up until whoever is expected has left,
    or has not come by its end and the time of clearing.
    """
    today = policy.local(now).date()
    for plan in state.expected:
        if not plan.is_exclusive or plan.on != today:
            continue
        begins, ends = span(plan, policy)
        is_awaited = not plan.has_come and not plan.is_given_up and begins <= now <= ends
        if is_awaited or is_inside(plan, state):
            return plan
    return None


def is_unused(plan: Expected, state: SiteState, policy: Policy, now: datetime) -> bool:
    """Whether the house was kept in vain: its time is over and nobody came."""
    is_awaited = plan.is_exclusive and not plan.has_come and not plan.is_given_up
    return is_awaited and span(plan, policy)[1] < now and not is_inside(plan, state)


def is_kept_out(visit: Visit, state: SiteState, policy: Policy, now: datetime) -> bool:
    """Whether this visitor is asked to come another time; who was inside before stays."""
    plan = keeping(state, policy, now)
    if plan is None or visit.is_let_in or visit.arrived_at < span(plan, policy)[0]:
        return False
    today = policy.local(now).date()
    return not any(
        expected.on == today and expected.is_meant(visit.phone, visit.plate)
        for expected in state.expected
    )


def free_times(
    state: SiteState, policy: Policy, now: datetime, wanted: Expected | None = None
) -> tuple[datetime, ...]:
    """The next times at which ``wanted`` fits; None: a visitor who would come as soon as may be."""
    asked = wanted or Expected(
        flag="appointment",
        on=policy.local(now).date(),
        starts_at=now,
        ends_at=now + USUAL_LENGTH,
    )
    length = asked.ends_at - asked.starts_at if asked.ends_at else USUAL_LENGTH
    first = max(now, asked.starts_at)
    found: list[datetime] = []
    for day in range(DAYS_AHEAD):
        on = policy.local(first).date() + timedelta(days=day)
        for starts_at in starts(policy, on, length):
            plan = _at(asked, on, starts_at, length)
            if starts_at >= first and not any(
                overlap(plan, other, policy) for other in state.expected
            ):
                found.append(starts_at)
            if len(found) == TIMES_OFFERED:
                return tuple(found)
    return tuple(found)


def offer_next(case: Proceeding) -> None:
    """The house is free: offer it to whoever waits longest, and hold it for them a while."""
    waiting = case.state.waiting
    is_offered = any(each.offered_until is not None for each in waiting)
    if not waiting or is_offered:
        return
    if keeping(case.state, case.policy, case.now) is None:
        until = case.now + timedelta(minutes=case.policy.waiting_offer_minutes)
        case.tell(n.SlotOffered(at=case.now, visit_id=waiting[0].visit_id, until=until))


def lapse(case: Proceeding, visit_id: str) -> None:
    """Nobody took the offer: whoever waits next is offered the house."""
    case.tell(n.OfferLapsed(at=case.now, visit_id=visit_id))


def give_up_plan(case: Proceeding, plan: Expected) -> None:
    """Nobody came: the house is open again, and the manager is asked."""
    case.tell(n.KeptInVain(at=case.now, consultant_id=plan.host_id, expected=plan))


def turn_away(case: Proceeding, visit_id: str, asked: c.CheckIn | None = None) -> None:
    """Ask a visitor kindly to come another time; they wait until the house is free."""
    free = free_times(case.state, case.policy, case.now)
    case.tell(n.TurnedAway(at=case.now, visit_id=visit_id, asked=asked, free=free))


def on_turn_away(case: Proceeding, command: c.TurnAway) -> None:
    """A post has asked the visitor to come another time; nobody who is received already is."""
    visit = case.state.visits.get(command.visit_id)
    is_listed = any(each.visit_id == command.visit_id for each in case.state.waiting)
    if visit is not None and visit.ownership is None and not is_listed:
        turn_away(case, visit.visit_id)


def _at(asked: Expected, on: date, starts_at: datetime, length: timedelta) -> Expected:
    return replace(asked, on=on, starts_at=starts_at, ends_at=starts_at + length)


def starts(policy: Policy, on: date, length: timedelta) -> Iterator[datetime]:
    """Every half hour of the opening hours at which something so long may begin."""
    hours, midnight = policy.hours(on), policy.start_of(on)
    if hours == CLOSED:
        return
    opens_h, opens_min = map(int, hours[0].split(":"))
    starts_at, closes_at = (
        midnight.replace(hour=opens_h, minute=opens_min),
        policy.closes_at(midnight),
    )
    while starts_at + length <= closes_at:
        yield starts_at
        starts_at += EVERY
