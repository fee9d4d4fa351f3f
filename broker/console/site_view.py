"""What the staff's pages know of the site: the hub implements ``Site``, the pages only read. Pure.

Nothing here is masked: the pages mask plates and phones where they show them, so that no
caller can forget it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from broker.rules.line import Note
from broker.site_words import SiteWords
from shared.messages import BookingKind, Level, NodeKind


class VisitState(StrEnum):
    """How far a visit is."""

    ARRIVED = "arrived"
    """The gate saw the car; nobody has checked in yet."""
    WAITING = "waiting"
    """Checked in; nobody can receive yet (R25)."""
    CALLED = "called"
    """The host is called and has not taken it yet."""
    SERVING = "serving"
    FINISHED = "finished"


class Post(StrEnum):
    """Where a member of the staff is."""

    HERE = "here"
    CALLED = "called"
    """A visitor is his and he has not said yet that he comes."""
    SERVING = "serving"
    AWAY = "away"
    """Without leave: time runs (R23)."""
    EXCUSED = "excused"
    OFF = "off"
    """Has not started the day, or ended it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in. ``roles`` are role ids (岗位): ``consultant``, ``manager`` …"""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    pin: str = field(repr=False)
    """4 to 8 digits."""


@dataclass(frozen=True, slots=True)
class MqttAccount:
    """A person's log-in at the MQTT server."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One of today's visits (到访)."""

    visit_id: str
    came_at: datetime
    plate: str | None
    visitor: str | None
    """How staff call them, in the language that was asked for: ``张女士``, ``Ms 张``."""
    host_name: str | None
    state: VisitState
    rule: str | None
    """The id of the rule that decided, e.g. ``R14``; None before a decision."""
    why: str | None
    """The decision in one sentence, in the language that was asked for."""
    phone: str | None = None
    owner_id: str | None = None
    host_id: str | None = None
    """Who is called or receives; a manager's post counts as one."""
    surname: str | None = None
    salutation: str | None = None
    """As a form sends it: ``女士``."""


@dataclass(frozen=True, slots=True)
class CarLine:
    """A car that passed a gate lately, for the guard who knows better (更正)."""

    arrival_id: str
    gate_id: str
    seen_at: datetime
    plate: str
    candidates: tuple[str, ...] = ()
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A VIP or an appointment of today (预约)."""

    kind: BookingKind
    starts_at: datetime
    ends_at: datetime | None
    name: str | None
    level: str | None
    """``A`` or ``B``; None for an appointment."""
    host_name: str | None
    plates: tuple[str, ...] = ()
    has_come: bool = False


@dataclass(frozen=True, slots=True)
class PostLine:
    """One of the staff, and where he is."""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    post: Post
    since: datetime | None = None
    is_online: bool = False
    """His phone is heard."""
    note: str | None = None
    """Why he is away, as he said it."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a visitor went where he went, as one colleague may ask (为什么是我 / 不是我)."""

    rule: str
    sentence: str
    """The decision's own, in the language that was asked for."""
    reason: str
    """Why it was he who asks or was not: a key of ``broker/rules/why.py``."""
    host_name: str | None
    owner_name: str | None
    place: int | None
    """His place in the line at that moment."""


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One place in the line (轮序), first called first."""

    staff_id: str
    name: str
    note: Note | None = None
    """What keeps him from being called, or sets him first."""


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One program or handheld and when it was last heard."""

    node_id: str
    kind: NodeKind
    name: str
    is_online: bool
    seen_at: datetime | None
    """None: never heard since the hub's file began."""
    problem: str | None = None
    battery: float | None = None
    round_trip_ms: int | None = None
    device_id: str | None = None
    """Tells two phones with one person's account apart."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert that nobody has taken yet."""

    alert_id: str
    title: str
    text: str
    role: str | None
    """The post that it calls; None: a person."""
    name: str | None
    """The person whom it calls."""
    level: Level
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Somebody who is no customer (002): who is in, or came today."""

    kind: str
    name: str
    party_size: int
    whom: str | None
    number: str
    """What he types when he leaves."""
    came_at: datetime
    left_at: datetime | None
    """None: he is still in."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The site at one moment. ``visits`` newest first, ``line`` next first."""

    visits: tuple[VisitLine, ...] = ()
    line: tuple[TurnLine, ...] = ()
    nodes: tuple[NodeLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    posts: tuple[PostLine, ...] = ()
    cars: tuple[CarLine, ...] = ()
    """Newest first."""
    expected: tuple[ExpectedLine, ...] = ()
    """Of today, the earliest first."""
    others: tuple[OtherLine, ...] = ()
    """The latest first."""


class Site(Protocol):
    """What the hub tells the pages. Called from several threads at once."""

    @property
    def site(self) -> str:
        """The site's id: the level after ``yingbin/v1`` in every topic."""

    @property
    def site_name(self) -> str:
        """As the staff call it: ``西湖壹号``."""

    @property
    def is_demo(self) -> bool:
        """Whether the data is invented; the pages then say so."""

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone, for every time that is shown."""

    @property
    def mqtt_ws_port(self) -> int:
        """Where the MQTT server on this machine takes WebSocket connections."""

    @property
    def lan_host(self) -> str | None:
        """How phones reach this machine (``192.0.2.10``); None: as the manager's browser does."""

    @property
    def words(self) -> SiteWords:
        """The house's own words, such as its drinks and seats."""

    @property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of what a form offers, by kind: ``drinks``, ``seats`` …"""

    def people(self) -> tuple[Person, ...]:
        """Everybody who may log in, in the order that the log-in page shows."""

    def mqtt_account(self, staff_id: str) -> MqttAccount:
        """The MQTT log-in of ``staff_id``.

        Raises:
            LookupError: there is none.
        """

    def overview(self, language: str) -> Overview:
        """How the site stands now; sentences in this language."""

    def why(self, visit_id: str, staff_id: str, language: str) -> Why | None:
        """Why the visit went to ``staff_id`` or did not; None: not decided, or long ago."""
