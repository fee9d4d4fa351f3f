"""What is done for a visitor between the gate and the good-bye (服务): who is told next."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from broker.alerts.calls import Call, Guest, calls_of_no_plate
from broker.alerts.life import Kind
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from shared.messages import Arrival, CheckIn, StaffReport


class Care(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the posts know of a visit, and what is due in it."""

    visit_id: str
    is_uncertain: bool = False
    """The plate was not read for sure, and nobody has confirmed it."""
    candidates: tuple[str, ...] = ()
    surname: str | None = None
    salutation: str | None = None
    """As a post heard it; what the visitor typed at the tablet counts more."""
    party_size: int | None = None
    needs: tuple[str, ...] = ()
    weather: tuple[str, ...] = ()
    """What the weather made everybody need when they came."""
    drinks: tuple[str, ...] = ()
    place: str | None = None
    number: str | None = None
    order_due_at: datetime | None = None
    """When the bar is told again; None: nothing was ordered, or it was served."""
    ordered_at: datetime | None = None
    """When the open order was given; None: there is none."""
    refill_due_at: datetime | None = None
    """None: nobody is seated."""
    is_at_showflat: bool = False
    """The visitor was announced at the show flat, or is there."""

    @property
    def due_at(self) -> datetime | None:
        """When the bar is to be told something; None: never."""
        return min((at for at in (self.order_due_at, self.refill_due_at) if at), default=None)


ORDER_WORDS = ("order", "order_again", "refill")
"""The bar's alerts; they are closed when the order is brought."""
SERVICE_WORDS = frozenset({*ORDER_WORDS, "showflat", "cart", "cart_left", "showflat_left", "needs"})
"""The alerts that stay as they are when the host changes."""


def at_the_gate(visit_id: str, arrival: Arrival, weather: tuple[str, ...] = ()) -> Care:
    """What is known once a car has passed. ``weather``: what it makes everybody need."""
    return Care(
        visit_id=visit_id,
        is_uncertain=arrival.is_uncertain,
        candidates=arrival.candidates if arrival.is_uncertain else (),
        weather=weather,
        place="car_park",
    )


def checked_in(care: Care, check_in: CheckIn, policy: Policy, now: datetime) -> Care:
    """The visitor checked in: who comes, and what they would like. Their car is then certain."""
    return replace(
        care,
        is_uncertain=False,
        candidates=(),
        party_size=check_in.party_size or care.party_size,
        needs=check_in.needs or care.needs,
        drinks=check_in.drinks or care.drinks,
        place="hall",
        number=check_in.visitor_number,
        order_due_at=_order_due(policy, now) if check_in.drinks else care.order_due_at,
        ordered_at=now if check_in.drinks else care.ordered_at,
    )


def calls_of_order(care: Care) -> Iterator[Call]:
    """The bar hears what to bring."""
    if care.order_due_at is not None:
        yield _post("order", "bar", "served")


def heard(care: Care, report: StaffReport) -> Care:
    """``care`` with what a post's report, of any kind, says of the visitor."""
    return replace(
        care,
        surname=report.surname or care.surname,
        salutation=report.salutation or care.salutation,
        party_size=report.party_size or care.party_size,
        needs=report.needs or care.needs,
        drinks=report.drinks or care.drinks,
        place=report.place or care.place,
    )


def unchanged(care: Care, _policy: Policy, _now: datetime) -> Care:
    """The report makes nothing due."""
    return care


def seated(care: Care, policy: Policy, now: datetime) -> Care:
    """The order is to be served, and then refilled regularly."""
    return replace(
        care,
        order_due_at=_order_due(policy, now),
        ordered_at=care.ordered_at or now,
        refill_due_at=now + timedelta(minutes=policy.refill_every_minutes),
        is_at_showflat=False,
    )


def ordered(care: Care, policy: Policy, now: datetime) -> Care:
    """The order is to be served."""
    return replace(care, order_due_at=_order_due(policy, now), ordered_at=care.ordered_at or now)


def needs_umbrella(care: Care, _policy: Policy, _now: datetime) -> Care:
    """The visitor needs an umbrella."""
    return _needs(care, "umbrella")


def needs_sun_shade(care: Care, _policy: Policy, _now: datetime) -> Care:
    """The visitor's car stands in the sun."""
    return _needs(care, "sun_shade")


def served(care: Care, _policy: Policy, _now: datetime) -> Care:
    """The order was brought."""
    return replace(care, order_due_at=None, ordered_at=None)


