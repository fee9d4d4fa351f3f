import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.camera.frame import Frame
from gate.passing.vote import PlateVote, VotedPlate, VoteRules
from gate.reader.reading import PlateReading
from tests.gate.cars import drive, frame, plate, plate_at, stand, together
from tests.gate.passes import PLATE, after, name_of, names, voted

# One pass, one event (F1)


@pytest.mark.parametrize("fps", [3, 5, 15, 25])
@pytest.mark.parametrize("kmh", [5, 10, 25])
def test_a_car_that_drives_in_is_told_once_at_every_speed_and_frame_rate(
    fps: float, kmh: float
) -> None:
    assert names(drive(PLATE, 0.85, kmh=kmh, fps=fps)) == [PLATE]


def test_a_car_is_told_while_it_is_in_view() -> None:
    vote = PlateVote(VoteRules())
    told = [at for at, readings in drive(PLATE) if vote.add(frame(at), readings)]
    assert len(told) == 1
    assert told[0] < 1.5


def test_a_car_that_passed_too_fast_to_be_clear_is_told_a_second_later() -> None:
    vote = PlateVote(VoteRules())
    for at, readings in drive(PLATE, 0.6, kmh=25, fps=3):
        assert vote.add(frame(at), readings) == []
    assert [len(vote.add(frame(at), [])) for at in (1.0, 1.5, 1.8, 2.0)] == [0, 0, 1, 0]


def test_a_car_that_is_hidden_for_two_seconds_stays_one() -> None:
    seen = [
        sighting for sighting in drive(PLATE, 0.6, kmh=5, fps=10) if not 0.3 < sighting[0] < 2.3
    ]
    assert names(seen) == [PLATE]


def test_a_car_of_which_only_every_third_frame_is_read_stays_one() -> None:
    assert names(drive(PLATE, kmh=5, fps=15)[::3]) == [PLATE]


def test_a_car_whose_text_flickers_from_frame_to_frame_is_one() -> None:
    flicker = ["浙A12345", "浙A1234S", "浙A12845", "浙A12345", "浙B12345", "浙A1Z345", "A12345"]
    seen = drive(PLATE, kmh=5, fps=15)
    for number, (at, readings) in enumerate(seen):
        text = flicker[number % len(flicker)]
        changed = replace(readings[0], plate=text, kind=plate(text).kind)
        seen[number] = (at, [replace(changed, characters=(0.7,) * len(text))])
    assert names(seen) == [PLATE]


def test_two_cars_beside_each_other_are_two() -> None:
    both = together(drive(PLATE, lane_m=-1.5), drive("苏B67890", lane_m=1.5))
    assert sorted(names(both)) == ["浙A12345", "苏B67890"]


def test_two_cars_beside_each_other_with_almost_the_same_plate_are_two() -> None:
    both = together(drive("浙A88888", lane_m=-1.5), drive("浙A88886", lane_m=1.5))
    assert sorted(names(both)) == ["浙A88886", "浙A88888"]


@pytest.mark.parametrize("gap_s", [1.0, 1.5, 2.5, 4.0])
@pytest.mark.parametrize("other", ["浙A88886", "浙A88668", "苏B67890"])
def test_a_car_close_behind_is_told_for_itself_however_alike_its_plate(
    gap_s: float, other: str
) -> None:
    both = together(drive("浙A88888"), drive(other, start_s=gap_s))
    assert names(both) == ["浙A88888", other]


def test_a_plate_that_was_found_twice_in_a_frame_is_one_car() -> None:
    seen = [
        (at, [reading, replace(reading, plate="浙B1Z845", characters=(0.5,) * 7)])
        for at, (reading,) in drive(PLATE)
    ]
    assert names(seen) == [PLATE]


def test_the_same_plate_is_not_told_again_within_five_minutes() -> None:
    assert names([*drive(PLATE), *after(290, drive(PLATE))]) == [PLATE]


