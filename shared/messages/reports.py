"""What people report about themselves, about a visit, or about the house."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.messages.base import Id, Message, Moment, Name, NodeId, Phone, Plate, Text, Texts

GIVEN_AT_MOST = 500
"""Customers in one act; more take several."""


class Ground(StrEnum):
    """What shows whose customer a visitor is (R12)."""

    NAME = "name"
    """The visitor named the consultant."""
    SMS = "sms"
    CARD = "card"
    WECHAT = "wechat"
    REGISTRATION = "registration"
    """An earlier entry matches."""
    REASON = "reason"
    """The manager's reason."""


class ReportKind(StrEnum):
    """What a person reports about themselves or about a visit."""

    AWAY = "away"
    BACK = "back"
    SERVING = "serving"
    FINISHED = "finished"
    STAND_IN = "stand_in"
    SERVED = "served"
    JOIN = "join"
    """Starts the day, at the end of the line."""
    LEAVE = "leave"
    OWNER_FOUND = "owner_found"
    """During a reception the true owner turned out: ``for_staff_id``."""
    RULING = "ruling"
    """A manager's: the visit's customer belongs to ``for_staff_id``; ``reason`` says why."""
    SET_ORDER = "set_order"
    """A manager's: today's line is ``order``."""
    NO_PLATE = "no_plate"
    """The gate's: a car without a plate (无牌)."""
    GREETED = "greeted"
    """Parking or door met the visitor: name, how many, an umbrella."""
    SEATED = "seated"
    """At ``place``, with ``drinks``: from now the bar is reminded to refill."""
    SHOWFLAT = "showflat"
    """The host and the visitor are about to walk to the show flat."""
    CART = "cart"
    """A cart is to fetch them at ``place``."""
    ARRIVED = "arrived"
    """The cart, or a visitor at the show flat, is there."""
    LEFT = "left"
    """The cart, or a visitor at the show flat, has left; the host's: the visitor left too."""
    DECLINED = "declined"
    """The host who was called can't receive."""
    HAND_OVER = "hand_over"
    """A colleague, ``for_staff_id``, receives from now on, by courtesy (R12)."""
    CLAIM = "claim"
    """The visitor is the sender's customer (R15)."""
    TAKE_OVER = "take_over"
    """The sender, whose turn it is, receives from now on, not the stand-in (R24)."""
    MET = "met"
    """A post has seen the visitor."""
    LET_IN = "let_in"
    """The visitor comes in though the house is kept for a VIP."""
    TURNED_AWAY = "turned_away"
    """The visitor is asked to come another time."""
    STILL_HERE = "still_here"
    """The car left, the visitor did not."""
    ON_FOOT = "on_foot"
    """A visitor comes without a car."""
    UMBRELLA = "umbrella"
    """The visitor needs an umbrella."""
    SUN_SHADE = "sun_shade"
    """The visitor's car stands in the sun."""
    ORDERED = "ordered"
    """``drinks`` for a visitor, wherever they are."""
    SHOW_FLAT = "show_flat"
    """As ``showflat``, the older name."""
    TAKE_BACK_SKIP = "take_back_skip"
    """A manager's: ``for_staff_id`` was passed over for this visit, and should not have been."""
    CLOSE_DAY = "close_day"
    """A manager's: visits that are still open end, and are listed."""
    LEAVES_COMPANY = "leaves_company"
    """A manager's: ``for_staff_id`` leaves the company today (R4b)."""
    RELEASE_ENTRIES = "release_entries"
    """A manager's: ``registration_ids``, or all of ``for_staff_id``, count now (R3b, R4b)."""
    DUTY_DONE = "duty_done"
    """A duty of the post, ``duty_id`` or named in ``note``, is done."""
    DUTY_IMPOSSIBLE = "duty_impossible"
    """It can't be done; ``reason`` says why."""
    PASS_FITS = "pass_fits"
    """The gate's: the pass that the car showed fits its ``plate``, or the car may come in."""
    PASS_MISMATCH = "pass_mismatch"
    """It does not; ``note``: the number that was shown."""
    FORCED_ENTRY = "forced_entry"
    """Somebody forces their way in («硬闯») at the post ``post``."""
    SENT_ON = "sent_on"
    """Somebody who is no customer walks on to ``post``: ``place``, ``party_size``, ``note``."""
    RAIN = "rain"
    """It rains: from now on today cars are met with umbrellas."""
    SUN = "sun"
    """The sun burns: from now on today cars are shaded."""
    FAIR = "fair"
    """Neither any more."""
    DUTY_RUN = "duty_run"
    """A duty that is late is still to be done."""
    DUTY_SKIP = "duty_skip"
    """It isn't done any more."""
    CALLED_OWNER = "called_owner"
    """Who receives for the owner has phoned them first: ``is_reached`` or not."""
    FAMILY = "family"
    """The visitor belongs to the family of the customer with ``phone`` or ``plate``."""
    WISHES = "wishes"
    """What the visitor looks for: ``purpose``, ``area``, ``budget``, ``source``, ``note``."""
    FOLLOWED_UP = "followed_up"
    """The owner has called the customer of ``registration_id``: ``outcome``, and the next time."""
    SNOOZED = "snoozed"
    """The owner calls later, in ``days``: ``reason`` says why."""
    CONFIRM_CLOCK = "confirm_clock"
    """A manager's: the clock of the hub's machine, which showed ``note``, is right."""


