"""What the hub and people's handhelds say to each other."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.messages.base import (
    Count,
    Id,
    Message,
    Moment,
    Name,
    NodeId,
    Phone,
    Plate,
    Plates,
    Text,
    Texts,
)
from shared.messages.rules import ExactlyOne

FOUND_AT_MOST = 50
"""Lines of an answer; whoever finds more asks more exactly."""


class Level(StrEnum):
    """How loudly an alert asks."""

    INFO = "info"
    NORMAL = "normal"
    URGENT = "urgent"


class CloseReason(StrEnum):
    """Why an alert is over."""

    CLAIMED = "claimed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PASSED_ON = "passed_on"
    """The person called cannot go; somebody else is called."""


class AckAnswer(StrEnum):
    """What a handheld says to an alert."""

    CLAIM = "claim"
    """This person goes («我来接待»)."""
    SHOWN = "shown"
    """The device shows it: nobody has said anything yet."""
    PASS_ON = "pass_on"
    """This person cannot go: the next, please."""


class AlertKind(StrEnum):
    """What an alert asks of whoever reads it."""

    CALL = "call"
    """To go to somebody: «我来接待»."""
    NOTICE = "notice"
    """To know: «知道了»."""
    TASK = "task"
    """To do something: done, or not possible."""


class Rung(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who was asked before, a person or a post, and did not go."""

    role: NodeId | None = None
    name: Text | None = None
    at: Moment
    has_passed: bool = False
    """They said that they can't go; else they did not answer."""


class Wording(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an alert says in one language."""

    title: Text
    text: Text
    speech: Text
    visitor: Text | None = None
    place: Text | None = None
    instead_of: Text | None = None


class Alert(Message, frozen=True, kw_only=True):
    """Somebody is told to act (提醒): one role or one person.

    What is said stands in the site's language, and in ``wordings`` in each reader's.
    """

    rules = (
        ExactlyOne(("role", "staff_id"), "an alert goes either to a `role` or to a `staff_id`"),
    )

    alert_id: Id
    visit_id: Id
    role: NodeId | None = None
    staff_id: NodeId | None = None
    level: Level = Level.NORMAL
    title: Text
    text: Text
    speech: Text
    plate: Text | None = None
    """As this role may see it."""
    actions: Texts = ()
    raised_at: Moment
    ack_due_at: Moment | None = None
    expires_at: Moment
    needs_claim: bool = True
    repeat: Count = 0
    """The same alert again because nobody answered: it rings anew."""
    visitor: Text | None = None
    """Name to greet by: ``张女士``."""
    surname: Text | None = None
    salutation: Text | None = None
    party_size: Count | None = None
    place: Text | None = None
    """Where the visitor is: ``停车场``, ``大厅``."""
    visitor_number: Text | None = None
    """Stands on the visitor's tablet."""
    instead_of: Text | None = None
    """Name of the person who was called before and did not answer."""
    arrival_id: Id | None = None
    """The car that a guard may correct."""
    candidates: Plates = ()
    """What an uncertain plate may be, likeliest first."""
    wordings: Mapping[Text, Wording] = {}
    """By the tag of a language: ``en``."""
    trace_id: Id | None = None
    """The message that raised it: an arrival, a check-in … None: time did."""
    kind: AlertKind = AlertKind.CALL
    ladder: Annotated[tuple[Rung, ...], Meta(max_length=20)] = ()
    """Who was asked before, in order."""
    answers_id: Id | None = None
    """The message of this very person that it answers."""


class AlertClosed(Message, frozen=True, kw_only=True):
    """An alert is over; whatever still rings for it falls silent."""

    alert_id: Id
    visit_id: Id
    reason: CloseReason
    by_staff_id: NodeId | None = None
    """Who goes, or who passed it on; if nobody answered in time, who is called next."""
    by_name: Text | None = None
    closed_at: Moment


class Say(Message, frozen=True, kw_only=True):
    """The sentence a radio would carry. Travels as plain text, not as JSON."""

    role: NodeId | None = None
    staff_id: NodeId | None = None
    text: Text


class Ack(Message, frozen=True, kw_only=True):
    """A handheld's answer to an alert; without ``answer`` the person takes it on («我来接待»)."""

    ack_id: Id
    alert_id: Id
    staff_id: NodeId
    acked_at: Moment
    device_id: Id | None = None
    answer: AckAnswer = AckAnswer.CLAIM
    sent_at: Moment | None = None


class Registration(Message, frozen=True, kw_only=True):
    """A consultant enters a customer (客户登记); append-only (R1 to R3)."""

    registration_id: Id
    staff_id: NodeId
    registered_at: Moment
    surname: Name | None = None
    salutation: Name | None = None
    phone: Phone | None = None
    plates: Plates = ()
    channel: Text | None = None
    visit_id: Id | None = None
    note: Text | None = None
    sent_at: Moment | None = None


class LookUp(Message, frozen=True, kw_only=True):
    """A person asks who a customer belongs to; the asking itself is logged (R3)."""

    look_up_id: Id
    staff_id: NodeId
    asked_at: Moment
    phone: Phone | None = None
    plate: Plate | None = None
    name: Name | None = None
    language: Text | None = None
    """Of the page that asks; None or one that is not ours: the site's."""
    sent_at: Moment | None = None


class Answer(Message, frozen=True, kw_only=True):
    """What a look-up found, masked by who asked."""

    look_up_id: Id
    staff_id: NodeId
    found: Annotated[tuple[Text, ...], Meta(max_length=FOUND_AT_MOST)]
    answered_at: Moment


class BookingKind(StrEnum):
    """What is expected."""

    VIP = "vip"
    APPOINTMENT = "appointment"
    REQUEST = "request"
    """A VIP's visit is asked for (接待申请); a manager approves it."""


class Booking(Message, frozen=True, kw_only=True):
    """A VIP or an appointment is expected (预约): by a plate or a phone, in a span of time."""

    booking_id: Id
    staff_id: NodeId
    kind: BookingKind
    booked_at: Moment
    starts_at: Moment
    ends_at: Moment | None = None
    host_id: NodeId | None = None
    """None: a manager receives."""
    phone: Phone | None = None
    plates: Plates = ()
    name: Name | None = None
    vip_level: Text | None = None
    """``A`` or ``B``."""
    is_exclusive: bool = False
    party_size: Annotated[int, Meta(ge=1, le=999)] | None = None
    rooms: Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(max_length=10)] = ()
    """Rooms and parking places that are theirs meanwhile."""
    note: Text | None = None
    sent_at: Moment | None = None
