from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from gate.frame import Frame
from gate.pipeline import Passage, Pipeline, Stamps
from gate.reading import PlateReading
from gate.vote import PlateVote, VoteRules
from shared.codec import decode, encode
from shared.messages import Arrival
from tests.gate.cars import START, FakeEngine, frame, plate

DARK, BRIGHT = 60, 160
SENT_AT = START + timedelta(seconds=3)


def pipeline(dark: list[PlateReading], bright: list[PlateReading] | None = None) -> Pipeline:
    numbers = count(1)
    ids = (f"id-{number}" for number in count(1))
    stamps = Stamps(lambda: next(ids), lambda: next(numbers), lambda: SENT_AT)
    engine = FakeEngine({DARK: dark, BRIGHT: bright or []})
    return Pipeline("north", engine, PlateVote(VoteRules()), stamps)


def passages(gate: Pipeline, *frames: Frame) -> list[Passage]:
    return [passage for one in frames for passage in gate.take(one)] + gate.finish()


def seen_at(after_s: float) -> datetime:
    return START + timedelta(seconds=after_s)


def test_a_car_that_is_read_twice_becomes_one_arrival() -> None:
    gate = pipeline([plate("浙A88888", 0.8, candidates=("浙A88886",))])
    frames = [frame(at * 0.2, shade=DARK) for at in range(5)]
    (passage,) = passages(gate, *frames)
    arrival = passage.arrival
    assert arrival.plate == arrival.raw_plate == "浙A88888"
    assert arrival.seen_at == seen_at(0.2)
    assert arrival.sent_at == SENT_AT
    assert arrival.confidence == min(arrival.characters) == 0.8
    assert arrival.reads == 2
    assert arrival.candidates == ("浙A88886",)
    assert (arrival.gate_id, arrival.seq, arrival.kind) == ("north", 1, "small")
    assert not arrival.is_uncertain
    assert arrival.arrival_id != arrival.image_id


def test_the_picture_is_the_very_frame_that_was_read() -> None:
    gate = pipeline([plate("浙A88888", 0.8)])
    first, second = frame(0, shade=DARK), frame(0.2, shade=DARK)
    (passage,) = passages(gate, first, second)
    assert passage.image is second.image


def test_the_guard_hears_the_plate_as_a_radio_would_say_it() -> None:
    (passage,) = passages(pipeline([plate("浙A88888", 0.95)]), frame(shade=DARK))
    assert passage.say.text == passage.arrival.text == "浙A88888 到访"
    assert passage.say.role == "gate"


def test_an_unsure_plate_is_said_to_be_unsure() -> None:
    (passage,) = passages(pipeline([plate("浙A88888", 0.5)]), frame(shade=DARK))
    assert passage.arrival.is_uncertain
    assert passage.say.text == "浙A88888 到访（车牌待核对）"


def test_what_the_grammar_corrected_is_marked_and_the_raw_text_kept() -> None:
    corrected = replace(plate("浙A88880", 0.95), raw_plate="浙A8888O")
    (passage,) = passages(pipeline([corrected]), frame(shade=DARK))
    assert passage.arrival.is_corrected
    assert passage.arrival.raw_plate == "浙A8888O"


def test_a_text_that_is_no_plate_does_not_stop_the_gate() -> None:
    strange = replace(plate("浙A88888", 0.95), kind=None)
    far_too_long = replace(plate("浙A88888", 0.95), plate="8" * 40)
    (passage,) = passages(pipeline([far_too_long, strange]), frame(shade=DARK))
    assert passage.arrival.kind == "unknown"
    assert passage.arrival.is_uncertain


def test_every_arrival_survives_the_way_over_mqtt() -> None:
    gate = pipeline([plate("浙A88888", 0.95)], [plate("使123456", 0.3), plate("苏BD12345", x=400)])
    for passage in passages(gate, frame(0, shade=DARK), frame(9, shade=BRIGHT)):
        assert decode(Arrival, encode(passage.arrival)) == passage.arrival


def test_arrivals_are_counted_up() -> None:
    gate = pipeline([plate("浙A88888", 0.95)], [plate("苏B67890", 0.95)])
    found = passages(gate, frame(0, shade=DARK), frame(9, shade=BRIGHT))
    assert [passage.arrival.seq for passage in found] == [1, 2]


def test_a_car_that_passed_undecided_is_reported_while_nothing_moves() -> None:
    gate = pipeline([plate("浙A88888", 0.5)])
    assert gate.take(frame(-5, shade=DARK)) == []
    (passage,) = gate.rest()
    assert passage.arrival.is_uncertain


def test_an_arrival_whose_picture_could_not_be_kept_names_none() -> None:
    (passage,) = passages(pipeline([plate("浙A88888", 0.95)]), frame(shade=DARK))
    assert passage.without_image().image_id is None
    assert passage.without_image().plate == "浙A88888"
