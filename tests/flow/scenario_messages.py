"""A scenario's steps as the messages that a gate, a tablet and phones send to a hub."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.rules.facts import Keys
from broker.rules.state import MANAGER
from broker.scenarios.scenario_steps import Scenario, ScenarioStep
from shared.messages import (
    Ack,
    Booking,
    BookingKind,
    CheckIn,
    CustomersGiven,
    Departure,
    Evidence,
    GivenCustomer,
    Ground,
    LookUp,
    Message,
    Registration,
    ReportKind,
    StaffReport,
)
from tests.fakes import FakeClock
from tests.flow.scenario_site import BOSS, DOOR
from tests.samples import arrival


@dataclass(slots=True)
class Scene:
    """A hub at the site of a scenario, at one of its steps."""

    hub: Hub
    scenario: Scenario
    clock: FakeClock
    visits: dict[str, str] = field(default_factory=dict)
    """The scenario's visits, as the hub names them."""
    number: int = 0
    """Of the step."""

    @property
    def at(self) -> datetime:
        return self.clock.moment

    def name(self, prefix: str) -> str:
        """An id for this step's message."""
        return f"{prefix}-{self.number}"

    def visit_id(self, step: ScenarioStep) -> str:
        return self.visits[step.visit or ""]

    def new_visit(self, step: ScenarioStep) -> str:
        """The name of the visit that this step opens; numbered as the scenario runner does."""
        number = len(self.visits) + 1
        while f"v{number}" in self.visits:
            number += 1
        return step.visit or f"v{number}"

    def learn(self, step: ScenarioStep) -> None:
        """Learn how the hub calls the visit that this step opened."""
        if step.do not in ("arrive", "check_in"):
            return
        name, visits = self.new_visit(step), self.hub.visits
        found = visits.of_arrival(self.name("a")) or visits.of_check_in(f"c-{name}")
        if found is not None:
            self.visits.setdefault(name, found.visit_id)

    def host_of(self, step: ScenarioStep) -> str:
        """The account of whoever receives this visitor."""
        visit = self.hub.visit(self.visit_id(step))
        return account_of(visit.host_id if visit else None)

    def consultant_id(self, named: str | None) -> str | None:
        """As a tablet finds a name among its pictures; None: it does not."""
        people = self.scenario.consultants
        found = [person.id for person in people if named in (person.id, person.name)]
        return found[0] if len(found) == 1 else None

    def report(self, kind: ReportKind, staff_id: str | None, **more: Any) -> StaffReport:
        bare = StaffReport(
            report_id=self.name("s"),
            staff_id=account_of(staff_id),
            kind=kind,
            reported_at=self.at,
        )
        return replace(bare, **more)

    def vip(self, booking_id: str, visit: Any, arrives: datetime | None) -> Message:
        return Booking(
            booking_id=booking_id,
            staff_id=BOSS,
            kind=BookingKind.VIP,
            booked_at=self.at,
            starts_at=visit.arrives or arrives or self.at,
            ends_at=visit.until,
            host_id=visit.host,
            phone=visit.phone,
            plates=visit.plates,
            name=visit.name or "VIP",
            vip_level=visit.level,
            is_exclusive=visit.exclusive,
        )

    def appointment(self, booking_id: str, visit: Any, by: str | None = None) -> Message:
        return Booking(
            booking_id=booking_id,
            staff_id=account_of(by or visit.host),
            kind=BookingKind.APPOINTMENT,
            booked_at=self.at,
            starts_at=visit.starts,
            ends_at=visit.ends,
            host_id=visit.host,
            phone=visit.phone,
            plates=(visit.plate,) if visit.plate else (),
        )


def account_of(who: str | None) -> str:
    """The account of somebody whom a scenario names; nobody in particular is the manager."""
    return BOSS if who in (None, MANAGER) else who or ""


def messages_before(scene: Scene) -> Iterator[Message]:
    """Who is expected before the first step."""
    for number, vip in enumerate(scene.scenario.vips):
        yield scene.vip(f"vip-{number}", vip, vip.at)
    for number, booked in enumerate(scene.scenario.appointments):
        yield scene.appointment(f"booked-{number}", booked)


def message_of(scene: Scene, step: ScenarioStep) -> Message | None:
    """What somebody sends when this step happens; None: only time passes."""
    return _MESSAGES[step.do or ""](scene, step)


def _arrive(scene: Scene, step: ScenarioStep) -> Message:
    car = arrival(step.plate or "", scene.number, seen_at=scene.at)
    return replace(car, arrival_id=scene.name("a"))


def _depart(scene: Scene, step: ScenarioStep) -> Message:
    return Departure(
        departure_id=scene.name("d"),
        gate_id="north",
        seq=scene.number,
        seen_at=scene.at,
        sent_at=scene.at,
        plate=step.plate or "",
        confidence=0.95,
    )


def _check_in(scene: Scene, step: ScenarioStep) -> Message:
    opened = scene.visits.get(step.visit or "")
    is_known = step.named in {person.id for person in scene.scenario.consultants}
    return CheckIn(
        check_in_id=f"c-{scene.new_visit(step)}",  # a repeated check-in has the same id
        kiosk_id="lobby",
        seq=scene.number,
        checked_in_at=scene.at,
        consented_at=scene.at,
        phone=step.phone,
        surname=step.surname,
        salutation=step.salutation,
        plate=step.plate,
        party_size=step.party_size,
        is_first_visit=step.first_visit,
        family_visited=step.family,
        was_contacted=step.contacted,
        named_consultant_id=step.named if is_known else None,
        named_text=None if is_known else step.named,
        family_consultant_id=scene.consultant_id(step.family_named),
        evidence=Evidence(step.evidence or Evidence.NONE),
        arrival_id=scene.hub.visits.get(opened).arrival_id if opened else None,
    )


