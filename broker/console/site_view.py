"""What the staff's pages know of the site. The hub implements ``Site``, the pages only read.

Nothing here is masked: whatever shows a plate or a phone masks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from broker.console.alert_view import AlertLine
from broker.console.cars_view import CarLine
from broker.console.case_view import CaseBook
from broker.console.clock_view import RefusedClock
from broker.console.dispute_view import Archive
from broker.console.duty_view import DutyBook
from broker.console.erased_view import ErasedLine
from broker.console.event_view import EventBook
from broker.console.expiring_view import ExpiringLine
from broker.console.first_view import FirstSteps
from broker.console.follow_up_view import FollowUpLine
from broker.console.imports_view import Imports
from broker.console.join_view import DeviceDesk
from broker.console.node_view import NodeLine as NodeLine
from broker.console.order_view import OrderLine
from broker.console.people_view import Person as Person
from broker.console.plan_view import ExpectedLine as ExpectedLine
from broker.console.plan_view import PlanBook
from broker.console.secure_view import Secure
from broker.console.settings_view import SettingsDesk
from broker.console.skip_view import SkipLine
from broker.console.why_view import Why as Why
from broker.mqtt_server.accounts import Account
from broker.rules.line import Note
from broker.site_words import SiteWords
from shared.disk import DiskState
from shared.messages import Brand


class VisitState(StrEnum):
    """The stage of a visit."""

    ARRIVED = "arrived"
    """The gate saw the car; nobody has checked in yet."""
    WAITING = "waiting"
    """Checked in; nobody can receive yet (R25)."""
    CALLED = "called"
    """The host is called and has not answered yet."""
    SERVING = "serving"
    FINISHED = "finished"


class Post(StrEnum):
    """Where a staff member is."""

    HERE = "here"
    CALLED = "called"
    """Is called to a visitor and has not answered yet."""
    SERVING = "serving"
    AWAY = "away"
    """Without leave: the time away counts (R23)."""
    EXCUSED = "excused"
    OFF = "off"
    """Has not started the day, or has ended it."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One of today's visits (到访)."""

    visit_id: str
    came_at: datetime
    plate: str | None
    visitor: str | None
    """What staff call the visitor, in the language that was asked for: ``张女士``, ``Ms 张``."""
    host_name: str | None
    state: VisitState
    rule: str | None
    """The id of the rule that decided, e.g. ``R14``; None before a decision."""
    why: str | None
    """The decision in one sentence, in the language that was asked for."""
    phone: str | None = None
    owner_id: str | None = None
    host_id: str | None = None
    """Who is called or receives: a staff id, or the manager's post."""
    surname: str | None = None
    salutation: str | None = None
    """As a form sends it: ``女士``."""
    is_departure_asked: bool = False
    """The car left, and the host is asked whether the visitor left too."""
    stood_in_for: str | None = None
    """Whose turn it is while a colleague stands in for them (R24)."""
    claimants: tuple[str, ...] = ()
    """Everybody whose claim on the visitor is in dispute (R15)."""
    number: str | None = None
    """What the tablet gave the visitor."""
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostLine:
    """A staff member, and where they are."""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    post: Post
    since: datetime | None = None
    is_online: bool = False
    """Whether their phone is online."""
    note: str | None = None
    """Why they are away, in their words."""


