from dataclasses import replace

import pytest

from gate.passing.track import Place, Sighting, Track, Way, continued, distinct, plate_distance
from shared.messages import Direction
from tests.gate.cars import START, Seen, drive, frame, plate, plate_at, stand

PLATE = "浙A12345"


def sightings(seen: list[Seen]) -> list[Sighting]:
    return [Sighting(reading, frame(at)) for at, readings in seen for reading in readings]


def followed(seen: list[Seen]) -> Track:
    first, *later = sightings(seen)
    track = Track.begun(first)
    for sighting in later:
        track.take(sighting)
    return track


def fits(track: Track, sighting: Sighting) -> bool:
    return track.strangeness(sighting) is not None


def test_a_car_is_expected_where_its_speed_takes_it() -> None:
    seen = sightings(drive(PLATE, fps=10))
    track = followed(drive(PLATE, fps=10)[:5])
    assert fits(track, Sighting(plate_at(8, "京B98765"), frame(0.6))) is True
    assert track.strangeness(seen[5]) == pytest.approx(0, abs=0.3)


def test_a_car_that_was_hidden_may_have_gone_on_or_stopped() -> None:
    track = followed(drive("浙A1234S")[:8])
    assert fits(track, Sighting(plate_at(5.5, PLATE), frame(1.5)))
    assert fits(track, Sighting(plate_at(7.9, PLATE), frame(3.5)))


def test_a_car_does_not_jump_back() -> None:
    track = followed(drive("浙A88888"))
    assert not fits(track, Sighting(plate_at(10, "浙A88886"), frame(2.6)))


def test_a_plate_at_another_place_with_another_text_is_another_car() -> None:
    track = followed(drive(PLATE)[:8])
    assert not fits(track, Sighting(plate_at(7.9, "苏B67890", lane_m=2), frame(0.8)))


def test_what_is_read_where_the_plate_was_a_moment_ago_is_that_plate() -> None:
    track = followed(stand(PLATE, seconds=1))
    assert fits(track, Sighting(plate_at(4, "345"), frame(1.2)))


def test_another_car_may_come_to_stand_where_one_stopped_and_left() -> None:
    track = followed([*drive(PLATE), *stand(PLATE, start_s=2.2, seconds=2)])
    assert not fits(track, Sighting(plate_at(4, "苏B67890"), frame(6)))


def test_what_never_moved_keeps_its_place_whatever_is_badly_read_there() -> None:
    track = followed(stand(PLATE, seconds=1))
    assert fits(track, Sighting(plate_at(4, "苏B67890", 0.3), frame(3)))
    assert fits(track, Sighting(plate_at(4, "20261125"), frame(3)))
    assert not fits(track, Sighting(plate_at(4, "苏B67890"), frame(3)))


def test_each_sighting_goes_to_the_track_that_it_fits_best() -> None:
    near, far = followed(stand("浙A88888", metre=5)), followed(stand("浙A88886", metre=8))
    now = frame(10)
    found = [
        Sighting(plate_at(8, "浙A88886"), now),
        Sighting(plate_at(12, "苏B67890"), now),
        Sighting(plate_at(5, "浙A88888"), now),
    ]
    assert continued([near, far], found) == [1, None, 0]


def test_two_sightings_of_one_frame_are_never_one_track() -> None:
    track = followed(stand(PLATE))
    pair = [Sighting(plate_at(4, PLATE), frame(10)), Sighting(plate_at(4.1, PLATE), frame(10))]
    assert continued([track], pair) == [0, None]


@pytest.mark.parametrize("seen", [stand(PLATE), stand(PLATE, seconds=900, fps=0.3)])
def test_what_does_not_move_stands(seen: list[Seen]) -> None:
    track = followed(seen)
    assert track.is_still
    assert not track.has_moved
    assert track.heading("towards") is Direction.UNKNOWN


def test_corners_that_tremble_are_no_movement() -> None:
    seen = [
        (
            at,
            [
                plate(
                    PLATE, x=100 + (number * 7) % 11, y=50 + (number * 5) % 9, width=98 + number % 5
                )
            ],
        )
        for number, (at, _) in enumerate(stand(PLATE))
    ]
    assert followed(seen).is_still


def test_one_odd_sight_is_no_movement_even_if_it_is_the_first() -> None:
    seen = stand(PLATE)
    odd = [plate_at(4, PLATE, lane_m=0.15)]
    assert not followed([(0, odd), *seen[1:]]).has_moved
    assert not followed([*seen[:50], (5, odd), *seen[51:]]).has_moved
    assert not followed([*seen, (10, odd)]).has_moved


def test_a_slow_car_is_neither_still_nor_sure_to_move_at_first() -> None:
    track = followed(drive(PLATE, kmh=4, metres=(10, 9.3)))
    assert not track.has_moved
    assert not track.is_still


def test_what_stood_here_before_is_the_same_thing_when_it_is_back() -> None:
    stood = followed(stand(PLATE))
    assert Track.begun(Sighting(plate_at(4, "浙A1234S"), frame(900))).stands_where(stood)
    assert not Track.begun(Sighting(plate_at(4, "苏B67890"), frame(900))).stands_where(stood)
    assert not Track.begun(Sighting(plate_at(6, PLATE), frame(900))).stands_where(stood)


def test_a_clock_that_shows_another_time_is_the_same_clock() -> None:
    stood = followed(stand("20261125131500"))
    assert Track.begun(Sighting(plate_at(4, "20261125164217"), frame(9000))).stands_where(stood)


@pytest.mark.parametrize(
    ("way", "x", "y", "width", "progress"),
    [
        ("towards", 0, 0, 120, 1.3),
        ("away", 0, 0, 120, -1.3),
        ("towards", 100, 100, 100, 0),
        ("right", 60, 0, 100, 2),
        ("left", 60, 0, 100, -2),
        ("down", 0, 30, 100, 1),
        ("up", 0, 30, 100, -1),
    ],
)
def test_progress_is_counted_along_the_way_in(
    way: Way, x: float, y: float, width: float, progress: float
) -> None:
    before, after = Place(0, 0, 100, START), Place(x, y, width, START)
    assert before.progress(after, way) == pytest.approx(progress, abs=0.01)


def test_of_two_finds_of_one_plate_the_surer_one_counts_in_any_order() -> None:
    pair = [plate(PLATE, 0.5, x=102), plate(PLATE, 0.9)]
    assert distinct(pair) == distinct(pair[::-1]) == [pair[1]]


def test_a_find_without_a_text_is_none() -> None:
    assert distinct([replace(plate(PLATE), plate="")]) == []


@pytest.mark.parametrize(
    ("first", "other", "distance"),
    [
        (PLATE, PLATE, 0),
        (PLATE, "浙A1234", 1),
        (PLATE, "苏A12346", 2),
        ("", "浙A", 2),
    ],
)
def test_texts_differ_by_so_many_characters(first: str, other: str, distance: int) -> None:
    assert plate_distance(first, other) == distance
