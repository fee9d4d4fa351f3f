"""The site's state is a fold of its events: only ``apply`` makes a new state."""

from collections.abc import Callable
from functools import reduce
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from broker.rules import departure
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.state import Absence, Dispute, SiteState, Visit


def apply(state: SiteState, event: e.Event) -> SiteState:
    """The state after ``event``."""
    fold = _FOLDS.get(type(event))
    return fold(state, event) if fold else state


def after(state: SiteState, events: tuple[e.Event, ...]) -> SiteState:
    """The state after ``events``, in order."""
    return reduce(apply, events, state)


def _with_visit(state: SiteState, visit: Visit) -> SiteState:
    return replace(state, visits=state.visits | {visit.visit_id: visit})


def _changed(state: SiteState, visit_id: str, **fields: Any) -> SiteState:
    return _with_visit(state, replace(state.visits[visit_id], **fields))


def _to_end(line: tuple[str, ...], consultant_id: str) -> tuple[str, ...]:
    return (*(who for who in line if who != consultant_id), consultant_id)


def _without_make_up(state: SiteState, make_up_id: str) -> SiteState:
    kept = tuple(make_up for make_up in state.make_ups if make_up.make_up_id != make_up_id)
    return replace(state, make_ups=kept)


def _present(state: SiteState, consultant_id: str) -> SiteState:
    """They are there: they may receive whoever waits, even if they missed a call for that visit."""
    absent = {who: how for who, how in state.absent.items() if who != consultant_id}
    visits = {
        visit.visit_id: replace(
            visit,
            passed=tuple(who for who in visit.passed if who != consultant_id),
            declined=tuple(who for who in visit.declined if who != consultant_id),
        )
        for visit in state.visits.values()
        if consultant_id in visit.passed or consultant_id in visit.declined
    }
    return replace(state, absent=absent, visits=state.visits | visits)


def _taken(state: SiteState, event: e.CommandTaken) -> SiteState:
    now = event.at if state.now is None else max(state.now, event.at)
    return replace(state, entry=state.entry + 1, now=now)


def _roster(state: SiteState, event: e.RosterSet) -> SiteState:
    return replace(
        state,
        roster={person.id: departure.as_known(state, person) for person in event.consultants},
        line=event.line,
        here=frozenset(event.here),
    )


def _left_company(state: SiteState, event: n.LeftCompany) -> SiteState:
    return departure.without(state, event.consultant_id or "")


def _day(state: SiteState, event: e.DayBegan) -> SiteState:
    return replace(
        state,
        today=event.on,
        line=event.line,
        here=frozenset(event.here),
        absent={},
        visits={},
        disputes={},
        expected=tuple(expected for expected in state.expected if expected.on >= event.on),
    )


def _arrived(state: SiteState, event: e.Arrived) -> SiteState:
    visit = Visit(
        visit_id=event.visit_id, arrived_at=event.at, entry=state.entry, plate=event.plate
    )
    return _with_visit(state, visit)


def _corrected(state: SiteState, event: e.PlateCorrected) -> SiteState:
    return _changed(state, event.visit_id, plate=event.plate)


def _checked_in(state: SiteState, event: e.CheckedIn) -> SiteState:
    visit = state.visits.get(event.visit_id)
    if visit is None:
        car = _car_of(state, event)
        visits = {key: visit for key, visit in state.visits.items() if visit is not car}
        state = replace(state, visits=visits)
        visit = Visit(visit_id=event.visit_id, arrived_at=event.at, entry=state.entry)
        if car is not None and car.arrived_at <= event.at:
            visit = replace(visit, arrived_at=car.arrived_at, entry=car.entry)
    known = replace(
        visit,
        plate=event.plate or visit.plate,
        phone=event.phone,
        surname=event.surname,
        salutation=event.salutation,
        checked_in_as=state.entry,
    )
    return _with_visit(state, known)


def _visitor_corrected(state: SiteState, event: e.VisitorCorrected) -> SiteState:
    if event.visit_id not in state.visits:
        return state  # a visit that is over
    identity = {"phone": event.phone, "surname": event.surname, "salutation": event.salutation}
    return _changed(state, event.visit_id, plate=event.plate, **identity)


def _car_of(state: SiteState, event: e.CheckedIn) -> Visit | None:
    """The arrival that this check-in completes: the same plate, and nobody has checked in yet."""
    for visit in state.visits.values():
        if visit.plate is not None and visit.plate == event.plate and visit.checked_in_as is None:
            return visit
    return None


def _decided(state: SiteState, event: e.Decided) -> SiteState:
    visit = state.visits.get(event.visit_id)
    if visit is None:
        return state  # a ruling on a visit that is over
    if event.host_id != visit.host_id:
        visit = replace(visit, called_at=event.at, acked_at=None, claimed_by=None)
    if event.turn_of is not None and event.turn_of != visit.turn_of and event.make_up is None:
        place = state.line.index(event.turn_of)
        visit = replace(visit, ahead=state.line[:place])
        state = replace(state, line=_to_end(state.line, event.turn_of))
    decided = replace(
        visit,
        ownership=event.ownership,
        owner_id=event.owner_id,
        host_id=event.host_id,
        turn_of=event.turn_of,
        make_up=event.make_up,
        is_waiting=event.host_id is None,
    )
    return _expected_came(_with_visit(state, decided), decided)


def _expected_came(state: SiteState, visit: Visit) -> SiteState:
    """Note that an expected visitor has come (R5)."""
    if visit.ownership is None or visit.ownership.rule != "R5":
        return state
    expected = tuple(
        replace(expected, has_come=True)
        if expected.is_meant(visit.phone, visit.plate)
        else expected
        for expected in state.expected
    )
    return replace(state, expected=expected)


