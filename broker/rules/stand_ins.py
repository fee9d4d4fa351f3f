"""A colleague receives for a while: stands in, helps, or is asked to by the host (R6, R12, R24)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.hosting import decide_on
from broker.rules.line import is_at_post, is_busy
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.state import MANAGER, Ownership, Visit


def stand_in_ends_at(policy: Policy, visit: Visit) -> datetime | None:
    """Until when the first in line must take over; None: nobody stands in, or it is counted.

    A manager has no turn that could be counted.
    """
    if visit.stood_in_at is None or visit.is_stand_in_counted or visit.host_id == MANAGER:
        return None
    return visit.stood_in_at + timedelta(minutes=policy.stand_in_minutes)


def count_stand_in(case: Proceeding, visit_id: str) -> None:
    """The first did not take over: the stand-in's own turn is used too (R24)."""
    visit = case.visit(visit_id)
    case.tell(n.StandInTurnUsed(at=case.now, consultant_id=visit.host_id, visit_id=visit_id))


def on_stand_in(case: Proceeding, command: c.StandIn) -> None:
    """A colleague receives; turn and customer stay with the consultant who was called (R24)."""
    who, visit = command.consultant_id, open_call(case, command.for_id)
    if visit is None or visit.ownership is None:
        refuse(case, who, None, "no_open_call")
    elif who == command.for_id or not _is_free(case, who):
        refuse(case, who, visit.visit_id, "must_be_free")
    else:
        _stand_in(case, visit, visit.ownership, who)


def _stand_in(case: Proceeding, visit: Visit, ownership: Ownership, who: str) -> None:
    """They receive and go at once; one time too many on a day uses their own turn (R24)."""
    both = (who, visit.turn_of or "")
    is_one_too_many = (
        max(case.state.stand_ins.get(name, 0) for name in both) >= case.policy.stand_ins_a_day
    )
    receive_instead(case, visit, ownership, who)
    acknowledge(case, visit.visit_id, who)
    if is_one_too_many and case.visit(visit.visit_id).stood_in_at is not None:
        count_stand_in(case, visit.visit_id)


def on_take_over(case: Proceeding, command: c.TakeOver) -> None:
    """Whose turn it is comes after all, and receives in place of the stand-in (R24)."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.ownership is None or visit.host_id == who:
        return
    if visit.stood_in_at is None or visit.turn_of != who:
        refuse(case, who, command.visit_id, "no_stand_in")
        return
    case.tell(e.CameBack(at=case.now, consultant_id=who))
    receive_instead(case, visit, visit.ownership, who)
    acknowledge(case, visit.visit_id, who)


def on_help(case: Proceeding, command: c.Help) -> None:
    """Somebody goes in place of a host who does not answer: a stand-in if it is a turn (R24)."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    is_open = visit is not None and visit.host_id == command.for_id and visit.acked_at is None
    if visit is None or visit.ownership is None or not is_open:
        refuse(case, who, command.visit_id, "no_open_call")
    elif who is not None and not _is_free(case, who):
        refuse(case, who, visit.visit_id, "must_be_free")
    elif who is not None:
        _stand_in(case, visit, visit.ownership, who)
    else:
        receive_instead(case, visit, visit.ownership, MANAGER)
        acknowledge(case, visit.visit_id, command.manager_id or MANAGER)


def on_hand_over(case: Proceeding, command: c.HandOver) -> None:
    """A hand-over without a ground is a courtesy: owner and turn stay as they were (R12)."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.ownership is None or visit.host_id in (None, who):
        return
    by = command.by or visit.host_id
    if not command.is_manager and by not in (visit.host_id, visit.owner_id):
        refuse(case, by, visit.visit_id, "others_visitor")
    elif not _is_free(case, who):
        refuse(case, by, visit.visit_id, "must_be_free")
    else:
        owner_id = visit.ownership.owner_id or visit.owner_id
        receive_instead(case, visit, replace(visit.ownership, owner_id=owner_id), who)


def receive_instead(case: Proceeding, visit: Visit, ownership: Ownership, who: str) -> None:
    """Make ``who`` the host; the owner and the turn stay as they were.

    ``turn_of`` says whose turn it is; help with a host's own customer uses none (R6).
    """
    is_others_turn = visit.turn_of is not None and visit.turn_of != who
    is_stand_in = is_others_turn and ownership.owner_id is None
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit.visit_id,
            owner_id=visit.owner_id,
            host_id=who,
            rule="R24" if is_stand_in else ownership.rule,
            is_turn_used=visit.turn_of is not None,
            flags=ownership.flags,
            ownership=ownership,
            turn_of=visit.turn_of,
            make_up=visit.make_up,
        ),
    )


def acknowledge(case: Proceeding, visit_id: str, who: str) -> None:
    """Note that they go."""
    case.tell(e.Acknowledged(at=case.now, visit_id=visit_id, consultant_id=who))


def open_call(case: Proceeding, consultant_id: str) -> Visit | None:
    """The visit for which their turn was called and that they have not accepted yet."""
    for visit in case.state.in_house:
        if visit.turn_of == visit.host_id == consultant_id and visit.acked_at is None:
            return visit
    return None


def refuse(case: Proceeding, who: str | None, visit_id: str | None, code: str) -> None:
    """Tell who asked, and the manager, why it can't be done."""
    because = n.Because(code=f"not_allowed_{code}")
    case.tell(
        n.Refused(at=case.now, consultant_id=who, visit_id=visit_id, rule="R24", because=because)
    )


def _is_free(case: Proceeding, who: str) -> bool:
    return is_at_post(case.state, who) and not is_busy(case.state, who)
