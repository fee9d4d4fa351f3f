"""Ways to get more visitors than one's turn: each is tried whenever the rules let it."""

from datetime import timedelta

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.line import is_busy, queue
from broker.rules.state import Visit
from shared.messages import Answer3, Ground
from tests.bench.market import Cheat, Floor, Visitor

OF_A_FRIEND_S_PHONES = 0.25
"""The share of tomorrow's visitors whose phone somebody could buy or overhear."""
WHISPERED = 0.25
EARLY = timedelta(minutes=4)


def _others_turn(floor: Floor, event: e.Event) -> e.Decided | None:
    """A visitor whom the line gave to a colleague."""
    if not isinstance(event, e.Decided) or floor.cheater in (event.host_id, event.owner_id):
        return None
    is_by_line = event.turn_of is not None and event.turn_of == event.host_id
    return event if is_by_line and event.visit_id in floor.visitors else None


class ClaimAll(Cheat):
    """Says of every colleague's visitor that they are one's own."""

    name = "claim"
    shown_by = ("claimed", "dispute_opened")

    def on_event(self, floor: Floor, event: e.Event) -> None:
        if decided := _others_turn(floor, event):
            claim = c.ClaimVisitor(
                at=floor.now, visit_id=decided.visit_id, consultant_id=floor.cheater
            )
            floor.later(20, lambda: floor.tell(claim))


class BookTheCar(Cheat):
    """Books each car that the gate has just let in."""

    name = "booking after the car"
    shown_by = ("refused", "bulk_registration")

    def on_event(self, floor: Floor, event: e.Event) -> None:
        if isinstance(event, e.Arrived):
            booking = c.MakeAppointment(
                at=floor.now,
                host_id=floor.cheater,
                starts_at=floor.now,
                ends_at=floor.now + timedelta(hours=2),
                plate=event.plate,
            )
            floor.later(5, lambda: floor.tell(booking))


class BookAhead(Cheat):
    """Books in the morning whoever is on a list of phones."""

    name = "booking ahead"
    shown_by = ("R5", "refused", "bulk_registration")

    def morning(self, floor: Floor) -> None:
        for visitor in _on_the_list(floor):
            floor.tell(
                c.MakeAppointment(
                    at=floor.now,
                    host_id=floor.cheater,
                    starts_at=floor.now + timedelta(minutes=30),
                    ends_at=floor.now + timedelta(hours=10),
                    phone=visitor.phone,
                )
            )


class HandOverAndBack(Cheat):
    """A friend gives their visitors away on a claimed card, for a make-up turn, and half come back.

    Both of them are counted.
    """

    name = "colluding hand-over"
    shown_by = ("transferred", "make_up_granted")
    is_shared = True

    def on_event(self, floor: Floor, event: e.Event) -> None:
        is_ack = isinstance(event, e.Acknowledged) and event.consultant_id == floor.friend
        if not isinstance(event, e.Acknowledged) or not is_ack:
            return
        name = event.visit_id
        visit = floor.office.state.visits.get(name)
        is_turn = visit is not None and visit.turn_of == floor.friend
        if is_turn and name in floor.visitors and not is_busy(floor.office.state, floor.cheater):
            floor.later(30, lambda: self._give(floor, name, floor.cheater))
            if floor.chance("back", name) < 0.5:
                floor.later(300, lambda: self._give(floor, name, floor.friend))

    def _give(self, floor: Floor, visit_id: str, who: str) -> None:
        floor.tell(
            c.OwnerFound(at=floor.now, visit_id=visit_id, consultant_id=who, ground=Ground.CARD)
        )


class Whisper(Cheat):
    """Tells visitors at the car park to say one's name."""

    name = "whispered name"
    shown_by = ("R9",)

    def check_in(self, floor: Floor, visitor: Visitor, answers: c.CheckIn) -> c.CheckIn:
        is_heard = floor.chance("whisper", visitor.name) < WHISPERED
        if visitor.manner != "natural" or not is_heard:
            return answers
        return replace(answers, contacted=Answer3.YES, named=floor.cheater)


