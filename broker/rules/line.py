"""The line (轮序): who stands in it, who may be called, who is next."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from broker.rules.policy import Policy
from broker.rules.state import MANAGER, MakeUp, SiteState, Visit


@dataclass(frozen=True, slots=True)
class Place:
    """A consultant's place in the line; a make-up turn goes before the others."""

    consultant_id: str
    make_up: MakeUp | None = None


class Note(StrEnum):
    """What keeps a consultant from being called, or sets them first."""

    RECEIVING = "receiving"
    LEAVE = "leave"
    AWAY = "away"
    RESTING = "resting"
    """Calls are overdue, and the site lets the turn rest until they are done."""
    MAKE_UP = "make_up"


def note_of(state: SiteState, consultant_id: str) -> Note | None:
    """What the line says beside this consultant; None: they wait for their turn."""
    if is_busy(state, consultant_id):
        return Note.RECEIVING
    if absence := state.absent.get(consultant_id):
        return Note.LEAVE if absence.is_excused else Note.AWAY
    if consultant_id in state.resting:
        return Note.RESTING
    has_make_up = any(make_up.consultant_id == consultant_id for make_up in state.make_ups)
    return Note.MAKE_UP if has_make_up else None


def places(state: SiteState) -> Iterator[Place]:
    """The line in the order in which people are called: make-up turns first, as granted (R12)."""
    out = set(_receiving(state))
    for make_up in state.make_ups:
        if make_up.consultant_id in state.here and make_up.consultant_id not in out:
            yield Place(make_up.consultant_id, make_up)
    for consultant_id in state.line:
        if consultant_id in state.here and consultant_id not in out:
            yield Place(consultant_id)


def places_called(state: SiteState) -> tuple[Place, ...]:
    """The places whose turn can come now, in the order of the calls: who has overdue calls is asked
    once nobody else is free, for no visitor waits because of a list."""
    able = [place for place in places(state) if may_be_called(state, place.consultant_id)]
    return tuple(sorted(able, key=lambda place: place.consultant_id in state.resting))


def queue(state: SiteState) -> tuple[str, ...]:
    """The line as people read it: everybody once.

    Consultants who serve their own customer or are excused keep their place; those whose turn is
    in use are out of the line until that reception ends (R22).
    """
    return tuple(dict.fromkeys(place.consultant_id for place in places(state)))


def _receiving(state: SiteState) -> Iterator[str]:
    """The consultants whose turn is in use."""
    for visit in state.in_house:
        if visit.turn_of is not None:
            yield visit.turn_of
        if visit.is_stand_in_counted and visit.host_id is not None:
            yield visit.host_id


def uses_a_turn(state: SiteState, consultant_id: str) -> bool:
    """Whether this consultant's turn is in use."""
    return consultant_id in _receiving(state)


def is_busy(state: SiteState, consultant_id: str) -> bool:
    """Whether this consultant receives somebody."""
    return consultant_id in state.busy


def is_at_post(state: SiteState, consultant_id: str) -> bool:
    """Whether they are on duty, and not away for any reason."""
    return consultant_id in state.here and consultant_id not in state.absent


def may_be_called(state: SiteState, consultant_id: str) -> bool:
    """Whether their turn can come now; busy or excused, they keep their place (R22, R23)."""
    absence = state.absent.get(consultant_id)
    is_excused = absence is not None and absence.is_excused
    return not is_excused and not is_busy(state, consultant_id)


def is_long_away(state: SiteState, policy: Policy, consultant_id: str, now: datetime) -> bool:
    """Whether they have been away without leave too long to be called at all (R23)."""
    absence = state.absent.get(consultant_id)
    return absence is not None and now - absence.since > timedelta(seconds=policy.absent_after_s)


def team_mate(state: SiteState, owner_id: str, without: Collection[str] = ()) -> str | None:
    """A colleague of the owner's team who can receive, the first in line (R6)."""
    owner = state.roster.get(owner_id)
    if owner is None or owner.team is None:
        return None
    for who in state.line:
        is_mate = who != owner_id and state.roster[who].team == owner.team
        if is_mate and who not in without and is_at_post(state, who) and not is_busy(state, who):
            return who
    return None


def due_at(policy: Policy, visit: Visit) -> datetime | None:
    """Until when the host who was called may answer; None: nobody is passed over (R6, R23).

    The rules pass over by this deadline, and the alert names it. A turn that was called just before
    closing is called on.
    """
    if visit.host_id in (None, MANAGER) or visit.called_at is None:
        return None
    since, wait_s = visit.called_at, policy.absent_after_s
    if visit.acked_at is not None:
        if policy.must_meet_within_s == 0 or visit.met_at is not None:
            return None
        since, wait_s = visit.acked_at, policy.must_meet_within_s
    elif visit.is_begun:
        return None  # handed over in person: whoever gave the visitor away has not left them
    deadline = since + timedelta(seconds=wait_s)
    is_turn = visit.turn_of == visit.host_id
    return None if is_turn and not policy.is_open(deadline) else deadline
