"""Who is asked next when nobody answers: a colleague, a neighbouring post, the manager. Pure."""

from collections.abc import Callable
from dataclasses import replace

from broker.alerts.calls import GO, NEIGHBOURS, Call, Value
from broker.alerts.life import AlertGroup, AlertStep, Kind
from broker.rules.line import is_at_post, is_busy, queue, team_mate
from broker.rules.state import MANAGER, SiteState
from shared.messages import Alert, Level

IsThere = Callable[[str], bool]
"""Whether this person's phone may answer."""


def next_call(
    state: SiteState,
    group: AlertGroup,
    step: AlertStep,
    is_there: IsThere,
    *,
    who: Value,
    unanswered: Alert | None,
) -> Call | None:
    """Whom ``step`` asks besides; None: there is nobody.

    ``who`` did not answer, ``unanswered`` is what they were asked.
    """
    if any(one.role == MANAGER for one in group.asked):
        return None  # there is nobody behind a manager
    if step is AlertStep.MANAGER:
        call: Call | None = Call("unanswered", MANAGER, level=Level.URGENT, kind=group.kind)
    elif group.kind is Kind.HOST:
        call = _colleague(state, group, is_there)
    else:
        call = _neighbour(group)
    if call is None:
        return None
    return replace(call, fields={"who": who}, instead_of=who, unanswered=unanswered)


def _colleague(state: SiteState, group: AlertGroup, is_there: IsThere) -> Call | None:
    """Who may stand in (补位, R24): of the owner's team for his own customer, else by the line."""
    asked = {one.staff_id or "" for one in group.asked}
    others = {one for one in state.roster if one in asked or not is_there(one)}
    visit = state.visits.get(group.subject)
    is_turn = visit is not None and visit.turn_of is not None
    first = next((one.staff_id for one in group.asked if one.staff_id), None)
    is_coming = group.about == "next_car"  # he has not checked in: nobody's turn, nobody's customer
    mate = team_mate(state, first, others) if first and not is_turn and not is_coming else None
    in_line = (
        one
        for one in queue(state)
        if one not in others and is_at_post(state, one) and not is_busy(state, one)
    )
    who = mate or next(in_line, None)
    if who is None:
        return None
    if is_coming:
        return Call("next_car", None, who, kind=Kind.HOST, actions=GO)
    words = "stand_in" if is_turn else "help"
    return Call(words, None, who, Level.URGENT, Kind.HOST, ("stand_in", "pass_on", "seat"))


def _neighbour(group: AlertGroup) -> Call | None:
    """The post next to the one that does not answer."""
    role = NEIGHBOURS.get(group.asked[0].role or "")
    return Call("instead", role, kind=Kind.POST) if role else None