def _ack(scene: Scene, step: ScenarioStep) -> Message:
    """A tap on the alert; a report that says the same if no alert rings any more."""
    who, visit_id = step.consultant or "", scene.visit_id(step)
    ringing = scene.hub.inbox.db.execute(
        "select alert_id from alerts "
        "where visit_id = ? and staff_id = ? and is_host_call and closed_at is null",
        [visit_id, who],
    ).fetchone()
    if ringing is not None:
        (alert_id,) = ringing
        return Ack(ack_id=scene.name("k"), alert_id=alert_id, staff_id=who, acked_at=scene.at)
    return scene.report(ReportKind.SERVING, who, visit_id=visit_id)


def _away(scene: Scene, step: ScenarioStep) -> Message:
    if not step.excused:
        return scene.report(ReportKind.AWAY, step.consultant)
    return scene.report(ReportKind.AWAY, BOSS, for_staff_id=step.consultant, is_excused=True)


def _owner_found(scene: Scene, step: ScenarioStep) -> Message:
    """By the host or a manager; whoever says that the visitor is their own claims."""
    by, ground = step.by or scene.host_of(step), Ground(step.evidence or Ground.NAME)
    visit_id = scene.visit_id(step)
    if by == step.consultant:
        return scene.report(ReportKind.CLAIM, by, visit_id=visit_id, evidence=ground)
    return scene.report(
        ReportKind.OWNER_FOUND,
        by,
        visit_id=visit_id,
        for_staff_id=step.consultant,
        evidence=ground,
    )


def _register(scene: Scene, step: ScenarioStep) -> Message:
    return Registration(
        registration_id=f"step-{scene.number}",
        staff_id=step.consultant or "",
        registered_at=scene.at,
        surname=step.surname,
        salutation=step.salutation,
        phone=step.phone,
        plates=step.all_plates,
        channel=step.channel,
        visit_id=scene.visit_id(step) if step.visit else None,
    )


def _look_up(scene: Scene, step: ScenarioStep) -> Message:
    return LookUp(
        look_up_id=scene.name("l"),
        staff_id=step.consultant or "",
        asked_at=scene.at,
        phone=step.phone,
        plate=step.plate,
        name=step.name,
    )


def _hand_over_customers(scene: Scene, step: ScenarioStep) -> Message:
    known = scene.hub.register.find(Keys(phone=step.phone, plates=step.all_plates))
    return CustomersGiven(
        act_id=f"step-{scene.number}",
        staff_id=BOSS,
        from_staff_id=step.consultant or "",
        given=tuple(
            GivenCustomer(
                registration_id=entry.registration_id,
                consultant_id=step.for_ or "",
                reason=step.reason,
            )
            for entry in known
            if entry.consultant_id == step.consultant
        ),
        given_at=scene.at,
    )


def _next_day(scene: Scene, step: ScenarioStep) -> Message | None:
    """None if the day begins by itself; a new order of the line is the manager's report."""
    if step.order is None:
        return None
    return scene.report(ReportKind.SET_ORDER, BOSS, order=step.order)


Told = Callable[[Scene, ScenarioStep], Message | None]


def _of_the_manager(kind: ReportKind) -> Told:
    return lambda scene, step: scene.report(
        kind,
        BOSS,
        visit_id=scene.visit_id(step) if step.visit else None,
        for_staff_id=step.consultant,
        reason=step.reason or None,
    )


def _of_the_host(kind: ReportKind) -> Told:
    return lambda scene, step: scene.report(
        kind,
        step.by or scene.host_of(step),
        visit_id=scene.visit_id(step),
        for_staff_id=step.consultant,
    )


def _of_oneself(kind: ReportKind) -> Told:
    return lambda scene, step: scene.report(
        kind,
        step.consultant,
        visit_id=scene.visit_id(step) if step.visit else None,
        for_staff_id=step.for_,
    )


_MESSAGES: dict[str, Told] = {
    "arrive": _arrive,
    "depart": _depart,
    "check_in": _check_in,
    "ack": _ack,
    "finish": _of_the_host(ReportKind.FINISHED),
    "met": lambda scene, step: scene.report(ReportKind.MET, DOOR, visit_id=scene.visit_id(step)),
    "left": _of_the_host(ReportKind.LEFT),
    "still_here": _of_the_host(ReportKind.STILL_HERE),
    "away": _away,
    "back": _of_oneself(ReportKind.BACK),
    "join": _of_oneself(ReportKind.JOIN),
    "leave": _of_oneself(ReportKind.LEAVE),
    "stand_in": _of_oneself(ReportKind.STAND_IN),
    "take_over": _of_oneself(ReportKind.TAKE_OVER),
    "take_back_skip": _of_the_manager(ReportKind.TAKE_BACK_SKIP),
    "hand_over": _of_the_host(ReportKind.HAND_OVER),
    "owner_found": _owner_found,
    "register": _register,
    "release": _of_the_manager(ReportKind.RELEASE_ENTRIES),
    "look_up": _look_up,
    "rule": _of_the_manager(ReportKind.RULING),
    "leaves_company": _of_the_manager(ReportKind.LEAVES_COMPANY),
    "hand_over_customers": _hand_over_customers,
    "vip": lambda scene, step: scene.vip(scene.name("b"), step, step.arrives),
    "book": lambda scene, step: scene.appointment(scene.name("b"), step, step.by),
    "tick": lambda _scene, _step: None,
    "close_day": _of_the_manager(ReportKind.CLOSE_DAY),
    "next_day": _next_day,
}
