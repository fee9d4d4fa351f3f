from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from msgspec.structs import replace as replaced

from gate.camera.frame import Frame
from gate.passing.vote import PlateVote, VoteRules
from gate.pipeline import Passage, Pipeline, Stamps
from gate.reader.reading import PlateReading
from shared.codec import decode, encode
from shared.messages import Arrival, Departure, Direction, Say
from shared.plate import kind_of
from shared.words import Voice
from tests.gate.cars import START, VOICE, FakeEngine, drive, frame, photo, plate

DARK, BRIGHT = 60, 160
SENT_AT = START + timedelta(seconds=3)


def pipeline(dark: list[PlateReading], bright: list[PlateReading] | None = None) -> Pipeline:
    numbers = count(1)
    ids = (f"id-{number}" for number in count(1))
    stamps = Stamps(lambda: next(ids), lambda: next(numbers), lambda: SENT_AT)
    engine = FakeEngine({DARK: dark, BRIGHT: bright or []})
    return Pipeline("north", engine, PlateVote(VoteRules()), stamps, VOICE)


def passages(gate: Pipeline, *frames: Frame) -> list[Passage]:
    return [passage for frame in frames for passage in gate.take(frame)] + gate.finish()


def arrival_of(passage: Passage) -> Arrival:
    assert isinstance(passage.message, Arrival)
    return passage.message


def seen_at(after_s: float) -> datetime:
    return START + timedelta(seconds=after_s)


def test_a_car_that_is_read_twice_becomes_one_arrival() -> None:
    gate = pipeline([plate("浙A88888", 0.8, candidates=("浙A88886",))])
    frames = [photo(at * 0.2, shade=DARK) for at in range(5)]
    (passage,) = passages(gate, *frames)
    arrival = arrival_of(passage)
    assert arrival.plate == arrival.raw_plate == "浙A88888"
    assert arrival.seen_at == seen_at(0.2)
    assert arrival.sent_at == SENT_AT
    assert arrival.confidence == min(arrival.characters) == 0.8
    assert arrival.reads == 2
    assert arrival.candidates == ("浙A88886",)
    assert (arrival.gate_id, arrival.seq, arrival.kind) == ("north", 1, "small")
    assert not arrival.is_uncertain
    assert arrival.image_id == arrival.arrival_id  # so that who is erased takes it along


def test_the_picture_is_the_very_frame_that_was_read() -> None:
    gate = pipeline([plate("浙A88888", 0.8)])
    first, second = photo(0, shade=DARK), photo(0.2, shade=DARK)
    (passage,) = passages(gate, first, second)
    assert passage.image is second.image


def test_the_guard_hears_the_plate_as_a_radio_would_say_it() -> None:
    (passage,) = passages(pipeline([plate("浙A88888", 0.95)]), photo(shade=DARK))
    assert passage.say == Say(role="gate", text="浙A88888 到访")
    assert arrival_of(passage).text == "浙A88888 到访"


def test_an_unsure_plate_is_said_to_be_unsure() -> None:
    (passage,) = passages(pipeline([plate("浙A88888", 0.5)]), photo(shade=DARK))
    assert arrival_of(passage).is_uncertain
    assert passage.say == Say(role="gate", text="浙A88888 到访（车牌待核对）")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "浙A88888 has arrived"), ("zh-TW", "浙A88888 到訪")]
)
def test_the_guard_hears_it_in_the_language_of_the_gate(language: str, said: str) -> None:
    gate = replace(pipeline([plate("浙A88888", 0.95)]), voice=Voice(VOICE.words, language))
    (passage,) = passages(gate, photo(shade=DARK))
    assert passage.say == Say(role="gate", text=said)


def test_what_the_grammar_corrected_is_marked_and_the_raw_text_kept() -> None:
    corrected = replace(plate("浙A88880", 0.95), raw_plate="浙A8888O")
    (passage,) = passages(pipeline([corrected]), photo(shade=DARK))
    assert arrival_of(passage).is_corrected
    assert arrival_of(passage).raw_plate == "浙A8888O"


