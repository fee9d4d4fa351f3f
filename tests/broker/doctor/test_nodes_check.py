"""Gates, tablets and phones: what is wrong with them, and with what advice."""

import pytest

from broker.doctor.finding import wrong
from broker.doctor.nodes_check import WAITING_MANY, machines, outboxes, phones, versions
from broker.doctor.said import said
from broker.health.site_figures import SOUND_OFF, NodeName
from broker.mqtt_server.accounts import new_account
from shared.messages import DiskFigures, NodeKind
from shared.topics import Party
from tests.broker.doctor.measured import figures, found, node

GATE, STAFF = NodeKind.GATE, NodeKind.STAFF


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"is_online": False, "problem": "camera_black"}, ["wrong node_silent"]),
        ({"problem": "camera_offline"}, ["wrong camera_problem"]),
        ({"problem": "disk_full"}, ["wrong node_disk"]),
        ({"problem": "message_lost"}, ["hint node_problem"]),
        ({"clock_off_s": 3}, ["hint clock_apart"]),
        ({"clock_off_s": -90}, ["wrong clock_apart"]),
        ({"disk": DiskFigures(free_mb=99, total_mb=8_000)}, ["hint node_disk_short"]),
    ],
)
def test_each_trouble_of_a_machine_has_its_own_advice(
    told: dict[str, object], expected: list[str]
) -> None:
    assert found(machines, figures(nodes=(node(GATE, "north", **told),))) == expected


def test_a_gate_with_an_account_that_nobody_heard_is_not_known_to_be_well() -> None:
    accounts = (new_account(Party.GATE, "north"), new_account(Party.STAFF, "li"))
    assert found(machines, figures(), accounts) == ["unknown node_never"]
    assert found(machines, figures(nodes=(node(GATE, "north"),)), accounts) == []


def test_six_phones_that_are_offline_are_not_all_well() -> None:
    lost = tuple(
        node(STAFF, f"s{number}", is_online=False, is_missed=True, is_due=number < 4)
        for number in range(6)
    )
    assert found(phones, figures(nodes=lost)) == [
        *["wrong phone_silent"] * 4,
        *["hint phone_away"] * 2,
    ]


def test_a_phone_at_home_is_nobody_s_trouble() -> None:
    assert found(phones, figures(nodes=(node(STAFF, "li", is_online=False),))) == []


def test_where_no_phone_was_ever_heard_nobody_knows() -> None:
    assert found(phones, figures()) == ["unknown no_phones"]


def test_a_phone_that_does_not_ring_is_told_to_be_started_and_not_to_have_its_lens_cleaned() -> (
    None
):
    silent = node(STAFF, "li", name="李敏", problem=SOUND_OFF)
    assert found(phones, figures(nodes=(silent,))) == ["wrong phone_sound_off"]
    told = said(wrong("phone_sound_off", name="李敏"), "zh-CN")
    assert "开始值守" in told.do
    assert "镜头" not in told.do
    off_duty = node(STAFF, "li", problem=SOUND_OFF, is_due=False)
    assert found(phones, figures(nodes=(off_duty,))) == ["hint phone_sound_off"]


def test_a_phone_that_will_not_last_is_slow_or_wrong_about_the_time_is_told() -> None:
    odd = node(STAFF, "li", battery=0.1, round_trip_ms=2_500, clock_off_s=30)
    assert found(phones, figures(nodes=(odd,))) == [
        "hint phone_battery",
        "hint phone_slow",
        "hint clock_apart_phone",
    ]


def test_messages_that_pile_up_are_told_where_they_lie() -> None:
    gate = node(GATE, "north", waiting=WAITING_MANY + 1)
    assert found(outboxes, figures(nodes=(gate,), outbox=WAITING_MANY)) == ["wrong waiting_node"]
    assert found(outboxes, figures(outbox=WAITING_MANY + 1)) == ["wrong waiting_hub"]
    phone = node(STAFF, "li", waiting=WAITING_MANY + 1)
    assert found(outboxes, figures(nodes=(phone,))) == ["hint waiting_phone"]


def test_a_program_of_another_release_is_named() -> None:
    old = (node(GATE, "north", version="0.4.0"), node(NodeKind.KIOSK, "lobby"))
    assert found(versions, figures(nodes=old)) == ["hint other_version"]


def test_a_machine_is_named_in_the_reader_s_language() -> None:
    finding = wrong("camera_problem", name=NodeName(GATE, "north"), problem="camera_black")
    assert said(finding, "zh-CN").what == "门岗相机 north：画面全黑"
    assert said(finding, "en").what.startswith("Gate")
