import pytest

from gate.passing.track import Way
from gate.passing.vote import VoteRules
from shared.messages import Direction
from tests.gate.cars import drive, plate, stand
from tests.gate.passes import PLATE, names, voted

# Which way (F42)


@pytest.mark.parametrize(
    ("way", "direction"),
    [
        ("towards", Direction.IN),
        ("away", Direction.OUT),
        ("down", Direction.IN),
        ("up", Direction.OUT),
    ],
)
def test_the_site_says_which_way_is_in(way: Way, direction: Direction) -> None:
    (event,) = voted(drive(PLATE), VoteRules(in_is=way))
    assert event.direction is direction
    assert event.has_moved


@pytest.mark.parametrize(
    ("way", "direction"),
    [
        ("right", Direction.IN),
        ("left", Direction.OUT),
        ("towards", Direction.UNKNOWN),
    ],
)
def test_a_car_that_crosses_the_picture_has_its_direction_too(
    way: Way, direction: Direction
) -> None:
    seen = [(at / 10, [plate(PLATE, x=100.0 + 40 * at)]) for at in range(20)]
    (event,) = voted(seen, VoteRules(in_is=way))
    assert event.direction is direction


def test_a_car_that_drives_out_is_told_as_going_out() -> None:
    assert names(drive(PLATE, metres=(4, 10))) == [f"-{PLATE}"]


def test_a_car_that_turns_back_at_the_barrier_is_told_out_again() -> None:
    back = drive(PLATE, start_s=5, metres=(4, 10))
    assert names([*drive(PLATE), *stand(PLATE, start_s=2.2, seconds=2), *back]) == [
        PLATE,
        f"-{PLATE}",
    ]


def test_a_car_that_turns_round_once_more_comes_in_again() -> None:
    back, again = drive(PLATE, start_s=3, metres=(4, 10)), drive(PLATE, start_s=6)
    assert names([*drive(PLATE), *back, *again]) == [PLATE, f"-{PLATE}", PLATE]


def test_a_car_that_rolls_back_a_little_at_the_barrier_has_not_turned() -> None:
    back = drive(PLATE, start_s=3, metres=(4, 4.6), kmh=2)
    rolls = [*back, *drive(PLATE, start_s=6, metres=(4.6, 3.5), kmh=2)]
    assert names([*drive(PLATE), *rolls]) == [PLATE]