def _acknowledged(state: SiteState, event: e.Acknowledged) -> SiteState:
    return _changed(state, event.visit_id, acked_at=event.at, claimed_by=event.consultant_id)


def _finished(state: SiteState, event: e.Finished) -> SiteState:
    visits = {key: visit for key, visit in state.visits.items() if key != event.visit_id}
    state = replace(state, visits=visits)
    return _present(state, event.consultant_id) if event.consultant_id else state


def _rejoined(state: SiteState, event: e.Rejoined) -> SiteState:
    return replace(state, line=_to_end(state.line, event.consultant_id))


def _went_away(state: SiteState, event: e.WentAway) -> SiteState:
    absence = Absence(since=event.at, is_excused=event.is_excused)
    return replace(state, absent=state.absent | {event.consultant_id: absence})


def _came_back(state: SiteState, event: e.CameBack) -> SiteState:
    return _present(state, event.consultant_id)


def _joined(state: SiteState, event: e.Joined) -> SiteState:
    state = _present(state, event.consultant_id)
    line = _to_end(state.line, event.consultant_id)
    return replace(state, line=line, here=state.here | {event.consultant_id})


def _left(state: SiteState, event: e.Left) -> SiteState:
    return replace(state, here=state.here - {event.consultant_id})


def _planned(state: SiteState, event: e.Planned) -> SiteState:
    return replace(state, expected=(*state.expected, event.expected))


def _missed(state: SiteState, event: n.AppointmentMissed) -> SiteState:
    kept = tuple(expected for expected in state.expected if expected != event.expected)
    return replace(state, expected=kept)


def _passed_over(state: SiteState, event: n.PassedOver) -> SiteState:
    visit = state.visits[event.visit_id or ""]
    if event.called_at is not None:
        visit = replace(visit, host_id=None, turn_of=None, make_up=None, is_made_up=False)
    return _with_visit(state, replace(visit, passed=(*visit.passed, event.consultant_id or "")))


def _declined(state: SiteState, event: n.Declined) -> SiteState:
    visit = state.visits[event.visit_id or ""]
    declined = (*visit.declined, event.consultant_id or "")
    return _with_visit(state, replace(visit, host_id=None, declined=declined))


def _withdrawn(state: SiteState, event: n.CallWithdrawn) -> SiteState:
    """Undo the call: the consultant gets back their place in the line, or their make-up turn."""
    visit, consultant_id = state.visits[event.visit_id or ""], event.consultant_id or ""
    if event.make_up is not None:
        make_ups = sorted((event.make_up, *state.make_ups), key=lambda make_up: make_up.granted_at)
        state = replace(state, make_ups=tuple(make_ups))
    else:
        rest = tuple(who for who in state.line if who != consultant_id)
        place = len(tuple(takewhile(lambda who: who in visit.ahead, rest)))
        state = replace(state, line=(*rest[:place], consultant_id, *rest[place:]))
    free = replace(visit, host_id=None, turn_of=None, make_up=None, is_made_up=False)
    return _with_visit(state, free)


def _granted(state: SiteState, event: n.MakeUpGranted) -> SiteState:
    state = replace(state, make_ups=(*state.make_ups, event.make_up))
    visit = state.visits.get(event.make_up.visit_id)
    return _with_visit(state, replace(visit, is_made_up=True)) if visit else state


def _make_up_gone(state: SiteState, event: n.MakeUpUsed | n.MakeUpExpired) -> SiteState:
    return _without_make_up(state, event.make_up_id)


def _carried(state: SiteState, event: n.MakeUpCarried) -> SiteState:
    make_ups = tuple(
        replace(make_up, expires_on=event.expires_on)
        if make_up.make_up_id == event.make_up_id
        else make_up
        for make_up in state.make_ups
    )
    return replace(state, make_ups=make_ups)


def _disputed(state: SiteState, event: n.DisputeOpened) -> SiteState:
    visit_id = event.visit_id or ""
    return replace(
        state, disputes=state.disputes | {visit_id: Dispute(visit_id=visit_id, claims=event.claims)}
    )


def _ruled(state: SiteState, event: n.Ruled) -> SiteState:
    disputes = {key: dispute for key, dispute in state.disputes.items() if key != event.visit_id}
    return replace(state, disputes=disputes)


_FOLDS: dict[type[e.Event], Callable[[SiteState, Any], SiteState]] = {
    e.CommandTaken: _taken,
    e.RosterSet: _roster,
    e.DayBegan: _day,
    e.Arrived: _arrived,
    e.PlateCorrected: _corrected,
    e.CheckedIn: _checked_in,
    e.VisitorCorrected: _visitor_corrected,
    e.Decided: _decided,
    e.Acknowledged: _acknowledged,
    e.Finished: _finished,
    e.Rejoined: _rejoined,
    e.WentAway: _went_away,
    e.CameBack: _came_back,
    e.Joined: _joined,
    e.Left: _left,
    e.Planned: _planned,
    n.AppointmentMissed: _missed,
    n.PassedOver: _passed_over,
    n.Declined: _declined,
    n.CallWithdrawn: _withdrawn,
    n.MakeUpGranted: _granted,
    n.MakeUpUsed: _make_up_gone,
    n.MakeUpExpired: _make_up_gone,
    n.MakeUpCarried: _carried,
    n.DisputeOpened: _disputed,
    n.Ruled: _ruled,
    n.LeftCompany: _left_company,
}
