import msgspec
import numpy as np
import pytest

from gate.passing.areas import MARGIN, Areas, is_inside
from gate.passing.refusal import Corners, Reason
from tests.gate.cars import picture

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
CORNER = ((0.8, 0.8), (1.0, 0.8), (1.0, 1.0), (0.8, 1.0))
SIZE = (1000, 500)


def plate_at(x: float, y: float) -> Corners:
    return ((x - 50, y - 15), (x + 50, y - 15), (x + 50, y + 15), (x - 50, y + 15))


def test_without_areas_every_plate_counts_and_the_whole_picture_is_read() -> None:
    areas = Areas()
    image = picture(width_px=1000, height_px=500)
    assert areas.why_not(plate_at(10, 10), *SIZE) is None
    assert areas.window(*SIZE).of(image).shape == image.shape


def test_a_plate_outside_the_region_is_not_read_by_its_middle() -> None:
    areas = Areas(region=LEFT_HALF)
    assert areas.why_not(plate_at(499, 250), *SIZE) is None
    assert areas.why_not(plate_at(501, 250), *SIZE) is Reason.OUTSIDE_REGION


def test_a_plate_on_a_poster_in_an_ignored_area_is_not_read() -> None:
    areas = Areas(ignored=(CORNER,))
    assert areas.why_not(plate_at(900, 450), *SIZE) is Reason.IN_IGNORED_AREA
    assert areas.why_not(plate_at(500, 450), *SIZE) is None


def test_an_ignored_area_counts_inside_the_region_too() -> None:
    areas = Areas(region=LEFT_HALF, ignored=(LEFT_HALF,))
    assert areas.why_not(plate_at(100, 100), *SIZE) is Reason.IN_IGNORED_AREA


def test_areas_stay_where_they_are_when_the_cameras_resolution_changes() -> None:
    areas = Areas(ignored=(CORNER,))
    for scale in (0.5, 1, 4):
        corners = tuple((x * scale, y * scale) for x, y in plate_at(900, 450))
        size = round(SIZE[0] * scale), round(SIZE[1] * scale)
        assert areas.why_not(corners, *size) is Reason.IN_IGNORED_AREA


def test_only_the_region_and_a_margin_for_half_a_plate_is_shown_to_the_reader() -> None:
    window = Areas(region=((0.2, 0.4), (0.6, 0.4), (0.6, 0.8))).window(*SIZE)
    assert (window.left, window.right) == (round((0.2 - MARGIN) * 1000), 680)
    assert (window.top, window.bottom) == (160, 440)


def test_the_part_that_is_read_is_a_view_and_its_corners_count_in_the_whole_picture() -> None:
    image = np.arange(1000 * 500 * 3, dtype=np.uint32).reshape(500, 1000, 3).astype(np.uint8)
    window = Areas(region=CORNER).window(*SIZE)
    part = window.of(image)
    assert np.shares_memory(part, image)
    ((x, y),) = window.corners_in_picture(((7, 5),))
    assert np.array_equal(image[int(y), int(x)], part[5, 7])


@pytest.mark.parametrize(
    ("point", "expected"),
    [((0.5, 0.2), True), ((0.5, 0.6), False), ((0.1, 0.9), True), ((0.9, 0.9), True)],
)
def test_an_area_may_have_any_shape(point: tuple[float, float], expected: bool) -> None:
    arch = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.8, 1.0), (0.8, 0.4), (0.2, 0.4), (0.2, 1.0))
    assert is_inside(point, (*arch, (0.0, 1.0))) is expected


@pytest.mark.parametrize(
    "drawn",
    [
        '{"region": [[0, 0], [1, 1]]}',
        '{"region": [[0, 0], [1, 1], [2, 0]]}',
        '{"ignored": [[[0, 0], [1, 1], ["a", 0]]]}',
        '{"regoin": null}',
    ],
)
def test_what_is_no_area_is_refused(drawn: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(drawn, type=Areas)
