"""The command that each step of a scenario stands for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from broker.rules import commands as c
from broker.rules.facts import Keys, Registration
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from broker.scenarios.scenario_steps import FOLLOW_UP, Booking, ScenarioStep, VipPlan
from broker.store.register import CustomerRegister
from shared.errors import OperatorError
from shared.messages import Evidence, Ground, Outcome, ReportKind, StaffReport

DOOR = "door"
"""The post that meets visitors."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where a step happens."""

    at: datetime
    visit_id: str
    """The visit that the step means."""
    name: str
    """For what the step enters."""
    policy: Policy
    register: CustomerRegister


def command_of(step: ScenarioStep, now: Occasion) -> c.Command:
    """The command for ``step``."""
    return _COMMANDS[step.do or ""](step, now)


def planned(vip: VipPlan | ScenarioStep, arrives_at: datetime, at: datetime) -> c.PlanVip:
    """The plan of a VIP, made at ``at``."""
    return c.PlanVip(
        at=at,
        name=vip.name or VipPlan().name,
        plates=vip.plates,
        phone=vip.phone,
        level=vip.level,
        host_id=vip.host,
        arrives_at=arrives_at,
        ends_at=vip.until,
        is_exclusive=vip.exclusive,
        by=MANAGER,
    )


def booked(
    booking: Booking | ScenarioStep,
    at: datetime,
    *,
    by: str | None = None,
    made_at: datetime | None = None,
) -> c.MakeAppointment:
    """The appointment that is made at ``at``, or was made before and is taken as it stands."""
    return c.MakeAppointment(
        at=at,
        host_id=booking.host or "",
        starts_at=booking.starts or at,
        ends_at=booking.ends or at,
        phone=booking.phone,
        plate=booking.plate,
        by=by,
        made_at=made_at,
    )


def _check_in(step: ScenarioStep, now: Occasion) -> c.Command:
    return c.CheckIn(
        at=now.at,
        visit_id=now.visit_id,
        phone=step.phone,
        plate=step.plate,
        surname=step.surname,
        salutation=step.salutation,
        first_visit=step.first_visit,
        family=step.family,
        contacted=step.contacted,
        named=step.named,
        family_named=step.family_named,
        family_phone=step.family_phone,
        evidence=Evidence(step.evidence or Evidence.NONE),
        party_size=step.party_size,
    )


def _register(step: ScenarioStep, now: Occasion) -> c.Command:
    return c.Register(
        at=now.at,
        registration_id=now.name,
        consultant_id=step.consultant or "",
        phone=step.phone,
        plates=step.all_plates,
        surname=step.surname,
        salutation=step.salutation,
        channel=step.channel,
        visit_id=now.visit_id or None,
    )


def _look_up(step: ScenarioStep, now: Occasion) -> c.Command:
    found = now.register.search(step.name) if step.name else ()
    return c.LookUp(
        at=now.at,
        consultant_id=step.consultant or "",
        phone=step.phone,
        plate=step.plate,
        name=step.name,
        shown=tuple(entry.registration_id for entry in (*_entries(step, now), *found)),
    )


def _owner_found(step: ScenarioStep, now: Occasion) -> c.Command:
    return c.OwnerFound(
        at=now.at,
        visit_id=now.visit_id,
        consultant_id=step.consultant or "",
        by=step.by,
        is_manager=step.by == MANAGER,
        ground=Ground(step.evidence or Ground.NAME),
    )


def _rule(step: ScenarioStep, now: Occasion) -> c.Command:
    return c.Rule(
        at=now.at,
        visit_id=now.visit_id,
        consultant_id=step.consultant or "",
        reason=step.reason,
        by=step.by or MANAGER,
    )


def _family(step: ScenarioStep, now: Occasion) -> c.Command:
    keys = (*((step.phone,) if step.phone else ()), *step.all_plates)
    return c.LinkFamily(at=now.at, visit_id=now.visit_id, keys=keys, by=step.by or MANAGER)


