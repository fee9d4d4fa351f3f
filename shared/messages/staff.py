"""What the hub and people's handhelds say to each other."""

from enum import StrEnum

from shared.messages.base import Id, Message, Moment, NodeId, Phone, Plate, Text


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


class ReportKind(StrEnum):
    """What a person reports of himself or of a visit."""

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
    """A manager's: the visit's customer belongs to ``for_staff_id``; ``note`` is the reason."""
    SET_ORDER = "set_order"
    """A manager's: today's line is ``order``."""


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
    order: tuple[NodeId, ...] = ()


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


class BookingKind(StrEnum):
    """What is expected."""

    VIP = "vip"
    APPOINTMENT = "appointment"


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
    plates: tuple[Plate, ...] = ()
    name: Text | None = None
    vip_level: Text | None = None
    """``A`` or ``B``."""
    is_exclusive: bool = False
