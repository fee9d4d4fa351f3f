from broker.alerts.calls import (
    NOTICES,
    Guest,
    calls_at_check_in,
    calls_at_gate,
    calls_of_look_alikes,
    calls_of_notice,
)
from broker.alerts.life import Kind
from broker.rules import events
from broker.rules.events import Notice
from broker.rules.state import MANAGER
from shared.messages import Level
from tests.fakes import NINE


def test_parking_and_door_hear_of_every_car_and_the_owner_of_his_own() -> None:
    guest = Guest("浙A88888", "张女士")
    calls = list(calls_at_gate(guest, owner_id="wang", next_id="li"))
    assert [call.role or call.staff_id for call in calls] == ["parking", "door", "wang"]
    assert all("浙A88888 张女士" in call.text(guest) for call in calls)


def test_an_unknown_car_makes_the_next_in_line_ready() -> None:
    calls = list(calls_at_gate(Guest("浙A88888"), owner_id=None, next_id="li"))
    assert calls[-1].staff_id == "li"


def test_an_unsure_plate_is_never_told_as_a_fact_and_goes_to_the_guard() -> None:
    guest = Guest("浙A88888", None, True)
    calls = list(calls_at_gate(guest, owner_id=None, next_id="li"))
    assert all("疑似" in call.text(guest) for call in calls)
    assert "gate" in [call.role for call in calls]


def test_a_host_is_called_and_the_door_knows_who_comes() -> None:
    host, door = calls_at_check_in(host_id="li", host_name="李敏")
    assert (host.staff_id, host.level, host.kind) == ("li", Level.URGENT, Kind.HOST)
    assert (door.role, door.text(Guest(name="张女士"))) == ("door", "张女士 由李敏接待")


def test_where_only_a_manager_receives_the_role_is_called() -> None:
    call, _ = calls_at_check_in(host_id=MANAGER, host_name="值班经理")
    assert (call.role, call.staff_id, call.kind) == ("manager", None, Kind.HOST)


def test_manager_and_steward_are_told_at_once_when_nobody_can_receive() -> None:
    calls = list(calls_of_notice(events.Escalated(at=NINE), "暂无人可接待"))
    assert {(call.role, call.level) for call in calls} == {
        ("manager", Level.URGENT),
        ("steward", Level.URGENT),
    }


def test_a_skip_is_told_to_whom_it_concerns_and_to_the_manager() -> None:
    calls = list(calls_of_notice(events.PassedOver(at=NINE, consultant_id="li"), "轮空"))
    assert [call.role or call.staff_id for call in calls] == ["manager", "li"]


def test_every_notice_that_rings_says_why_it_does() -> None:
    for kind in NOTICES:
        assert issubclass(kind, Notice)
        assert NOTICES[kind].roles or NOTICES[kind].is_consultant_told


def test_one_look_alike_is_a_hint_and_two_equally_near_are_the_manager_s() -> None:
    (hint,) = calls_of_look_alikes("浙A8B888", ("浙A88888",))
    assert hint.role == "gate"
    assert "疑似" in hint.text(Guest())
    (both,) = calls_of_look_alikes("浙A8B888", ("浙A88888", "浙A8D888"))
    assert both.role == "manager"
    assert list(calls_of_look_alikes("浙A8B888", ())) == []
