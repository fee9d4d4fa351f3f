import weakref
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.passing.ballot import Ballot, Tally
from gate.passing.track import Sighting
from gate.reader.reading import PlateReading
from shared.plate import is_plausible, kind_of
from tests.gate.cars import frame, plate


def read(text: str, *certain: float, width: float = 100, sharpness: float = 1.0) -> PlateReading:
    """A reading with these confidences, or 0.8 for each character."""
    characters = certain or (0.8,) * len(text)
    known = replace(plate(text, width=width), characters=characters, confidence=min(characters))
    return replace(known, sharpness=sharpness, kind=kind_of(text))


def tally(*readings: PlateReading, gap_s: float = 0.2) -> Tally:
    ballot = Ballot()
    for number, reading in enumerate(readings):
        ballot.take(Sighting(reading, frame(number * gap_s)))
    return ballot.tally()


def winner(*readings: PlateReading) -> str:
    return tally(*readings).sighting.reading.plate


def test_each_character_is_voted_for_by_its_own_confidence() -> None:
    sure_of_5 = (0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95)
    unsure_of_5 = (0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.3)
    assert winner(read("浙A12346", *unsure_of_5), read("浙A12345", *sure_of_5)) == "浙A12345"
    assert winner(read("浙A12346", *sure_of_5), read("浙A12345", *unsure_of_5)) == "浙A12346"


def test_a_near_plate_weighs_more_than_several_far_ones() -> None:
    far = [read("浙A12346", width=30)] * 4
    assert winner(*far, read("浙A12345", width=120)) == "浙A12345"


def test_a_sharp_plate_weighs_more_than_several_blurred_ones() -> None:
    blurred = [read("浙A12346", sharpness=0.2)] * 4
    assert winner(*blurred, read("浙A12345")) == "浙A12345"


def test_frames_that_follow_fast_share_a_vote_so_that_25_frames_a_second_decide_like_5() -> None:
    few = tally(*[read("浙A12345")] * 6, gap_s=0.2)
    many = tally(*[read("浙A12345")] * 26, gap_s=0.04)
    assert few.lead == pytest.approx(6 * 0.64)
    assert many.lead == pytest.approx(11 * 0.64)


def test_a_text_that_lost_a_character_votes_for_the_ones_that_it_has() -> None:
    found = tally(read("浙A1234"), read("浙A12345"), read("浙A12346"), read("A12345"))
    assert found.sighting.reading.plate == "浙A12345"
    assert found.agreeing == 1
    assert found.reads == 4


def test_a_green_plate_that_lacks_a_place_votes_for_eight() -> None:
    seven = replace(read("浙AD1234"), is_incomplete=True)
    assert winner(seven, seven, read("浙AD12345")) == "浙AD12345"


def test_an_impossible_text_loses_against_a_possible_one() -> None:
    assert winner(read("浙012345"), read("浙012345"), read("浙A12345")) == "浙A12345"


def test_where_no_frame_read_the_text_the_nearest_frame_is_kept_with_the_text_put_in() -> None:
    wrong = [read("浙A1234S"), read("浙A12B45"), read("浙B12345", 0.9, 0.6, *[0.9] * 5)]
    found = tally(*wrong)
    reading = found.sighting.reading
    assert reading.plate == "浙A12345"
    assert reading.kind == "small"
    assert not found.is_read
    assert found.agreeing == 0
    assert reading.raw_plate in {reading.plate for reading in wrong}
    assert min(reading.characters) == reading.confidence == 0.6
    assert set(found.others) == {reading.plate for reading in wrong}


def test_the_frame_kept_is_the_clearest_that_read_the_text() -> None:
    small, clear, blurred = (
        read("浙A12345", *[0.95] * 7, width=40),
        read("浙A12345", *[0.9] * 7, width=95),
        read("浙A12345", *[0.99] * 7, width=95, sharpness=0.5),
    )
    assert tally(small, clear, blurred).sighting.reading is clear


def test_one_doubtful_character_keeps_the_whole_plate_from_leading() -> None:
    found = tally(read("浙A12345"), read("浙A12346"), read("浙A12345"), read("浙A12346"))
    assert found.lead == pytest.approx(0.0)
    assert found.share == pytest.approx(0.5)


def test_a_long_pass_keeps_few_frames() -> None:
    ballot, images = Ballot(), []
    for number in range(400):
        text = f"浙A{number % 100:02}345"
        taken = frame(number * 0.04)
        images.append(weakref.ref(taken.image))
        ballot.take(Sighting(read(text), taken))
    del taken
    kept = [image for image in images if image() is not None]
    assert len(kept) <= 5  # the best of four texts, and the last
    assert len(ballot.tally().others) <= 23


_TEXTS = st.sampled_from(
    ["浙A12345", "浙A1234S", "浙A1234", "浙AD12345", "A12345", "浙B12845", "0"]
)


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(_TEXTS, min_size=1, max_size=12), certain=st.floats(0.01, 1.0))
def test_the_vote_ends_with_a_possible_plate_if_any_frame_read_one(
    texts: list[str], certain: float
) -> None:
    found = tally(*[read(text, *(certain,) * len(text)) for text in texts])
    if any(is_plausible(text) for text in texts):
        assert is_plausible(found.sighting.reading.plate)
    assert found.reads == len(texts)
    assert len(found.sighting.reading.characters) == len(found.sighting.reading.plate)
    assert found.is_read is (found.sighting.reading.plate in texts)
    if found.is_read:
        assert found.sighting.reading.plate == found.sighting.reading.raw_plate


@settings(max_examples=20, deadline=None)
@given(text=_TEXTS, count=st.integers(1, 20))
def test_frames_that_agree_are_never_overruled(text: str, count: int) -> None:
    found = tally(*[read(text)] * count)
    assert found.sighting.reading.plate == text
    assert found.agreeing == count
    assert found.share == pytest.approx(1.0)
