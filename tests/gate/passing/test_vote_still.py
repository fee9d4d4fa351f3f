import random
from dataclasses import replace

from gate.passing.vote import PlateVote, VotedPlate, VoteRules
from tests.gate.cars import drive, photo, plate, plate_at, stand, together
from tests.gate.passes import PLATE, name_of, names, voted

# What stands still is no arrival


def test_a_parked_car_in_view_is_never_told() -> None:
    assert names(stand(PLATE, 0.99, seconds=600, fps=1)) == []


def test_a_parked_car_that_is_hidden_now_and_then_is_never_told() -> None:
    day = [seen for hour in range(8) for seen in stand(PLATE, 0.99, start_s=hour * 3600, fps=5)]
    assert names(day) == []


def test_a_board_that_is_read_in_one_frame_of_a_hundred_is_told_once_at_most() -> None:
    blinks = [(at * 20.0, [plate_at(8, "浙A88888", 0.95)]) for at in range(200)]
    assert names(blinks, VoteRules(repeat_after_s=5)) == ["浙A88888"]


def test_a_camera_clock_is_never_told() -> None:
    clock = [
        (n / 5, [replace(plate(f"2026112513{n // 5:04}", 0.99, x=20, y=10, width=220), kind=None)])
        for n in range(200)
    ]
    assert names(clock) == []
    assert names(clock[::4]) == []


def test_a_board_that_is_hard_to_read_and_looks_different_in_each_frame_is_never_told() -> None:
    chance = random.Random(1)
    board = [
        (
            number / 15,
            [
                plate(
                    "".join(chance.choices("桂闽川")) + "".join(chance.choices("AGF69047HN", k=6)),
                    chance.uniform(0.1, 0.4),
                    x=783 + chance.gauss(0, 2),
                    y=43 + chance.gauss(0, 1.5),
                    width=77 * chance.uniform(0.88, 1.14),
                )
            ],
        )
        for number in range(150)
        if chance.random() < 0.6
    ]
    assert names(board) == []
    assert names(board, VoteRules(tells_parked=True)) == []


def test_a_half_hidden_parked_car_has_not_moved() -> None:
    parked = stand(PLATE, 0.95, seconds=20, fps=5)
    hidden = replace(plate_at(4, "A12345", 0.7), corners_px=plate("", x=640, y=700).corners_px)
    for number in (0, 30, 31, 60):
        parked[number] = (parked[number][0], [hidden])
    assert names(parked) == []


def test_a_car_that_drives_in_past_a_parked_one_is_told_alone() -> None:
    parked = [(at, [plate_at(7, "苏B67890", 0.95, lane_m=3)]) for at, _ in drive(PLATE)]
    assert names(together(parked, drive(PLATE))) == [PLATE]


def test_a_car_that_stops_at_the_barrier_was_told_as_it_came() -> None:
    assert names([*drive(PLATE), *stand(PLATE, start_s=2.2, seconds=900, fps=1)]) == [PLATE]


def test_a_car_that_waits_at_the_barrier_when_the_gate_starts_is_told_as_it_drives_on() -> None:
    waiting = stand(PLATE, metre=6, seconds=60)
    assert names(waiting) == []
    assert names([*waiting, *drive(PLATE, start_s=60, metres=(6, 3))]) == [PLATE]


def test_a_car_that_came_and_parked_in_view_is_not_told_again_all_day() -> None:
    parked = [seen for n in range(20) for seen in stand(PLATE, start_s=10 + n * 600, fps=5)]
    assert names([*drive(PLATE), *parked]) == [PLATE]


def test_a_parked_car_that_drives_off_is_no_fixture_any_more() -> None:
    parked = [seen for hour in range(3) for seen in stand(PLATE, start_s=hour * 3600, metre=6)]
    off = drive(PLATE, start_s=7210, metres=(6, 14))
    assert names([*parked, *off]) == [f"-{PLATE}"]


def test_parked_cars_can_be_told_when_a_site_wants_that() -> None:
    (event,) = voted(stand(PLATE, 0.95), VoteRules(tells_parked=True))
    assert not event.has_moved


def photos(*texts: tuple[float, float, int, str]) -> list[VotedPlate]:
    """What follows from photos: second, confidence, scene and text of each frame."""
    vote = PlateVote(VoteRules())
    found = []
    for at, confidence, scene, text in texts:
        found += vote.add(photo(at, scene=scene), [plate(text, confidence)])
    return found + vote.finish()


# Photos


def test_a_photo_is_told_at_the_second_read_that_agrees() -> None:
    vote = PlateVote(VoteRules())
    told = [len(vote.add(photo(at * 0.2), [plate(PLATE)])) for at in range(5)]
    assert told == [0, 1, 0, 0, 0]


def test_a_photo_with_every_character_sure_is_told_at_once() -> None:
    vote = PlateVote(VoteRules())
    assert [name_of(event) for event in vote.add(photo(), [plate(PLATE, 0.9)])] == [PLATE]


def test_the_next_photo_of_a_folder_is_a_new_pass_even_of_the_same_car() -> None:
    seen = [(0.0, 0.8, 1, PLATE), (0.2, 0.8, 1, PLATE), (0.4, 0.8, 2, PLATE), (0.6, 0.8, 2, PLATE)]
    assert [name_of(event) for event in photos(*seen)] == [PLATE, PLATE]


def test_a_weak_pair_of_reads_does_not_overrule_a_stronger_text() -> None:
    seen = [(0.0, 0.89, 1, PLATE), (0.2, 0.2, 1, "浙A1234S"), (0.4, 0.2, 1, "浙A1234S")]
    assert [name_of(event) for event in photos(*seen)] == ["浙A12345?"]


def test_two_cars_in_a_photo_are_two() -> None:
    vote = PlateVote(VoteRules())
    pair = [plate("浙A88888", 0.95, x=0), plate("浙A88886", 0.95, x=400)]
    assert sorted(map(name_of, vote.add(photo(), pair))) == ["浙A88886", "浙A88888"]
