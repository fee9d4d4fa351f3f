"""A site for the pages' tests: four people, three visits, a standing clock. All invented."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from broker.console.alert_view import AlertLine
from broker.console.cars_view import CarLine
from broker.console.clock_view import RefusedClock
from broker.console.expiring_view import ExpiringLine
from broker.console.follow_up_view import FollowUpLine
from broker.console.secure_view import Secure
from broker.console.site_view import (
    ExpectedLine,
    NodeLine,
    Overview,
    Person,
    Post,
    PostLine,
    TurnLine,
    VisitLine,
    VisitState,
    Why,
)
from broker.console.skip_view import SkipLine
from broker.mqtt_server.accounts import Account
from broker.rules.line import Note
from broker.site_words import SiteWords, usual_words
from shared.disk import DiskState
from shared.messages import BookingKind, Brand, Level, NodeKind
from tests.broker.console.fake_archive import FakeArchive
from tests.broker.console.fake_cases import FakeCases
from tests.broker.console.fake_devices import FakeDevices, FakeFirstSteps
from tests.broker.console.fake_duties import FakeDuties
from tests.broker.console.fake_events import FakeEvents
from tests.broker.console.fake_plans import FakePlans
from tests.broker.console.fake_settings import FakeImports, FakeSettingsDesk

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 at the site."""
LI = Person("li", "李敏", ("consultant",), "1357")
ZHAO = Person("zhao", "赵磊", ("consultant",), "2468")
CHEN = Person("chen", "陈静", ("manager", "steward"), "8642")
SUN = Person("sun", "孙立", ("parking",), "7531")
OTHERS = tuple(
    Person(f"post-{role}", name, (role,), pin)
    for role, name, pin in (
        ("gate", "老周", "3141"),
        ("door", "小林", "3142"),
        ("steward", "小何", "3143"),
        ("bar", "小许", "3144"),
        ("showflat", "小沈", "3145"),
        ("cart", "老韩", "3146"),
        ("desk", "小冯", "3147"),
        ("security", "老魏", "3148"),
        ("cleaning", "周姐", "3149"),
        ("engineering", "赵工", "3150"),
    )
)
"""A person for each post that is still without one; only some sites have them."""


