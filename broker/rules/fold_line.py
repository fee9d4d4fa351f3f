"""How events change the line: presence, calls, skips, make-up turns, who leaves the company."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.state import Absence, Basis, MakeUp, Ownership, SiteState, Skip, Visit

Folds = dict[type[e.Event], Callable[[SiteState, Any], SiteState]]


def with_visit(state: SiteState, visit: Visit) -> SiteState:
    """The state with this visit as it is now."""
    return replace(state, visits=state.visits | {visit.visit_id: visit})


def changed(state: SiteState, visit_id: str, **fields: Any) -> SiteState:
    """The state with these fields of a visit changed."""
    return with_visit(state, replace(state.visits[visit_id], **fields))


def to_end(line: tuple[str, ...], consultant_id: str) -> tuple[str, ...]:
    """The line with them at its end."""
    return (*(who for who in line if who != consultant_id), consultant_id)


def present(state: SiteState, consultant_id: str) -> SiteState:
    """They are there: they may receive whoever waits for them, though not if passed over (R23)."""
    absent = {who: how for who, how in state.absent.items() if who != consultant_id}
    visits = {
        visit.visit_id: replace(
            visit, declined=tuple(who for who in visit.declined if who != consultant_id)
        )
        for visit in state.visits.values()
        if visit.host_id is None and consultant_id in visit.declined
    }
    return replace(state, absent=absent, visits=state.visits | visits)


def _without_make_up(state: SiteState, make_up_id: str) -> SiteState:
    kept = tuple(make_up for make_up in state.make_ups if make_up.make_up_id != make_up_id)
    return replace(state, make_ups=kept)


def _rejoined(state: SiteState, event: e.Rejoined) -> SiteState:
    return replace(state, line=to_end(state.line, event.consultant_id))


def _went_away(state: SiteState, event: e.WentAway) -> SiteState:
    absence = Absence(since=event.at, is_excused=event.is_excused)
    return replace(state, absent=state.absent | {event.consultant_id: absence})


def _came_back(state: SiteState, event: e.CameBack) -> SiteState:
    state = present(state, event.consultant_id)
    if event.goes_to is None:
        return state
    passed = state.visits[event.goes_to].passed
    kept = tuple(who for who in passed if who != event.consultant_id)
    return changed(state, event.goes_to, passed=kept)


def _joined(state: SiteState, event: e.Joined) -> SiteState:
    state, line = present(state, event.consultant_id), state.line
    if not event.keeps_place:
        line = to_end(line, event.consultant_id)
    who = event.consultant_id
    return replace(state, line=line, here=state.here | {who}, off_duty=state.off_duty - {who})


def _left(state: SiteState, event: e.Left) -> SiteState:
    return replace(state, here=state.here - {event.consultant_id})


def _passed_over(state: SiteState, event: n.PassedOver) -> SiteState:
    visit, who = state.visits[event.visit_id or ""], event.consultant_id or ""
    ahead, make_up = visit.ahead, visit.make_up
    if event.called_at is None:
        ahead = tuple(takewhile(lambda other: other != who, state.line))
        make_up = event.make_up
    else:
        visit = _without_host(visit, who)
    skip = Skip(visit_id=visit.visit_id, consultant_id=who, ahead=ahead, make_up=make_up)
    state = replace(state, skips=(*state.skips, skip))
    return with_visit(state, replace(visit, passed=(*visit.passed, who)))


def _without_host(visit: Visit, turn_of: str) -> Visit:
    made_up = tuple(who for who in visit.made_up if who != turn_of)
    return replace(visit, host_id=None, turn_of=None, make_up=None, made_up=made_up, is_begun=False)


def _declined(state: SiteState, event: n.Declined) -> SiteState:
    visit = state.visits[event.visit_id or ""]
    declined = (*visit.declined, event.consultant_id or "")
    return with_visit(state, replace(visit, host_id=None, declined=declined, is_begun=False))


def _withdrawn(state: SiteState, event: n.CallWithdrawn) -> SiteState:
    """Undo the call: the consultant gets back their place in the line, or their make-up turn."""
    visit, who = state.visits[event.visit_id or ""], event.consultant_id or ""
    state = _back_in_line(state, who, visit.ahead, event.make_up)
    return with_visit(state, _without_host(visit, who))


def _turn_given_back(state: SiteState, event: n.TurnGivenBack) -> SiteState:
    """The visit goes on without a turn."""
    visit = state.visits[event.visit_id or ""]
    state = _back_in_line(state, event.consultant_id or "", visit.ahead, event.make_up)
    return with_visit(state, replace(visit, turn_of=None, make_up=None))


def _skip_taken_back(state: SiteState, event: n.SkipTakenBack) -> SiteState:
    """However often they were passed over for this visitor, they have one place."""
    who, visit_id = event.consultant_id or "", event.visit_id
    taken = [skip for skip in state.skips if (skip.visit_id, skip.consultant_id) == (visit_id, who)]
    state = _back_in_line(state, who, taken[0].ahead, event.make_up)
    return replace(state, skips=tuple(skip for skip in state.skips if skip not in taken))


def _back_in_line(
    state: SiteState, who: str, ahead: tuple[str, ...], make_up: MakeUp | None
) -> SiteState:
    """Their place is theirs again: behind those who were before them, or their make-up turn."""
    if make_up is not None:
        make_ups = sorted((make_up, *state.make_ups), key=lambda granted: granted.granted_at)
        return replace(state, make_ups=tuple(make_ups))
    rest = tuple(other for other in state.line if other != who)
    place = len(tuple(takewhile(lambda other: other in ahead, rest)))
    return replace(state, line=(*rest[:place], who, *rest[place:]))


def _granted(state: SiteState, event: n.MakeUpGranted) -> SiteState:
    state = replace(state, make_ups=(*state.make_ups, event.make_up))
    visit = state.visits.get(event.make_up.visit_id)
    if visit is None:
        return state
    return with_visit(state, replace(visit, made_up=(*visit.made_up, event.make_up.consultant_id)))


def _make_up_gone(
    state: SiteState, event: n.MakeUpUsed | n.MakeUpExpired | n.MakeUpRevoked
) -> SiteState:
    return _without_make_up(state, event.make_up_id)


def _revoked(state: SiteState, event: n.MakeUpRevoked) -> SiteState:
    """It is gone, and may be granted again: the turn that it stood for was not lost."""
    state, visit = _make_up_gone(state, event), state.visits.get(event.visit_id or "")
    if visit is None:
        return state
    made_up = tuple(who for who in visit.made_up if who != event.consultant_id)
    return with_visit(state, replace(visit, made_up=made_up))


def _carried(state: SiteState, event: n.MakeUpCarried) -> SiteState:
    make_ups = tuple(
        replace(make_up, expires_on=event.expires_on)
        if make_up.make_up_id == event.make_up_id
        else make_up
        for make_up in state.make_ups
    )
    return replace(state, make_ups=make_ups)


def _rests(state: SiteState, event: n.TurnRests) -> SiteState:
    return replace(state, resting=state.resting | {event.consultant_id or ""})


def _resumes(state: SiteState, event: n.TurnResumes) -> SiteState:
    return replace(state, resting=state.resting - {event.consultant_id})


def _stand_in_counted(state: SiteState, event: n.StandInTurnUsed) -> SiteState:
    who = event.consultant_id or ""
    state = changed(state, event.visit_id or "", is_stand_in_counted=True)
    return replace(state, line=to_end(state.line, who)) if who in state.line else state


def _left_company(state: SiteState, event: n.LeftCompany) -> SiteState:
    """They are out of the line; whom they receive waits for somebody else (R4b)."""
    who = event.consultant_id or ""
    state = replace(state, departed=state.departed | {who})
    if who not in state.roster:  # another post
        return state
    return replace(
        state,
        roster=state.roster | {who: replace(state.roster[who], has_left=True)},
        line=tuple(other for other in state.line if other != who),
        here=state.here - {who},
        off_duty=state.off_duty - {who},
        resting=state.resting - {who},
        absent={other: how for other, how in state.absent.items() if other != who},
        make_ups=tuple(own for own in state.make_ups if own.consultant_id != who),
        visits={key: _without_leaver(visit, who) for key, visit in state.visits.items()},
    )


def _without_leaver(visit: Visit, who: str) -> Visit:
    if visit.ownership is not None and visit.ownership.owner_id == who:
        orphan = Ownership(rule="R4b", flags=("orphan",), basis=Basis(left_id=who))
        visit = replace(visit, ownership=orphan)
    turn_of = None if visit.turn_of == who else visit.turn_of
    visit = replace(visit, turn_of=turn_of)
    if visit.host_id != who:
        return visit
    gone = {"host_id": None, "acked_at": None, "claimed_by": None, "make_up": None}
    return replace(visit, **gone, is_begun=False)


LINE_FOLDS: Folds = {
    e.Rejoined: _rejoined,
    e.WentAway: _went_away,
    e.CameBack: _came_back,
    e.Joined: _joined,
    e.Left: _left,
    n.PassedOver: _passed_over,
    n.Declined: _declined,
    n.CallWithdrawn: _withdrawn,
    n.MakeUpGranted: _granted,
    n.MakeUpUsed: _make_up_gone,
    n.MakeUpExpired: _make_up_gone,
    n.MakeUpCarried: _carried,
    n.TurnRests: _rests,
    n.TurnResumes: _resumes,
    n.StandInTurnUsed: _stand_in_counted,
    n.TurnGivenBack: _turn_given_back,
    n.SkipTakenBack: _skip_taken_back,
    n.MakeUpRevoked: _revoked,
    n.LeftCompany: _left_company,
}
"""What each event does to the line."""
