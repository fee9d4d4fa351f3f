import pytest

from broker.alerts.calls import (
    NOTICES,
    Guest,
    calls_at_check_in,
    calls_at_gate,
    calls_of_look_alikes,
    calls_of_needs,
    calls_of_notice,
    calls_when_leaving,
    word,
)
from broker.alerts.life import Kind
from broker.rules import events
from broker.rules.events import Notice
from broker.rules.state import MANAGER
from shared.messages import Level
from tests.fakes import NINE


def test_parking_and_door_hear_of_every_car_and_owners_of_their_own() -> None:
    calls = list(calls_at_gate(Guest("浙A88888"), owner_id="wang", next_id="li"))
    assert [call.role or call.staff_id for call in calls] == ["parking", "door", "wang"]


def test_an_unknown_car_makes_the_next_in_line_ready() -> None:
    calls = list(calls_at_gate(Guest("浙A88888"), owner_id=None, next_id="li"))
    assert calls[-1].staff_id == "li"


def test_an_unsure_plate_goes_to_the_guard() -> None:
    guest = Guest("浙A88888", is_uncertain=True)
    calls = list(calls_at_gate(guest, owner_id=None, next_id="li"))
    assert "gate" in [call.role for call in calls]


def test_a_host_is_called_and_the_door_knows_who_comes() -> None:
    host, door = calls_at_check_in(host_id="li", host="李敏")
    assert (host.staff_id, host.level, host.kind) == ("li", Level.URGENT, Kind.HOST)
    assert (door.role, door.words, door.fields) == ("door", "host_known", {"host": "李敏"})


def test_where_only_a_manager_receives_the_role_is_called() -> None:
    call, _ = calls_at_check_in(host_id=MANAGER, host=word("duty_manager"))
    assert (call.role, call.staff_id, call.kind) == ("manager", None, Kind.HOST)


def test_manager_and_steward_are_told_at_once_when_nobody_can_receive() -> None:
    calls = list(calls_of_notice(events.Escalated(at=NINE)))
    assert {(call.role, call.level) for call in calls} == {
        ("manager", Level.URGENT),
        ("steward", Level.URGENT),
    }


def test_a_skip_is_told_to_whom_it_concerns_and_to_the_manager() -> None:
    calls = list(calls_of_notice(notice := events.PassedOver(at=NINE, consultant_id="li")))
    assert {call.notice for call in calls} == {notice}
    assert [call.role or call.staff_id for call in calls] == ["manager", "li"]


def test_every_notice_that_rings_says_why_it_does() -> None:
    for kind in NOTICES:
        assert issubclass(kind, Notice)
        assert NOTICES[kind].roles or NOTICES[kind].is_consultant_told


def test_one_look_alike_is_a_hint_and_two_equally_near_are_the_manager_s() -> None:
    (hint,) = calls_of_look_alikes("浙A8B888", ("浙A88888",))
    assert hint.role == "gate"
    assert hint.fields == {"plate": "浙A8B888", "alike": "浙A88888"}
    (both,) = calls_of_look_alikes("浙A8B888", ("浙A88888", "浙A8D888"))
    assert both.role == "manager"
    assert list(calls_of_look_alikes("浙A8B888", ())) == []


def told(notice: Notice) -> list[str | None]:
    return [call.role or call.staff_id for call in calls_of_notice(notice)]


def test_who_enters_what_they_looked_up_is_shown_to_the_manager_and_not_warned() -> None:
    assert told(events.LookThenClaim(at=NINE, consultant_id="li", registration_id="r")) == [MANAGER]


def test_who_says_that_they_cannot_come_need_not_be_told_so() -> None:
    assert told(events.Declined(at=NINE, consultant_id="li")) == [MANAGER]


def test_what_is_refused_to_a_car_is_told_at_the_gate_too() -> None:
    assert told(events.Refused(at=NINE, rule="R5")) == [MANAGER, "gate"]


def test_what_is_refused_to_a_consultant_is_not_told_at_the_gate() -> None:
    assert told(events.Refused(at=NINE, consultant_id="li", rule="R5")) == [MANAGER, "li"]
    assert told(events.Refused(at=NINE, rule="R24")) == [MANAGER]


def test_a_manager_who_is_passed_over_hears_it_once() -> None:
    assert told(events.PassedOver(at=NINE, consultant_id=MANAGER)) == [MANAGER]


def test_a_search_for_a_customer_rings_nowhere() -> None:
    assert told(events.LookedUp(at=NINE, consultant_id="li", phone="13800138000")) == []


@pytest.mark.parametrize(("plate", "roles"), [("浙A88888", ["gate"]), (None, [])])
def test_who_had_a_part_in_the_visit_says_good_bye_once_and_the_gate_to_a_car(
    plate: str | None, roles: list[str]
) -> None:
    calls = list(calls_when_leaving(Guest(plate), ("bar", "door")))
    assert [call.role for call in calls] == ["door", "parking", *roles, "bar"]
    assert not any(call.needs_claim for call in calls)


def test_only_a_visitor_who_needs_something_is_brought_something() -> None:
    assert list(calls_of_needs(Guest())) == []
    assert [call.role for call in calls_of_needs(Guest(needs=("umbrella",)))] == ["parking", "door"]


def gate_calls(guest: Guest, **more: str) -> list[tuple[str, str | None]]:
    calls = calls_at_gate(guest, **{"owner_id": None, "next_id": None, **more})
    return [(call.words, call.role or call.staff_id) for call in calls]


def test_with_nobody_to_receive_only_the_posts_hear_of_a_car() -> None:
    posts = [("car_parking", "parking"), ("car_door", "door")]
    assert gate_calls(Guest("浙A88888")) == posts
    assert gate_calls(Guest("浙A88888"), owner_id="li", next_id="wang") == [
        *posts,
        ("own_car", "li"),
    ]


def test_steward_and_gate_hear_of_a_car_that_is_expected() -> None:
    found = gate_calls(Guest("浙A88888"), expected="贵宾")
    assert found[2:] == [("car_announced", "steward"), ("car_announced", "gate")]


@pytest.mark.parametrize("is_expected", [True, False])
def test_the_steward_hears_who_receives_a_visitor_who_was_expected(is_expected: bool) -> None:
    calls = list(calls_at_check_in(host_id="li", host="李敏", is_expected=is_expected))
    assert ("steward" in [call.role for call in calls]) is is_expected


def test_a_visitor_is_not_expected_unless_somebody_said_so() -> None:
    assert [call.role for call in calls_at_check_in(host_id="li", host="李敏")] == [None, "door"]


def test_the_bar_meets_people_and_learns_no_plate() -> None:
    guest = Guest("浙A88888", party_size=2)
    for role in ("bar", "showflat", "cart"):
        assert guest.as_known_to(role).plate is None
        assert guest.as_known_to(role).party_size == 2
    assert guest.as_known_to("door") == guest.as_known_to(None) == guest
