"""Who receives (接待人): the owner, a team mate, the next in line, the duty list, or nobody yet."""

from dataclasses import dataclass

from msgspec.structs import replace

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.line import (
    Place,
    is_at_post,
    is_busy,
    is_long_away,
    places_called,
    team_mate,
    uses_a_turn,
)
from broker.rules.make_ups import grant_make_up
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.protection import works_here
from broker.rules.state import MANAGER, Ownership, SiteState, Visit


@dataclass(frozen=True, slots=True)
class Hosting:
    """Who receives, by which place in the line, and by which rule if not the ownership's."""

    host_id: str | None
    place: Place | None = None
    rule: str | None = None


def give(case: Proceeding, visit_id: str, ownership: Ownership) -> None:
    """Find this visit a host; if nobody is free it waits, and people are told (R25)."""
    visit = case.visit(visit_id)
    hosting = _hosting(case, visit, ownership)
    host_id, was_waiting = hosting.host_id, visit.is_waiting
    if host_id is None and was_waiting and ownership == visit.ownership:
        return
    turn_of = _turn_of(case, visit, ownership, hosting)
    is_called = hosting.place is not None and turn_of == host_id
    make_up = hosting.place.make_up if hosting.place and is_called else None
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit_id,
            owner_id=ownership.owner_id or (None if host_id == MANAGER else host_id),
            host_id=host_id,
            rule=hosting.rule or ownership.rule,
            is_turn_used=turn_of is not None,
            flags=ownership.flags,
            ownership=ownership,
            turn_of=turn_of,
            make_up=make_up,
        ),
    )
    if host_id is None and not was_waiting:
        case.tell(n.Escalated(at=case.now, visit_id=visit_id))
    if make_up:
        used = make_up.make_up_id
        case.tell(
            n.MakeUpUsed(at=case.now, consultant_id=host_id, visit_id=visit_id, make_up_id=used)
        )
    if is_called and host_id and ownership.owner_id is not None:
        grant_make_up(case, host_id, visit_id, "R6")


def _turn_of(case: Proceeding, visit: Visit, ownership: Ownership, hosting: Hosting) -> str | None:
    """Whose turn the visit uses: the host's who is called by rotation, or the owner's own."""
    owner_id = ownership.owner_id
    if visit.turn_of is not None and visit.turn_of == owner_id:
        return owner_id  # used before: the owner's customer is received by somebody else now
    if hosting.place is not None and _uses_turn(case.policy, ownership):
        return hosting.host_id
    if owner_id is None or not ownership.uses_turn or owner_id in visit.passed:
        return None  # who was passed over has used the turn
    is_in_line = owner_id in case.state.here and not uses_a_turn(case.state, owner_id)
    return owner_id if is_in_line else None


def decide_on(case: Proceeding, decided: e.Decided) -> None:
    """Note a decision; a host who is not the owner receives by courtesy (义务接待)."""
    if decided.owner_id is not None and decided.host_id is not None:
        is_courtesy = decided.host_id != decided.owner_id
        if is_courtesy:
            decided = replace(decided, flags=(*decided.flags, "courtesy"))
        if decided.ownership.owner_id is not None and (
            case.policy.renews_by_courtesy or not is_courtesy
        ):
            decided = replace(decided, renews=decided.ownership.basis.registration_ids)
    case.tell(decided)


def serve_waiting(case: Proceeding) -> None:
    """Find hosts for the visitors who wait, first come, first served (R25).

    One who finds nobody may set somebody else free: until nothing changes any more.
    """
    before = None
    while before is not case.state:
        before = case.state
        _serve_once(case)


def _serve_once(case: Proceeding) -> None:
    waiting = [
        (visit.checked_in_as or 0, visit.visit_id, visit.ownership)
        for visit in case.state.in_house
        if visit.ownership is not None and visit.host_id is None
    ]
    for _, visit_id, ownership in sorted(waiting, key=lambda place: place[0]):
        give(case, visit_id, ownership)


def can_receive(state: SiteState, policy: Policy, owner_id: str, visit: Visit) -> bool:
    """Whether the owner is at their post and free, or busy only with the same party."""
    if not is_at_post(state, owner_id):
        return False
    others = (
        other
        for other in state.in_house
        if other.host_id == owner_id and not _is_same_party(other, visit)
    )
    return not policy.is_busy_owner_helped or not any(others)


def _is_same_party(visit: Visit, other: Visit) -> bool:
    same_phone = visit.phone is not None and visit.phone == other.phone
    return same_phone or (visit.plate is not None and visit.plate == other.plate)


def _hosting(case: Proceeding, visit: Visit, ownership: Ownership) -> Hosting:
    owner_id = ownership.owner_id
    if (ownership.host_id or owner_id) == MANAGER:
        return Hosting(MANAGER)
    if own := _planned_or_owner(case, visit, ownership):
        return Hosting(own)
    if not case.policy.is_open(case.now):
        return Hosting(_on_duty(case, visit) or MANAGER, rule="R20" if owner_id is None else None)
    if place := _next_place(case, visit):
        return Hosting(place.consultant_id, place)
    return Hosting(None, rule="R25")


def _planned_or_owner(case: Proceeding, visit: Visit, ownership: Ownership) -> str | None:
    """The host by plan, else the owner; a team mate of theirs if they can't (R5, R6)."""
    unable = {*visit.passed, *visit.declined}
    if visit.ownership is not None and visit.ownership.owner_id != ownership.owner_id:
        unable.discard(ownership.owner_id or "")  # asked as its owner for the first time
    for wanted in dict.fromkeys((ownership.host_id, ownership.owner_id)):
        if wanted is None:
            continue
        if wanted not in unable and can_receive(case.state, case.policy, wanted, visit):
            return wanted
        if mate := team_mate(case.state, wanted, unable):
            return mate
    return None


def _next_place(case: Proceeding, visit: Visit) -> Place | None:
    """Whose turn it is; consultants long away without leave are passed over at once (R23)."""
    passed = {*visit.passed, *visit.declined}
    for place in places_called(case.state):
        who = place.consultant_id
        if who in passed:
            continue
        if not is_long_away(case.state, case.policy, who, case.now):
            return place
        passed.add(who)
        _pass_absent(case, visit, place)
    return None


def _pass_absent(case: Proceeding, visit: Visit, place: Place) -> None:
    who = place.consultant_id
    case.tell(
        n.PassedOver(at=case.now, consultant_id=who, visit_id=visit.visit_id, make_up=place.make_up)
    )
    if place.make_up is None:
        case.tell(e.Rejoined(at=case.now, consultant_id=who))
        return
    gone = place.make_up.make_up_id
    case.tell(
        n.MakeUpExpired(at=case.now, consultant_id=who, visit_id=visit.visit_id, make_up_id=gone)
    )


def _on_duty(case: Proceeding, visit: Visit) -> str | None:
    for who in case.policy.duty:
        is_asked_before = who in (*visit.passed, *visit.declined)
        is_free = who not in case.state.absent and not is_busy(case.state, who)
        if is_free and not is_asked_before and works_here(case.state, who):
            return who
    return None


def _uses_turn(policy: Policy, ownership: Ownership) -> bool:
    """A host called by rotation uses a turn: for a colleague's customer always, else by policy."""
    return ownership.owner_id is not None or ownership.rule in policy.rows_that_use_a_turn
