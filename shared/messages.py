"""The messages that travel over MQTT: the whole contract between the programs.

Units are part of a name: ``_at`` is an aware moment, ``_s`` seconds, ``_ms`` milliseconds.
A message is written once and never changed; a correction is a new message. A field may be added
with a default; none is renamed or dropped without a ``v2``. Unknown fields are ignored.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]
Id = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$(?!\n)")]
"""Made by the sender; ours are UUID version 7."""
NodeId = Annotated[str, Meta(pattern=r"^[0-9a-z_-]{1,32}$(?!\n)")]
"""A gate, a kiosk, a person or a role: one level of a topic, so no ``/``, ``+`` or ``#``."""
Text = Annotated[str, Meta(max_length=500)]
Plate = Annotated[str, Meta(min_length=1, max_length=16)]
Phone = Annotated[str, Meta(pattern=r"^1[3-9]\d{9}$(?!\n)")]
Ratio = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]


class Direction(StrEnum):
    """Which way the car went."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


class Answer3(StrEnum):
    """A visitor's answer to one of the three questions (问岗三问)."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Evidence(StrEnum):
    """What shows that a consultant was in touch (000-3)."""

    NAME = "name"
    SMS = "sms"
    CARD = "card"
    WECHAT = "wechat"
    NONE = "none"


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


class NodeKind(StrEnum):
    """What a node is; each kind has a presence topic of its own."""

    GATE = "gate"
    KIOSK = "kiosk"
    STAFF = "staff"
    HUB = "hub"


class NodeState(StrEnum):
    """Whether a node is there. ``offline`` is also what its last will says."""

    ONLINE = "online"
    OFFLINE = "offline"


class ReportKind(StrEnum):
    """What a person reports of himself or of a visit."""

    AWAY = "away"
    BACK = "back"
    SERVING = "serving"
    FINISHED = "finished"
    STAND_IN = "stand_in"
    SERVED = "served"


class Message(Struct, frozen=True):
    """Base of everything that crosses MQTT."""


class Arrival(Message, frozen=True, kw_only=True):
    """A vehicle passed a gate (车辆到访)."""

    arrival_id: Id
    gate_id: NodeId
    seq: Count
    """Counts this gate's messages; order is judged by it, not by clocks."""
    seen_at: Moment
    """When the frame was taken that decided the plate."""
    sent_at: Moment
    plate: Plate
    raw_plate: Text
    kind: Text
    colour: Text
    confidence: Ratio
    """Of the least certain character."""
    characters: tuple[Ratio, ...]
    province_confidence: Ratio
    candidates: tuple[Plate, ...] = ()
    reads: Count = 1
    """Frames that voted."""
    direction: Direction = Direction.UNKNOWN
    is_incomplete: bool = False
    is_uncertain: bool = False
    is_corrected: bool = False
    image_id: Id | None = None
    text: Text = ""
    """The sentence that a radio would carry: ``浙A88888 到访``."""


class Departure(Message, frozen=True, kw_only=True):
    """A vehicle left through a gate (车辆离场)."""

    departure_id: Id
    gate_id: NodeId
    seq: Count
    seen_at: Moment
    sent_at: Moment
    plate: Plate
    confidence: Ratio
    image_id: Id | None = None


class Correction(Message, frozen=True, kw_only=True):
    """A person or the gate says what an arrival's plate really was; supersedes the arrival."""

    correction_id: Id
    gate_id: NodeId
    arrival_id: Id
    plate: Plate
    corrected_by: NodeId
    corrected_at: Moment


class CheckIn(Message, frozen=True, kw_only=True):
    """A visitor answered the questions on the tablet (到访登记)."""

    check_in_id: Id
    kiosk_id: NodeId
    seq: Count
    checked_in_at: Moment
    phone: Phone | None = None
    surname: Text | None = None
    salutation: Text | None = None
    plate: Plate | None = None
    party_size: Annotated[int, Meta(ge=1, le=99)] | None = None
    is_first_visit: Answer3 = Answer3.UNSURE
    family_visited: Answer3 = Answer3.UNSURE
    was_contacted: Answer3 = Answer3.UNSURE
    named_consultant_id: NodeId | None = None
    named_text: Text | None = None
    evidence: Evidence = Evidence.NONE
    arrival_id: Id | None = None
    """The visitor said "that car is ours"."""
    consented_at: Moment | None = None
    language: Text = "zh-CN"
    needs: tuple[Text, ...] = ()
    drinks: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """A phone number without consent is nobody's to send (PIPL art. 13)."""
        if self.phone is not None and self.consented_at is None:
            raise ValueError("a phone needs `consented_at`")


