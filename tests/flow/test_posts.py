"""Service during the visit: what a post reports, who is told next, when the bar is reminded."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import Staff
from broker.site_words import SiteWord, site_word
from shared.errors import MessageError
from shared.messages import (
    Alert,
    CloseReason,
    Correction,
    CorrectionTaken,
    Message,
    NodeKind,
    NodeStatus,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import ack, alerts, answers, closed, report, status, time_passes
from tests.hub_fixtures import PEOPLE, clocked
from tests.samples import NATURAL, arrival, departure

POSTS = ("gate", "bar", "showflat", "cart", "steward")
EVERYBODY = replace(
    PEOPLE,
    staff=(
        *PEOPLE.staff,
        *(Staff(id=post, name=post, roles=(post,), pin="7777") for post in POSTS),
    ),
)


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    """A site where every post is held by somebody."""
    return clocked(open_hub(tmp_path, EVERYBODY, Policy(), clock), clock)


def visit_id(hub: Hub) -> str:
    visit = hub.visits.of_arrival("a-1") or hub.visits.of_check_in("c-1")
    assert visit is not None
    return visit.visit_id


def reported(
    hub: Hub, kind: ReportKind, staff_id: str, number: int = 1, **more: object
) -> list[Message]:
    told = report(kind, staff_id, number, visit_id=visit_id(hub), **more)
    return answers(hub, replace(told, reported_at=hub.clock()))


def received(hub: Hub) -> None:
    """Li receives a visitor who came by car, and has answered the call."""
    answers(hub, arrival())
    told = alerts(answers(hub, replace(NATURAL, arrival_id="a-1", party_size=2)))
    answers(hub, ack(told["li"], "li"))


def titles(found: list[Message]) -> dict[str, str]:
    return {to: alert.title for to, alert in alerts(found).items()}


def test_parking_greets_and_the_door_hears_whom_to_greet(hub: Hub) -> None:
    told = alerts(answers(hub, arrival()))
    found = reported(
        hub,
        ReportKind.GREETED,
        "wu",
        surname="张",
        salutation="女士",
        party_size=2,
        needs=("umbrella",),
    )
    assert (told["parking"].alert_id, CloseReason.CLAIMED, "小吴") in closed(found)
    door = alerts(found)["door"]
    assert door.text == "浙A12345 张女士 2 位，需要雨伞 正走过来，请迎接"
    assert (door.visitor, door.party_size) == ("张女士", 2)
    assert hub.visits.get(visit_id(hub)).surname == "张"


def test_what_parking_heard_reaches_the_host(hub: Hub) -> None:
    answers(hub, arrival())
    reported(hub, ReportKind.GREETED, "wu", surname="张", salutation="女士", party_size=2)
    check_in = replace(NATURAL, arrival_id="a-1", visitor_number="23")
    host = alerts(answers(hub, check_in))["li"]
    assert (host.visitor, host.party_size, host.visitor_number) == ("张女士", 2, "23")
    assert host.place == "大厅"


def test_an_umbrella_and_a_drink_from_the_tablet_reach_their_posts(hub: Hub) -> None:
    wishes = replace(NATURAL, needs=("wheelchair",), drinks=("green_tea",), party_size=3)
    told = alerts(answers(hub, wishes))
    assert "轮椅" in told["parking"].text
    assert told["bar"].text == "大厅，客户 3 位，需要轮椅：绿茶"
    assert told["bar"].actions == ("claim", "served")
    assert told["bar"].plate is None


@pytest.mark.parametrize(
    ("language", "drinks"), [("en", "green tea, Longjing tea"), ("zh-TW", "綠茶、西湖龍井")]
)
def test_the_bar_reads_the_house_s_drinks_in_its_own_language(
    tmp_path: Path, clock: FakeClock, language: str, drinks: str
) -> None:
    """Whatever the tablet's visitor speaks; an older tablet sends the Chinese name."""
    longjing = SiteWord(key="longjing", zh_cn="西湖龙井", en="Longjing tea", zh_tw="西湖龍井")
    tea = replace(EVERYBODY, drinks=(SiteWord(key="green_tea"), longjing))
    hub = open_hub(tmp_path, tea, Policy(), clock, language)
    order = alerts(answers(hub, replace(NATURAL, drinks=("绿茶", "longjing"))))["bar"]
    assert order.text.endswith(drinks)
    assert not {"绿茶", "longjing"} & {*order.text.replace("、", " ").split()}
    seat = reported(hub, ReportKind.SEATED, "li", place="vip_room", drinks=("longjing",))
    assert site_word(hub.people.words, "vip_room", language) in alerts(seat)["bar"].text


