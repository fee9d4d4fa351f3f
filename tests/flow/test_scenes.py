"""What devices do for a visit (场景): told in time or never, done when they say so."""

from datetime import timedelta
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.duties import DEVICE_ANSWERS_WITHIN
from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from broker.store.duty_rows import duties_told
from shared.messages import Alert, AlertClosed, Message, Scene, SceneState
from tests.fakes import FakeClock
from tests.hub_answers import answers, time_passes
from tests.hub_fixtures import PEOPLE, clocked
from tests.register_rows import cells

ROW = {"post": "door", "times": "09:30", "within_minutes": 5, "late": Late.RUN}
TABLE = (
    DutyPlan(key="film", text="放影片", scene="hall", scene_value="film", **ROW),  # type: ignore[arg-type]
    DutyPlan(key="cooling", text="开空调", scene="cooling", **ROW),  # type: ignore[arg-type]
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def opened(folder: Path, clock: FakeClock) -> Hub:
    return clocked(open_hub(folder, PEOPLE, Policy(duties=TABLE), clock), clock)


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    hub = opened(tmp_path, clock)
    time_passes(hub)
    return hub


def at_half_past(hub: Hub, clock: FakeClock, later: timedelta = timedelta()) -> list[Message]:
    local = hub.decider.policy.local(clock.moment)
    clock.moment = local.replace(hour=9, minute=30, second=0) + later
    return time_passes(hub)


def commands(found: list[Message]) -> dict[str, Scene]:
    return {one.name: one for one in found if isinstance(one, Scene)}


def rung(found: list[Message]) -> list[tuple[str, str | None]]:
    return [(one.title, one.role) for one in found if isinstance(one, Alert)]


def says(told: Scene, value: str | None = None, name: str | None = None) -> SceneState:
    return SceneState(scene_id=told.scene_id, name=name or told.name, value=value or told.value)


def states(hub: Hub) -> dict[str, str]:
    on = hub.decider.policy.local(hub.clock()).date()
    return {duty.text: duty.state for duty in hub.duties.of_day(on)}


def test_devices_are_told_on_time_and_done_when_they_say_so(hub: Hub, clock: FakeClock) -> None:
    found = at_half_past(hub, clock)
    told = commands(found)
    assert rung(found) == [], "a device is told first, and nobody rings"
    film, cooling = told["hall"], told["cooling"]
    assert (film.value, film.is_on, cooling.value) == ("film", True, "on")
    assert (film.due_at, film.expires_at) == (clock(), clock() + DEVICE_ANSWERS_WITHIN)
    assert time_passes(hub) == [], "told once"
    assert answers(hub, says(film)) == []
    assert states(hub) == {"放影片": "done", "开空调": "switched"}
    row = {row["duty"]: (row["state"], row["who"]) for row in cells(hub, "duties")}
    assert row["放影片"] == ("已完成", "hall")


def test_a_silent_device_and_one_that_says_something_else_are_left_to_a_person(
    hub: Hub, clock: FakeClock
) -> None:
    told = commands(at_half_past(hub, clock))
    answers(hub, says(told["hall"], "off"))
    answers(hub, says(told["hall"], name="cooling"))  # another device speaks for it
    answers(hub, SceneState(scene_id="s-of-nobody", name="hall", value="film"))
    assert set(states(hub).values()) == {"switched"}
    clock.moment += DEVICE_ANSWERS_WITHIN
    found = time_passes(hub)
    assert rung(found) == [("设备没有确认，请人工办理", "door")] * 2
    assert commands(found) == {}
    closed = answers(hub, says(told["hall"]))
    assert [type(one) for one in closed] == [AlertClosed], "it says so late, and is believed"
    assert states(hub) == {"放影片": "done", "开空调": "told"}


def test_after_an_outage_no_device_is_told_and_after_a_kill_none_twice(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    assert len(commands(at_half_past(hub, clock))) == 2
    hub.inbox.db.close()
    again = opened(tmp_path, clock)
    assert commands(time_passes(again)) == {}
    assert duties_told(again.inbox.db) == {
        duty.duty_id: duty for duty in again.duties.of_day(clock().date())
    }


def test_what_a_device_should_have_done_three_hours_ago_is_a_persons_now(
    hub: Hub, clock: FakeClock
) -> None:
    found = at_half_past(hub, clock, timedelta(hours=3))
    assert commands(found) == {}
    assert rung(found) == [("设备没有确认，请人工办理", "door")] * 2
