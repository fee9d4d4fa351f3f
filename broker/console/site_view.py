"""What the staff's pages know of the site: the hub implements ``Site``, the pages only read. Pure.

Nothing here is masked: the pages mask plates and phones where they show them (``masking.py``), so
that no caller can forget it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.messages import Level, NodeKind


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
    """Surname and salutation: ``张女士``."""
    host_name: str | None
    state: VisitState
    rule: str | None
    """The id of the rule that decided, e.g. ``R14``; None before a decision."""
    why: str | None
    """The decision in one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One place in the line (轮序), first called first."""

    staff_id: str
    name: str
    note: str | None = None
    """What keeps him from being called, or sets him first: ``接待中``, ``暂离``, ``补接``."""


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
    to: str
    """Whom it calls, as the office says it: ``李敏`` or ``停车场礼宾``."""
    level: Level
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The manager's page at one moment. ``visits`` newest first, ``line`` next first."""

    visits: tuple[VisitLine, ...] = ()
    line: tuple[TurnLine, ...] = ()
    nodes: tuple[NodeLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()


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

    def people(self) -> tuple[Person, ...]:
        """Everybody who may log in, in the order that the log-in page shows."""

    def mqtt_account(self, staff_id: str) -> MqttAccount:
        """The MQTT log-in of ``staff_id``.

        Raises:
            LookupError: there is none.
        """

    def overview(self) -> Overview:
        """How the site stands now."""