def test_a_post_that_does_not_answer_is_named_as_the_house_names_it(
    tmp_path: Path, clock: FakeClock
) -> None:
    called = SiteWord(key="parking", zh_cn="泊车员", en="the valets")
    hub = open_hub(tmp_path, replace(EVERYBODY, posts=(called,)), Policy(), clock, "en")
    told = alerts(answers(hub, arrival()))
    answers(hub, ack(told["door"], "lin"))
    clock.pass_s(20)
    helped = alerts(time_passes(hub))["door"]
    assert helped.instead_of == "the valets"
    assert helped.wordings["zh-CN"].instead_of == "泊车员"


def test_a_seated_visitor_s_order_is_told_again_until_it_is_served(
    hub: Hub, clock: FakeClock
) -> None:
    received(hub)
    first = alerts(reported(hub, ReportKind.SEATED, "li", place="3号桌", drinks=("coffee",)))["bar"]
    assert first.text.startswith("3号桌，")
    answers(hub, ack(first, "bar"))  # taken, and forgotten
    clock.pass_s(299)
    assert "bar" not in alerts(time_passes(hub))
    clock.pass_s(1)
    again = alerts(time_passes(hub))["bar"]
    assert again.title == "饮品未送"
    found = reported(hub, ReportKind.SERVED, "bar", 2)
    assert (again.alert_id, CloseReason.CLAIMED, "bar") in closed(found)
    clock.pass_s(299)
    assert "bar" not in alerts(time_passes(hub))


def test_the_bar_is_reminded_every_ten_minutes_while_the_visitor_sits(
    hub: Hub, clock: FakeClock
) -> None:
    received(hub)
    reported(hub, ReportKind.SEATED, "li", place="3号桌")
    reported(hub, ReportKind.SERVED, "bar", 2)
    told = []
    for minute in range(1, 31):
        clock.pass_s(60)
        told += [minute for alert in first_rings(time_passes(hub)) if alert.title == "请续杯"]
    assert told == [10, 20, 30]
    found = reported(hub, ReportKind.SHOWFLAT, "li", 3)
    assert CloseReason.CANCELLED in {reason for _, reason, _ in closed(found)}
    clock.pass_s(1200)
    assert not [alert for alert in first_rings(time_passes(hub)) if alert.title == "请续杯"]


def first_rings(found: list[Message]) -> list[Alert]:
    return [message for message in found if isinstance(message, Alert) and not message.repeat]


def test_the_show_flat_and_the_cart_are_told_before_they_are_needed(hub: Hub) -> None:
    received(hub)
    flat = alerts(reported(hub, ReportKind.SHOWFLAT, "li"))["showflat"]
    assert flat.text == "客户 2 位来参观样板房，请做好准备"
    assert flat.actions == ("claim", "arrived", "left")
    cart = alerts(reported(hub, ReportKind.CART, "li", 2, place="售楼处门口"))["cart"]
    assert cart.text == "请到售楼处门口接 客户 2 位"
    found = reported(hub, ReportKind.LEFT, "cart", 3)
    assert (cart.alert_id, CloseReason.CLAIMED, "cart") in closed(found)
    assert titles(found) == {"showflat": "电瓶车已出发"}
    found = reported(hub, ReportKind.ARRIVED, "showflat", 4)
    assert (flat.alert_id, CloseReason.CLAIMED, "showflat") in closed(found)
    assert titles(reported(hub, ReportKind.LEFT, "showflat", 5)) == {"door": "客户离开样板房"}


