"""Message to message: what the hub answers, with its real file and no network."""

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from shared.messages import (
    Alert,
    AlertClosed,
    Assignment,
    CloseReason,
    Direction,
    Message,
    NodeKind,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import (
    ack,
    alerts,
    answers,
    closed,
    count,
    line,
    phones_come_online,
    status,
    time_passes,
    unauthorised,
)
from tests.samples import NATURAL, arrival


def test_a_known_plate_calls_its_owner_by_the_customer_s_name(hub: Hub) -> None:
    told = alerts(answers(hub, arrival("浙A88888")))
    assert told.keys() == {"parking", "door", "wang"}
    assert "张女士" in told["wang"].text


def test_an_unknown_plate_makes_the_next_in_line_ready_and_costs_no_turn(hub: Hub) -> None:
    before = line(hub)
    assert alerts(answers(hub, arrival())).keys() == {"parking", "door", "li"}
    assert line(hub) == before


def test_a_look_alike_plate_never_names_an_owner(hub: Hub) -> None:
    told = alerts(answers(hub, replace(arrival("浙A88888"), is_uncertain=True)))
    assert "wang" not in told
    assert all("张" not in alert.text for alert in told.values())


def test_an_arrival_delivered_twice_rings_once(hub: Hub) -> None:
    answers(hub, arrival())
    assert answers(hub, arrival()) == []
    assert count(hub, "arrivals") == 1


def test_an_arrival_of_three_days_ago_is_stored_and_rings_nowhere(
    hub: Hub, clock: FakeClock
) -> None:
    clock.pass_s(3 * 86_400)
    assert answers(hub, replace(arrival(), sent_at=clock())) == []
    assert [row["late"] for row in hub.inbox.db.table("arrivals").rows] == [1]


def test_a_car_on_its_way_out_rings_nowhere(hub: Hub) -> None:
    assert answers(hub, replace(arrival(), direction=Direction.OUT)) == []


def test_a_natural_visitor_goes_to_the_first_in_line_whom_the_tablet_names(hub: Hub) -> None:
    phones_come_online(hub, "li")
    assignment, *rest = answers(hub, NATURAL)
    assert isinstance(assignment, Assignment)
    assert (assignment.check_in_id, assignment.host_name) == ("c-1", "李敏")
    assert alerts(rest).keys() == {"li", "door"}
    assert line(hub) == ("wang",)


def test_a_returning_phone_goes_to_its_owner_and_costs_no_turn(hub: Hub) -> None:
    phones_come_online(hub, "wang")
    before = line(hub)
    known = replace(NATURAL, phone="13800138000", consented_at=NINE)
    assignment = answers(hub, known)[0]
    assert isinstance(assignment, Assignment)
    assert assignment.host_name == "王强"
    assert line(hub) == before


def test_a_check_in_joins_the_visit_of_its_car_and_ends_the_first_alerts(hub: Hub) -> None:
    told = alerts(answers(hub, arrival()))
    found = answers(hub, replace(NATURAL, arrival_id="a-1"))
    assert count(hub, "visits") == 1
    assert {alert_id for alert_id, _, _ in closed(found)} == {
        alert.alert_id for alert in told.values()
    }
    assert alerts(found)["li"].plate == "浙A12345"


def test_the_tablet_never_learns_a_name_that_the_visitor_did_not_give(hub: Hub) -> None:
    answers(hub, arrival("浙A88888"))
    assignment = answers(hub, replace(NATURAL, arrival_id="a-1"))[0]
    assert isinstance(assignment, Assignment)
    assert "张" not in assignment.greeting


@pytest.mark.parametrize(
    ("language", "greeting", "manager"),
    [
        ("zh-CN", "王先生，您好", "值班经理"),
        ("en", "Welcome, Mr 王", "The manager on duty"),
        ("zh-TW", "王先生，您好", "值班經理"),
        ("fr", "王先生，您好", "值班经理"),
    ],
)
def test_the_tablet_speaks_the_visitor_s_language(
    hub: Hub, clock: FakeClock, language: str, greeting: str, manager: str
) -> None:
    clock.pass_s(14 * 3600)  # closed: a manager receives
    phones_come_online(hub, "chen")
    asked = replace(NATURAL, surname="王", salutation="先生", language=language)
    found = answers(hub, replace(asked, checked_in_at=clock.moment))
    (assigned,) = (message for message in found if isinstance(message, Assignment))
    assert (assigned.greeting, assigned.host_name) == (greeting, manager)


def test_a_check_in_sent_again_is_decided_once_and_answered_again(hub: Hub) -> None:
    first = answers(hub, NATURAL)[0]
    assert answers(hub, NATURAL) == [first]
    assert line(hub) == ("wang",)


def test_a_check_in_that_comes_hours_late_is_kept_and_takes_no_turn(
    hub: Hub, clock: FakeClock
) -> None:
    clock.pass_s(7200)
    assert answers(hub, NATURAL) == []
    assert count(hub, "check_ins") == 1
    assert line(hub) == ("li", "wang")


def test_when_the_host_comes_everybody_else_falls_silent(hub: Hub) -> None:
    told = alerts(answers(hub, arrival("浙A88888")))
    found = closed(answers(hub, ack(told["wang"], "wang")))
    assert {alert_id for alert_id, _, _ in found} == {alert.alert_id for alert in told.values()}
    assert {(reason, name) for _, reason, name in found} == {(CloseReason.CLAIMED, "王强")}


def test_a_parking_host_silences_only_the_colleagues(hub: Hub) -> None:
    told = alerts(answers(hub, arrival("浙A88888")))
    found = closed(answers(hub, ack(told["parking"], "zhao")))
    assert found == [(told["parking"].alert_id, CloseReason.CLAIMED, "小赵")]


def test_the_second_to_claim_is_told_who_was_first(hub: Hub) -> None:
    told = alerts(answers(hub, arrival("浙A88888")))
    answers(hub, ack(told["parking"], "zhao"))
    found = closed(answers(hub, ack(told["parking"], "wu")))
    assert found == [(told["parking"].alert_id, CloseReason.CLAIMED, "小赵")]


def test_nobody_claims_another_s_alert(hub: Hub) -> None:
    told = alerts(answers(hub, arrival("浙A88888")))
    found = answers(hub, ack(told["wang"], "li"))
    ((told_to, said),) = unauthorised(found)
    assert (told_to, "李敏" in said) == ("manager", True)
    assert closed(found) == []


def test_an_alert_is_over_after_ten_minutes(hub: Hub, clock: FakeClock) -> None:
    told = {alert.alert_id for alert in alerts(answers(hub, arrival())).values()}
    clock.pass_s(599)
    assert closed(time_passes(hub)) == []
    clock.pass_s(1)
    ended = closed(time_passes(hub))
    assert told <= {alert_id for alert_id, _, _ in ended}
    assert {reason for _, reason, _ in ended} == {CloseReason.EXPIRED}
    clock.pass_s(600)
    assert not alerts(time_passes(hub))


def test_a_phone_that_connects_anew_hears_what_is_still_true(hub: Hub, clock: FakeClock) -> None:
    told = alerts(answers(hub, arrival("浙A88888")))
    answers(hub, ack(told["parking"], "zhao"))
    found = answers(hub, status("wu"))
    assert [type(message) for message in found] == [AlertClosed]
    assert answers(hub, status("wu")) == []  # a heartbeat
    clock.pass_s(5)
    found = answers(hub, status("lin", connected_at=clock.moment))
    assert [message.alert_id for message in found if isinstance(message, Alert)] == [
        told["door"].alert_id
    ]


def test_a_tablet_that_connects_anew_hears_its_assignments_again(hub: Hub) -> None:
    first = answers(hub, NATURAL)[0]
    tablet = replace(status("lobby"), kind=NodeKind.KIOSK)
    assert answers(hub, tablet) == [first]


def test_a_failure_half_way_leaves_nothing_behind(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_message: Message) -> None:
        raise OSError("disk full")

    before = count(hub, "journal"), hub.decider.state
    monkeypatch.setattr(hub.outbox, "put_all", fail)
    with pytest.raises(OSError, match="disk full"):
        handle(hub, NATURAL)
    assert count(hub, "check_ins") == count(hub, "visits") == 0
    assert (count(hub, "journal"), hub.decider.state) == before
    assert line(hub) == ("li", "wang")


def test_each_entry_of_the_journal_holds_the_hash_of_the_one_before(hub: Hub) -> None:
    answers(hub, arrival("浙A88888"))
    rows = list(hub.inbox.db.query("select * from journal order by seq"))
    assert [row["previous"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]
    opened = ["SettingsChange", "known", "rules", "policy", "step", "step"]
    kinds = [*opened, "arrival", "step", "alert", "alert", "alert"]
    assert [row["kind"] for row in rows] == kinds


def test_an_old_plate_of_the_same_car_does_not_join_a_visit_of_yesterday(
    hub: Hub, clock: FakeClock
) -> None:
    answers(hub, arrival())
    clock.pass_s(20 * 3600)
    answers(hub, replace(NATURAL, plate="浙A12345", checked_in_at=clock.moment))
    assert count(hub, "visits") == 2
