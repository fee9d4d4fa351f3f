"""What follows when a consultant takes a call, goes, comes, or stands in for another."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.day import miss_appointments
from broker.rules.hosting import decide_on, pass_over, serve_waiting, skip_overdue, withdraw_call
from broker.rules.line import is_at_post, is_busy, is_overdue
from broker.rules.proceeding import Proceeding
from broker.rules.state import MANAGER, Ownership, Visit


def on_tick(case: Proceeding, _command: c.Tick) -> None:
    """Pass over who was called and did not come; tell whose appointment did not come."""
    miss_appointments(case)
    skip_overdue(case)


def on_ack(case: Proceeding, command: c.Ack) -> None:
    """The host who was called comes; somebody whose call is over hears who receives."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.ownership is None:
        return
    if is_overdue(case.policy, visit, case.now):
        skip_overdue(case, visit)
        visit = case.visit(visit.visit_id)
    if who in visit.passed and visit.host_id is None:
        case.tell(e.CameBack(at=case.now, consultant_id=who))
        serve_waiting(case)
        visit = case.visit(visit.visit_id)
    if visit.host_id != who:
        _refuse(case, who, visit.visit_id, "others_visitor")
    elif visit.acked_at is None:
        _acknowledge(case, visit.visit_id, who)


def on_claim(case: Proceeding, command: c.Claim) -> None:
    """Whoever goes is noted; nobody takes a visitor from a host or manager who goes already."""
    visit = case.state.visits.get(command.visit_id)
    if visit is None:
        return
    is_unclaimed = visit.host_id == MANAGER and visit.acked_at is None
    if visit.ownership is None or is_unclaimed:
        _acknowledge(case, visit.visit_id, command.staff_id)


def on_away(case: Proceeding, command: c.Away) -> None:
    """With leave he keeps his place and a call is withdrawn; without, time runs (R23)."""
    who, before = command.consultant_id, case.state.absent.get(command.consultant_id)
    if who not in case.state.here:
        return
    if before is not None and before.is_excused == command.is_excused:
        return
    if command.is_excused and (visit := _open_call(case, who)):
        withdraw_call(case, visit)
    case.tell(e.WentAway(at=case.now, consultant_id=who, is_excused=command.is_excused))


def on_back(case: Proceeding, command: c.Back) -> None:
    """He is at his post; whoever waits may go to him."""
    who = command.consultant_id
    was_missed = any(who in one.passed for one in case.state.visits.values())
    if who in case.state.absent or was_missed:
        case.tell(e.CameBack(at=case.now, consultant_id=who))


def on_join(case: Proceeding, command: c.Join) -> None:
    """He starts his day at the end of the line (R21)."""
    if command.consultant_id not in case.state.here:
        case.tell(e.Joined(at=case.now, consultant_id=command.consultant_id))


def on_leave(case: Proceeding, command: c.Leave) -> None:
    """He ends his day; a call that he has not taken goes to the next."""
    who = command.consultant_id
    if who not in case.state.here:
        return
    if visit := _open_call(case, who):
        pass_over(case, visit)
    case.tell(e.Left(at=case.now, consultant_id=who))


def on_stand_in(case: Proceeding, command: c.StandIn) -> None:
    """A colleague receives for the one who was called; the turn and the customer stay his (R24)."""
    who, visit = command.consultant_id, _open_call(case, command.for_id)
    if visit is not None and is_overdue(case.policy, visit, case.now):
        skip_overdue(case, visit)
        visit = _open_call(case, command.for_id)
    if visit is None or visit.ownership is None:
        _refuse(case, who, None, "no_open_call")
        return
    if who == command.for_id or not is_at_post(case.state, who) or is_busy(case.state, who):
        _refuse(case, who, visit.visit_id, "must_be_free")
        return
    _receive_instead(case, visit, visit.ownership, who)
    _acknowledge(case, visit.visit_id, who)


def on_pass_on(case: Proceeding, command: c.PassOn) -> None:
    """Who was called can't come: his turn counts as used, his own customer goes to a helper."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.host_id != who or visit.acked_at is not None:
        return
    if visit.turn_of == who:
        pass_over(case, visit, is_declined=True)
    else:
        case.tell(e.Declined(at=case.now, consultant_id=who, visit_id=visit.visit_id))


def on_help(case: Proceeding, command: c.Help) -> None:
    """Somebody who was asked goes for a host who does not answer; no turn is taken away (R24)."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is not None and is_overdue(case.policy, visit, case.now):
        skip_overdue(case, visit)
        visit = case.visit(command.visit_id)
    is_open = visit is not None and visit.host_id == command.for_id and visit.acked_at is None
    if visit is None or visit.ownership is None or not is_open:
        _refuse(case, who, command.visit_id, "no_open_call")
    elif who is not None and (not is_at_post(case.state, who) or is_busy(case.state, who)):
        _refuse(case, who, visit.visit_id, "must_be_free")
    else:
        _receive_instead(case, visit, visit.ownership, who or MANAGER)
        _acknowledge(case, visit.visit_id, who or command.manager_id or MANAGER)


def _receive_instead(case: Proceeding, visit: Visit, ownership: Ownership, who: str) -> None:
    """``who`` is the host now; the visitor, and the turn if one was called, stay whose they are.

    ``turn_of`` says whose; a customer of the host's own who is helped with uses none (R6).
    """
    is_turn_used = visit.turn_of is not None
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit.visit_id,
            owner_id=visit.owner_id,
            host_id=who,
            rule="R24" if is_turn_used else ownership.rule,
            is_turn_used=is_turn_used,
            flags=ownership.flags,
            ownership=ownership,
            turn_of=visit.turn_of,
            make_up=visit.make_up,
        ),
    )


def _acknowledge(case: Proceeding, visit_id: str, who: str) -> None:
    case.tell(e.Acknowledged(at=case.now, visit_id=visit_id, consultant_id=who))


def _open_call(case: Proceeding, consultant_id: str) -> Visit | None:
    """The visit for which his turn was called and that he has not taken on yet."""
    for one in case.state.visits.values():
        if one.turn_of == one.host_id == consultant_id and one.acked_at is None:
            return one
    return None


def _refuse(case: Proceeding, who: str | None, visit_id: str | None, code: str) -> None:
    because = e.Because(code=f"not_allowed_{code}")
    case.tell(
        e.Refused(at=case.now, consultant_id=who, visit_id=visit_id, rule="R24", because=because)
    )
