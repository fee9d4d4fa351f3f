"""The messages that travel over MQTT: the whole contract between the programs.

Units are part of a name: ``_at`` is an aware moment, ``_s`` seconds, ``_ms`` milliseconds.
A message is written once and never changed; a correction is a new message. A field may be added
with a default; none is renamed or dropped without a ``v2``. Unknown fields are ignored.
"""

from shared.messages.base import Count, Id, Message, Moment, NodeId, Phone, Plate, Ratio, Text
from shared.messages.gate import Arrival, Correction, Departure, Direction
from shared.messages.node import NodeKind, NodeState, NodeStatus, Receipt, Scene
from shared.messages.staff import (
    Ack,
    AckAnswer,
    Alert,
    AlertClosed,
    Answer,
    Booking,
    BookingKind,
    CloseReason,
    Level,
    LookUp,
    Registration,
    ReportKind,
    Say,
    StaffReport,
)
from shared.messages.visitor import (
    Answer3,
    Assignment,
    CheckIn,
    Evidence,
    OfferedCar,
    RecentArrivals,
    Roster,
    RosterEntry,
    ServiceKind,
    ServiceVisit,
    ServiceVisitEnd,
)

__all__ = [
    "Ack",
    "AckAnswer",
    "Alert",
    "AlertClosed",
    "Answer",
    "Answer3",
    "Arrival",
    "Assignment",
    "Booking",
    "BookingKind",
    "CheckIn",
    "CloseReason",
    "Correction",
    "Count",
    "Departure",
    "Direction",
    "Evidence",
    "Id",
    "Level",
    "LookUp",
    "Message",
    "Moment",
    "NodeId",
    "NodeKind",
    "NodeState",
    "NodeStatus",
    "OfferedCar",
    "Phone",
    "Plate",
    "Ratio",
    "Receipt",
    "RecentArrivals",
    "Registration",
    "ReportKind",
    "Roster",
    "RosterEntry",
    "Say",
    "Scene",
    "ServiceKind",
    "ServiceVisit",
    "ServiceVisitEnd",
    "StaffReport",
    "Text",
]
