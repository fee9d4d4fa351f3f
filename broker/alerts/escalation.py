"""Who is asked next when nobody answers: a colleague, a neighbouring post, the manager."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from broker.alerts.calls import GO, PHONED, Call, Value
from broker.alerts.life import AlertGroup, AlertStep, Kind
from broker.alerts.neighbours import NEIGHBOURS
from broker.alerts.what_is_asked import CAR_WORDS
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
    """Whom ``step`` asks as well; None: there is nobody.

    ``who`` did not answer the alert ``unanswered``.
    """
    if any(asked.role == MANAGER for asked in group.asked):
        return None  # nobody comes after a manager
    if step is AlertStep.MANAGER:
        call: Call | None = Call("unanswered", MANAGER, level=Level.URGENT, kind=group.kind)
    elif group.kind is Kind.HOST:
        call = _colleague(state, group, is_there)
    else:
        call = _neighbour(group)
    if call is None:
        return None
    return replace(call, fields={"who": who}, instead_of=who, unanswered=unanswered)


def is_asked_already(call: Call, group: AlertGroup, others: Iterable[AlertGroup]) -> bool:
    """Whether ``call`` would tell a post of a car that it is told of by another open group.

    Whoever said that they can't go leaves something to be done, so the neighbour is asked then.
    """
    is_needed = bool(group.passed_by) and call.role != MANAGER
    return (
        group.about in CAR_WORDS
        and not is_needed
        and any(
            other.group_id != group.group_id and other.about in CAR_WORDS and _asks(other, call)
            for other in others
        )
    )


def _asks(group: AlertGroup, call: Call) -> bool:
    told = (asked for asked in group.open_alerts if asked.role is not None)
    return any(asked.role == call.role for asked in told)


def _colleague(state: SiteState, group: AlertGroup, is_there: IsThere) -> Call | None:
    """Who may stand in (补位, R24): a team mate for the owner's customer, else the next in line."""
    already = {asked.staff_id or "" for asked in group.asked}
    others = {who for who in state.roster if who in already or not is_there(who)}
    visit = state.visits.get(group.subject)
    is_turn = visit is not None and visit.turn_of is not None
    first = next((asked.staff_id for asked in group.asked if asked.staff_id), None)
    is_coming = group.about == "next_car"  # not checked in: no turn, no owner yet
    mate = team_mate(state, first, others) if first and not is_turn and not is_coming else None
    in_line = (
        who
        for who in queue(state)
        if who not in others and is_at_post(state, who) and not is_busy(state, who)
    )
    who = mate or next(in_line, None)
    if who is None:
        return None
    if is_coming:
        return Call("next_car", None, who, kind=Kind.HOST, actions=GO)
    words = "stand_in" if is_turn else "help"
    actions = ("stand_in", "pass_on", "seat", *(() if is_turn else PHONED))
    return Call(words, None, who, Level.URGENT, Kind.HOST, actions)


def _neighbour(group: AlertGroup) -> Call | None:
    """The neighbour of the post that does not answer."""
    role = NEIGHBOURS.get(group.asked[0].role or "")
    return Call("instead", role, kind=Kind.POST) if role else None
