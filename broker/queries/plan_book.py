"""The pages' ``PlanBook``: plans as the rules' state has them."""

from datetime import datetime

from broker.console.people_view import Person
from broker.console.plan_view import CardLine, FreeTime, PlanLine
from broker.console.who_sees import sees_whole
from broker.handlers.context import Hub
from broker.handlers.plan_work import CANCEL, MOVE, acts_of, mark_of, times_for_guest
from broker.local.plan_questions import GuestBooking, PlansImported, PlanStep
from broker.local.post_box import PostBox
from broker.queries.guest_card import card_of
from broker.registers.writer import Writer
from broker.rules.exclusive import free_times
from broker.rules.free_times import times_with
from broker.rules.plan_changes import named
from broker.rules.state import MANAGER, Expected
from shared.errors import OperatorError
from shared.ids import new_id
from shared.messages import Booking
from shared.privacy import mask_phone, mask_plate

SEES_ALL = frozenset({MANAGER, "steward", "desk"})


class HubPlans:
    """See ``PlanBook``. It reads values of the hub's that are replaced and never changed."""

    def __init__(self, hub: Hub, post_box: PostBox) -> None:
        self._hub, self._post_box = hub, post_box

    def lines(self, person: Person) -> tuple[PlanLine, ...]:
        """See PlanBook."""
        state = self._hub.decider.state
        today = self._hub.choices.policy.local(self._hub.clock()).date()
        found = [(plan, True) for plan in state.asked]
        found += [(plan, False) for plan in state.expected]
        return tuple(
            self._line(plan, person, is_asked=is_asked)
            for plan, is_asked in sorted(found, key=lambda each: each[0].starts_at)
            if plan.on >= today and _sees(person, plan)
        )

    def card(self, booking_id: str, person: Person) -> tuple[CardLine, ...] | None:
        """See PlanBook."""
        plan = named(self._hub.decider.state.expected, booking_id)
        if plan is None or plan.host_id != person.staff_id:
            return None
        writer = Writer(self._hub.teller(self._hub.language), self._hub.clock())
        with self._hub.disk.reading() as db:
            return tuple(card_of(db, plan, person.staff_id, writer))

    def free_with(self, staff_id: str) -> tuple[FreeTime, ...]:
        """See PlanBook."""
        state, policy = self._hub.decider.state, self._hub.choices.policy
        found = times_with(staff_id, state, policy, self._hub.clock())
        return tuple(FreeTime(policy.local(at)) for at in found)

    def book_free(self, booking: Booking) -> None:
        """See PlanBook."""
        self._post_box.post(GuestBooking(booking=booking))
        if named(self._hub.decider.state.expected, booking.booking_id) is None:
            raise OperatorError("error.plan_not_taken", free="")

    def free_instead(self, booking_id: str) -> tuple[FreeTime, ...] | None:
        """See PlanBook."""
        plan = named(self._hub.decider.state.expected, booking_id)
        if plan is None:
            return None
        with self._hub.disk.reading() as db:
            times = times_for_guest(self._hub, db, plan)
        local = self._hub.choices.policy.local
        return None if times is None else tuple(FreeTime(local(at)) for at in times)

    def change_by_guest(self, booking_id: str, starts_at: datetime | None) -> None:
        """See PlanBook."""
        plan, moment = named(self._hub.decider.state.expected, booking_id), self._hub.clock()
        if plan is None or plan.host_id is None:
            raise OperatorError("error.no_plan")
        length = plan.ends_at - plan.starts_at if plan.ends_at else None
        asked = PlanStep(
            step_id=new_id(moment),
            booking_id=booking_id,
            asked_at=moment,
            staff_id=plan.host_id,
            act=MOVE if starts_at else CANCEL,
            starts_at=starts_at,
            ends_at=starts_at + length if starts_at and length else None,
            is_guest=True,
        )
        self._post_box.post(asked)

    def book(self, booking: Booking) -> None:
        """See PlanBook."""
        self._post_box.post(booking)
        state, policy = self._hub.decider.state, self._hub.choices.policy
        if named((*state.expected, *state.asked), booking.booking_id) is None:
            wanted = Expected(
                flag="vip",
                on=policy.local(booking.starts_at).date(),
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
                is_exclusive=booking.is_exclusive,
            )
            free = free_times(state, policy, self._hub.clock(), wanted)
            teller = self._hub.teller(self._hub.language)
            raise OperatorError("error.plan_not_taken", free=teller.times(free))

    def book_all(self, asked: PlansImported) -> None:
        """See PlanBook."""
        self._post_box.post(asked)

    def step(self, asked: PlanStep) -> None:
        """See PlanBook."""
        self._post_box.post(asked)

    def _line(self, plan: Expected, person: Person, *, is_asked: bool) -> PlanLine:
        names, booked = self._hub.people.names(), (plan.host_id, plan.booked_by)
        is_own = person.staff_id in booked
        sees_phone = is_own or sees_whole("phone", person, None, plan.host_id)
        sees_plate = is_own or sees_whole("plate", person, None, plan.host_id)
        return PlanLine(
            booking_id=plan.booking_id,
            flag=plan.flag,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            name=plan.name,
            phone=plan.phone and (plan.phone if sees_phone else mask_phone(plan.phone)),
            plates=plan.plates if sees_plate else tuple(map(mask_plate, plan.plates)),
            level=plan.level,
            host_id=plan.host_id,
            host_name=names.get(plan.host_id or ""),
            booked_by=names.get(plan.booked_by or ""),
            is_exclusive=plan.is_exclusive,
            is_asked=is_asked,
            has_come=plan.has_come,
            party_size=plan.party_size,
            rooms=plan.rooms,
            note=plan.note,
            may=acts_of(plan, person.staff_id, person.roles, is_asked=is_asked),
            mark=mark_of(plan, is_asked=is_asked),
        )


def _sees(person: Person, plan: Expected) -> bool:
    return bool(SEES_ALL & set(person.roles)) or person.staff_id in (plan.host_id, plan.booked_by)
