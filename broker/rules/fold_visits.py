"""How events change visits: cars, check-ins, decisions, departures."""

from datetime import datetime

from msgspec.structs import replace

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.fold_line import Folds, changed, present, to_end, with_visit
from broker.rules.state import Expected, SiteState, Visit, Waiting


def _arrived(state: SiteState, event: e.Arrived) -> SiteState:
    visit = Visit(
        visit_id=event.visit_id, arrived_at=event.at, entry=state.entry, plate=event.plate
    )
    return with_visit(state, visit)


def _corrected(state: SiteState, event: e.PlateCorrected) -> SiteState:
    return changed(state, event.visit_id, plate=event.plate)


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
        unseen=event.unseen,
    )
    return with_visit(state, known)


def _met(state: SiteState, event: e.VisitorMet) -> SiteState:
    return changed(state, event.visit_id, met_at=event.at, unseen=None)


def _keys_learnt(state: SiteState, event: e.KeysLearnt) -> SiteState:
    names = ("plate", "phone", "surname", "salutation")
    learnt = {name: value for name in names if (value := getattr(event, name)) is not None}
    return changed(state, event.visit_id, **learnt)


def _visitor_corrected(state: SiteState, event: e.VisitorCorrected) -> SiteState:
    if event.visit_id not in state.visits:
        return state  # a visit that is over
    identity = {"phone": event.phone, "surname": event.surname, "salutation": event.salutation}
    return changed(state, event.visit_id, plate=event.plate, **identity)


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
        state = replace(state, line=to_end(state.line, event.turn_of))
    is_stand_in = event.rule == "R24"
    state = _stood_in(state, event) if is_stand_in else state
    decided = replace(
        visit,
        ownership=event.ownership,
        owner_id=event.owner_id,
        host_id=event.host_id,
        turn_of=event.turn_of,
        make_up=event.make_up,
        given_by=event.given_by,
        is_waiting=event.host_id is None,
        stood_in_at=event.at if is_stand_in else None,
        is_stand_in_counted=False,
    )
    return _expected_came(with_visit(state, decided), decided)


def _stood_in(state: SiteState, event: e.Decided) -> SiteState:
    """Count it for both: who stands in, and who is stood in for (R24)."""
    counted = {
        who: state.stand_ins.get(who, 0) + 1 for who in (event.host_id, event.turn_of) if who
    }
    return replace(state, stand_ins=state.stand_ins | counted)


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
    is_begun = state.visits[event.visit_id].host_id is not None
    went = {"acked_at": event.at, "claimed_by": event.consultant_id, "is_begun": is_begun}
    return changed(state, event.visit_id, **went)


def _finished(state: SiteState, event: e.Finished) -> SiteState:
    over = state.visits.get(event.visit_id)
    visits = {key: visit for key, visit in state.visits.items() if key != event.visit_id}
    state = _guest_left(replace(state, visits=visits), over, event.at)
    return present(state, event.consultant_id) if event.consultant_id else state


def _guest_left(state: SiteState, over: Visit | None, at: datetime) -> SiteState:
    """Note that an expected visitor who had come has left."""
    if over is None:
        return state
    expected = tuple(
        replace(plan, has_come=True, left_at=at) if _had_come(plan, over) else plan
        for plan in state.expected
    )
    return replace(state, expected=expected)


def _had_come(plan: Expected, over: Visit) -> bool:
    """Whether whoever is expected was in the house with this visit; a VIP need not check in."""
    if plan.left_at is not None:
        return False
    if over.ownership is None:
        return plan.is_visited_by(over)
    return plan.has_come and plan.is_meant(over.phone, over.plate)


def _departed(state: SiteState, event: n.DepartureAsked) -> SiteState:
    return changed(state, event.visit_id or "", departed_at=event.at, has_car_left=True)


def _stayed_on(state: SiteState, event: e.StayedOn) -> SiteState:
    return changed(state, event.visit_id, departed_at=None)


def _turned_away(state: SiteState, event: n.TurnedAway) -> SiteState:
    visit_id = event.visit_id or ""
    waiting = state.waiting
    if all(each.visit_id != visit_id for each in waiting):
        waiting = (*waiting, Waiting(visit_id=visit_id, since=event.at))
    return changed(replace(state, waiting=waiting), visit_id, kept_out=event.asked)


def _offered(state: SiteState, event: n.SlotOffered) -> SiteState:
    waiting = tuple(
        replace(each, offered_until=event.until) if each.visit_id == event.visit_id else each
        for each in state.waiting
    )
    return replace(state, waiting=waiting)


def _waits_no_more(state: SiteState, event: n.OfferLapsed | e.CameIn) -> SiteState:
    waiting = tuple(each for each in state.waiting if each.visit_id != event.visit_id)
    return replace(state, waiting=waiting)


def _let_in(state: SiteState, event: e.CameIn) -> SiteState:
    state = _waits_no_more(state, event)
    if event.visit_id not in state.visits:
        return state  # they left, and come back for what they were offered
    return changed(state, event.visit_id, is_let_in=True, kept_out=None)


VISIT_FOLDS: Folds = {
    e.Arrived: _arrived,
    e.PlateCorrected: _corrected,
    e.CheckedIn: _checked_in,
    e.VisitorCorrected: _visitor_corrected,
    e.KeysLearnt: _keys_learnt,
    e.Decided: _decided,
    e.Acknowledged: _acknowledged,
    e.Finished: _finished,
    e.VisitorMet: _met,
    e.StayedOn: _stayed_on,
    n.DepartureAsked: _departed,
    n.TurnedAway: _turned_away,
    n.SlotOffered: _offered,
    n.OfferLapsed: _waits_no_more,
    e.CameIn: _let_in,
}
"""What each event does to its visit."""
