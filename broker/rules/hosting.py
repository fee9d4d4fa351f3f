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
    is_overdue,
    may_be_called,
    places,
    team_mate,
)
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.state import MANAGER, MakeUp, Ownership, SiteState, Visit


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
    if hosting.host_id is None and visit.is_waiting:
        return
    place, host_id = hosting.place, hosting.host_id
    takes_turn = place is not None and _uses_turn(case.policy, ownership)
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit_id,
            owner_id=ownership.owner_id or (None if host_id == MANAGER else host_id),
            host_id=host_id,
            rule=hosting.rule or ownership.rule,
            is_turn_used=takes_turn,
            flags=ownership.flags,
            ownership=ownership,
            turn_of=host_id if takes_turn else None,
            make_up=place.make_up if place and takes_turn else None,
        ),
    )
    if host_id is None:
        case.tell(n.Escalated(at=case.now, visit_id=visit_id))
    if takes_turn and place and place.make_up:
        used = place.make_up.make_up_id
        case.tell(
            n.MakeUpUsed(at=case.now, consultant_id=host_id, visit_id=visit_id, make_up_id=used)
        )
    if takes_turn and host_id and ownership.owner_id is not None:
        grant_make_up(case, host_id, visit_id, "R6")


def decide_on(case: Proceeding, decided: e.Decided) -> None:
    """Note a decision; a host who is not the owner receives by courtesy (义务接待)."""
    is_owned = decided.owner_id is not None and decided.host_id is not None
    if is_owned and decided.host_id != decided.owner_id:
        decided = replace(decided, flags=(*decided.flags, "courtesy"))
    elif is_owned and decided.ownership.owner_id is not None:
        decided = replace(decided, renews=decided.ownership.basis.registration_ids)
    case.tell(decided)


def serve_waiting(case: Proceeding) -> None:
    """Find hosts for the visitors who wait, first come, first served (R25)."""
    waiting = [
        visit for visit in case.state.visits.values() if visit.ownership and visit.host_id is None
    ]
    for visit in sorted(waiting, key=lambda visit: visit.checked_in_as or 0):
        if visit.ownership is not None:
            give(case, visit.visit_id, visit.ownership)


def skip_overdue(case: Proceeding, only: Visit | None = None) -> None:
    """Pass over every host (or only this visit's) who was called and did not come (R23)."""
    for visit in tuple(case.state.visits.values()) if only is None else (only,):
        if is_overdue(case.policy, visit, case.now):
            pass_over(case, visit)
    serve_waiting(case)


def pass_over(case: Proceeding, visit: Visit, *, is_declined: bool = False) -> None:
    """The host who was called does not come: their turn counts as used (视为成功轮序)."""
    consultant_id = visit.turn_of or ""
    revoke_make_up(case, visit)
    case.tell(
        n.PassedOver(
            at=case.now,
            consultant_id=consultant_id,
            visit_id=visit.visit_id,
            called_at=visit.called_at,
            is_declined=is_declined,
        )
    )
    if visit.make_up is None:
        case.rejoin(consultant_id)


def withdraw_call(case: Proceeding, visit: Visit) -> None:
    """The host who was called is excused: they keep their place, the next is called (R23)."""
    revoke_make_up(case, visit)
    case.tell(
        n.CallWithdrawn(
            at=case.now,
            consultant_id=visit.turn_of,
            visit_id=visit.visit_id,
            make_up=visit.make_up,
        )
    )


def grant_make_up(case: Proceeding, consultant_id: str, visit_id: str, cause: str) -> None:
    """Grant a turn ahead of the line for the turn that a visit cost, once a visit (R12)."""
    if case.visit(visit_id).is_made_up:
        return
    make_up = MakeUp(
        make_up_id=f"{visit_id}/{consultant_id}/{case.state.entry}",
        consultant_id=consultant_id,
        visit_id=visit_id,
        cause=cause,
        granted_by=MANAGER if cause == "R15" else "rules",
        granted_at=case.now,
        expires_on=case.policy.local(case.now).date(),
    )
    case.tell(
        n.MakeUpGranted(
            at=case.now, consultant_id=consultant_id, visit_id=visit_id, make_up=make_up
        )
    )


def revoke_make_up(case: Proceeding, visit: Visit) -> None:
    """The host does not receive after all: the make-up turn granted for it falls away."""
    for make_up in case.state.make_ups:
        if visit.is_made_up and make_up.visit_id == visit.visit_id:
            case.tell(
                n.MakeUpExpired(
                    at=case.now,
                    consultant_id=make_up.consultant_id,
                    visit_id=visit.visit_id,
                    make_up_id=make_up.make_up_id,
                )
            )


def can_receive(state: SiteState, policy: Policy, owner_id: str, visit: Visit) -> bool:
    """Whether the owner is at their post and free, or busy only with the same party."""
    if not is_at_post(state, owner_id):
        return False
    others = (
        other
        for other in state.visits.values()
        if other.host_id == owner_id and not _is_same_party(other, visit)
    )
    return not policy.is_busy_owner_helped or not any(others)


def _is_same_party(visit: Visit, other: Visit) -> bool:
    same_phone = visit.phone is not None and visit.phone == other.phone
    return same_phone or (visit.plate is not None and visit.plate == other.plate)


def _hosting(case: Proceeding, visit: Visit, ownership: Ownership) -> Hosting:
    owner_id = ownership.owner_id
    if owner_id is not None:
        is_willing = owner_id not in visit.declined
        if is_willing and can_receive(case.state, case.policy, owner_id, visit):
            return Hosting(owner_id)
        if mate := team_mate(case.state, owner_id, visit.declined):
            return Hosting(mate)
    if not case.policy.is_open(case.now):
        return Hosting(_on_duty(case, visit) or MANAGER, rule="R20" if owner_id is None else None)
    if place := _next_place(case, visit):
        return Hosting(place.consultant_id, place)
    return Hosting(None, rule="R25")


def _next_place(case: Proceeding, visit: Visit) -> Place | None:
    """Whose turn it is; consultants long away without leave are passed over at once (R23)."""
    passed = {*visit.passed, *visit.declined}
    for place in tuple(places(case.state)):
        who = place.consultant_id
        if who in passed or not may_be_called(case.state, who):
            continue
        if not is_long_away(case.state, case.policy, who, case.now):
            return place
        passed.add(who)
        _pass_absent(case, visit, place)
    return None


def _pass_absent(case: Proceeding, visit: Visit, place: Place) -> None:
    who = place.consultant_id
    case.tell(n.PassedOver(at=case.now, consultant_id=who, visit_id=visit.visit_id))
    if place.make_up is None:
        case.tell(e.Rejoined(at=case.now, consultant_id=who))
        return
    gone = place.make_up.make_up_id
    case.tell(
        n.MakeUpExpired(at=case.now, consultant_id=who, visit_id=visit.visit_id, make_up_id=gone)
    )


def _on_duty(case: Proceeding, visit: Visit) -> str | None:
    for who in case.policy.duty:
        if who in visit.declined:
            continue
        is_free = who not in case.state.absent and not is_busy(case.state, who)
        if is_free and who in case.state.roster:
            return who
    return None


def _uses_turn(policy: Policy, ownership: Ownership) -> bool:
    """A host called by rotation uses a turn: for a colleague's customer always, else by policy."""
    return ownership.owner_id is not None or ownership.rule in policy.rows_that_use_a_turn
