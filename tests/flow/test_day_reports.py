"""The day in numbers, told to the manager once when the house closes."""

from datetime import timedelta

from broker.handlers.context import Hub
from shared.messages import Alert
from tests.busy_day import live_through
from tests.fakes import FakeClock
from tests.hub_answers import time_passes
from tests.hub_fixtures import clock, hub

__all__ = ["clock", "hub"]


def reports(hub: Hub) -> list[Alert]:
    found = time_passes(hub)
    return [one for one in found if isinstance(one, Alert) and one.title == "今日汇总"]


def test_at_closing_the_manager_is_told_the_day_once(hub: Hub, clock: FakeClock) -> None:
    live_through(hub, clock)
    assert reports(hub) == []
    clock.moment = clock.moment.replace(hour=10, minute=30)
    (told,) = reports(hub)
    assert told.role == "manager"
    assert told.text.startswith("2026-11-23：到访 3 组（首次 3），车辆 1")
    clock.pass_s(3600)
    assert reports(hub) == []


def test_a_day_on_which_nobody_came_is_told_to_nobody(hub: Hub, clock: FakeClock) -> None:
    clock.moment += timedelta(hours=10)
    assert reports(hub) == []
