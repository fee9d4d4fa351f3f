"""Where each of the staff is, and who is expected, as the pages are told."""

from datetime import timedelta

from broker.console.site_view import Post, PostLine
from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from shared.messages import (
    Booking,
    BookingKind,
    NodeKind,
    NodeState,
    NodeStatus,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import ack, alerts, answers, unauthorised
from tests.samples import NATURAL, arrival


def posts(site: HubSite) -> dict[str, PostLine]:
    return {person.staff_id: person for person in site.overview("zh-CN").posts}


def report(kind: ReportKind, **fields: object) -> StaffReport:
    plain = {"report_id": f"r-{kind}", "staff_id": "li", "kind": kind, "reported_at": NINE}
    return StaffReport(**(plain | fields))  # type: ignore[arg-type]


def test_a_consultant_is_called_then_serves_then_is_at_the_post(hub: Hub, site: HubSite) -> None:
    assert posts(site)["li"].post is Post.HERE
    told = alerts(answers(hub, NATURAL))
    assert (posts(site)["li"].post, posts(site)["li"].since) == (Post.CALLED, NINE)
    answers(hub, ack(told["li"], "li"))
    assert (posts(site)["li"].post, posts(site)["li"].since) == (Post.SERVING, NINE)
    answers(hub, report(ReportKind.FINISHED))
    assert posts(site)["li"].post is Post.HERE


def test_who_is_away_is_shown_with_the_reason_until_they_are_back(hub: Hub, site: HubSite) -> None:
    answers(hub, report(ReportKind.AWAY, note="用餐", is_excused=True))
    away = posts(site)["li"]
    assert (away.post, away.note) == (Post.AWAY, "用餐"), "leave is the manager's to grant"
    grant = {"staff_id": "chen", "for_staff_id": "li", "is_excused": True, "report_id": "r-2"}
    answers(hub, report(ReportKind.AWAY, **grant))
    assert (posts(site)["li"].post, posts(site)["li"].note) == (Post.EXCUSED, "用餐")
    answers(hub, report(ReportKind.BACK))
    assert (posts(site)["li"].post, posts(site)["li"].note) == (Post.HERE, None)
    answers(hub, report(ReportKind.LEAVE))
    assert posts(site)["li"].post is Post.OFF


def test_other_posts_are_there_while_their_phone_is_heard(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    assert posts(site)["wu"].post is Post.OFF
    answers(hub, NodeStatus(node_id="wu", kind=NodeKind.STAFF, state=NodeState.ONLINE, at=NINE))
    assert (posts(site)["wu"].post, posts(site)["wu"].is_online) == (Post.HERE, True)
    clock.pass_s(31)
    assert posts(site)["wu"].post is Post.OFF


def test_a_manager_sends_a_stand_in_and_nobody_else_may(hub: Hub, site: HubSite) -> None:
    answers(hub, NATURAL)
    sent = {"for_staff_id": "li", "by_staff_id": "wang"}
    assert unauthorised(answers(hub, report(ReportKind.STAND_IN, staff_id="lin", **sent)))
    assert site.overview("zh-CN").visits[0].host_name == "李敏"
    answers(hub, report(ReportKind.STAND_IN, staff_id="chen", report_id="r-9", **sent))
    (visit,) = site.overview("zh-CN").visits
    assert (visit.host_name, visit.rule) == ("王强", "R24")


def test_who_is_expected_today_is_listed_and_marked_when_they_came(hub: Hub, site: HubSite) -> None:
    booking = Booking(
        booking_id="b-1",
        staff_id="chen",
        kind=BookingKind.VIP,
        booked_at=NINE,
        starts_at=NINE + timedelta(hours=1),
        host_id="wang",
        plates=("沪A88888",),
        name="陈总",
        vip_level="A",
    )
    answers(hub, booking)
    (expected,) = site.overview("zh-CN").expected
    assert (expected.kind, expected.name, expected.level) == (BookingKind.VIP, "陈总", "A")
    assert (expected.host_name, expected.plates, expected.has_come) == (
        "王强",
        ("沪A88888",),
        False,
    )


def test_the_cars_of_the_last_two_hours_are_listed_newest_first(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    answers(hub, arrival("浙A12345", 1))
    answers(hub, arrival("浙A88888", 2))
    assert [(car.plate, car.gate_id) for car in site.overview("zh-CN").cars] == [
        ("浙A88888", "north"),
        ("浙A12345", "north"),
    ]
    clock.pass_s(2 * 3600 + 1)
    assert site.overview("zh-CN").cars == ()


def test_the_hub_tells_why_in_the_language_of_who_asks(hub: Hub, site: HubSite) -> None:
    answers(hub, NATURAL)
    (visit,) = site.overview("zh-CN").visits
    mine, other = site.why(visit.visit_id, "li", "zh-CN"), site.why(visit.visit_id, "wang", "en")
    assert mine is not None
    assert other is not None
    assert (mine.reason, mine.rule, mine.sentence) == ("host", "R14", visit.why)
    (visit,) = site.overview("zh-TW").visits
    assert visit.why == "自然到訪，按輪序由李敏接待。"
    assert (other.reason, other.host_name, other.place) == ("behind", "李敏", 2)
    assert other.sentence == "A natural visit; 李敏 receives by rotation."
    assert site.why("nobody", "li", "zh-CN") is None