def test_every_post_that_had_a_part_says_good_bye_and_nothing_stays_open(
    hub: Hub, clock: FakeClock
) -> None:
    received(hub)
    reported(hub, ReportKind.SEATED, "li")
    reported(hub, ReportKind.SHOWFLAT, "li", 2)
    assert alerts(answers(hub, departure("浙A12345"))).keys() == {"li"}
    told = alerts(reported(hub, ReportKind.LEFT, "li", 3))
    assert told.keys() == {"door", "parking", "gate", "bar", "showflat"}
    assert {alert.title for alert in told.values()} == {"客户离场"}
    assert all(not alert.needs_claim for alert in told.values())
    clock.pass_s(3600)
    assert alerts(time_passes(hub)) == {}
    assert alerts(reported(hub, ReportKind.SEATED, "li", 9)) == {}


def test_a_car_without_a_plate_is_told_to_parking_and_door(hub: Hub) -> None:
    told = alerts(answers(hub, report(ReportKind.NO_PLATE, "gate")))
    assert {alert.title for alert in told.values()} == {"无牌车到访"}
    assert told.keys() == {"parking", "door"}
    met = StaffReport(
        report_id="s-9",
        staff_id="wu",
        kind=ReportKind.GREETED,
        reported_at=NINE,
        visit_id=told["parking"].visit_id,
        surname="王",
    )
    assert alerts(answers(hub, met))["door"].visitor == "王"


def test_a_report_of_no_visitor_is_refused_in_words(hub: Hub) -> None:
    with pytest.raises(MessageError, match="of which visitor"):
        answers(hub, report(ReportKind.SEATED, "li"))


def test_a_guard_s_correction_calls_the_owner_whom_the_unsure_plate_could_not(hub: Hub) -> None:
    unsure = replace(arrival("浙A8B888"), is_uncertain=True, candidates=("浙A88888", "浙A8B888"))
    gate = next(
        message
        for message in answers(hub, unsure)
        if isinstance(message, Alert) and message.title == "请核对车牌"
    )
    assert gate.arrival_id == "a-1"
    assert gate.candidates == ("浙A88888", "浙A8B888")
    assert "correct" in gate.actions
    found = answers(
        hub,
        Correction(
            correction_id="x-1",
            gate_id="north",
            arrival_id="a-1",
            plate="浙A88888",
            corrected_by="gate",
            corrected_at=NINE,
        ),
    )
    assert (gate.alert_id, CloseReason.CLAIMED, "gate") in closed(found)
    (taken,) = (message for message in found if isinstance(message, CorrectionTaken))
    assert (taken.gate_id, taken.arrival_id, taken.plate) == ("north", "a-1", "浙A88888")
    assert alerts(found)["wang"].visitor == "张女士"
    assert "疑似" not in alerts(found)["parking"].text


def test_a_camera_that_fails_is_told_once_and_ends_when_it_sees_again(
    hub: Hub, clock: FakeClock
) -> None:
    def gate_says(problem: str | None) -> list[Message]:
        clock.pass_s(10)
        told = answers(hub, gate_status(clock, problem))
        return [*told, *time_passes(hub)]

    assert gate_says(None) == []
    told = alerts(gate_says("camera_offline"))
    assert told.keys() == {"gate", "manager"}
    assert told["gate"].text == "north：相机离线"
    answers(hub, ack(told["gate"], "gate"))
    assert gate_says("camera_offline") == []
    ended = closed(gate_says(None))
    assert (told["manager"].alert_id, CloseReason.CANCELLED, None) in ended


def test_a_gate_that_falls_silent_is_told_too(hub: Hub, clock: FakeClock) -> None:
    answers(hub, gate_status(clock, None))
    clock.pass_s(29)
    assert alerts(time_passes(hub)) == {}
    clock.pass_s(1)
    assert "道闸程序离线" in alerts(time_passes(hub))["manager"].text


def gate_status(clock: FakeClock, problem: str | None) -> NodeStatus:
    return replace(
        status("north"), kind=NodeKind.GATE, connected_at=None, at=clock.moment, problem=problem
    )
