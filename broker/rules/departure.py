"""The state once somebody left the company (R4b): they receive nobody and stand in no line."""

from msgspec.structs import replace

from broker.rules.commands import Consultant
from broker.rules.state import SiteState


def as_known(state: SiteState, consultant: Consultant) -> Consultant:
    """Whoever left by the manager's word stays away, whatever a roster says."""
    return replace(consultant, has_left=consultant.has_left or consultant.id in state.departed)


def without(state: SiteState, staff_id: str) -> SiteState:
    """The state after ``staff_id`` left, who may be no consultant."""
    departed = state.departed | {staff_id}
    if staff_id not in state.roster:
        return replace(state, departed=departed)
    gone = replace(state.roster[staff_id], has_left=True)
    return replace(
        state,
        departed=departed,
        roster=state.roster | {staff_id: gone},
        line=tuple(who for who in state.line if who != staff_id),
        here=state.here - {staff_id},
        make_ups=tuple(unused for unused in state.make_ups if unused.consultant_id != staff_id),
    )
