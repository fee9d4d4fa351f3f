from dataclasses import replace

import pytest

from gate.reading import PlateReading
from gate.vote import PlateVote, VotedPlate, VoteRules, plate_distance
from tests.gate.cars import frame, plate

Seen = tuple[float, list[PlateReading]]


def voted(*seen: Seen, scene: int = 0, rules: VoteRules | None = None) -> list[VotedPlate]:
    vote = PlateVote(rules or VoteRules())
    found = [one for at, readings in seen for one in vote.add(frame(at, scene=scene), readings)]
    return found + vote.finish()


def names(*seen: Seen) -> list[str]:
    return [one.sighting.reading.plate + ("?" if one.is_uncertain else "") for one in voted(*seen)]


def test_two_equal_reads_name_the_plate_and_the_rest_of_the_pass_does_not_again() -> None:
    assert names(*[(second * 0.2, [plate("浙A12345")]) for second in range(20)]) == ["浙A12345"]


def test_one_read_with_every_character_sure_is_enough() -> None:
    assert names((0, [plate("浙A12345", 0.90)])) == ["浙A12345"]


def test_one_read_with_one_character_below_ninety_percent_stays_uncertain() -> None:
    assert names((0, [plate("浙A12345", 0.89)])) == ["浙A12345?"]


def test_the_decision_rests_on_the_very_frame_that_completed_it() -> None:
    (one,) = voted((0, [plate("浙A12345", 0.5)]), (0.4, [plate("浙A12345", 0.7)]))
    assert one.sighting.frame.taken_at == frame(0.4).taken_at
    assert one.sighting.certainty == 0.7
    assert one.reads == 2


def test_an_uncertain_pass_is_reported_from_its_best_frame_with_three_candidates() -> None:
    best = plate("浙A12345", 0.7, candidates=("浙A12346", "浙A12348", "浙A12349"))
    (one,) = voted((0, [plate("浙A1234S", 0.3)]), (0.2, [best]))
    assert one.is_uncertain
    assert one.sighting.frame.taken_at == frame(0.2).taken_at
    assert one.candidates == ("浙A1234S", "浙A12346", "浙A12348")
    assert one.reads == 2


def test_one_stray_read_between_does_not_change_the_plate() -> None:
    assert names(
        (0, [plate("浙A12345", 0.7)]),
        (0.2, [plate("浙A1234S", 0.4)]),
        (0.4, [plate("浙A12345", 0.7)]),
    ) == ["浙A12345"]


def test_a_weak_pair_of_reads_does_not_overrule_a_stronger_text() -> None:
    seen = [plate("浙A12345", 0.89), plate("浙A1234S", 0.2), plate("浙A1234S", 0.2)]
    assert names(*[(at * 0.2, [reading]) for at, reading in enumerate(seen)]) == ["浙A12345?"]


def test_a_plate_that_cannot_exist_is_never_certain() -> None:
    impossible = replace(plate("浙A12345", 0.99), kind=None)
    assert names((0, [impossible]), (0.2, [impossible])) == ["浙A12345?"]


def test_an_incomplete_plate_is_never_certain() -> None:
    green = replace(plate("浙AD1234", 0.99), is_incomplete=True)
    assert names((0, [green]), (0.2, [green])) == ["浙AD1234?"]


def test_a_sighting_without_a_single_character_is_nothing() -> None:
    assert names((0, [replace(plate("浙A12345"), plate="")])) == []


def test_two_cars_in_one_frame_are_two_votes() -> None:
    pair = [plate("浙A12345", x=0), plate("苏B67890", x=400)]
    assert sorted(names((0, pair), (0.2, pair))) == ["浙A12345", "苏B67890"]


def test_two_cars_with_almost_the_same_plate_in_one_frame_stay_two() -> None:
    pair = [plate("浙A88888", x=0), plate("浙A88886", x=400)]
    assert sorted(names((0, pair), (0.2, pair))) == ["浙A88886", "浙A88888"]


def test_a_plate_that_was_found_twice_in_a_frame_is_one_car() -> None:
    double = [plate("浙A12345", 0.95, x=100), plate("浙B1Z845", 0.95, x=110)]
    assert names((0, double), (0.2, double)) == ["浙A12345"]


