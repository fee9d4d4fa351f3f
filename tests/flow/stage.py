"""Where and when a scenario's step is played: the hub, its clock, and how it calls the visits."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.rules.facts import Keys
from broker.rules.facts import Registration as Entry
from broker.rules.state import MANAGER
from broker.scenarios.scenario_steps import Scenario, ScenarioStep
from shared.messages import (
    Booking,
    BookingKind,
    Message,
    ReportKind,
    StaffReport,
)
from tests.fakes import FakeClock
from tests.flow.scenario_site import BOSS


@dataclass(slots=True)
class Stage:
    """Where and when a step is played."""

    hub: Hub
    scenario: Scenario
    clock: FakeClock
    names: dict[str, str] = field(default_factory=dict, kw_only=True)
    """The scenario's visits, as the hub names them."""
    number: int = field(default=0, kw_only=True)

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

    def host_of(self, step: ScenarioStep) -> str:
        """Who receives this step's visit; the manager if nobody else does."""
        return self.person(self.hub.visits.get(self.visit_id(step)).host_id)

    def person(self, name: str | None) -> str:
        """The account of a scenario's person."""
        return BOSS if name is None or name == MANAGER else name

    def entries(self, step: ScenarioStep) -> tuple[Entry, ...]:
        """What is registered under the keys of this step, by this consultant."""
        found = self.hub.register.find(Keys(phone=step.phone, plates=step.all_plates))
        return tuple(entry for entry in found if entry.consultant_id == step.consultant)

    def report(self, kind: ReportKind, staff_id: str, **more: Any) -> StaffReport:
        bare = StaffReport(
            report_id=self.name("s"), staff_id=staff_id, kind=kind, reported_at=self.at
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

    def appointment(self, booking_id: str, visit: Any) -> Message:
        return Booking(
            booking_id=booking_id,
            staff_id=self.person(visit.by or visit.host),
            kind=BookingKind.APPOINTMENT,
            booked_at=self.at,
            starts_at=visit.starts,
            ends_at=visit.ends,
            host_id=visit.host,
            phone=visit.phone,
            plates=(visit.plate,) if visit.plate else (),
        )
