"""What the hub measures of its site, from its own file and its nodes' heartbeats."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.backup.kept import name_of
from broker.console.wall_view import Wall
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.health.site_figures import Condition, Figures
from broker.queries.measuring import GOOD_FOR_S, HubFigures
from broker.queries.overview import HubSite
from broker.settings import HubSettings
from shared.config import MqttSettings
from shared.file_check import note_check
from shared.messages import NodeKind, NodeState, NodeStatus
from shared.words import read_words
from tests.fakes import NINE, SITE, FakeClock
from tests.samples import arrival


@pytest.fixture
def settings(tmp_path: Path) -> HubSettings:
    return HubSettings(
        site=SITE,
        site_name="西湖壹号",
        data_dir=str(tmp_path),
        site_file="",
        accounts_file="",
        secret_key="k",
        backup_dir=str(tmp_path / "disk"),
        mqtt=MqttSettings(username="hub", password="p"),
    )


def measured(settings: HubSettings, hub: Hub) -> Figures:
    site = HubSite(settings, hub)
    return HubFigures(settings, hub, site.overview, lambda: 7).measure()


def beat(hub: Hub, kind: NodeKind, node_id: str, **told: object) -> None:
    """One heartbeat by the hub's own clock."""
    usual = {"node_id": node_id, "kind": kind, "state": NodeState.ONLINE, "at": hub.clock()}
    handle(hub, NodeStatus(**(usual | told)))  # type: ignore[arg-type]


def test_a_camera_s_cars_of_the_last_hour_are_counted_by_five_minutes(
    hub: Hub, clock: FakeClock, settings: HubSettings
) -> None:
    handle(hub, arrival(number=1))
    clock.pass_s(3601)
    for number in range(2, 6):
        odd = replace(arrival(number=number, seen_at=clock()), is_uncertain=number == 2, reads=4)
        handle(hub, odd)
    clock.pass_s(600)
    beat(hub, NodeKind.GATE, "north", unread=1)
    (camera,) = measured(settings, hub).cameras
    assert (camera.read, camera.uncertain, camera.unread, camera.votes) == (4, 1, 1, 4.0)
    assert camera.accepted == 0.6
    assert camera.slots == (0,) * 10 + (4, 0)  # ten minutes ago


def test_a_gate_that_told_no_car_is_there_with_nothing_accepted(
    hub: Hub, settings: HubSettings
) -> None:
    beat(hub, NodeKind.GATE, "south")
    (camera,) = measured(settings, hub).cameras
    assert (camera.gate_id, camera.read, camera.accepted, camera.unread) == ("south", 0, None, None)


def test_the_way_from_frame_to_alert_is_measured_by_the_hub_s_clock(
    hub: Hub, clock: FakeClock, settings: HubSettings
) -> None:
    ahead = timedelta(minutes=5)
    for _ in range(2):  # two heartbeats agree: the gate's clock is five minutes ahead
        beat(hub, NodeKind.GATE, "north", at=clock() + ahead)
        clock.pass_s(10)
    seen_at = clock() + ahead
    clock.pass_s(1.5)
    handle(hub, arrival(seen_at=seen_at))
    delay = measured(settings, hub).delay
    assert delay
    assert (delay.count, delay.p50_ms, delay.p95_ms) == (1, 1500, 1500)


def test_without_a_car_there_is_no_delay_and_no_zero(hub: Hub, settings: HubSettings) -> None:
    found = measured(settings, hub)
    assert (found.delay, found.cameras) == (None, ())
    assert found.round_trip_ms == 7


def test_a_phone_is_missed_while_its_holder_is_on_duty(
    hub: Hub, clock: FakeClock, settings: HubSettings
) -> None:
    for staff_id in ("li", "wang", "wu"):
        beat(hub, NodeKind.STAFF, staff_id)
    assert [phone.is_missed for phone in measured(settings, hub).phones] == [False] * 3
    clock.pass_s(31)
    beat(hub, NodeKind.STAFF, "wang")
    phones = {phone.node_id: phone for phone in measured(settings, hub).phones}
    assert (phones["li"].is_due, phones["li"].is_missed) == (True, True)
    assert not phones["wang"].is_missed
    assert (phones["wu"].is_due, phones["wu"].is_missed) == (False, True)
    assert [phones[who].condition for who in ("li", "wang", "wu")] == [
        Condition.WRONG,
        Condition.FINE,
        Condition.HINT,
    ]


def test_the_wall_and_the_figures_miss_the_same_phones(
    hub: Hub, clock: FakeClock, settings: HubSettings
) -> None:
    site = HubSite(settings, hub)
    wall = Wall(read_words("broker"), "zh-CN", site.zone, shows_names=False)
    for passed_s in (0, 31, 11 * 3600, 2 * 3600):
        clock.pass_s(passed_s)
        if passed_s == 0:
            for staff_id in ("li", "wu", "zhao"):
                beat(hub, NodeKind.STAFF, staff_id)
        missed = [phone for phone in measured(settings, hub).phones if phone.is_missed]
        assert wall.view(site.overview("zh-CN"), clock()).phones == len(missed)


def test_backups_and_checks_are_found_where_they_lie(
    hub: Hub, settings: HubSettings, tmp_path: Path
) -> None:
    found = measured(settings, hub)
    assert (found.backup_at, found.checked_at, found.is_sound) == (None, None, None)
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / name_of(SITE, NINE - timedelta(hours=2))).touch()
    (tmp_path / "disk" / name_of(SITE, NINE + timedelta(days=900))).touch()  # by a wrong clock
    note_check(tmp_path / "hub.sqlite3", NINE, is_sound=True)
    found = measured(settings, hub)
    assert (found.backup_at, found.checked_at) == (NINE - timedelta(hours=2), NINE)
    assert found.is_sound is True
    note_check(tmp_path / "hub.sqlite3", NINE, is_sound=False)
    assert measured(settings, hub).is_sound is False


def test_pages_that_ask_at_once_share_one_measurement(hub: Hub, settings: HubSettings) -> None:
    assert GOOD_FOR_S > 0
    figures = HubFigures(settings, hub, HubSite(settings, hub).overview, lambda: None)
    assert figures.measure() is figures.measure()
