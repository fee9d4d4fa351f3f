"""The clock is set: every moment that the wrong clock told moves along (校时)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from broker.rules.events import ClockSet
from broker.rules.state import MakeUp, SiteState, Visit

_TOLD_OF_A_VISIT = (
    *("arrived_at", "called_at", "acked_at", "met_at"),
    *("departed_at", "stood_in_at"),
)


def clock_set(state: SiteState, event: ClockSet) -> SiteState:
    """``state`` as if the right clock had told every moment in it.

    So whoever has a minute left to answer still has it. Plans are people's words: they stay.
    """
    return replace(
        state,
        now=event.at,
        visits={key: _visit(visit, event) for key, visit in state.visits.items()},
        absent={
            who: replace(absence, since=event.moved(absence.since))
            for who, absence in state.absent.items()
        },
        make_ups=tuple(_make_up(make_up, event) for make_up in state.make_ups),
        disputes={
            key: replace(dispute, opened_at=_moved(event, dispute.opened_at))
            for key, dispute in state.disputes.items()
        },
        waiting=tuple(
            replace(
                each,
                since=event.moved(each.since),
                offered_until=_moved(event, each.offered_until),
            )
            for each in state.waiting
        ),
        entries={who: tuple(map(event.moved, at)) for who, at in state.entries.items()},
    )


def _visit(visit: Visit, event: ClockSet) -> Visit:
    moments = {name: _moved(event, getattr(visit, name)) for name in _TOLD_OF_A_VISIT}
    unseen = visit.unseen and replace(visit.unseen, at=event.moved(visit.unseen.at))
    kept_out = visit.kept_out and replace(visit.kept_out, at=event.moved(visit.kept_out.at))
    return replace(visit, unseen=unseen, kept_out=kept_out, **moments)


def _make_up(make_up: MakeUp, event: ClockSet) -> MakeUp:
    """Granted by the wrong clock, it is good as many days as before."""
    granted_at = event.moved(make_up.granted_at)
    if granted_at == make_up.granted_at:
        return make_up
    expires_on = make_up.expires_on + timedelta(days=event.days)
    return replace(make_up, granted_at=granted_at, expires_on=expires_on)


def _moved(event: ClockSet, moment: datetime | None) -> datetime | None:
    return moment and event.moved(moment)
