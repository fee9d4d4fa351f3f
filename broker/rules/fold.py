"""The site's state is a fold of its events: only ``apply`` makes a new state."""

from datetime import datetime, timedelta
from functools import reduce

from msgspec.structs import replace

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.fold_clock import clock_set
from broker.rules.fold_line import LINE_FOLDS, Folds
from broker.rules.fold_visits import VISIT_FOLDS
from broker.rules.state import Dispute, SiteState

DISPUTES_KEPT = timedelta(days=60)
"""Longer than any site lets decisions be ruled on."""


DOES_NOT_FIT = (LookupError, AttributeError, TypeError, ValueError)
"""What ``apply`` raises for an event of a visit or a day whose beginning is lost."""


def apply(state: SiteState, event: e.Event) -> SiteState:
    """The state after ``event``."""
    fold = _FOLDS.get(type(event))
    return fold(state, event) if fold else state


def after(state: SiteState, events: tuple[e.Event, ...]) -> SiteState:
    """The state after ``events``, in order."""
    return reduce(apply, events, state)


def _taken(state: SiteState, event: e.CommandTaken) -> SiteState:
    now = event.at if state.now is None else max(state.now, event.at)
    return replace(state, entry=state.entry + 1, now=now)


def _roster(state: SiteState, event: e.RosterSet) -> SiteState:
    return replace(
        state,
        roster={consultant.id: consultant for consultant in event.consultants},
        line=event.line,
        here=frozenset(event.here),
    )


def _day(state: SiteState, event: e.DayBegan) -> SiteState:
    return replace(
        state,
        today=event.on,
        line=event.line,
        here=frozenset(event.here),
        off_duty=frozenset(event.off_duty),
        absent={},
        visits={key: state.visits[key] for key in event.visits},
        disputes=_disputes_kept(state, event),
        skips=(),
        stand_ins={},
        refused=frozenset(),
        waiting=(),
        expected=tuple(expected for expected in state.expected if expected.on >= event.on),
        asked=tuple(asked for asked in state.asked if asked.on >= event.on),
    )


def _disputes_kept(state: SiteState, event: e.DayBegan) -> dict[str, Dispute]:
    """A dispute stays open over the days, as long as it may be ruled on."""
    since = event.at - DISPUTES_KEPT
    return {
        key: dispute
        for key, dispute in state.disputes.items()
        if dispute.opened_at is not None and dispute.opened_at > since
    }


def _planned(state: SiteState, event: e.Planned) -> SiteState:
    state = replace(state, expected=(*state.expected, event.expected))
    by = event.expected.booked_by
    return state if by is None else _entered(state, by, event.at)


def _registered(state: SiteState, event: n.Registered) -> SiteState:
    return _entered(state, event.consultant_id or "", event.at)


def _entered(state: SiteState, who: str, at: datetime) -> SiteState:
    """Count an entry or booking; only the last hour's are kept (R3b)."""
    kept = tuple(
        before for before in state.entries.get(who, ()) if at - before < timedelta(hours=1)
    )
    return replace(state, entries=state.entries | {who: (*kept, at)})


def _released(state: SiteState, event: n.EntriesReleased) -> SiteState:
    if event.bookings_of is None:
        return state
    expected = tuple(
        replace(plan, is_held=False) if plan.booked_by == event.bookings_of else plan
        for plan in state.expected
    )
    return replace(state, expected=expected)


def _missed(state: SiteState, event: n.AppointmentMissed) -> SiteState:
    kept = tuple(expected for expected in state.expected if expected != event.expected)
    return replace(state, expected=kept)


def _kept_in_vain(state: SiteState, event: n.KeptInVain) -> SiteState:
    expected = tuple(
        replace(plan, is_given_up=True) if plan == event.expected else plan
        for plan in state.expected
    )
    return replace(state, expected=expected)


def _asked(state: SiteState, event: n.PlanAsked) -> SiteState:
    return replace(state, asked=(*state.asked, event.expected))


def _not_asked(state: SiteState, event: n.PlanAnswered | n.PlanCancelled) -> SiteState:
    known = event.expected
    return replace(
        state,
        asked=tuple(plan for plan in state.asked if plan != known),
        expected=tuple(plan for plan in state.expected if plan != known),
    )


def _moved(state: SiteState, event: n.PlanMoved) -> SiteState:
    expected = tuple(
        event.expected if plan.booking_id == event.expected.booking_id else plan
        for plan in state.expected
    )
    return replace(state, expected=expected)


def _disputed(state: SiteState, event: n.DisputeOpened) -> SiteState:
    visit_id = event.visit_id or ""
    dispute = Dispute(visit_id=visit_id, claims=event.claims, opened_at=event.at)
    return replace(state, disputes=state.disputes | {visit_id: dispute})


def _unauthorised(state: SiteState, event: n.Unauthorised) -> SiteState:
    return replace(state, refused=state.refused | {f"{event.by} {event.what}"})


def _ruled(state: SiteState, event: n.Ruled) -> SiteState:
    disputes = {key: dispute for key, dispute in state.disputes.items() if key != event.visit_id}
    return replace(state, disputes=disputes)


_FOLDS: Folds = {
    **LINE_FOLDS,
    **VISIT_FOLDS,
    e.CommandTaken: _taken,
    e.RosterSet: _roster,
    e.DayBegan: _day,
    e.ClockSet: clock_set,
    e.Planned: _planned,
    n.AppointmentMissed: _missed,
    n.KeptInVain: _kept_in_vain,
    n.PlanAsked: _asked,
    n.PlanAnswered: _not_asked,
    n.PlanCancelled: _not_asked,
    n.PlanMoved: _moved,
    n.DisputeOpened: _disputed,
    n.Ruled: _ruled,
    n.Registered: _registered,
    n.EntriesReleased: _released,
    n.Unauthorised: _unauthorised,
}