@dataclass(frozen=True, slots=True)
class TurnLine:
    """A place in the line (轮序); whoever is called first comes first."""

    staff_id: str
    name: str
    note: Note | None = None
    """What keeps the consultant from being called, or puts them first."""


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Somebody who is not a customer (002) and came today or is still in."""

    kind: str
    name: str
    party_size: int
    whom: str | None
    number: str
    """What they type when they leave."""
    came_at: datetime
    left_at: datetime | None
    """None: still in."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The site at one moment. ``visits``: newest first; ``line``: next to be called first."""

    visits: tuple[VisitLine, ...] = ()
    line: tuple[TurnLine, ...] = ()
    order_mark: str = ""
    """Of the day's order: whoever sets another says which one they saw."""
    nodes: tuple[NodeLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    posts: tuple[PostLine, ...] = ()
    cars: tuple[CarLine, ...] = ()
    """Newest first."""
    expected: tuple[ExpectedLine, ...] = ()
    """Today's, the earliest first."""
    others: tuple[OtherLine, ...] = ()
    """The latest first."""
    skips: tuple[SkipLine, ...] = ()
    """Today's."""
    orders: tuple[OrderLine, ...] = ()
    """What the bar has to bring, the longest waiting first."""
    clock: RefusedClock | None = None
    erased: ErasedLine | None = None


class Site(Protocol):
    """What the hub tells the pages. Several threads call it at once."""

    @property
    def site(self) -> str:
        """The site's id, which follows ``yingbin/v1`` in every topic."""

    @property
    def site_name(self) -> str:
        """The name that the staff use: ``西湖壹号``."""

    @property
    def is_demo(self) -> bool:
        """Whether the data is invented, which the pages then say."""

    @property
    def worn(self) -> tuple[Brand, str | None]:
        """How the house shows itself to visitors, and the folder with the files of it."""

    @property
    def disk(self) -> DiskState | None:
        """What is wrong with the disk under the hub's file; None: nothing."""

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone, in which every time is shown."""

    @property
    def mqtt_ws_port(self) -> int:
        """The port of the MQTT server on this machine for WebSocket connections."""

    @property
    def secure(self) -> Secure | None:
        """Where the site serves with TLS; None: nowhere."""

    @property
    def lan_host(self) -> str | None:
        """Where phones reach this machine: ``192.0.2.10``; None if that is not known."""

    @property
    def words(self) -> SiteWords:
        """The site's own words, such as its drinks and seats."""

    @property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of what the forms offer, by kind: ``drinks``, ``seats`` …"""

    @property
    def archive(self) -> Archive:
        """What the hub's file tells of the past."""

    @property
    def settings(self) -> SettingsDesk:
        """What the site chose, and how it is changed."""

    @property
    def imports(self) -> Imports:
        """Tables of customers."""

    @property
    def cases(self) -> CaseBook:
        """Enquiries, complaints, repairs and what else somebody has to see to."""

    @property
    def duties(self) -> DutyBook:
        """What is due at the posts."""

    @property
    def plans(self) -> PlanBook:
        """Who is expected, and what is asked for."""

    @property
    def events(self) -> EventBook:
        """Days to which many are invited."""

    @property
    def devices(self) -> DeviceDesk:
        """What a device that joins is given."""

    @property
    def first_steps(self) -> FirstSteps:
        """What a new site has done already."""

    def refused_clock(self) -> RefusedClock | None:
        """The machine's clock, if the hub does not go by it."""

    def people(self) -> tuple[Person, ...]:
        """Everybody who may log in, in the order of the log-in page."""

    def leavers(self) -> tuple[Person, ...]:
        """Who left the company, to tell them so."""

    def await_account(self, account: Account) -> None:
        """Return when the MQTT server lets this account in, or does not for a long time."""

    def sign_out(self, staff_id: str, by: str) -> None:
        """End all log-ins of ``staff_id``; ``by`` is who asks.

        Raises:
            TimeoutError: the hub is busy; it will still do it.
        """

    def overview(self, language: str) -> Overview:
        """The site now, with sentences in ``language``."""

    def expected(self, booking_id: str) -> ExpectedLine | None:
        """The VIP or appointment of today or later with this booking; None: there is none."""

    def bookings(self, host_id: str) -> tuple[ExpectedLine, ...]:
        """Who is expected by this host, today or later, and has not come; the earliest first."""

    def follow_ups(self, staff_id: str | None, language: str) -> tuple[FollowUpLine, ...]:
        """Whom this owner has to call; None: whom all owners have to."""

    def expiring(self, staff_id: str | None, language: str) -> tuple[ExpiringLine, ...]:
        """This owner's customers (None: everybody's) whose protection ends soon."""

    def why(self, visit_id: str, staff_id: str, language: str) -> Why | None:
        """Why the visit went to ``staff_id`` or not; None if it is not decided, or was long ago."""