def test_a_clock_that_was_set_back_does_not_silence_a_plate() -> None:
    again = names((7200, [plate("浙A12345", 0.95)]), (0, [plate("浙A12345", 0.95)]))
    assert again == ["浙A12345", "浙A12345"]


def test_a_car_close_behind_at_the_same_place_is_a_car_of_its_own() -> None:
    first = [(at * 0.2, [plate("浙A12345")]) for at in range(3)]
    second = [(1 + at * 0.2, [plate("苏B67890")]) for at in range(3)]
    assert names(*first, *second) == ["浙A12345", "苏B67890"]


def test_a_badly_read_frame_at_the_same_place_belongs_to_the_same_car() -> None:
    seen = [plate("浙A12345"), plate("浙A345", 0.4), plate("浙A12345")]
    assert names(*[(at * 0.2, [reading]) for at, reading in enumerate(seen)]) == ["浙A12345"]


def test_the_same_plate_is_not_named_again_within_five_minutes() -> None:
    assert names((0, [plate("浙A12345", 0.95)]), (299, [plate("浙A12345", 0.95)])) == ["浙A12345"]


def test_the_same_plate_is_named_again_after_five_minutes() -> None:
    again = names((0, [plate("浙A12345", 0.95)]), (301, [plate("浙A12345", 0.95)]))
    assert again == ["浙A12345", "浙A12345"]


def test_the_car_just_named_that_comes_back_badly_read_is_not_a_new_visitor() -> None:
    assert names((0, [plate("浙A12345", 0.95)]), (10, [plate("浙A1Z345", 0.5)])) == ["浙A12345"]


def test_a_badly_read_plate_long_after_is_a_visitor_again() -> None:
    found = names((0, [plate("浙A12345", 0.95)]), (400, [plate("浙A1Z345", 0.5)]))
    assert found == ["浙A12345", "浙A1Z345?"]


def test_a_car_that_stands_undecided_is_reported_before_it_drives_on() -> None:
    vote = PlateVote(VoteRules(give_up_s=8))
    texts = ["浙A12345", "浙A12346", "浙A12348", "浙A12349", "浙A12343"]
    seen = [vote.add(frame(at * 2), [plate(text, 0.4)]) for at, text in enumerate(texts)]
    assert [len(found) for found in seen] == [0, 0, 0, 0, 1]
    assert vote.finish() == []


def test_a_car_that_passed_undecided_is_reported_though_no_frame_follows() -> None:
    vote = PlateVote(VoteRules(window_s=4))
    vote.add(frame(0), [plate("浙A12345", 0.5)])
    assert vote.expire(frame(3.9).taken_at) == []
    (one,) = vote.expire(frame(4.1).taken_at)
    assert one.is_uncertain


def test_reads_too_far_apart_are_not_one_pass() -> None:
    vote = PlateVote(VoteRules(window_s=4, repeat_after_s=0))
    found = [vote.add(frame(at), [plate("浙A12345", 0.5)]) for at in (0, 5, 10)]
    assert [[one.is_uncertain for one in each] for each in found] == [[], [True], [True]]


def test_the_next_photo_of_a_folder_is_a_new_pass_even_of_the_same_car() -> None:
    vote = PlateVote(VoteRules())
    found = [
        vote.add(frame(at, scene=scene), [plate("浙A12345")])
        for at, scene in ((0, 1), (0.2, 1), (0.4, 2), (0.6, 2))
    ]
    assert [len(each) for each in found] == [0, 1, 0, 1]


def test_a_parked_car_that_stays_in_view_is_named_once_all_day() -> None:
    day = [(at * 3.0, [plate("浙A12345", 0.95)]) for at in range(1000)]
    assert names(*day) == ["浙A12345"]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("浙A12345", "浙A12345", 0),
        ("浙A12345", "浙A1234", 1),
        ("浙A12345", "苏A12346", 2),
        ("", "浙A", 2),
    ],
)
def test_texts_differ_by_so_many_characters(one: str, other: str, distance: int) -> None:
    assert plate_distance(one, other) == distance