def _hand_over_customers(step: ScenarioStep, now: Occasion) -> c.Command:
    given = tuple(
        c.GivenCustomer(
            registration_id=entry.registration_id,
            consultant_id=step.for_ or "",
            reason=step.reason,
        )
        for entry in _entries(step, now)
        if entry.consultant_id == step.consultant
    )
    return c.HandOverCustomers(
        at=now.at, act_id=now.name, consultant_id=step.consultant or "", given=given
    )


def call_said(step: ScenarioStep, now: Occasion) -> StaffReport:
    """What an owner says of calling their customer: an outcome, or in how many days they call.

    Raises:
        OperatorError: no customer of theirs is meant.
    """
    own = (one for one in _entries(step, now) if one.consultant_id == step.consultant)
    entry = next(own, None)
    if entry is None:
        raise OperatorError("error.not_yours")
    is_put_off = step.outcome is None and step.days is not None
    return StaffReport(
        report_id=now.name,
        staff_id=step.consultant or "",
        kind=ReportKind.SNOOZED if is_put_off else ReportKind.FOLLOWED_UP,
        reported_at=now.at,
        registration_id=entry.registration_id,
        outcome=None if is_put_off else step.outcome or Outcome.REACHED,
        days=step.days,
        reason=step.reason or None,
    )


def _entries(step: ScenarioStep, now: Occasion) -> tuple[Registration, ...]:
    """What is registered under the keys of this step."""
    return now.register.find(Keys(phone=step.phone, plates=step.all_plates))


def _of_consultant(kind: Callable[..., c.Command]) -> Callable[[ScenarioStep, Occasion], c.Command]:
    return lambda step, now: kind(at=now.at, consultant_id=step.consultant)


def _of_visit(kind: Callable[..., c.Command]) -> Callable[[ScenarioStep, Occasion], c.Command]:
    return lambda step, now: kind(at=now.at, visit_id=now.visit_id)


def _of_both(
    kind: Callable[..., c.Command], *more: str
) -> Callable[[ScenarioStep, Occasion], c.Command]:
    return lambda step, now: kind(
        at=now.at,
        visit_id=now.visit_id,
        consultant_id=step.consultant,
        **{name: getattr(step, name) for name in more},
    )


_COMMANDS: dict[str, Callable[[ScenarioStep, Occasion], c.Command]] = {
    "arrive": lambda s, now: c.Arrive(at=now.at, visit_id=now.visit_id, plate=s.plate or ""),
    "depart": lambda s, now: c.Depart(at=now.at, plate=s.plate or ""),
    "check_in": _check_in,
    "ack": _of_both(c.Ack),
    "finish": _of_visit(c.Finish),
    "met": lambda _, now: c.Met(at=now.at, visit_id=now.visit_id, by=DOOR),
    "let_in": lambda s, now: c.LetIn(at=now.at, visit_id=now.visit_id, by=s.by or MANAGER),
    "left": _of_visit(c.Finish),
    "still_here": _of_visit(c.StillHere),
    "away": lambda s, now: c.Away(
        at=now.at, consultant_id=s.consultant or "", is_excused=s.excused
    ),
    "back": _of_consultant(c.Back),
    "join": _of_consultant(c.Join),
    "leave": _of_consultant(c.Leave),
    "stand_in": lambda s, now: c.StandIn(
        at=now.at, consultant_id=s.consultant or "", for_id=s.for_ or ""
    ),
    "take_over": _of_both(c.TakeOver),
    "take_back_skip": _of_both(c.TakeBackSkip, "reason"),
    "hand_over": _of_both(c.HandOver, "by"),
    "owner_found": _owner_found,
    "family": _family,
    "register": _register,
    "release": _of_consultant(c.ReleaseEntries),
    "look_up": _look_up,
    "rule": _rule,
    "leaves_company": _of_consultant(c.LeavesCompany),
    "hand_over_customers": _hand_over_customers,
    "vip": lambda s, now: planned(s, s.arrives or now.at, now.at),
    "book": lambda s, now: booked(s, now.at, by=s.by),
    FOLLOW_UP: lambda _, now: c.Tick(at=now.at),
    "tick": lambda _, now: c.Tick(at=now.at),
    "close_day": lambda _, now: c.CloseDay(at=now.at),
    "next_day": lambda s, now: c.NextDay(
        at=now.at, on=now.policy.local(now.at).date(), order=s.order
    ),
}
