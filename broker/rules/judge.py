"""One command in, the events that follow out (判客): the only way in to the house rules."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from broker.rules import (
    bulk,
    clock,
    consultants,
    courtesy,
    customers,
    day,
    disputes,
    exclusive,
    family,
    leaving,
    plan_changes,
    plans,
    rulings,
    stand_ins,
    unauthorised,
    visitors,
)
from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.facts import NOTHING_KNOWN, Keys, Known
from broker.rules.hosting import serve_waiting
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.state import MANAGER, SiteState, Visit
from broker.rules.time_passing import let_time_pass
from shared.errors import OperatorError
from shared.messages import Answer3

_HANDLERS: dict[type[c.Command], Callable[[Proceeding, Any], None]] = {
    c.SetRoster: day.on_roster,
    c.NextDay: day.on_next_day,
    c.CloseDay: day.on_close_day,
    c.PlanVip: plans.on_vip,
    c.MakeAppointment: plans.on_appointment,
    c.AnswerPlan: plan_changes.on_answer,
    c.MovePlan: plan_changes.on_move,
    c.CancelPlan: plan_changes.on_cancel,
    c.Arrive: visitors.on_arrive,
    c.CorrectPlate: visitors.on_correct_plate,
    c.Depart: visitors.on_depart,
    c.StillHere: visitors.on_still_here,
    c.CheckIn: visitors.on_check_in,
    c.CorrectVisitor: visitors.on_correct_visitor,
    c.Met: visitors.on_met,
    c.LetIn: visitors.on_let_in,
    c.TurnAway: exclusive.on_turn_away,
    c.Finish: visitors.on_finish,
    c.Ack: consultants.on_ack,
    c.Claim: consultants.on_claim,
    c.Away: consultants.on_away,
    c.Back: consultants.on_back,
    c.Join: consultants.on_join,
    c.Leave: consultants.on_leave,
    c.PassOn: consultants.on_pass_on,
    c.TakeBackSkip: consultants.on_take_back_skip,
    c.StandIn: stand_ins.on_stand_in,
    c.TakeOver: stand_ins.on_take_over,
    c.Help: stand_ins.on_help,
    c.HandOver: stand_ins.on_hand_over,
    c.FollowUpsOverdue: consultants.on_overdue,
    c.LinkFamily: family.on_link_family,
    c.OwnerCalled: courtesy.on_owner_called,
    c.OwnerFound: disputes.on_owner_found,
    c.ClaimVisitor: disputes.on_claim_visitor,
    c.Rule: rulings.on_ruling,
    c.LeavesCompany: leaving.on_leaves_company,
    c.HandOverCustomers: leaving.on_hand_over_customers,
    c.Register: customers.on_register,
    c.ReleaseEntries: bulk.on_release,
    c.LookUp: customers.on_look_up,
    c.Attempt: unauthorised.on_attempt,
    c.Tick: consultants.on_tick,
    c.SetClock: clock.on_set_clock,
}


def keys_of(state: SiteState, command: c.Command) -> Keys | None:
    """What must be looked up before ``command`` is decided on; None: nothing."""
    find = _KEYS.get(type(command))
    return find(state, command) if find else None


def _of_check_in(state: SiteState, command: c.CheckIn) -> Keys:
    visit = state.visits.get(command.visit_id)
    plate = command.plate or (visit.plate if visit else None)
    return Keys(
        phone=command.phone,
        plates=_given(plate),
        family=family.keys_meant(command, plate),
        family_car=plate if command.family is Answer3.YES else None,
    )


def _of_visit(state: SiteState, command: Any) -> Keys:
    """Those of an open visit; of one that is over the store knows them."""
    visit: Visit | None = state.visits.get(command.visit_id)
    if visit is None:
        return Keys(visit_id=command.visit_id)
    return Keys(phone=visit.phone, plates=_given(visit.plate))


def _of_own_phone(state: SiteState, command: c.Met) -> Keys | None:
    visit = state.visits.get(command.visit_id)
    return None if visit is None or visit.unseen is None else _of_check_in(state, visit.unseen)


def _of_kept_out(state: SiteState, command: c.LetIn) -> Keys | None:
    visit = state.visits.get(command.visit_id)
    return None if visit is None or visit.kept_out is None else _of_check_in(state, visit.kept_out)


def _given(key: str | None) -> tuple[str, ...]:
    return (key,) if key else ()


_KEYS: dict[type[c.Command], Callable[[SiteState, Any], Keys | None]] = {
    c.CheckIn: _of_check_in,
    c.Met: _of_own_phone,
    c.LetIn: _of_kept_out,
    c.CorrectVisitor: lambda _, said: Keys(phone=said.phone, plates=_given(said.plate)),
    c.Register: lambda _, said: Keys(
        phone=said.phone,
        plates=said.plates,
        surname=said.surname,
        visit_id=said.visit_id,
        family=(*_given(said.phone), *said.plates),
    ),
    c.MakeAppointment: lambda _, said: Keys(
        phone=said.phone,
        plates=_given(said.plate),
        family=(*_given(said.phone), *_given(said.plate)),
    ),
    c.Rule: _of_visit,
    c.OwnerFound: _of_visit,
    c.ClaimVisitor: _of_visit,
    c.HandOverCustomers: lambda _, said: Keys(
        registration_ids=tuple(customer.registration_id for customer in said.given)
    ),
    c.ReleaseEntries: lambda _, said: Keys(
        registration_ids=said.registration_ids, held_of=said.consultant_id
    ),
}


def decide(
    state: SiteState, policy: Policy, command: c.Command, known: Known = NOTHING_KNOWN
) -> tuple[e.Event, ...]:
    """What follows from ``command``, in order; ``fold.apply`` each to get the new state.

    First the time up to the command passes. Nothing follows from a command that was taken before,
    or that changes nothing.

    Raises:
        OperatorError: the command names somebody who is not on the roster.
    """
    _refuse_unknown(state, command)
    told_at = told_at_of(command)
    since = told_at if state.now is None else state.now
    now = max(since, told_at)
    case = Proceeding(state, policy, known, now, since)
    case.tell(e.CommandTaken(at=now))
    let_time_pass(case, now)
    serve_waiting(case)
    _HANDLERS[type(command)](case, command)
    serve_waiting(case)
    exclusive.offer_next(case)
    return tuple(case.events) if len(case.events) > 1 else ()


def told_at_of(command: c.Command) -> datetime:
    """When ``command`` came, by the clock that the state went by until then."""
    return command.was if isinstance(command, c.SetClock) else command.at


def _refuse_unknown(state: SiteState, command: c.Command) -> None:
    if isinstance(command, c.SetRoster | c.LookUp | c.LeavesCompany):  # not consultants alone
        return
    for name in ("consultant_id", "for_id", "host_id"):
        who = getattr(command, name, None)
        if who is not None and who not in state.roster and who != MANAGER:
            raise OperatorError("error.no_consultant", who=who)
