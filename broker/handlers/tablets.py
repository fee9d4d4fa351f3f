"""What the tablets tell their visitors: who is asked, who goes, and how long it may take.

A tablet is told at once what a decision or a claim changes. What changes by itself, a phone that
goes offline or the time to wait, is looked at once a second, while a visitor may stand there.
"""

from collections.abc import Iterator

from broker.alerts.promise import promised, wait_min
from broker.handlers.alerting import name_of
from broker.handlers.context import Hub
from broker.rules.exclusive import free_times
from broker.rules.state import MANAGER
from broker.store.visit_row import VisitRow
from broker.wording.names import greeting
from shared.messages import Assignment, CheckIn, Coming, Message
from shared.words import read_words, spoken


def assignment(hub: Hub, check_in: CheckIn, visit: VisitRow) -> Assignment:
    """Tells the visitor at the tablet who comes, in their language."""
    language, words = spoken(check_in.language), read_words("broker")
    known = hub.decider.state.visits.get(visit.visit_id)
    promise = promised(known, lambda host_id: _is_reached(hub, host_id))
    who, waits = promise.staff_id, None
    if who is None and promise.coming is Coming.ASKED:
        waits = _wait_min(hub, visit.visit_id)
    told = Assignment(
        check_in_id=check_in.check_in_id,
        kiosk_id=check_in.kiosk_id,
        visit_id=visit.visit_id,
        greeting=greeting(check_in.surname, check_in.salutation, language),
        host_name=words.say("greeting.duty_manager", language)
        if who == MANAGER
        else name_of(hub, who),
        host_picture=hub.people.picture_of(who),
        wait_hint=words.say("greeting.wait", language, minutes=waits) if waits else None,
        coming=promise.coming,
        notice=_kindly(hub, visit.visit_id, language),
    )
    hub.tablets.keep(told, hub.clock())
    return told


def tell_tablet(hub: Hub, visit_id: str) -> Iterator[Message]:
    """Tell the visitor of ``visit_id`` what is true now, if that is news."""
    visit = hub.visits.find(visit_id)
    if visit is None or visit.check_in_id is None:
        return
    before = hub.tablets.told(visit.check_in_id)
    check_in = hub.inbox.check_in(visit.check_in_id)
    if (now := assignment(hub, check_in, visit)) != before:
        yield now


def watch_tablets(hub: Hub) -> Iterator[Message]:
    """Tell each visitor who may still stand at a tablet what has changed by itself."""
    for visit_id in hub.tablets.to_look_at(hub.clock()):
        yield from tell_tablet(hub, visit_id)


def _kindly(hub: Hub, visit_id: str, language: str) -> str | None:
    """What a visitor is told who came while the house is kept for somebody else."""
    state, policy = hub.decider.state, hub.decider.policy
    visit = state.visits.get(visit_id)
    if visit is None or visit.kept_out is None:
        return None
    teller = hub.teller(language)
    for place, waiting in enumerate(state.waiting, start=1):
        if waiting.visit_id != visit_id:
            continue
        if waiting.offered_until is not None:
            until = f"{policy.local(waiting.offered_until):%H:%M}"
            return teller.say("greeting.offered", until=until)
        free = teller.times(free_times(state, policy, hub.clock()))
        return teller.say("greeting.kept_out", free=free, place=place)
    return teller.say("greeting.offer_lapsed")


def _is_reached(hub: Hub, host_id: str) -> bool:
    """Whether a phone of theirs is online; for the manager's post, anybody's who holds it."""
    people = hub.people_of(MANAGER) if host_id == MANAGER else (host_id,)
    return any(map(hub.presence.is_reached, people))


def _wait_min(hub: Hub, visit_id: str) -> int | None:
    visit, now = hub.decider.state.visits.get(visit_id), hub.clock()
    if visit is None:
        return None
    took = hub.visits.latest_receptions(hub.decider.policy.midnight(now))
    return wait_min(visit, hub.decider.state.in_house, took, now)
