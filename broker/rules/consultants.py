"""What follows when a consultant accepts a call, leaves, returns or stands in for a colleague."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.day import miss_appointments
from broker.rules.hosting import decide_on, pass_over, serve_waiting, skip_overdue, withdraw_call
from broker.rules.line import is_at_post, is_busy, is_overdue
from broker.rules.proceeding import Proceeding
from broker.rules.state import MANAGER, Ownership, Visit


def on_tick(case: Proceeding, _command: c.Tick) -> None:
    """Pass over hosts who were called and did not come; report missed appointments."""
    miss_appointments(case)
    skip_overdue(case)


def on_ack(case: Proceeding, command: c.Ack) -> None:
    """The host who was called accepts; somebody whose call is over is refused."""
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
    """Note who goes, unless a host or manager goes already."""
    visit = case.state.visits.get(command.visit_id)
    if visit is None:
        return
    is_unclaimed = visit.host_id == MANAGER and visit.acked_at is None
    if visit.ownership is None or is_unclaimed:
        _acknowledge(case, visit.visit_id, command.staff_id)


def on_away(case: Proceeding, command: c.Away) -> None:
    """With leave they keep their place and a call is withdrawn; without, time runs (R23)."""
    who, before = command.consultant_id, case.state.absent.get(command.consultant_id)
    if who not in case.state.here:
        return
    if before is not None and before.is_excused == command.is_excused:
        return
    if command.is_excused and (visit := _open_call(case, who)):
        withdraw_call(case, visit)
    case.tell(e.WentAway(at=case.now, consultant_id=who, is_excused=command.is_excused))


def on_back(case: Proceeding, command: c.Back) -> None:
    """They are at their post again and may receive waiting visitors."""
    who = command.consultant_id
    was_missed = any(who in visit.passed for visit in case.state.visits.values())
    if who in case.state.absent or was_missed:
        case.tell(e.CameBack(at=case.now, consultant_id=who))


def on_join(case: Proceeding, command: c.Join) -> None:
    """They start their day at the end of the line (R21)."""
    if command.consultant_id not in case.state.here:
        case.tell(e.Joined(at=case.now, consultant_id=command.consultant_id))


def on_leave(case: Proceeding, command: c.Leave) -> None:
    """They end their day; a call that they have not accepted goes to the next in line."""
    who = command.consultant_id
    if who not in case.state.here:
        return
    if visit := _open_call(case, who):
        pass_over(case, visit)
    case.tell(e.Left(at=case.now, consultant_id=who))


def on_stand_in(case: Proceeding, command: c.StandIn) -> None:
    """A colleague receives; turn and customer stay with the consultant who was called (R24)."""
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
    """The host can't come: a turn counts as used, a customer of their own goes to a helper."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.host_id != who or visit.acked_at is not None:
        return
    if visit.turn_of == who:
        pass_over(case, visit, is_declined=True)
    else:
        case.tell(e.Declined(at=case.now, consultant_id=who, visit_id=visit.visit_id))


def on_help(case: Proceeding, command: c.Help) -> None:
    """Somebody goes in place of a host who does not answer; nobody loses a turn (R24)."""
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
    """Make ``who`` the host; the owner and the turn stay as they were.

    ``turn_of`` says whose turn it is; help with a host's own customer uses none (R6).
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
    """The visit for which their turn was called and that they have not accepted yet."""
    for visit in case.state.visits.values():
        if visit.turn_of == visit.host_id == consultant_id and visit.acked_at is None:
            return visit
    return None


def _refuse(case: Proceeding, who: str | None, visit_id: str | None, code: str) -> None:
    because = e.Because(code=f"not_allowed_{code}")
    case.tell(
        e.Refused(at=case.now, consultant_id=who, visit_id=visit_id, rule="R24", because=because)
    )
