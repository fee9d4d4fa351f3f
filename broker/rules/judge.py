"""One command in, the events that follow out (判客): the only way in to the house rules."""

from collections.abc import Callable
from typing import Any

from broker.rules import commands as c
from broker.rules import consultants, customers, day, visitors
from broker.rules import events as e
from broker.rules.facts import NOTHING_KNOWN, Keys, Known
from broker.rules.hosting import serve_waiting
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.state import SiteState
from shared.errors import OperatorError

_HANDLERS: dict[type[c.Command], Callable[[Proceeding, Any], None]] = {
    c.SetRoster: day.on_roster,
    c.LeavesCompany: day.on_leaves_company,
    c.NextDay: day.on_next_day,
    c.PlanVip: day.on_vip,
    c.MakeAppointment: day.on_appointment,
    c.Arrive: visitors.on_arrive,
    c.CorrectPlate: visitors.on_correct_plate,
    c.Depart: visitors.on_depart,
    c.CheckIn: visitors.on_check_in,
    c.CorrectVisitor: visitors.on_correct_visitor,
    c.Finish: visitors.on_finish,
    c.Ack: consultants.on_ack,
    c.Claim: consultants.on_claim,
    c.Away: consultants.on_away,
    c.Back: consultants.on_back,
    c.Join: consultants.on_join,
    c.Leave: consultants.on_leave,
    c.StandIn: consultants.on_stand_in,
    c.PassOn: consultants.on_pass_on,
    c.Help: consultants.on_help,
    c.OwnerFound: customers.on_owner_found,
    c.Rule: customers.on_ruling,
    c.Register: customers.on_register,
    c.LookUp: customers.on_look_up,
    c.Tick: consultants.on_tick,
}


def keys_of(state: SiteState, command: c.Command) -> Keys | None:
    """What must be looked up before ``command`` is decided on; None: nothing."""
    if isinstance(command, c.CheckIn):
        visit = state.visits.get(command.visit_id)
        plate = command.plate or (visit.plate if visit else None)
        return Keys(phone=command.phone, plates=(plate,) if plate else ())
    if isinstance(command, c.CorrectVisitor):
        return Keys(phone=command.phone, plates=(command.plate,) if command.plate else ())
    if isinstance(command, c.Register):
        return Keys(phone=command.phone, plates=command.plates)
    if isinstance(command, c.Rule | c.OwnerFound):
        visit = state.visits.get(command.visit_id)
        if visit is None:
            return Keys(visit_id=command.visit_id)
        return Keys(phone=visit.phone, plates=(visit.plate,) if visit.plate else ())
    return None


def decide(
    state: SiteState, policy: Policy, command: c.Command, known: Known = NOTHING_KNOWN
) -> tuple[e.Event, ...]:
    """What follows from ``command``, in order; ``fold.apply`` each to get the new state.

    Nothing follows from a command that was taken before, or that changes nothing. Usually a tick
    passes over hosts who do not come, but an acknowledgement is late even before that tick.

    Raises:
        OperatorError: the command names somebody who is not on the roster.
    """
    _refuse_unknown(state, command)
    now = command.at if state.now is None else max(state.now, command.at)
    case = Proceeding(state, policy, known, now)
    case.tell(e.CommandTaken(at=now))
    if not isinstance(command, c.NextDay):
        day.begin_if_new(case)
    serve_waiting(case)
    _HANDLERS[type(command)](case, command)
    serve_waiting(case)
    return tuple(case.events) if len(case.events) > 1 else ()


def _refuse_unknown(state: SiteState, command: c.Command) -> None:
    if isinstance(command, c.SetRoster | c.LeavesCompany):  # the bar may leave as well
        return
    for name in ("consultant_id", "for_id", "host_id"):
        who = getattr(command, name, None)
        if who is not None and who not in state.roster:
            raise OperatorError("error.no_consultant", who=who)