def test_the_same_plate_is_told_again_after_five_minutes() -> None:
    assert names([*drive(PLATE), *after(310, drive(PLATE))]) == [PLATE, PLATE]


def test_the_same_plate_is_told_again_at_once_when_it_went_out_in_between() -> None:
    out = after(60, drive(PLATE, metres=(4, 10)))
    assert names([*drive(PLATE), *out, *after(120, drive(PLATE))]) == [PLATE, f"-{PLATE}", PLATE]


def test_the_car_just_told_that_comes_back_badly_read_is_not_a_new_visitor() -> None:
    assert names([*drive(PLATE), (20, [plate_at(5, "浙A1Z345", 0.7)])]) == [PLATE]


def test_a_car_that_was_told_is_no_other_one_when_it_is_misread_after_it_was_hidden() -> None:
    waits = stand("浙A12346", start_s=12, metre=4.0)
    leaves = drive("浙A12346", start_s=22, metres=(4, 2))
    assert names([*drive(PLATE), *waits, *leaves]) == [PLATE]


def test_a_car_that_goes_out_badly_read_is_told_all_the_same() -> None:
    out = drive("浙A12346", start_s=60, metres=(4, 10))
    doubtful = [(at, [replace(found, is_incomplete=True)]) for at, (found,) in out]
    assert names([*drive(PLATE), *doubtful]) == [PLATE, "-浙A12346?"]


def test_a_badly_read_plate_long_after_is_a_visitor_again() -> None:
    assert names([*drive(PLATE), (400, [plate_at(5, "浙A1Z345", 0.7)])]) == [PLATE, "浙A1Z345?"]


def test_a_clock_that_was_set_back_does_not_silence_a_plate() -> None:
    assert names([*after(7200, drive(PLATE)), *drive(PLATE)]) == [PLATE, PLATE]


# When it is decided (F2)


def test_a_car_that_was_read_once_for_sure_is_told_when_it_is_gone() -> None:
    vote = PlateVote(VoteRules(window_s=4))
    assert vote.add(frame(0), [plate(PLATE, 0.90)]) == []
    assert vote.expire(frame(3.9).taken_at) == []
    assert [name_of(event) for event in vote.expire(frame(4.1).taken_at)] == [PLATE]


def test_a_car_that_was_read_once_with_one_doubtful_character_is_uncertain() -> None:
    assert names([(0, [plate(PLATE, 0.89)])]) == ["浙A12345?"]


def test_two_reads_that_agree_are_certain() -> None:
    assert names(drive(PLATE, 0.5)[-2:]) == [PLATE]


def test_a_single_shadow_of_a_plate_is_nothing() -> None:
    assert names([(0, [plate(PLATE, 0.4)])]) == []


def test_small_far_reads_that_agree_wait_for_the_car_to_come_nearer() -> None:
    far = [(at / 10, [plate_at(20 - at, "浙A1234S", 0.95)]) for at in range(3)]
    near = after(0.3, drive(PLATE, 0.95, metres=(16, 4), kmh=20))
    assert names(far + near) == [PLATE]


def test_a_wrong_pair_of_reads_is_outvoted_before_anything_is_told() -> None:
    seen = drive(PLATE, 0.8, kmh=5)
    for number in (0, 1):
        seen[number] = (seen[number][0], [plate_at(10 - number / 7, "浙A1234S", 0.8)])
    assert names(seen) == [PLATE]


def test_a_plate_that_cannot_exist_is_never_certain() -> None:
    seen = [(at, [replace(found, kind=None)]) for at, (found,) in drive("浙A1234", 0.99)]
    assert names(seen) == ["浙A1234?"]


def test_an_incomplete_plate_is_never_certain() -> None:
    green = [(at, [replace(found, is_incomplete=True)]) for at, (found,) in drive("浙AD1234", 0.99)]
    assert names(green) == ["浙AD1234?"]


