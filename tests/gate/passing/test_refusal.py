import cv2
import numpy as np
import pytest

from gate.camera.frame import Image
from gate.passing.refusal import Corners, Reason, why_illegible


def drawn_plate(width_px: int) -> Image:
    """Seven characters on blue, as sharp as they can be."""
    image = np.full((width_px // 3, width_px, 3), (150, 60, 20), np.uint8)
    place, size = (width_px // 30, width_px // 4), width_px / 145
    cv2.putText(image, "A-88888", place, cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), 2)
    return image


def all_of(image: Image) -> Corners:
    height, width = image.shape[:2]
    return ((0.0, 0.0), (width - 1.0, 0.0), (width - 1.0, height - 1.0), (0.0, height - 1.0))


def lit(image: Image, gain: float, more: float = 0.0) -> Image:
    return np.asarray(np.clip(image * gain + more, 0, 255), np.uint8)


def test_a_plate_that_is_sharp_and_lit_is_only_illegible() -> None:
    image = drawn_plate(200)
    assert why_illegible(image, all_of(image)) is Reason.ILLEGIBLE


@pytest.mark.parametrize("smear_px", [15, 25, 41])
def test_a_plate_smeared_by_its_own_speed_is_blurred(smear_px: int) -> None:
    smeared = cv2.blur(drawn_plate(200), (smear_px, 1)).astype(np.uint8)
    assert why_illegible(smeared, all_of(smeared)) is Reason.TOO_BLURRED


def test_a_plate_out_of_focus_is_blurred() -> None:
    soft = cv2.GaussianBlur(drawn_plate(200), (0, 0), 8).astype(np.uint8)
    assert why_illegible(soft, all_of(soft)) is Reason.TOO_BLURRED


def test_a_plate_far_away_is_too_small() -> None:
    image = drawn_plate(48)
    assert why_illegible(image, all_of(image)) is Reason.TOO_SMALL


def test_a_plate_without_light_is_too_dark_and_one_in_a_lamp_too_bright() -> None:
    image = drawn_plate(200)
    assert why_illegible(lit(image, 0.2), all_of(image)) is Reason.TOO_DARK
    assert why_illegible(lit(image, 0.2, 220), all_of(image)) is Reason.TOO_BRIGHT


def test_a_plate_that_hangs_over_the_pictures_edge_is_judged_by_what_is_seen_of_it() -> None:
    image = drawn_plate(200)
    beyond = tuple((x - 160, y - 20) for x, y in all_of(image))
    assert why_illegible(image, beyond) is Reason.TOO_SMALL
    far = tuple((x - 900, y) for x, y in all_of(image))
    assert why_illegible(image, far) is Reason.TOO_SMALL
