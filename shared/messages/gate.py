"""What a gate says: cars that came, left, and what their plates really were."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.messages.base import Count, Id, Message, Moment, NodeId, Plate, Plates, Ratio, Text


class Direction(StrEnum):
    """Which way the car went."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


class ArrivalDetails(Struct, frozen=True, kw_only=True):
    """Where an arrival comes from that another maker's camera read."""

    source: NodeId
    """The vendor, as ``gate.toml`` names it."""
    vendor_id: Annotated[str, Meta(max_length=500)]
    """The vendor's own id of the result: its camera, a number, a moment; nobody's data."""


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
    """That of the least certain character."""
    characters: Annotated[tuple[Ratio, ...], Meta(max_length=20)]
    province_confidence: Ratio
    candidates: Plates = ()
    reads: Count = 1
    """How many frames voted."""
    direction: Direction = Direction.UNKNOWN
    is_incomplete: bool = False
    is_uncertain: bool = False
    is_corrected: bool = False
    image_id: Id | None = None
    text: Text = ""
    """The sentence that a radio would carry: ``浙A88888 到访``."""
    details: ArrivalDetails | None = None
    """None: our own reader read it."""


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
    sent_at: Moment | None = None


class CorrectionTaken(Message, frozen=True, kw_only=True):
    """The hub took a person's word on what a gate had read: its reader can learn from it."""

    gate_id: NodeId
    arrival_id: Id
    plate: Plate
    corrected_at: Moment


Base64 = Annotated[str, Meta(max_length=60_000, pattern=r"^[A-Za-z0-9+/]+={0,2}$(?!\n)")]


class PictureAsked(Message, frozen=True, kw_only=True):
    """The hub asks a gate what its camera sees now: a manager looks."""

    gate_id: NodeId
    asked_id: Id
    asked_at: Moment


class GatePicture(Message, frozen=True, kw_only=True):
    """What a gate's camera sees, because it was asked: nobody keeps it."""

    gate_id: NodeId
    asked_id: Id
    taken_at: Moment
    jpeg: Base64
