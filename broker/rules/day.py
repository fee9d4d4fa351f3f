"""The day: who works, in which order (当日排轮表), and who is expected."""

from datetime import date

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.proceeding import Proceeding
from broker.rules.state import Expected, MakeUp


def begin_if_new(case: Proceeding) -> None:
    """A new day begins with the first thing that happens on it."""
    today = case.policy.local(case.now).date()
    if case.state.today is None or today > case.state.today:
        _begin(case, c.NextDay(at=case.now, on=today))


def on_next_day(case: Proceeding, command: c.NextDay) -> None:
    """The manager opens the day, or sets the order of the one that runs (R21)."""
    today = case.state.today
    if today is None or command.on > today:
        _begin(case, command)
    elif command.on == today and command.order is not None:
        line = _working(case, command.order)
        here = tuple(one for one in line if one in case.state.here or one not in case.state.line)
        if line != case.state.line:
            roster = tuple(case.state.roster.values())
            case.tell(e.RosterSet(at=case.now, consultants=roster, line=line, here=here))


def _working(case: Proceeding, order: tuple[str, ...]) -> tuple[str, ...]:
    """``order`` without people who are not here any more, each once."""
    roster = case.state.roster
    return tuple(one for one in dict.fromkeys(order) if one in roster and not roster[one].has_left)


def _begin(case: Proceeding, command: c.NextDay) -> None:
    """Yesterday's order goes on unless the manager sets one; unused make-up turns are carried."""
    order = command.order if command.order is not None else case.state.line
    line = _working(case, order)
    case.tell(e.DayBegan(at=case.now, on=command.on, line=line, here=line))
    for make_up in case.state.make_ups:
        _carry_or_end(case, make_up, command.on)


def _carry_or_end(case: Proceeding, make_up: MakeUp, on: date) -> None:
    """An unused make-up turn is good on the next working day too, and then no more (R12)."""
    who, name = make_up.consultant_id, make_up.make_up_id
    is_first_day = make_up.expires_on == case.policy.local(make_up.granted_at).date()
    if case.policy.is_make_up_carried and is_first_day:
        case.tell(e.MakeUpCarried(at=case.now, consultant_id=who, make_up_id=name, expires_on=on))
    else:
        case.tell(e.MakeUpExpired(at=case.now, consultant_id=who, make_up_id=name))


def on_roster(case: Proceeding, command: c.SetRoster) -> None:
    """New people join at the end; who is in the line keeps his place (R21)."""
    state = case.state
    known = {one.id for one in command.consultants if not one.has_left}
    kept = tuple(one for one in state.line if one in known)
    new = tuple(one for one in command.order if one in known and one not in kept)
    here = (*(one for one in kept if one in state.here), *new)
    is_same = tuple(state.roster.values()) == command.consultants
    if not is_same or (kept, new) != (state.line, ()):
        case.tell(
            e.RosterSet(at=case.now, consultants=command.consultants, line=(*kept, *new), here=here)
        )


def on_vip(case: Proceeding, command: c.PlanVip) -> None:
    """A VIP is expected (R5)."""
    expected = Expected(
        flag="vip",
        on=case.policy.local(command.arrives_at).date(),
        starts_at=command.arrives_at,
        ends_at=command.ends_at,
        host_id=command.host_id,
        phone=command.phone,
        plates=command.plates,
        name=command.name,
        level=command.level,
        is_exclusive=command.is_exclusive,
    )
    _plan(case, expected)


def on_appointment(case: Proceeding, command: c.MakeAppointment) -> None:
    """A customer is expected; not while a VIP has the house for himself (清场接待)."""
    expected = Expected(
        flag="appointment",
        on=case.policy.local(command.starts_at).date(),
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        host_id=command.host_id,
        phone=command.phone,
        plates=(command.plate,) if command.plate else (),
    )
    if any(_overlap(one, expected) for one in case.state.expected if one.is_exclusive):
        case.tell(
            e.Refused(
                at=case.now,
                consultant_id=command.host_id,
                rule="R5",
                because=e.Because(code="not_allowed_slot_taken"),
            )
        )
        return
    _plan(case, expected)


def _plan(case: Proceeding, expected: Expected) -> None:
    if expected not in case.state.expected:
        case.tell(e.Planned(at=case.now, expected=expected))


def _overlap(vip: Expected, other: Expected) -> bool:
    """A VIP's visit without a set end has the house for the rest of that day."""
    if vip.ends_at is None:
        return vip.on == other.on and (other.ends_at is None or other.ends_at > vip.starts_at)
    return other.starts_at < vip.ends_at and (
        other.ends_at is None or other.ends_at > vip.starts_at
    )


def miss_appointments(case: Proceeding) -> None:
    """Tell the host of an appointment whose time is over and whose customer did not come."""
    for one in case.state.expected:
        is_over = one.ends_at is not None and one.ends_at < case.now
        if one.flag == "appointment" and is_over and not one.has_come:
            case.tell(e.AppointmentMissed(at=case.now, consultant_id=one.host_id, expected=one))
