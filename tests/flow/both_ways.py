"""A scenario's steps as the messages that a gate, a tablet and phones send to a running hub."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.journal.steps import STEP
from broker.journal.steps import Step as Taken
from broker.scenarios.output import output_of
from broker.scenarios.scenario_steps import Scenario, ScenarioStep, time_of
from broker.wording.decisions import Teller
from shared.messages import (
    Ack,
    Booking,
    BookingKind,
    CheckIn,
    Departure,
    Evidence,
    LookUp,
    Message,
    Registration,
    ReportKind,
    StaffReport,
)
from tests.fakes import FakeClock
from tests.flow.scenario_site import BOSS, policy_of
from tests.samples import arrival

Line = dict[str, Any]


@dataclass(slots=True)
class Steps:
    """Turns each step into a message; ``deliver`` brings it to the hub. None: only time passes."""

    hub: Hub
    scenario: Scenario
    clock: FakeClock
    deliver: Callable[[Message | None], None]
    names: dict[str, str] = field(default_factory=dict)
    """The scenario's visits, as the hub names them."""
    number: int = 0

    def run(self) -> None:
        for message in (*self._vips(), *self._appointments()):
            self.deliver(message)
        for number, step in enumerate(self.scenario.steps, start=1):
            self.number = number
            if step.do is not None:
                moment = time_of(step, self.clock.moment, policy_of(self.scenario))
                assert moment is not None
                self.clock.moment = moment
                self.deliver(_MESSAGES[step.do](self, step))
                self._learn(step)

    def told(self) -> list[Line]:
        """Every decision and event of the hub's journal, with the scenario's names."""
        names = {theirs: ours for ours, theirs in self.names.items()}
        rows = self.hub.inbox.db.conn.execute(
            "select body from journal where kind = ? order by seq", [STEP]
        )
        teller = Teller(self.hub.people.names(), self.hub.decider.policy)
        found = []
        for (body,) in rows:
            for event in msgspec.json.decode(body, type=Taken).events:
                if line := output_of(event, teller):
                    found.append(line | {"visit": names.get(line["visit"], line["visit"])})
        return found

    @property
    def at(self) -> datetime:
        return self.clock.moment

    def name(self, prefix: str) -> str:
        """An id for this step's message."""
        return f"{prefix}-{self.number}"

    def visit_id(self, step: ScenarioStep) -> str:
        return self.names[step.visit or ""]

    def new_visit(self, step: ScenarioStep) -> str:
        """The name of the visit that this step opens; numbered as the scenario runner does."""
        number = len(self.names) + 1
        while f"v{number}" in self.names:
            number += 1
        return step.visit or f"v{number}"

    def report(self, kind: ReportKind, staff_id: str, **more: Any) -> StaffReport:
        bare = StaffReport(
            report_id=self.name("s"), staff_id=staff_id, kind=kind, reported_at=self.at
        )
        return replace(bare, **more)

    def _learn(self, step: ScenarioStep) -> None:
        if step.do not in ("arrive", "check_in"):
            return
        name = self.new_visit(step)
        visits = self.hub.visits
        found = visits.of_arrival(self.name("a")) or visits.of_check_in(f"c-{name}")
        if found is not None:
            self.names.setdefault(name, found.visit_id)

    def _vips(self) -> list[Message]:
        return [
            self.vip(f"vip-{number}", visit, visit.at)
            for number, visit in enumerate(self.scenario.vips)
        ]

    def _appointments(self) -> list[Message]:
        return [
            self.appointment(f"booked-{number}", visit)
            for number, visit in enumerate(self.scenario.appointments)
        ]

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

    def appointment(self, booking_id: str, visit: Any) -> Message:
        return Booking(
            booking_id=booking_id,
            staff_id=visit.host,
            kind=BookingKind.APPOINTMENT,
            booked_at=self.at,
            starts_at=visit.starts,
            ends_at=visit.ends,
            host_id=visit.host,
            phone=visit.phone,
            plates=(visit.plate,) if visit.plate else (),
        )


def _arrive(steps: Steps, step: ScenarioStep) -> Message:
    car = arrival(step.plate or "", steps.number, seen_at=steps.at)
    return replace(car, arrival_id=steps.name("a"))


