from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from gate.reader.rectify import STRIP_HEIGHT_PX, STRIP_WIDTH_PX
from gate.training.compose import as_high_as_two_rows
from gate.training.glyphs import Glyphs, text_shape
from gate.training.layout import DOT, lay_out
from gate.training.looks import look_of
from gate.training.others import OtherSamples
from gate.training.plates import PlateArtist, degrade
from gate.training.samples import NO_COLOUR
from gate.training.texts import KINDS_DRAWN, any_kind, text_of
from shared.errors import OperatorError
from shared.plate import ALPHABET, KINDS, PROVINCES, kinds_of


@pytest.fixture(scope="module")
def artist(tmp_path_factory: pytest.TempPathFactory) -> PlateArtist:
    """Draws with invented characters: a block pattern for each, so that no font is needed."""
    folder = tmp_path_factory.mktemp("glyphs")
    for number, char in enumerate(ALPHABET):
        pattern = np.random.default_rng(number).integers(0, 2, (6, 3)).astype(np.uint8) * 255
        glyph = cv2.resize(pattern, (45, 90), interpolation=cv2.INTER_NEAREST)
        done, data = cv2.imencode(".jpg", glyph)
        assert done
        (folder / f"140_{char}.jpg").write_bytes(data.tobytes())
    return PlateArtist(folder, seed=3, font_share=0.0)


def test_invented_texts_fit_the_kind_they_are_drawn_for() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        kind = any_kind(rng)
        text = text_of(kind, rng)
        fitting = {fit.id for fit in kinds_of(text)}
        assert kind in fitting or fitting == {"organ"}, (kind, text)


def test_provinces_are_drawn_evenly() -> None:
    rng = np.random.default_rng(0)
    drawn = [text_of("small", rng)[0] for _ in range(3100)]
    counts = [drawn.count(province) for province in PROVINCES]
    assert min(counts) > 50
    assert max(counts) < 170


def test_the_same_seed_draws_the_same_plates(artist: PlateArtist) -> None:
    twins = [artist.draw(np.random.default_rng(8)) for _ in range(2)]
    assert twins[0].text == twins[1].text
    assert (twins[0].image == twins[1].image).all()


def test_a_plate_of_a_province_is_drawn_where_one_is_asked_for(artist: PlateArtist) -> None:
    rng = np.random.default_rng(0)
    assert [artist.draw(rng, "small", name).text[0] for name in "青琼浙"] == list("青琼浙")


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("small", (140, 440, 3)),
        ("nev_small", (140, 480, 3)),
        ("nev_large", (140, 480, 3)),
        ("large_rear", (220, 440, 3)),
        ("motorcycle", (280, 440, 3)),
        ("police", None),
        ("armed_police", None),
        ("emergency", None),
        ("embassy", None),
        ("aviation", None),
    ],
)
def test_every_kind_can_be_drawn(
    artist: PlateArtist, kind: str, shape: tuple[int, ...] | None
) -> None:
    plate = artist.draw(np.random.default_rng(4), kind)
    assert plate.kind == kind
    assert plate.image.dtype == np.uint8
    assert plate.image.std() > 5
    assert shape is None or plate.image.shape == shape


def test_every_kind_that_is_drawn_is_in_the_table_of_kinds() -> None:
    rng = np.random.default_rng(0)
    assert {any_kind(rng) for _ in range(2000)} <= {kind.id for kind in KINDS}


def test_characters_lie_inside_the_plate_and_do_not_overlap() -> None:
    for text, kind, rows, size in (
        ("浙A12345", "small", 1, (440, 140)),
        ("浙AD12345", "nev_small", 1, (480, 140)),
        ("琼X1234应急", "emergency", 1, (440, 140)),
        ("浙A1234挂", "trailer", 2, (440, 220)),
        ("WJ粤12345", "armed_police", 2, (440, 220)),
    ):
        cells = [cell for cell in lay_out(text, kind, rows, size) if cell.char != DOT]
        assert "".join(cell.char for cell in cells) == text
        assert all(cell.x >= 0 and cell.x + cell.width <= size[0] for cell in cells)
        assert all(cell.y >= 0 and cell.y + cell.height <= size[1] for cell in cells)
        for before, after in pairwise(cells):
            assert before.x + before.width <= after.x + 0.01 or before.y < after.y