class StandingClock:
    """A clock that moves only when a test says so."""

    def __init__(self, moment: datetime = NINE) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def running_s(self) -> float:
        """The stopwatch."""
        return (self.moment - NINE).total_seconds()

    def forward(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.moment += timedelta(seconds=seconds)


def busy_morning(now: datetime = NINE) -> Overview:
    """What the manager sees on an ordinary morning; nothing in it is masked yet."""
    ago = [now - timedelta(minutes=minutes) for minutes in range(60)]
    serving, called, waiting = VisitState.SERVING, VisitState.CALLED, VisitState.WAITING
    why_li = "浙A88888 由李敏于 11 月 10 日接待登记，仍在有效跟踪期内。"
    why_none = "手机 13800138000 无登记，在场顾问都在接待，先到先得。"
    natural = "三问均为否，自然到访，按轮序由赵磊接待。"
    return Overview(
        order_mark="0a1b2c3d4e5f6071",
        visits=(
            VisitLine("v3", ago[1], None, "刘先生", None, waiting, "R25", why_none),
            VisitLine(
                *("v2", ago[3], "粤BD12345", "王先生", "赵磊", called, "R14", natural),
                *("13900139000", "zhao", "zhao", "王", "先生"),
            ),
            VisitLine(
                *("v1", ago[12], "浙A88888", "张女士", "李敏", serving, "R6", why_li),
                *("13800138000", "li", "li", "张", "女士"),
            ),
        ),
        line=(TurnLine("zhao", "赵磊"), TurnLine("li", "李敏", Note.RECEIVING)),
        nodes=nodes_heard(ago),
        alerts=(unanswered(ago[1]),),
        posts=staff_at_work(ago),
        cars=(
            CarLine("car-2", "north", ago[1], "浙A8888B", ("浙A88888", "浙A8888B"), True),
            CarLine("car-1", "north", ago[12], "浙A88888"),
        ),
        expected=expected_today(ago[0]),
        skips=(SkipLine("v3", "li", "李敏", "刘先生"),),
    )


def unanswered(at: datetime) -> AlertLine:
    """Nobody has come to this visitor."""
    return AlertLine(
        alert_id="a1",
        title="无人接待",
        text="粤BD12345 13800138000 到访",
        role="manager",
        name=None,
        level=Level.URGENT,
        raised_at=at,
    )


def nodes_heard(ago: list[datetime]) -> tuple[NodeLine, ...]:
    """Gate, kiosk and two phones; ``ago`` by minutes."""
    return (
        NodeLine("north", NodeKind.GATE, "北门", True, ago[0] - timedelta(seconds=4)),
        NodeLine("lobby", NodeKind.KIOSK, "大厅", False, ago[7]),
        NodeLine("li", NodeKind.STAFF, "李敏", True, ago[0], None, 0.82, 14),
        NodeLine("zhao", NodeKind.STAFF, "赵磊", True, ago[0], "sound_off", 0.15, 22),
    )


def staff_at_work(ago: list[datetime]) -> tuple[PostLine, ...]:
    """Who is where; ``ago`` by minutes."""
    return (
        PostLine("li", "李敏", ("consultant",), Post.SERVING, ago[12], is_online=True),
        PostLine("zhao", "赵磊", ("consultant",), Post.CALLED, ago[0], True),
        PostLine("chen", "陈静", ("manager", "steward"), Post.HERE, is_online=True),
        PostLine("sun", "孙立", ("parking",), Post.OFF),
    )


def expected_today(now: datetime) -> tuple[ExpectedLine, ...]:
    """A VIP who is still to come, and an appointment that came."""
    return (
        ExpectedLine(
            *(BookingKind.VIP, now + timedelta(minutes=40), None, "陈总", "A", "李敏"),
            plates=("沪A88888",),
        ),
        ExpectedLine(
            *(BookingKind.APPOINTMENT, now - timedelta(minutes=30), now, "周女士", None, "赵磊"),
            has_come=True,
        ),
    )


def reasons_of_the_morning() -> dict[tuple[str, str], Why]:
    """Why v1 went to 李敏, as 李敏 and 赵磊 are told."""
    sentence = "浙A88888 由李敏于 11 月 10 日登记，手机 13800138000，归属李敏，由李敏接待。"
    owned = Why("R6", sentence, "owned", "李敏", "李敏", 2)
    return {("v1", "zhao"): owned, ("v1", "li"): replace(owned, reason="host", place=None)}


OFFERED = {
    "drinks": ("green_tea", "black_tea", "coffee", "lemonade", "warm_water"),
    "seats": ("talks_area", "model_area", "vip_room"),
    "pick_ups": ("front_door", "show_flat", "car_park"),
    "away_reasons": ("meal", "restroom", "out"),
}


@dataclass
class FakeSite:
    """See Site."""

    site: str = "xihu"
    site_name: str = "西湖壹号"
    is_demo: bool = True
    worn: tuple[Brand, str | None] = (Brand(), None)
    disk: DiskState | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    mqtt_ws_port: int = 1884
    secure: Secure | None = None
    lan_host: str | None = "192.0.2.10"
    words: SiteWords = field(default_factory=usual_words)
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: OFFERED)
    staff: tuple[Person, ...] = (LI, ZHAO, CHEN, SUN)
    gone: tuple[Person, ...] = ()
    soon_over: tuple[tuple[str, ExpiringLine], ...] = ()
    """Owners, and their customers whose protection ends soon."""
    to_call: tuple[FollowUpLine, ...] = ()
    """李敏's customers to be called."""
    view: Overview = field(default_factory=busy_morning)
    admit: Callable[[Account], object] = lambda _account: None
    """What the MQTT server does with the account of a page."""
    signed_out: list[tuple[str, str]] = field(default_factory=list)
    """Whose log-ins were ended, and by whom."""
    reasons: dict[tuple[str, str], Why] = field(default_factory=reasons_of_the_morning)
    cases: FakeCases = field(default_factory=FakeCases)
    duties: FakeDuties = field(default_factory=FakeDuties)
    plans: FakePlans = field(default_factory=FakePlans)
    events: FakeEvents = field(default_factory=FakeEvents)
    devices: FakeDevices = field(default_factory=FakeDevices)
    first_steps: FakeFirstSteps = field(default_factory=FakeFirstSteps)
    archive: FakeArchive = field(default_factory=FakeArchive)
    settings: FakeSettingsDesk = field(default_factory=FakeSettingsDesk)
    imports: FakeImports = field(default_factory=FakeImports)
    asked_in: list[str] = field(default_factory=list)
    """The languages in which somebody asked why."""

    def refused_clock(self) -> RefusedClock | None:
        """See Site."""
        return self.view.clock

    def people(self) -> tuple[Person, ...]:
        """See Site."""
        return self.staff

    def leavers(self) -> tuple[Person, ...]:
        """See Site."""
        return self.gone

    def await_account(self, account: Account) -> None:
        """See Site."""
        self.admit(account)

    def sign_out(self, staff_id: str, by: str) -> None:
        """See Site."""
        self.signed_out.append((staff_id, by))

    def overview(self, _language: str = "zh-CN") -> Overview:
        """See Site."""
        return self.view

    def expected(self, booking_id: str) -> ExpectedLine | None:
        """See Site."""
        lines = (line for line in self.view.expected if line.booking_id == booking_id)
        return next(lines, None)

    def bookings(self, host_id: str) -> tuple[ExpectedLine, ...]:
        """See Site."""
        names = {person.name for person in self.staff if person.staff_id == host_id}
        return tuple(line for line in self.view.expected if line.host_name in names)

    def follow_ups(self, staff_id: str | None, _language: str) -> tuple[FollowUpLine, ...]:
        """See Site."""
        return self.to_call if staff_id in (None, "li") else ()

    def expiring(self, staff_id: str | None, _language: str) -> tuple[ExpiringLine, ...]:
        """See Site."""
        return tuple(line for owner, line in self.soon_over if staff_id in (None, owner))

    def why(self, visit_id: str, staff_id: str, language: str) -> Why | None:
        """See Site."""
        self.asked_in.append(language)
        return self.reasons.get((visit_id, staff_id))