class BulkList(Cheat):
    """Enters a bought list of phones as enquiries before the first visitor comes."""

    name = "bulk list"
    shown_by = ("bulk_registration", "contradicts_answers")

    def morning(self, floor: Floor) -> None:
        for visitor in _on_the_list(floor):
            floor.tell(_entry(floor, visitor, "bought"))


class LateEntry(Cheat):
    """Looks up each visitor whom a colleague receives, and enters them."""

    name = "late entry"
    shown_by = ("late_entry", "look_then_claim", "refused")

    def on_event(self, floor: Floor, event: e.Event) -> None:
        if decided := _others_turn(floor, event):
            visitor = floor.visitors[decided.visit_id]
            look_up = c.LookUp(at=floor.now, consultant_id=floor.cheater, phone=visitor.phone)
            floor.later(30, lambda: floor.tell(look_up))
            floor.later(40, lambda: floor.tell(_entry(floor, visitor, "late")))


class AlwaysStandIn(Cheat):
    """Stands in for whoever is called, before they can answer."""

    name = "permanent stand-in"
    shown_by = ("stand_in_turn_used", "R24")

    def on_event(self, floor: Floor, event: e.Event) -> None:
        if decided := _others_turn(floor, event):
            stand_in = c.StandIn(
                at=floor.now, consultant_id=floor.cheater, for_id=decided.turn_of or ""
            )
            floor.later(2, lambda: self._offer(floor, stand_in))

    def _offer(self, floor: Floor, stand_in: c.StandIn) -> None:
        if not is_busy(floor.office.state, floor.cheater):
            floor.tell(stand_in)


class FinishEarly(Cheat):
    """Reports receptions as over while the visitor still looks round."""

    name = "early finish"
    shown_by = ("finished_inside",)

    def stay_of(self, floor: Floor, visit: Visit, stays: timedelta) -> timedelta:
        return min(EARLY, stays) if visit.host_id == floor.cheater else stays


class Ghosts(Cheat):
    """Checks invented visitors in when a colleague is first in line."""

    is_own_phone = True
    name = "ghost check-in, own phone"
    shown_by: tuple[str, ...] = ("checked_in",)

    def morning(self, floor: Floor) -> None:
        for minutes in range(30, 560, 20):
            floor.later(minutes * 60, lambda minutes=minutes: self._invent(floor, minutes))  # type: ignore[misc]

    def _invent(self, floor: Floor, minutes: int) -> None:
        line = queue(floor.office.state)
        if not line or line[0] == floor.cheater or floor.cheater not in line:
            return
        name = f"ghost-{floor.now:%d}-{minutes}"
        ghost = c.CheckIn(
            at=floor.now,
            visit_id=name,
            first_visit=Answer3.YES,
            family=Answer3.NO,
            contacted=Answer3.NO,
            is_own_phone=self.is_own_phone,
        )
        floor.tell(ghost)
        floor.later(170, lambda: self._nobody_there(floor, name))

    def _nobody_there(self, floor: Floor, name: str) -> None:
        """Whoever went finds nobody and says so."""
        if name in floor.office.state.visits:
            floor.tell(c.Finish(at=floor.now, visit_id=name))


class GhostsAtTheTablet(Ghosts):
    """The same at the tablet in the hall."""

    is_own_phone = False
    name = "ghost check-in, tablet"
    shown_by = ("turn_given_back", "passed_over")


def _on_the_list(floor: Floor) -> list[Visitor]:
    """Strangers who come today and whose phone is on the list."""
    return [
        visitor
        for visitor in floor.visitors.values()
        if visitor.arrives_at.date() == floor.now.date()
        and visitor.manner == "natural"
        and floor.chance("list", visitor.name) < OF_A_FRIEND_S_PHONES
    ]


def _entry(floor: Floor, visitor: Visitor, why: str) -> c.Register:
    return c.Register(
        at=floor.now,
        registration_id=f"{why} {visitor.name}",
        consultant_id=floor.cheater,
        phone=visitor.phone,
        surname="张",
        channel="phone",
    )


CHEATS: tuple[type[Cheat], ...] = (
    ClaimAll,
    BookTheCar,
    BookAhead,
    HandOverAndBack,
    Whisper,
    BulkList,
    LateEntry,
    AlwaysStandIn,
    FinishEarly,
    Ghosts,
    GhostsAtTheTablet,
)
