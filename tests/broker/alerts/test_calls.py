import pytest

from broker.alerts.calls import (
    Guest,
    calls_at_check_in,
    calls_at_gate,
    calls_of_look_alikes,
    calls_of_needs,
    calls_when_leaving,
    word,
)
from broker.alerts.life import Kind
from broker.rules.state import MANAGER
from shared.messages import Level


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


def test_one_look_alike_is_a_hint_and_two_equally_near_are_the_manager_s() -> None:
    (hint,) = calls_of_look_alikes("浙A8B888", ("浙A88888",))
    assert hint.role == "gate"
    assert hint.fields == {"plate": "浙A8B888", "alike": "浙A88888"}
    (both,) = calls_of_look_alikes("浙A8B888", ("浙A88888", "浙A8D888"))
    assert both.role == "manager"
    assert list(calls_of_look_alikes("浙A8B888", ())) == []


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