class Outcome(StrEnum):
    """What came of calling a customer (回访结果)."""

    AGAIN = "again"
    """Reached, and called again in a week."""
    COMING = "coming"
    """Comes again: called before that."""
    NO_ANSWER = "no_answer"
    REACHED = "reached"
    """Reached; what comes next is open."""
    NOT_INTERESTED = "not_interested"
    BOUGHT = "bought"


class StaffReport(Message, frozen=True, kw_only=True):
    """What a person reports: away, back, serving, finished …"""

    report_id: Id
    staff_id: NodeId
    kind: ReportKind
    reported_at: Moment
    visit_id: Id | None = None
    for_staff_id: NodeId | None = None
    evidence: Ground | None = None
    """What shows whose customer the visitor is; None: the visitor named the consultant."""
    reason: Text | None = None
    is_excused: bool = False
    """A manager's: leave is granted."""
    note: Text | None = None
    """Before release 0.4 also the reason of a ruling."""
    order: Annotated[tuple[NodeId, ...], Meta(max_length=500)] = ()
    surname: Name | None = None
    salutation: Name | None = None
    party_size: Annotated[int, Meta(ge=1, le=99)] | None = None
    needs: Texts = ()
    drinks: Texts = ()
    place: Text | None = None
    post: NodeId | None = None
    """A post: where it happens, or which is told."""
    by_staff_id: NodeId | None = None
    """A manager's: who stands in for ``for_staff_id``."""
    registration_ids: Annotated[tuple[Id, ...], Meta(max_length=GIVEN_AT_MOST)] = ()
    sent_at: Moment | None = None
    """By the sender's clock, as ``reported_at``."""
    phone: Phone | None = None
    plate: Plate | None = None
    is_reached: bool = False
    """Whether the owner answered the phone."""
    purpose: NodeId | None = None
    area: NodeId | None = None
    budget: NodeId | None = None
    source: NodeId | None = None
    """How the visitor heard of the house."""
    registration_id: Id | None = None
    """The entry of the customer who was called, or is to be called later."""
    outcome: Outcome | None = None
    days: Annotated[int, Meta(ge=0, le=365)] | None = None
    """In how many days the customer is called next; None: as usual after this outcome."""
    duty_id: Id | None = None
    """Of the duty that is done, can't be, or is late."""
    seen: NodeId | None = None
    """The mark of what this changes, as its page showed it; None: whatever it is by now."""


class GivenCustomer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer of somebody who left, and who gets it."""

    registration_id: Id
    """The entry of whoever left."""
    consultant_id: NodeId
    """The receiver."""
    reason: Text


class CustomersGiven(Message, frozen=True, kw_only=True):
    """A manager gives the customers of somebody who left to colleagues, in one act (R4b)."""

    act_id: Id
    staff_id: NodeId
    """The manager."""
    from_staff_id: NodeId
    """Who left."""
    given: Annotated[tuple[GivenCustomer, ...], Meta(min_length=1, max_length=GIVEN_AT_MOST)]
    given_at: Moment
    sent_at: Moment | None = None