def to_showflat(care: Care, _policy: Policy, _now: datetime) -> Care:
    """The visitor goes to the show flat and is no longer seated."""
    return replace(over(care), is_at_showflat=True)


def calls_nobody(_care: Care, _roles: tuple[str, ...]) -> Iterator[Call]:
    """No post needs to know."""
    yield from ()


def calls_of_car_without_plate(_care: Care, _roles: tuple[str, ...]) -> Iterator[Call]:
    """Parking and door hear of a car that the gate could not name."""
    yield from calls_of_no_plate()


def calls_of_walker(_care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """Door and steward hear of a visitor without a car, but for whoever tells it."""
    yield from (_post("on_foot", post) for post in ("door", "steward") if post not in roles)


def calls_of_umbrella(_care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """Whoever is nearer brings it: car park or door, but for whoever tells it."""
    yield from (_post("needs", post) for post in ("parking", "door") if post not in roles)


def calls_of_sun_shade(_care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """The car park puts it up."""
    if "parking" not in roles:
        yield _post("needs", "parking")


def calls_of_let_in(_care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """All on the way hear that the visitor comes in, though the house is kept for a VIP."""
    on_the_way = ("gate", "parking", "door", "steward")
    yield from (_post("let_in", post) for post in on_the_way if post not in roles)


def calls_of_turned_away(_care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """The steward agrees another time with the visitor."""
    yield from (_post("agree_time", post) for post in ("gate", "steward") if post not in roles)


def calls_of_impossible_duty(who: str, report: StaffReport) -> Iterator[Call]:
    """The manager hears of a duty of a post that can't be done."""
    said = {"who": who, "duty": report.note or "", "reason": report.reason or ""}
    yield Call("duty_impossible", MANAGER, fields=said)


def calls_of_greeting(_care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """Parking tells the door who walks over; from there on the tablet calls the host."""
    if "parking" in roles:
        yield _post("greeted", "door")


def calls_of_order_of(care: Care, _roles: tuple[str, ...]) -> Iterator[Call]:
    """The bar hears what to bring."""
    yield from calls_of_order(care)


def calls_of_showflat(_care: Care, _roles: tuple[str, ...]) -> Iterator[Call]:
    """The show flat hears who comes before they walk."""
    yield _post("showflat", "showflat", "arrived", "left")


def calls_of_cart(_care: Care, _roles: tuple[str, ...]) -> Iterator[Call]:
    """The cart is called."""
    yield _post("cart", "cart", "arrived", "left")


def calls_of_leaving(care: Care, roles: tuple[str, ...]) -> Iterator[Call]:
    """The next post is told as the visitor sets out: on the way there, and on the way back."""
    if "cart" in roles:
        yield _post("cart_left", "showflat" if care.is_at_showflat else "door")
    if "showflat" in roles:
        yield _post("showflat_left", "door")


def now_due(care: Care, policy: Policy, now: datetime) -> tuple[Care, tuple[Call, ...]]:
    """The care after ``now``, and what the bar is told then; missed reminders are told once."""
    calls: list[Call] = []
    if care.order_due_at is not None and care.order_due_at <= now:
        calls.append(_post("order_again", "bar", "served"))
        care = replace(care, order_due_at=_order_due(policy, now))
    if care.refill_due_at is not None and care.refill_due_at <= now:
        calls.append(_post("refill", "bar", "served"))
        every = timedelta(minutes=policy.refill_every_minutes)
        care = replace(care, refill_due_at=now + every)
    return care, tuple(calls)


def over(care: Care) -> Care:
    """The visit is over: nothing more is brought."""
    return replace(care, order_due_at=None, ordered_at=None, refill_due_at=None)


def guest_of(care: Care, guest: Guest) -> Guest:
    """``guest`` with what the posts know besides."""
    named = guest if guest.surname else care
    return replace(
        guest,
        surname=named.surname,
        salutation=named.salutation,
        is_uncertain=care.is_uncertain,
        candidates=care.candidates,
        party_size=care.party_size,
        needs=tuple(dict.fromkeys((*care.weather, *care.needs))),
        drinks=care.drinks,
        place=care.place,
        number=care.number,
    )


def _needs(care: Care, need: str) -> Care:
    return replace(care, needs=tuple(dict.fromkeys((*care.needs, need))))


def _order_due(policy: Policy, now: datetime) -> datetime:
    return now + timedelta(minutes=policy.served_within_minutes)


def _post(words: str, role: str, *actions: str) -> Call:
    return Call(words, role, kind=Kind.POST, actions=("claim", *actions))