class Assignment(Message, frozen=True, kw_only=True):
    """Who comes for a visitor, for the tablet to show; holds nothing private of anyone else."""

    check_in_id: Id
    kiosk_id: NodeId
    visit_id: Id
    greeting: Text
    host_name: Text | None
    """None: nobody is free yet, the front desk arranges it."""
    host_picture: Text | None = None
    wait_hint: Text | None = None


class Receipt(Message, frozen=True, kw_only=True):
    """The hub has these messages in its file: the sender may forget them."""

    node_id: NodeId
    ids: tuple[Id, ...]
    stored_at: Moment


class Alert(Message, frozen=True, kw_only=True):
    """Somebody is told to act (提醒): one role or one person."""

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
    actions: tuple[Text, ...] = ()
    raised_at: Moment
    ack_due_at: Moment | None = None
    expires_at: Moment
    needs_claim: bool = True

    def __post_init__(self) -> None:
        """An alert has one address."""
        if (self.role is None) == (self.staff_id is None):
            raise ValueError("an alert goes either to a `role` or to a `staff_id`")


class AlertClosed(Message, frozen=True, kw_only=True):
    """An alert is over; whoever still rings for it falls silent."""

    alert_id: Id
    visit_id: Id
    reason: CloseReason
    by_staff_id: NodeId | None = None
    by_name: Text | None = None
    closed_at: Moment


class Say(Message, frozen=True, kw_only=True):
    """The sentence a radio would carry. Travels as plain text, not as JSON."""

    role: NodeId | None = None
    staff_id: NodeId | None = None
    text: Text


class Ack(Message, frozen=True, kw_only=True):
    """A person takes an alert on («我来接待»)."""

    ack_id: Id
    alert_id: Id
    staff_id: NodeId
    acked_at: Moment
    device_id: Id | None = None


class StaffReport(Message, frozen=True, kw_only=True):
    """What a person reports: away, back, serving, finished …"""

    report_id: Id
    staff_id: NodeId
    kind: ReportKind
    reported_at: Moment
    visit_id: Id | None = None
    for_staff_id: NodeId | None = None
    is_excused: bool = False
    note: Text | None = None


class Registration(Message, frozen=True, kw_only=True):
    """A consultant enters a customer (客户登记); append-only (R1 to R3)."""

    registration_id: Id
    staff_id: NodeId
    registered_at: Moment
    surname: Text | None = None
    salutation: Text | None = None
    phone: Phone | None = None
    plates: tuple[Plate, ...] = ()
    channel: Text | None = None
    visit_id: Id | None = None
    note: Text | None = None


class LookUp(Message, frozen=True, kw_only=True):
    """A person asks who a customer belongs to; the asking itself is logged (R3)."""

    look_up_id: Id
    staff_id: NodeId
    asked_at: Moment
    phone: Phone | None = None
    plate: Plate | None = None
    name: Text | None = None


class Answer(Message, frozen=True, kw_only=True):
    """What a look-up found, masked by who asked."""

    look_up_id: Id
    staff_id: NodeId
    found: tuple[Text, ...]
    answered_at: Moment


class NodeStatus(Message, frozen=True, kw_only=True):
    """Whether a node lives: retained, renewed by its heartbeat, replaced by its last will."""

    node_id: NodeId
    kind: NodeKind
    state: NodeState
    at: Moment
    version: Text = ""
    connected_at: Moment | None = None
    """When this connection was made; a new one makes the hub repeat what is still true."""
    waiting: Count = 0
    """Messages in its outbox."""
    problem: Text | None = None
    """What is wrong, e.g. ``camera_offline``."""
    device_id: Id | None = None
    battery: Ratio | None = None
    round_trip_ms: Count | None = None


class Scene(Message, frozen=True, kw_only=True):
    """Lights, air conditioning and music for a VIP's arrival."""

    scene_id: Id
    name: NodeId
    is_on: bool
    sent_at: Moment
    expires_at: Moment


class RosterEntry(Struct, frozen=True, kw_only=True):
    """A consultant as a visitor may know him: a name and a picture."""

    consultant_id: NodeId
    name: Text
    picture: Text | None = None


class Roster(Message, frozen=True, kw_only=True):
    """The consultants whom a visitor may name at the tablet; retained."""

    consultants: tuple[RosterEntry, ...]
    sent_at: Moment