@pytest.mark.parametrize("kind", KINDS_DRAWN)
def test_whatever_look_a_plate_has_its_characters_stand_beside_each_other(kind: str) -> None:
    width = 480 if kind.startswith("nev") else 440
    for seed in range(40):
        rng = np.random.default_rng(seed)
        text = text_of(kind, rng)
        drawn = lay_out(text, kind, 1, (width, 140), look_of(text, kind, rng))
        cells = [cell for cell in drawn if cell.char != DOT]
        assert "".join(cell.char for cell in cells) == text
        assert all(cell.x >= 0 and cell.x + cell.width <= width for cell in cells)
        assert all(cell.y >= 0 and cell.y + cell.height <= 140 for cell in cells)
        assert all(one.x + one.width <= next_.x + 0.01 for one, next_ in pairwise(cells))


def test_white_plates_are_drawn_in_many_ways() -> None:
    rng = np.random.default_rng(0)
    for text, kind in (("CY20003", "military"), ("WJ粤0003X", "armed_police")):
        looks = [look_of(text, kind, rng) for _ in range(30)]
        assert len({look.red for look in looks}) == 2
        assert len({look.shares for look in looks}) == 30


def test_two_in_five_plates_are_of_special_kinds_and_half_of_those_are_white() -> None:
    rng = np.random.default_rng(0)
    kinds = [any_kind(rng) for _ in range(4000)]
    usual = {"small", "large", "large_rear", "nev_small", "nev_large"}
    special = [kind for kind in kinds if kind not in usual]
    white = {kind.id for kind in KINDS if kind.colours[0] == "white"}
    assert len(special) > 0.4 * len(kinds)
    assert sum(kind in white for kind in special) > 0.48 * len(special)


def test_a_hard_text_fits_its_kind_too() -> None:
    rng = np.random.default_rng(0)
    for kind in KINDS_DRAWN:
        for _ in range(30):
            text = text_of(kind, rng, is_hard=True)
            fitting = {fit.id for fit in kinds_of(text)}
            assert kind in fitting or fitting == {"organ"}, (kind, text)


def test_weather_changes_a_copy_and_keeps_the_size() -> None:
    image = np.random.default_rng(0).integers(0, 255, (50, 160, 3)).astype(np.uint8)
    before = image.copy()
    for seed in range(40):
        spoilt = degrade(image, np.random.default_rng(seed))
        assert spoilt.shape == image.shape
        assert spoilt.dtype == np.uint8
    assert (image == before).all()


def test_a_character_nobody_can_draw_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.training.glyphs._FONT_FOLDERS", (str(tmp_path),))
    with pytest.raises(OperatorError, match=r"fonts-noto-cjk|yingbin\[train\]"):
        text_shape("浙")


def test_a_glyph_may_be_dark_on_light_or_light_on_dark(tmp_path: Path) -> None:
    for name, tone in (("A", 255), ("B", 0)):
        picture = np.full((90, 45), 255 - tone, np.uint8)
        picture[10:80, 18:26] = tone
        (tmp_path / f"140_{name}.jpg").write_bytes(cv2.imencode(".jpg", picture)[1].tobytes())
    for name in "AB":
        cell = Glyphs(tmp_path).cell(name, "ordinary", (45, 90))
        assert cell[45, 22] > 0.9
        assert cell[45, 3] < 0.1


@pytest.mark.slow  # writes with a font that only `make test` installs
def test_what_is_no_plate_has_no_text_to_read() -> None:
    rng = np.random.default_rng(3)
    for sample in OtherSamples(None).take(12, rng, 1.0):
        assert sample.strip.shape == (STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3)
        assert (sample.text, sample.colour) == ("", NO_COLOUR)


def test_a_two_row_plate_stands_higher_on_the_same_foot() -> None:
    flat = np.array([[0, 50], [100, 50], [100, 80], [0, 80]], np.float32)
    high = as_high_as_two_rows(flat)
    assert high[2:].tolist() == flat[2:].tolist()
    assert high[0, 1] < flat[0, 1] - 15
