"""The day: who works, in which order (当日排轮表), and who is expected."""

from datetime import date

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.departure import as_known
from broker.rules.proceeding import Proceeding
from broker.rules.state import Expected, MakeUp


def begin_if_new(case: Proceeding) -> None:
    """A new day begins with the first thing that happens on it."""
    today = case.policy.local(case.now).date()
    if case.state.today is None or today > case.state.today:
        _begin(case, c.NextDay(at=case.now, on=today))


def on_next_day(case: Proceeding, command: c.NextDay) -> None:
    """The manager opens the day, or sets the order of the current day (R21)."""
    today = case.state.today
    if today is None or command.on > today:
        _begin(case, command)
    elif command.on == today and command.order is not None:
        line = _working(case, command.order)
        here = tuple(who for who in line if who in case.state.here or who not in case.state.line)
        if line != case.state.line:
            roster = tuple(case.state.roster.values())
            case.tell(e.RosterSet(at=case.now, consultants=roster, line=line, here=here))


def _working(case: Proceeding, order: tuple[str, ...]) -> tuple[str, ...]:
    """``order`` without people who have left the company, everybody once."""
    roster = case.state.roster
    return tuple(who for who in dict.fromkeys(order) if who in roster and not roster[who].has_left)


def _begin(case: Proceeding, command: c.NextDay) -> None:
    """Yesterday's order continues unless the manager sets one; make-up turns are carried over."""
    order = command.order if command.order is not None else case.state.line
    line = _working(case, order)
    case.tell(e.DayBegan(at=case.now, on=command.on, line=line, here=line))
    for make_up in case.state.make_ups:
        _carry_or_end(case, make_up, command.on)


def _carry_or_end(case: Proceeding, make_up: MakeUp, on: date) -> None:
    """An unused make-up turn is good for one more working day (R12)."""
    who, name = make_up.consultant_id, make_up.make_up_id
    is_first_day = make_up.expires_on == case.policy.local(make_up.granted_at).date()
    if case.policy.is_make_up_carried and is_first_day:
        case.tell(n.MakeUpCarried(at=case.now, consultant_id=who, make_up_id=name, expires_on=on))
    else:
        case.tell(n.MakeUpExpired(at=case.now, consultant_id=who, make_up_id=name))


def on_roster(case: Proceeding, command: c.SetRoster) -> None:
    """New people join at the end; everybody in the line keeps their place (R21)."""
    state = case.state
    consultants = tuple(as_known(state, person) for person in command.consultants)
    known = {consultant.id for consultant in consultants if not consultant.has_left}
    kept = tuple(who for who in state.line if who in known)
    new = tuple(who for who in command.order if who in known and who not in kept)
    here = (*(who for who in kept if who in state.here), *new)
    is_same = tuple(state.roster.values()) == consultants
    if not is_same or (kept, new) != (state.line, ()):
        case.tell(e.RosterSet(at=case.now, consultants=consultants, line=(*kept, *new), here=here))


def on_leaves_company(case: Proceeding, command: c.LeavesCompany) -> None:
    """Somebody leaves the company, a consultant or another post (R4b)."""
    if command.consultant_id not in case.state.departed:
        case.tell(n.LeftCompany(at=case.now, consultant_id=command.consultant_id))


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
    """A customer is expected; refused while the house is kept for a VIP (清场接待)."""
    expected = Expected(
        flag="appointment",
        on=case.policy.local(command.starts_at).date(),
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        host_id=command.host_id,
        phone=command.phone,
        plates=(command.plate,) if command.plate else (),
    )
    if any(_overlap(vip, expected) for vip in case.state.expected if vip.is_exclusive):
        case.tell(
            n.Refused(
                at=case.now,
                consultant_id=command.host_id,
                rule="R5",
                because=n.Because(code="not_allowed_slot_taken"),
            )
        )
        return
    _plan(case, expected)


def _plan(case: Proceeding, expected: Expected) -> None:
    if expected not in case.state.expected:
        case.tell(e.Planned(at=case.now, expected=expected))


def _overlap(vip: Expected, other: Expected) -> bool:
    """Whether they meet; a VIP's visit without a set end lasts for the rest of its day."""
    if vip.ends_at is None:
        return vip.on == other.on and (other.ends_at is None or other.ends_at > vip.starts_at)
    return other.starts_at < vip.ends_at and (
        other.ends_at is None or other.ends_at > vip.starts_at
    )


def miss_appointments(case: Proceeding) -> None:
    """Tell the host of an appointment whose time is over and whose customer did not come."""
    for expected in case.state.expected:
        is_over = expected.ends_at is not None and expected.ends_at < case.now
        if expected.flag == "appointment" and is_over and not expected.has_come:
            case.tell(
                n.AppointmentMissed(at=case.now, consultant_id=expected.host_id, expected=expected)
            )
