"""The benches' own arithmetic: a wrong figure is worse than none."""

from pathlib import Path

import numpy as np
import pytest

from gate.camera.picture import read_picture
from shared.way import Place
from tests.bench.contact_sheet import Tile, draw_sheet
from tests.bench.labels import Labelled, labelled_in
from tests.bench.other_pictures import draw
from tests.bench.peers.readers.speak import only_plate, plates_among
from tests.bench.reliability import as_svg, bins, calibration_error
from tests.bench.scores import Answer, Outcome, distance, score
from tests.bench.way_parts import parts, took_ms, ways, whole


def outcome(label: str, *texts: str, others: tuple[str, ...] = (), took: float = 1.0) -> Outcome:
    answers = tuple(Answer(text, 0.9) for text in texts)
    return Outcome(Labelled(Path("a.jpg"), label, others), answers, took)


def test_the_first_answer_counts_as_exact_and_any_as_among() -> None:
    found = score([outcome("浙A12345", "浙B12345", "浙A12345"), outcome("浙A12345", "浙A12345")])
    assert (found.exact, found.among) == (0.5, 1.0)


def test_a_wrong_province_still_counts_without_it() -> None:
    found = score([outcome("浙A12345", "皖A12345"), outcome("浙A12345", "A12345")])
    assert (found.exact, found.without_province) == (0.0, 1.0)


def test_characters_are_counted_by_how_many_must_be_changed() -> None:
    assert [distance("浙A12345", text) for text in ("浙A12345", "浙A1234", "皖A12346", "")] == [
        0,
        1,
        2,
        7,
    ]
    assert score([outcome("浙A12345", "浙A12346")]).per_character == pytest.approx(6 / 7)


def test_a_misread_plate_or_a_second_car_is_no_false_plate_but_a_clock_is() -> None:
    read = outcome("浙A12345", "浙A12346", "沪B54321", "20261125", others=("沪B54321",))
    assert score([read]).false == 1


def test_times_leave_out_pictures_on_which_a_reader_failed() -> None:
    failed = Outcome(Labelled(Path("a.jpg"), "浙A12345"), (), None)
    assert (
        score([failed, outcome("浙A12345", took=30), outcome("浙A12345", took=10)]).median_ms == 20
    )


def test_labels_are_read_with_other_plates_and_a_limit_is_spread_out(tmp_path: Path) -> None:
    rows = ["file,plate,other_plates", "x/0.jpg,浙A00000,沪B1|沪B2", "9.jpg,,"]
    rows += [f"{number}.jpg,浙A0000{number}," for number in range(1, 8)]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    everything = labelled_in(tmp_path, tmp_path / "a.csv")
    assert everything[0] == Labelled(tmp_path / "0.jpg", "浙A00000", ("沪B1", "沪B2"))
    assert len(everything) == 8
    few = labelled_in(tmp_path, tmp_path / "a.csv", limit=4)
    assert [picture.path.name for picture in few] == ["0.jpg", "2.jpg", "4.jpg", "6.jpg"]


def test_plates_are_picked_out_of_lines_of_text() -> None:
    lines = [
        ("2026-11-25", 0.99),
        ("皖A·D123", 0.8),
        ("浙B", 0.9),
        ("12345挂", 0.7),
        ("粤A·8B123", 0.95),
    ]
    assert plates_among(lines) == [("粤A8B123", 0.95)]
    assert plates_among([("浙B", 0.9), ("1234挂", 0.7)]) == [("浙B1234挂", 0.7)]
    assert only_plate([("皖 A·", 0.9), ("12345", 0.6)]) == [("皖A12345", 0.6)]


def test_readings_that_are_right_as_often_as_they_say_have_no_calibration_error() -> None:
    claims = [(0.75, number < 75) for number in range(100)]
    (only,) = bins(claims)
    assert (only.count, only.right) == (100, 0.75)
    assert only.said == pytest.approx(0.75)
    assert calibration_error([only]) == pytest.approx(0)
    assert calibration_error(bins([(0.95, False)] * 10)) == pytest.approx(0.95)


def test_every_confidence_from_0_to_1_falls_into_one_bin() -> None:
    claims = [(number / 1000, True) for number in range(1001)]
    assert sum(group.count for group in bins(claims)) == 1001


def test_the_plot_holds_a_mark_for_each_bin() -> None:
    found = bins([(0.2, True), (0.55, False), (0.999, True)])
    assert as_svg(found, "three").count("<circle") == 3


def test_a_contact_sheet_shows_each_picture_once(tmp_path: Path) -> None:
    corners = ((10.0, 10.0), (60.0, 10.0), (60.0, 30.0), (10.0, 30.0))
    tiles = [
        Tile(np.full((40, 80, 3), (0, 0, 255), np.uint8), ("浙A12345", "read")),
        Tile(
            np.full((400, 80, 3), (0, 255, 0), np.uint8), ("a very long line of text" * 5,), corners
        ),
    ]
    draw_sheet(tiles, tmp_path / "new" / "sheet.png")
    sheet = read_picture(tmp_path / "new" / "sheet.png")
    assert tuple(sheet[20, 20]) == (0, 0, 255)
    assert tuple(sheet[20, 330]) == (0, 255, 0)


def test_other_pictures_are_drawn_the_same_again() -> None:
    for number in range(10):
        (name, first), (_, again) = draw(number, 1), draw(number, 1)
        assert first.shape == (540, 960, 3), name
        assert np.array_equal(first, again), name


def test_an_alert_s_way_is_cut_at_the_places_where_its_message_first_was() -> None:
    said = [
        ("a", Place.FRAME, 10.0),
        ("a", Place.SENT, 10.04),
        ("a", Place.ALERT_SENT, 10.05),
        ("a", Place.AT_CLIENT, 10.08),
        ("a", Place.AT_CLIENT, 19.0),
        ("a", Place.SHOWN, 10.06),
        ("b", Place.FRAME, 11.0),
    ]
    (way,) = whole(ways(said).values(), Place.AT_CLIENT)
    assert took_ms(way, Place.AT_CLIENT) == pytest.approx(80)
    assert {place: took for place, (took,) in parts([way]).items()} == pytest.approx(
        {Place.SENT: 40, Place.ALERT_SENT: 10, Place.AT_CLIENT: 30, Place.SHOWN: 10}
    )
