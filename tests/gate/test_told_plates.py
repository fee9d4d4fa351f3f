"""What was reported stays reported, whatever becomes of the gate's program and clock."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gate.camera.frame import Frame
from gate.own_file import Told, ToldPlates
from gate.passing.vote import PlateVote, VoteRules
from shared.clock import Steady
from shared.outbox import open_database
from tests.fakes import FakeClock
from tests.gate.cars import drive, picture

PLATE = "浙A88888"


def told_by(path: Path, clock: FakeClock, boot: str = "a") -> ToldPlates:
    return ToldPlates(open_database(path), clock, clock.running_s, boot)


def drives_by(vote: PlateVote, began_at: datetime) -> list[str]:
    """The plates that are reported when the car drives by."""
    voted = [
        event
        for at_s, readings in drive(PLATE)
        for event in vote.add(
            Frame(picture(), began_at + timedelta(seconds=at_s), "test"), readings
        )
    ]
    return [event.sighting.reading.plate for event in [*voted, *vote.finish()]]


@pytest.mark.parametrize("set_by_s", [0, 3600, -3600, 31_536_000])
def test_a_gate_that_is_killed_remembers_the_car_that_stands_there(
    tmp_path: Path, set_by_s: float
) -> None:
    clock = FakeClock()
    told_by(tmp_path / "gate.db", clock).note(PLATE, is_out=False)
    clock.is_set(set_by_s)
    clock.pass_s(10)
    steady, vote = Steady(clock, clock.running_s), PlateVote(VoteRules())
    told_by(tmp_path / "gate.db", clock).recall(vote, steady())
    assert drives_by(vote, steady()) == []
    assert drives_by(PlateVote(VoteRules()), steady()) == [PLATE]


def test_it_is_forgotten_when_the_car_may_come_again(tmp_path: Path) -> None:
    clock = FakeClock()
    kept = told_by(tmp_path / "gate.db", clock)
    kept.note(PLATE, is_out=True)
    clock.pass_s(299)
    assert kept.recent(300) == [Told(PLATE, True, 299.0)]
    clock.pass_s(1)
    assert kept.recent(300) == []
    assert kept.recent(1_000) == []


def test_after_a_power_cut_the_clock_tells_if_it_can(tmp_path: Path) -> None:
    clock = FakeClock()
    told_by(tmp_path / "gate.db", clock).note(PLATE, is_out=False)
    clock.pass_s(20)
    clock.passed_s = 1.0
    assert told_by(tmp_path / "gate.db", clock, "b").recent(300) == [Told(PLATE, False, 20.0)]
    clock.is_set(-3600)
    assert told_by(tmp_path / "gate.db", clock, "b").recent(300) == []
