"""What every program says of itself, what the hub has stored, and what it switches."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.messages.base import Count, Id, Message, Moment, NodeId, Ratio, Text


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


MOST_AHEAD_S = 10_000_000_000
"""Some centuries: a clock without a battery begins in 1970."""


WebAddress = Annotated[str, Meta(pattern=r"^https?://[!-~]{1,200}$(?!\n)")]


SceneValue = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.%:-]{0,39}$(?!\n)")]
"""What a device is set to: ``on``, ``off``, ``film``, ``22.5``; nobody's name."""


class Receipt(Message, frozen=True, kw_only=True):
    """The hub has read these messages and kept what counts: the sender may forget them."""

    node_id: NodeId
    ids: Annotated[tuple[Id, ...], Meta(max_length=100)]
    stored_at: Moment
    refused: Mapping[Text, Text] = {}
    """Why nothing follows from them, by the tag of a language; empty: nothing speaks against it."""
    heard: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()
    """These the hub acts on, but its disk is full or fails: the sender keeps them."""
    erased: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()
    """Whoever these name was erased: the sender no longer keeps them, nor sends them again."""


class DiskFigures(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The disk that a program writes to."""

    free_mb: Count
    total_mb: Count
    written_mb_a_day: Count | None = None
    """By everybody on the machine; None: not told, or too soon to say."""
    wear: Ratio | None = None
    """How much of its life is over; None: the device does not tell."""


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
    restore_id: Id | None = None
    """Of a hub: the latest restore of its file. After another one it lacks what came since, and
    gates and kiosks send again what they kept."""
    device_id: Id | None = None
    battery: Ratio | None = None
    round_trip_ms: Count | None = None
    clock_ahead_s: Annotated[int, Meta(ge=-MOST_AHEAD_S, le=MOST_AHEAD_S)] | None = None
    """Of a phone, which tells ``at`` by the hub's clock: how far its own is ahead of that."""
    machine: Id | None = None
    """Tells nodes with one clock from others: their machine's run; None: not said."""
    disk: DiskFigures | None = None
    unread: Count | None = None
    """Of a gate: the cars of the last hour whose plates it saw and could not read."""
    door: WebAddress | None = None
    """Of a kiosk: where a visitor's own phone comes in; another address soon, as its code shows."""
    enters_at: WebAddress | None = None
    """Of a kiosk: where the links of its tablets lead; None: no tablet comes in from elsewhere."""
    tablets: Annotated[Mapping[NodeId, Count], Meta(max_length=100)] = {}
    """Of a kiosk: the seconds since each tablet that has come in by a link asked for anything."""


class Scene(Message, frozen=True, kw_only=True):
    """A command to a device: lights, air conditioning and music for a VIP's arrival."""

    scene_id: Id
    name: NodeId
    """The device's."""
    is_on: bool
    """Whether it is anything but switched off; what it is set to says ``value``."""
    sent_at: Moment
    expires_at: Moment
    """It is never acted on after this."""
    value: SceneValue = "on"
    """``on``, ``off``, or whatever this device understands."""
    due_at: Moment | None = None
    """When it was due."""


class SceneState(Message, frozen=True, kw_only=True):
    """A device has done what it was told, and says what it is set to now."""

    scene_id: Id
    """Of the ``Scene`` that it was told."""
    name: NodeId
    value: SceneValue
    sent_at: Moment | None = None
    """None: it has no clock."""
