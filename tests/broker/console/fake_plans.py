"""The plans of a site, as a page's tests know them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from broker.console.event_view import GUEST_STATES
from broker.console.people_view import Person
from broker.console.plan_view import CardLine, FreeTime, PlanLine
from broker.local.plan_questions import PlansImported, PlanStep
from shared.errors import OperatorError
from shared.messages import Booking
from tests.fakes import NINE

SITE_ZONE = ZoneInfo("Asia/Shanghai")

PLAN_WORDS = {
    "event": {f"state_{state}" for state in GUEST_STATES},
    "plan": {
        *(f"kind_{kind}" for kind in ("vip", "request", "appointment")),
        *(f"card_{what}" for what in ("entered", "called", "was_here")),
        *(f"act_{act}" for act in ("approve", "decline", "move", "cancel")),
    },
}
"""The sentences of the pages whose keys are made."""


@dataclass
class FakePlans:
    """See ``PlanBook``."""

    booked: list[Booking] = field(default_factory=list)
    series: list[PlansImported] = field(default_factory=list)
    stepped: list[PlanStep] = field(default_factory=list)
    changed: list[tuple[str, datetime | None]] = field(default_factory=list)
    is_full: bool = False

    def lines(self, person: Person) -> tuple[PlanLine, ...]:
        """See PlanBook."""
        if "manager" not in person.roles:
            return ()
        return (
            _plan("b-1", "贺<总>", ("move", "cancel")),
            _plan("b-2", "万总", ("approve", "decline"), is_asked=True),
        )

    def card(self, booking_id: str, person: Person) -> tuple[CardLine, ...] | None:
        """See PlanBook."""
        if (booking_id, person.staff_id) != ("b-1", "chen"):
            return None
        return (
            CardLine(NINE, "called", "等样板房", "again"),
            CardLine(NINE, "was_here", "三房<大>"),
            CardLine(NINE, "entered"),
        )

    def free_with(self, staff_id: str) -> tuple[FreeTime, ...]:
        """See PlanBook."""
        at = NINE.astimezone(SITE_ZONE)
        return () if staff_id == "zhao" else (FreeTime(at), FreeTime(at + timedelta(days=1)))

    def book_free(self, booking: Booking) -> None:
        """See PlanBook."""
        self.book(booking)

    def free_instead(self, booking_id: str) -> tuple[FreeTime, ...] | None:
        """See PlanBook."""
        return self.free_with("li") if booking_id == "b-1" else None

    def change_by_guest(self, booking_id: str, starts_at: datetime | None) -> None:
        """See PlanBook."""
        if self.is_full:
            raise OperatorError("error.plan_not_taken", free="11-24 09:30")
        self.changed.append((booking_id, starts_at))

    def book(self, booking: Booking) -> None:
        """See PlanBook."""
        if self.is_full:
            raise OperatorError("error.plan_not_taken", free="11-24 09:30")
        self.booked.append(booking)

    def book_all(self, asked: PlansImported) -> None:
        """See PlanBook."""
        self.series.append(asked)

    def step(self, asked: PlanStep) -> None:
        """See PlanBook."""
        if self.is_full:
            raise OperatorError("error.no_plan")
        self.stepped.append(asked)


def _plan(name: str, whom: str, may: tuple[str, ...], *, is_asked: bool = False) -> PlanLine:
    return PlanLine(
        booking_id=name,
        flag="vip",
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=1),
        name=whom,
        phone="138****0001",
        plates=("浙A00005",),
        level="A",
        host_id="li",
        host_name="李敏",
        booked_by="陈经理",
        is_exclusive=True,
        is_asked=is_asked,
        has_come=False,
        party_size=4,
        rooms=("VIP1", "A3"),
        note="走样板房",
        may=may,
    )
