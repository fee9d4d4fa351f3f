"""What follows when a consultant accepts a call, passes it on, leaves and returns."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.hosting import serve_waiting
from broker.rules.proceeding import Proceeding
from broker.rules.protection import works_here
from broker.rules.stand_ins import acknowledge, open_call, refuse
from broker.rules.state import MANAGER
from broker.rules.unanswered import pass_over, withdraw_call


def on_tick(_case: Proceeding, _command: c.Tick) -> None:
    """Nothing but time has passed: see ``time_passing``."""


def on_ack(case: Proceeding, command: c.Ack) -> None:
    """The host who was called accepts; somebody whose call is over is refused.

    Who was passed over, or did not come as the owner, may still go to a visitor who waits (R25).
    """
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.ownership is None:
        return
    if who in (*visit.passed, *visit.declined) and visit.host_id is None:
        case.tell(e.CameBack(at=case.now, consultant_id=who, goes_to=visit.visit_id))
        serve_waiting(case)
        visit = case.visit(visit.visit_id)
    if visit.host_id != who:
        refuse(case, who, visit.visit_id, "others_visitor")
    elif visit.acked_at is None:
        acknowledge(case, visit.visit_id, who)


def on_claim(case: Proceeding, command: c.Claim) -> None:
    """Note who goes, unless a host or manager goes already."""
    visit = case.state.visits.get(command.visit_id)
    if visit is None:
        return
    is_unclaimed = visit.host_id == MANAGER and visit.acked_at is None
    if visit.ownership is None or is_unclaimed:
        acknowledge(case, visit.visit_id, command.staff_id)


def on_away(case: Proceeding, command: c.Away) -> None:
    """With leave they keep their place and a call is withdrawn; without, time runs (R23)."""
    who, before = command.consultant_id, case.state.absent.get(command.consultant_id)
    if who not in case.state.here:
        return
    if before is not None and before.is_excused == command.is_excused:
        return
    if command.is_excused and (visit := open_call(case, who)):
        withdraw_call(case, visit)
    case.tell(e.WentAway(at=case.now, consultant_id=who, is_excused=command.is_excused))


def on_back(case: Proceeding, command: c.Back) -> None:
    """They are at their post again and may receive waiting visitors."""
    who = command.consultant_id
    is_waited_for = any(
        who in visit.declined and visit.host_id is None for visit in case.state.visits.values()
    )
    if who in case.state.absent or is_waited_for:
        case.tell(e.CameBack(at=case.now, consultant_id=who))


def on_join(case: Proceeding, command: c.Join) -> None:
    """They start their day: before opening at yesterday's place, later at the end (R21)."""
    who = command.consultant_id
    if who in case.state.here or not works_here(case.state, who):
        return
    keeps_place = who in case.state.line and case.policy.is_before_opening(case.now)
    case.tell(e.Joined(at=case.now, consultant_id=who, keeps_place=keeps_place))


def on_leave(case: Proceeding, command: c.Leave) -> None:
    """They end their day; a call that they have not accepted goes to the next in line."""
    who = command.consultant_id
    if who not in case.state.here:
        return
    if visit := open_call(case, who):
        pass_over(case, visit)
    case.tell(e.Left(at=case.now, consultant_id=who))


def on_pass_on(case: Proceeding, command: c.PassOn) -> None:
    """The host can't come: a turn counts as used, a customer of their own goes to a helper."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.host_id != who or visit.acked_at is not None:
        return
    if visit.turn_of == who:
        pass_over(case, visit, is_declined=True)
    else:
        case.tell(n.Declined(at=case.now, consultant_id=who, visit_id=visit.visit_id))


def on_overdue(case: Proceeding, command: c.FollowUpsOverdue) -> None:
    """Whose calls are overdue keeps their place, and no turn of theirs comes until they called."""
    is_chosen = case.policy.overdue_follow_ups_rest_the_turn
    named = command.consultant_ids if is_chosen else ()
    resting = {who for who in named if works_here(case.state, who)}
    for who in sorted(resting - case.state.resting):
        case.tell(n.TurnRests(at=case.now, consultant_id=who))
    for who in sorted(case.state.resting - resting):
        case.tell(n.TurnResumes(at=case.now, consultant_id=who))


def on_take_back_skip(case: Proceeding, command: c.TakeBackSkip) -> None:
    """The manager takes back that somebody was passed over: the place is theirs again (R23)."""
    for skip in case.state.skips:
        if (skip.visit_id, skip.consultant_id) == (command.visit_id, command.consultant_id):
            case.tell(
                n.SkipTakenBack(
                    at=case.now,
                    consultant_id=command.consultant_id,
                    visit_id=command.visit_id,
                    reason=command.reason,
                    make_up=skip.make_up,
                )
            )
            return