def test_an_uncertain_pass_offers_three_other_texts() -> None:
    first = plate_at(6.0, "浙A1234S", 0.55)
    best = replace(
        plate_at(5.9, PLATE, 0.7), candidates=("浙A12346", "浙A1234S", "浙A12348", "浙A12349")
    )
    (event,) = voted([(0, [first]), (0.1, [best])])
    assert event.is_uncertain
    assert event.candidates == ("浙A1234S", "浙A12346", "浙A12348")
    assert event.reads == 2


def test_a_car_that_came_and_stands_undecided_is_told_before_it_drives_on() -> None:
    vote = PlateVote(VoteRules(give_up_s=8))
    way = [*drive(PLATE, 0.4), *stand(PLATE, 0.4, start_s=2.2, seconds=10)]
    other = ("浙A12345", "浙A12346", "浙A12348")
    told = []
    for number, (at, (found,)) in enumerate(way):
        seen = replace(found, plate=other[number % 3])
        told += [(at, name_of(event)) for event in vote.add(frame(at), [seen])]
    ((moment, name),) = told
    assert moment == pytest.approx(8.0, abs=0.11)
    assert name.endswith("?")
    assert vote.finish() == []


def test_reads_too_far_apart_are_not_one_pass() -> None:
    rules = VoteRules(window_s=4, repeat_after_s=0)
    seen = [(at, [plate_at(9 - at, PLATE, 0.6)]) for at in (0.0, 2.0, 4.0)]
    assert names(seen, rules) == [PLATE]
    assert names([(at * 2.5, readings) for at, readings in seen], rules) == ["浙A12345?"] * 3


# The picture is the very frame that was read (F5)


def test_the_frame_that_is_kept_read_the_plate_and_is_the_best_of_those() -> None:
    reads = {4: 0.7, 5: 0.95, 6: 0.6}
    seen = [
        (at, [plate_at(10 - at, PLATE if n in reads else "浙A1234S", reads.get(n, 0.4))])
        for n, (at, _) in enumerate(drive(PLATE, kmh=5)[:8])
    ]
    (event,) = voted(seen)
    assert event.sighting.reading.plate == PLATE
    assert event.sighting.frame.taken_at == frame(0.5).taken_at


def test_no_readings_are_nothing() -> None:
    assert names([(0, [replace(plate(PLATE), plate="")]), (1, [])]) == []


# Whatever happens


@settings(max_examples=30, deadline=None)
@given(
    lanes=st.lists(st.integers(-4, 4), min_size=1, max_size=4, unique=True),
    kmh=st.floats(4, 30),
    fps=st.sampled_from([3, 5, 10, 15, 25]),
    confidence=st.floats(0.3, 1.0),
)
def test_each_car_that_drives_in_gives_exactly_one_event(
    lanes: list[int], kmh: float, fps: float, confidence: float
) -> None:
    cars = {f"浙A{lane + 5}{lane + 5}{lane + 5}23": lane for lane in lanes}
    ways = [
        drive(text, confidence, kmh=kmh, fps=fps, lane_m=1.2 * lane) for text, lane in cars.items()
    ]
    events = voted(together(*ways))
    assert sorted(event.sighting.reading.plate for event in events) == sorted(cars)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_readings_in_a_frame_never_groups(seed: int) -> None:
    chance = random.Random(seed)
    texts = ["浙A88888", "浙A88886", "浙AB8888", "苏B67890"]
    seen: list[tuple[Frame, list[PlateReading]]] = []
    for number in range(12):
        readings = [
            plate_at(
                chance.uniform(3, 12),
                chance.choice(texts),
                chance.choice((0.5, 0.8, 0.95)),
                lane_m=chance.choice((-2, 0, 2)),
            )
            for _ in range(chance.randrange(4))
        ]
        seen.append((frame(number * 0.3), readings))

    def told(shuffle: bool) -> list[VotedPlate]:
        vote, found = PlateVote(VoteRules()), []
        for picture, readings in seen:
            order = chance.sample(readings, len(readings)) if shuffle else readings
            found += vote.add(picture, order)
        return found + vote.finish()

    assert told(shuffle=True) == told(shuffle=False)