def _depart(steps: Steps, step: ScenarioStep) -> Message:
    return Departure(
        departure_id=steps.name("d"),
        gate_id="north",
        seq=steps.number,
        seen_at=steps.at,
        sent_at=steps.at,
        plate=step.plate or "",
        confidence=0.95,
    )


def _check_in(steps: Steps, step: ScenarioStep) -> Message:
    opened = steps.names.get(step.visit or "")
    is_known = step.named in {person.id for person in steps.hub.people.staff}
    return CheckIn(
        check_in_id=f"c-{steps.new_visit(step)}",  # a repeated check-in has the same id
        kiosk_id="lobby",
        seq=steps.number,
        checked_in_at=steps.at,
        consented_at=steps.at,
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
        evidence=Evidence(step.evidence or Evidence.NONE),
        arrival_id=steps.hub.visits.get(opened).arrival_id if opened else None,
    )


def _ack(steps: Steps, step: ScenarioStep) -> Message:
    """A tap on the alert; a report that says the same if no alert rings any more."""
    who, visit_id = step.consultant or "", steps.visit_id(step)
    ringing = steps.hub.inbox.db.execute(
        "select alert_id from alerts "
        "where visit_id = ? and staff_id = ? and is_host_call and closed_at is null",
        [visit_id, who],
    ).fetchone()
    if ringing is not None:
        (alert_id,) = ringing
        return Ack(ack_id=steps.name("k"), alert_id=alert_id, staff_id=who, acked_at=steps.at)
    return steps.report(ReportKind.SERVING, who, visit_id=visit_id)


def _register(steps: Steps, step: ScenarioStep) -> Message:
    return Registration(
        registration_id=f"step-{steps.number}",
        staff_id=step.consultant or "",
        registered_at=steps.at,
        surname=step.surname,
        salutation=step.salutation,
        phone=step.phone,
        plates=(*step.plates, *((step.plate,) if step.plate else ())),
    )


def _look_up(steps: Steps, step: ScenarioStep) -> Message:
    return LookUp(
        look_up_id=steps.name("l"),
        staff_id=step.consultant or "",
        asked_at=steps.at,
        phone=step.phone,
        plate=step.plate,
    )


def _away(steps: Steps, step: ScenarioStep) -> Message:
    if not step.excused:
        return steps.report(ReportKind.AWAY, step.consultant or "")
    return steps.report(ReportKind.AWAY, BOSS, for_staff_id=step.consultant, is_excused=True)


def _next_day(steps: Steps, step: ScenarioStep) -> Message | None:
    """None if the day begins by itself; a new order of the line is the manager's report."""
    if step.order is None:
        return None
    return steps.report(ReportKind.SET_ORDER, BOSS, order=step.order)


def _of_visit(kind: ReportKind) -> Callable[[Steps, ScenarioStep], Message]:
    return lambda steps, step: steps.report(
        kind,
        BOSS,
        visit_id=steps.visit_id(step),
        for_staff_id=step.consultant,
        note=step.reason or None,
    )


def _of_himself(kind: ReportKind) -> Callable[[Steps, ScenarioStep], Message]:
    return lambda steps, step: steps.report(kind, step.consultant or "", for_staff_id=step.for_)


_MESSAGES: dict[str, Callable[[Steps, ScenarioStep], Message | None]] = {
    "arrive": _arrive,
    "depart": _depart,
    "check_in": _check_in,
    "ack": _ack,
    "finish": _of_visit(ReportKind.FINISHED),
    "away": _away,
    "back": _of_himself(ReportKind.BACK),
    "join": _of_himself(ReportKind.JOIN),
    "leave": _of_himself(ReportKind.LEAVE),
    "stand_in": _of_himself(ReportKind.STAND_IN),
    "owner_found": _of_visit(ReportKind.OWNER_FOUND),
    "register": _register,
    "look_up": _look_up,
    "rule": _of_visit(ReportKind.RULING),
    "vip": lambda steps, step: steps.vip(steps.name("b"), step, step.arrives),
    "book": lambda steps, step: steps.appointment(steps.name("b"), step),
    "tick": lambda _steps, _step: None,
    "next_day": _next_day,
}
