"""Days with VIP visits: asked for at once, moved, come early, late or never; devices are silent."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from msgspec.structs import replace

from broker.handlers.table import handle
from broker.local.questions import PlanStep
from broker.rules.duties import DutyAct
from broker.rules.duty_table import DutyPlan
from broker.rules.exclusive import overlap
from broker.rules.state import Expected
from broker.site_file import Staff
from broker.store.duty_rows import duties_told
from shared.errors import MessageError
from shared.messages import Booking, BookingKind, ReportKind, Scene, SceneState
from tests.duty_days import TIMES, DutyDays
from tests.hub_answers import report
from tests.hub_fixtures import PEOPLE
from tests.samples import arrival, departure

ASKERS = tuple(f"m{number}" for number in range(20))
OF_PLANS = ("plan-45", "plan-60 plan-5", "vip-10", "a-30 plan+20", "plan.left+0", "plan.left+30")


class Kept(NamedTuple):
    """Two plans of which one has the house alone, at one time."""

    at: datetime
    names: tuple[str, str]


class PlanDays(DutyDays):
    """A hub whose VIP visits go wrong as ``seed`` says."""

    times = (*OF_PLANS, *TIMES)
    people = replace(
        PEOPLE,
        staff=(
            *PEOPLE.staff,
            *(Staff(id=who, name=who, roles=("manager",), pin="1111") for who in ASKERS),
        ),
    )
    asked = 0
    answered: frozenset[str] = frozenset()
    """The commands to devices that had an answer."""
    overlaps: tuple[Kept, ...] = ()

    def row(self, number: int) -> DutyPlan:
        """A row of the table, for every other a device's."""
        plan = super().row(number)
        return replace(plan, scene=f"device-{number}") if self.chance.random() < 0.5 else plan

    def moves(self) -> tuple[Callable[[], None], ...]:
        """What may happen next."""
        mine = (self._book, self._rush, self._move, self._cancel, self._come, self._come)
        every = (*super().moves(), *mine, self._leave, self._leave, self._device, self._device)
        return tuple(self._watched(move) for move in every)

    def _watched(self, move: Callable[[], None]) -> Callable[[], None]:
        """The move, after which nobody else has the house at a VIP's time."""

        def watched() -> None:
            move()
            for one, other in combinations(self._expected(), 2):
                if overlap(one, other, self.policy):
                    kept = Kept(self.site.hub.clock(), (str(one.name), str(other.name)))
                    self.overlaps = (*self.overlaps, kept)

        return watched

    def _expected(self) -> tuple[Expected, ...]:
        return self.site.hub.decider.state.expected

    def _booking(self, by: str, starts_at: datetime) -> Booking:
        self.asked += 1
        return Booking(
            booking_id=f"00000000-{self.asked:012}",
            staff_id=by,
            kind=BookingKind.VIP,
            booked_at=self.site.hub.clock(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=self.chance.choice((30, 60, 120))),
            name=f"贵宾{self.asked}",
            plates=(f"浙A{self.asked:05}",),
            vip_level=self.chance.choice(("vip", "A", "B")),
            is_exclusive=self.chance.random() < 0.5,
        )

    def _soon(self) -> datetime:
        ahead = timedelta(minutes=self.chance.choice((3, 20, 50, 90, 240, 1500)))
        return self.site.hub.clock() + ahead

    def _book(self) -> None:
        self.site.take(self._booking("chen", self._soon()))

    def _rush(self) -> None:
        """Twenty ask at once, most for one time."""
        starts_at = self._soon()
        asked = [
            self._booking(who, starts_at + timedelta(minutes=self.chance.choice((0, 0, 25))))
            for who in ASKERS
        ]
        for booking in asked:
            self.site.link.deliver(booking)
        while self.site.link.waiting:
            self.site.turn()

    def _move(self) -> None:
        """The arrival is moved, on its day or to another one."""
        moved = timedelta(minutes=self.chance.choice((-90, -20, 5, 45, 180, 1440)))
        self._step("move", lambda plan: plan.starts_at + moved)

    def _cancel(self) -> None:
        self._step("cancel", lambda _: None)

    def _step(self, act: str, at: Callable[[Expected], datetime | None]) -> None:
        plans = self._expected()
        if not plans:
            return
        plan, hub = self.chance.choice(plans), self.site.hub
        self.asked += 1
        starts_at = at(plan)
        step = PlanStep(
            step_id=f"step-{self.asked}",
            booking_id=plan.booking_id or "",
            asked_at=hub.clock(),
            staff_id="chen",
            act=act,
            starts_at=starts_at,
            ends_at=starts_at and starts_at + timedelta(hours=1),
        )
        try:
            handle(hub, step)
        except MessageError:  # it is over, has come, or the time is somebody else's
            return

    def _come(self) -> None:
        """A VIP's car: early, late, or on another day."""
        if plans := self._expected():
            self.asked += 1
            plate, moment = self.chance.choice(plans).plates[0], self.site.hub.clock()
            self.site.take(arrival(plate, self.asked, seen_at=moment))

    def _leave(self) -> None:
        """A car leaves, and the manager says what became of its guest."""
        hub = self.site.hub
        visits = [each for each in hub.decider.state.visits.values() if each.plate]
        if not visits:
            return
        visit = self.chance.choice(visits)
        self.asked += 1
        self.site.take(departure(visit.plate or "", self.asked, seen_at=hub.clock()))
        kind = self.chance.choice((ReportKind.LEFT, ReportKind.LEFT, ReportKind.STILL_HERE))
        told = report(kind, "chen", self.asked, visit_id=visit.visit_id)
        self.site.take(replace(told, reported_at=hub.clock(), sent_at=hub.clock()))

    def _device(self) -> None:
        """A device says what it is set to, rightly or not; the others are silent."""
        told = [one for one in self._commands() if one.scene_id not in self.answered]
        if told:
            one = self.chance.choice(told)
            self.answered |= {one.scene_id}
            value = self.chance.choice((one.value, one.value, "off"))
            self.site.take(SceneState(scene_id=one.scene_id, name=one.name, value=value))

    def _commands(self) -> list[Scene]:
        return [one for one in self.site.told if isinstance(one, Scene)]

    def problems(self) -> Iterator[str]:
        """What does not hold; of plans too."""
        yield from super().problems()
        for kept in self.overlaps:
            yield f"at {kept.at:%H:%M} {' and '.join(kept.names)} have the house at one time"
        yield from self._of_devices()

    def _of_devices(self) -> Iterator[str]:
        """A device is told once and never late."""
        planned, folded = self._planned(), duties_told(self.site.hub.inbox.db)
        told: Counter[str] = Counter()
        for duty_id, act, _, at in self._steps():
            if act is DutyAct.SWITCH and (duty := folded.get(duty_id)):
                told[duty_id] += 1
                if at > duty.due_at + duty.may_take:
                    yield f"the device of {duty_id} was told late, at {at:%H:%M}"
        for duty_id, times in told.items():
            if times > planned[duty_id]:
                yield f"the device of {duty_id} was told {times} times"
