"""The day: who works, in which order (当日排轮表)."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.leaving import leave_company
from broker.rules.make_ups import carry_or_end
from broker.rules.proceeding import Proceeding
from broker.rules.visitors import finish


def begin_day(case: Proceeding, on: date) -> None:
    """Yesterday's order continues (R21); what is left open ends, and make-up turns are carried.

    Who is off on this day is not in line, and is again on the next day on which they work.
    """
    starts_at = case.policy.start_of(on)
    of_today = tuple(
        visit.visit_id for visit in case.state.visits.values() if visit.arrived_at >= starts_at
    )
    for visit in case.state.visits.values():
        if visit.ownership is not None and visit.visit_id not in of_today:
            _left_open(case, visit.visit_id, visit.host_id)
    line = _working(case, case.state.line)
    stand = [who for who in line if who in case.state.here | case.state.off_duty]
    off = tuple(who for who in stand if not case.policy.shifts.is_on(who, on))
    here = tuple(who for who in stand if who not in off)
    began = e.DayBegan(at=case.now, on=on, line=line, here=here, visits=of_today, off_duty=off)
    case.tell(began)
    for make_up in case.state.make_ups:
        carry_or_end(case, make_up, on)


def on_next_day(case: Proceeding, command: c.NextDay) -> None:
    """The manager sets the order of the day (R21); who ended a day must join first."""
    if command.on > (case.state.today or command.on):
        begin_day(case, command.on)
    if command.on != case.state.today or command.order is None:
        return
    line = _working(case, command.order)
    if line != case.state.line:
        here = (who for who in line if who in case.state.here or who not in case.state.line)
        _set_roster(case, case.state.roster.values(), line, here)


def on_close_day(case: Proceeding, _command: c.CloseDay) -> None:
    """The manager closes the day: what is left open ends, and is listed."""
    for visit in tuple(case.state.visits.values()):
        if visit.ownership is not None:
            _left_open(case, visit.visit_id, visit.host_id)
            finish(case, visit.visit_id)
    case.tell(e.DayClosed(at=case.now))


def _left_open(case: Proceeding, visit_id: str, host_id: str | None) -> None:
    case.tell(n.LeftOpen(at=case.now, consultant_id=host_id, visit_id=visit_id))


def _working(case: Proceeding, order: tuple[str, ...]) -> tuple[str, ...]:
    """``order`` without people who have left the company, everybody once."""
    roster = case.state.roster
    return tuple(who for who in dict.fromkeys(order) if who in roster and not roster[who].has_left)


def _set_roster(
    case: Proceeding,
    consultants: Iterable[c.Consultant],
    line: tuple[str, ...],
    here: Iterable[str],
) -> None:
    case.tell(e.RosterSet(at=case.now, consultants=tuple(consultants), line=line, here=tuple(here)))


def on_roster(case: Proceeding, command: c.SetRoster) -> None:
    """New people join at the end; everybody in the line keeps their place (R21).

    Who has left the company stays away, whatever a list says: who is back has a new id (R4b).
    """
    state = case.state
    gone = {person.id for person in state.roster.values() if person.has_left} | state.departed
    going = [
        consultant.id
        for consultant in command.consultants
        if consultant.has_left and consultant.id in state.roster and consultant.id not in gone
    ]
    for consultant_id in going:
        leave_company(case, consultant_id)
    state, gone = case.state, gone | set(going)
    consultants = tuple(
        replace(consultant, has_left=True) if consultant.id in gone else consultant
        for consultant in command.consultants
    )
    known = {consultant.id for consultant in consultants if not consultant.has_left}
    kept = tuple(who for who in state.line if who in known)
    new = tuple(who for who in command.order if who in known and who not in kept)
    is_same = tuple(state.roster.values()) == consultants
    if not is_same or (kept, new) != (state.line, ()):
        here = (*(who for who in kept if who in state.here), *new)
        _set_roster(case, consultants, (*kept, *new), here)
