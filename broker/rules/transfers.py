"""A visit moves to its owner, and back: host, turn and make-up turn with it (R12, R15)."""

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.hosting import can_receive, decide_on, give
from broker.rules.line import uses_a_turn
from broker.rules.make_ups import grant_make_up, revoke_make_up
from broker.rules.proceeding import Proceeding
from broker.rules.state import Ownership, Visit


def hand_over(case: Proceeding, visit: Visit, ownership: Ownership) -> None:
    """Give the visit to its owner, who receives if they can; else the host carries on."""
    owner_id, turn_of = ownership.owner_id or "", visit.turn_of
    revoke_make_up(case, visit.visit_id, owner_id)
    if visit.host_id is None:
        give(case, visit.visit_id, ownership)
        return
    is_moved = can_receive(case.state, case.policy, owner_id, visit)
    new_turn = _turn_after(case, visit, ownership, is_moved=is_moved)
    case.tell(
        n.Transferred(
            at=case.now,
            consultant_id=owner_id,
            visit_id=visit.visit_id,
            from_id=visit.owner_id,
        )
    )
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit.visit_id,
            owner_id=owner_id,
            host_id=owner_id if is_moved else visit.host_id,
            rule=ownership.rule,
            is_turn_used=new_turn is not None,
            ownership=ownership,
            turn_of=new_turn,
            make_up=visit.make_up if new_turn == turn_of else None,
            given_by=visit.owner_id if ownership.rule == "R12" else None,
        ),
    )
    if turn_of is None or turn_of == owner_id:
        return
    grant_make_up(case, turn_of, visit.visit_id, ownership.rule)
    if new_turn != turn_of and visit.make_up is None:
        case.rejoin(turn_of)


def _turn_after(
    case: Proceeding, visit: Visit, ownership: Ownership, *, is_moved: bool
) -> str | None:
    """Whose turn the visit uses from now: the owner's in exchange, if no entry shows it theirs."""
    owner_id = ownership.owner_id or ""
    if visit.turn_of == owner_id:
        return owner_id
    if ownership.uses_turn and visit.turn_of is not None:
        is_in_line = owner_id in case.state.here and not uses_a_turn(case.state, owner_id)
        if is_in_line:
            return owner_id
    return None if is_moved else visit.turn_of


def give_back(case: Proceeding, visit: Visit, who: str) -> None:
    """The visitor goes back to who gave them away: make-up and exchanged turn with them (R12)."""
    was_granted = who in visit.made_up
    revoke_make_up(case, visit.visit_id, who)
    if visit.turn_of is not None and visit.turn_of != who:
        case.tell(
            n.TurnGivenBack(
                at=case.now,
                consultant_id=visit.turn_of,
                visit_id=visit.visit_id,
                make_up=visit.make_up,
            )
        )
    visit = case.visit(visit.visit_id)
    is_turn = was_granted and not uses_a_turn(case.state, who) and who in case.state.here
    is_moved = can_receive(case.state, case.policy, who, visit)
    ownership = Ownership(rule="R12", owner_id=who)
    case.tell(
        n.Transferred(
            at=case.now, consultant_id=who, visit_id=visit.visit_id, from_id=visit.owner_id
        )
    )
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit.visit_id,
            owner_id=who,
            host_id=who if is_moved else visit.host_id,
            rule="R12",
            is_turn_used=is_turn,
            ownership=ownership,
            turn_of=who if is_turn else None,
        ),
    )
