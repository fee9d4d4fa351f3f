import cv2
import numpy as np
import pytest

from gate.reader.rectify import (
    STRIP_HEIGHT_PX,
    STRIP_WIDTH_PX,
    along_strip,
    loosened,
    straighten,
    upright,
    whole_picture,
)


def two_tone(height: int, width: int) -> np.ndarray:
    """Dark on the left half, light on the right."""
    image = np.full((height, width, 3), 20, np.uint8)
    image[:, width // 2 :] = 220
    return image


def test_a_strip_has_one_size_whatever_the_picture() -> None:
    for height, width in ((24, 94), (140, 440), (900, 2800), (9, 30)):
        image = two_tone(height, width)
        strip = straighten(image, whole_picture(image), 1)
        assert strip.shape == (STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3)
        assert abs(float(strip[:, :70].mean()) - 20) < 3
        assert abs(float(strip[:, 90:].mean()) - 220) < 3


def bars(slant: float) -> np.ndarray:
    """A strip of eight strokes that lean by so much sideways for each px upwards."""
    strip = np.full((STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3), 20, np.uint8)
    for x in range(16, STRIP_WIDTH_PX, 18):
        lean = round(slant * STRIP_HEIGHT_PX / 2)
        cv2.line(strip, (x - lean, STRIP_HEIGHT_PX), (x + lean, 0), (220, 220, 220), 4)
    return strip


@pytest.mark.parametrize("slant", [-0.5, -0.25, 0.25, 0.5])
def test_slanted_characters_are_set_upright(slant: float) -> None:
    straight, seen = bars(0.0)[:, 30:-30].astype(int), upright(bars(slant))[:, 30:-30].astype(int)
    assert np.abs(seen - straight).mean() < np.abs(bars(slant)[:, 30:-30] - straight).mean() / 3


def test_upright_characters_stay_as_they_are() -> None:
    assert (upright(bars(0.0)) == bars(0.0)).all()


def test_a_tilted_plate_comes_out_straight() -> None:
    plate = two_tone(140, 440)
    corners = np.array([[60, 40], [300, 90], [290, 170], [50, 115]], np.float32)
    matrix = cv2.getPerspectiveTransform(whole_picture(plate), corners)
    photo = cv2.warpPerspective(plate, matrix, (360, 220), borderValue=(0, 255, 0))
    strip = straighten(np.asarray(photo, np.uint8), corners, 1)
    inside = strip[4:-4, 4:-4].astype(int)
    assert np.abs(inside[:, :70] - 20).max() < 12
    assert np.abs(inside[:, -70:] - 220).max() < 12


def test_two_rows_come_side_by_side_upper_row_first() -> None:
    image = np.full((220, 440, 3), 0, np.uint8)
    image[:82] = 200
    strip = straighten(image, whole_picture(image), 2)
    assert strip.shape == (STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3)
    assert strip[5:30, :50].mean() > 190
    assert strip[5:, 55:].mean() < 10


def test_a_plate_at_the_border_and_beyond_is_no_trouble() -> None:
    image = two_tone(60, 200)
    corners = np.array([[-20, -5], [220, 0], [220, 70], [-20, 66]], np.float32)
    assert straighten(image, corners, 1).shape == (STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3)


def test_the_picture_is_not_changed() -> None:
    image = two_tone(60, 200)
    before = image.copy()
    straighten(image, whole_picture(image), 2)
    assert (image == before).all()


def test_loosened_corners_lie_outside_in_the_plates_own_directions() -> None:
    corners = np.array([[10, 10], [110, 10], [110, 30], [10, 30]], np.float32)
    assert loosened(corners, 0.1, 0.5).tolist() == [[0, 0], [120, 0], [120, 40], [0, 40]]


def test_where_a_character_stands_on_the_strip_is_known() -> None:
    corners = np.array([[0, 0], [440, 0], [440, 220], [0, 220]], np.float32)
    points = np.array([[220, 40], [220, 150]], np.float32)
    assert along_strip(points, corners, 1).tolist() == [0.5, 0.5]
    upper, lower = along_strip(points, corners, 2)
    assert abs(upper - 0.16) < 0.01
    assert abs(lower - 0.66) < 0.01