def test_a_text_that_is_no_plate_does_not_stop_the_gate() -> None:
    strange = replace(plate("浙A88888", 0.95), kind=None)
    far_too_long = replace(plate("浙A88888", 0.95), plate="8" * 40)
    (passage,) = passages(pipeline([far_too_long, strange]), photo(shade=DARK))
    assert arrival_of(passage).kind == "unknown"
    assert arrival_of(passage).is_uncertain


def test_every_arrival_survives_the_way_over_mqtt() -> None:
    gate = pipeline([plate("浙A88888", 0.95)], [plate("使123456", 0.3), plate("苏BD12345", x=400)])
    for passage in passages(gate, photo(0, shade=DARK), photo(9, scene=1, shade=BRIGHT)):
        assert decode(Arrival, encode(passage.message)) == passage.message


def test_arrivals_are_counted_up() -> None:
    gate = pipeline([plate("浙A88888", 0.95)], [plate("苏B67890", 0.95)])
    found = passages(gate, photo(0, shade=DARK), photo(9, scene=1, shade=BRIGHT))
    assert [arrival_of(passage).seq for passage in found] == [1, 2]


def test_a_car_that_passed_undecided_is_reported_while_nothing_moves() -> None:
    gate = pipeline([plate("浙A88888", 0.5)])
    assert gate.take(photo(-5, shade=DARK)) == []
    (passage,) = gate.rest()
    assert arrival_of(passage).is_uncertain


def test_an_arrival_whose_picture_could_not_be_kept_names_none() -> None:
    (passage,) = passages(pipeline([plate("浙A88888", 0.95)]), photo(shade=DARK))
    assert passage.without_image() == replaced(passage.message, image_id=None)
    assert passage.message.image_id


def way(gate: Pipeline, metres: tuple[float, float], start_s: float = 0.0) -> list[Passage]:
    """What the gate makes of a car that drives from the first distance to the second."""
    seen = drive("浙A88888", metres=metres, start_s=start_s)
    return [passage for at, readings in seen for passage in gate.judge(frame(at), readings)]


def test_a_car_that_drives_in_is_an_arrival_with_its_direction() -> None:
    (passage,) = way(pipeline([]), (10, 4))
    assert arrival_of(passage).direction is Direction.IN


def test_a_car_that_drives_out_is_a_departure_of_which_the_guard_hears_nothing() -> None:
    (passage,) = way(pipeline([]), (4, 10))
    departure = passage.message
    assert isinstance(departure, Departure)
    assert (departure.plate, departure.gate_id, departure.seq) == ("浙A88888", "north", 1)
    assert departure.seen_at < departure.sent_at
    assert departure.image_id == departure.departure_id
    assert passage.say is None
    assert decode(Departure, encode(departure)) == departure


def test_a_car_that_went_out_and_comes_again_at_once_arrives_again() -> None:
    gate = pipeline([])
    ways = [*way(gate, (10, 4)), *way(gate, (4, 10), 20), *way(gate, (10, 4), 40)]
    assert [type(passage.message) for passage in ways] == [Arrival, Departure, Arrival]
    assert [passage.message.seq for passage in ways] == [1, 2, 3]


def test_a_text_that_no_frame_read_is_uncertain_and_said_to_be_corrected() -> None:
    gate = pipeline([])
    wrong = ["浙A1234S", "浙A12B45", "浙B12345"]
    seen = drive("浙A12345", 0.6, kmh=18, fps=3)
    frames = [frame(at) for at, _ in seen]
    for number, (_, (reading,)) in enumerate(seen):
        text = wrong[number % 3]
        odd = replace(reading, plate=text, raw_plate=text, kind=kind_of(text))
        gate.judge(frames[number], [odd])
    (passage,) = gate.finish()
    arrival = arrival_of(passage)
    assert arrival.plate == "浙A12345"
    assert arrival.raw_plate in wrong
    assert arrival.is_corrected
    assert arrival.is_uncertain
    assert set(arrival.candidates) == set(wrong)
    assert any(passage.image is frame.image for frame in frames)
