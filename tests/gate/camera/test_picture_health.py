"""Drawn days and nights before a camera, and what must or must not be told of each."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from gate.camera.frame import Frame, Image
from gate.camera.picture import read_picture
from gate.camera.picture_health import FROZEN_AFTER_S, PictureHealth, brightness
from gate.passing.daylight import LASTS_S, Daylight
from gate.passing.vote import VoteRules
from tests.gate.cars import START, frame, picture

DEMO = sorted((Path(__file__).parents[3] / "gate" / "demo").glob("*.jpg"))
SIZE = (180, 320, 3)
"""A quarter of a camera's size: the health check looks at 64 × 64 px of any picture."""
Draw = Callable[[np.random.Generator], np.ndarray]


def taken(image: Image, after_s: float) -> Frame:
    return Frame(image, START + timedelta(seconds=after_s), "test")


def noise(rng: np.random.Generator, strength: int = 3) -> np.ndarray:
    return rng.integers(-strength, strength, SIZE, np.int16, endpoint=True)


def with_clock(image: np.ndarray, second: int) -> Image:
    """What comes out of a camera: pixels, and its clock written over them in white."""
    shown = np.asarray(np.clip(image, 0, 255), np.uint8)
    text = f"2026-11-23 09:{second // 60:02d}:{second % 60:02d}  NORTH GATE"
    cv2.putText(shown, text, (5, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    return shown


def covered_lens(rng: np.random.Generator) -> np.ndarray:
    return np.asarray(np.abs(noise(rng, 6)) + 6)


def white_out(rng: np.random.Generator) -> np.ndarray:
    """The sun in the lens: a rim of the picture still holds something."""
    image = np.full(SIZE, 255, np.int16)
    image[:, :50] = 190
    return np.asarray(image + noise(rng))


def night_with_one_lamp(rng: np.random.Generator) -> np.ndarray:
    image = np.full(SIZE, 12, np.float32)
    rows, columns = np.mgrid[0:180, 0:320]
    image += 170 * np.exp(-(((columns - 225) / 40) ** 2 + ((rows - 75) / 40) ** 2))[..., None]
    return np.asarray(image + noise(rng))


def headlights_at_night(rng: np.random.Generator) -> np.ndarray:
    image = night_with_one_lamp(rng)
    image[105:145, 105:145] = image[105:145, 170:210] = 255
    return image


def snow_under_a_bright_sky(rng: np.random.Generator) -> np.ndarray:
    image = np.full(SIZE, 225, np.int16)
    image[:75] = 255
    image[105:, 75:225] = 120
    return np.asarray(image + noise(rng))


def a_demo_picture(number: int) -> Draw:
    return lambda rng: read_picture(DEMO[number])[::4, ::4] + noise(rng)


def told(draw: Draw, seconds: int) -> list[str | None]:
    """The problem that is told each second, with the camera's clock in the picture."""
    rng, health = np.random.default_rng(1), PictureHealth()
    return [health.judge(taken(with_clock(draw(rng), at), at)) for at in range(seconds)]


@pytest.mark.parametrize(
    ("draw", "problem"), [(covered_lens, "camera_black"), (white_out, "camera_over_exposed")]
)
def test_a_black_or_white_picture_is_told_within_half_a_minute(draw: Draw, problem: str) -> None:
    found = told(draw, 25)
    assert found[0] is None
    assert found[-1] == problem


@pytest.mark.parametrize(
    "draw",
    [night_with_one_lamp, headlights_at_night, snow_under_a_bright_sky]
    + [a_demo_picture(number) for number in (0, 1, 14)],
)
def test_an_ordinary_day_or_night_is_no_problem(draw: Draw) -> None:
    assert set(told(draw, 20)) == {None}


def test_a_flash_of_light_is_no_problem() -> None:
    health = PictureHealth()
    shades = [90] * 5 + [255] * 10 + [90] * 20
    found = [health.judge(frame(at, shade=shade - at % 2)) for at, shade in enumerate(shades)]
    assert set(found) == {None}


def test_a_picture_that_never_changes_is_frozen_after_a_minute() -> None:
    health = PictureHealth()
    found = [health.judge(frame(at)) for at in range(63)]
    assert (found[30], found[-1]) == (None, "camera_frozen")
    assert health.judge(frame(64, shade=91)) is None


def test_a_picture_is_frozen_though_the_cameras_clock_runs_on_over_it() -> None:
    still = read_picture(DEMO[0])[::4, ::4]
    found = told(lambda _rng: still, int(FROZEN_AFTER_S) + 5)
    assert found[-1] == "camera_frozen"


def test_a_quiet_picture_whose_noise_lives_is_not_frozen() -> None:
    assert set(told(a_demo_picture(0), int(FROZEN_AFTER_S) + 5)) == {None}


def test_a_picture_with_a_black_mask_over_most_of_it_is_not_frozen() -> None:
    def masked(rng: np.random.Generator) -> np.ndarray:
        image = a_demo_picture(0)(rng)
        image[:, : image.shape[1] * 2 // 3] = 40
        return image

    assert set(told(masked, int(FROZEN_AFTER_S) + 5)) == {None}


def test_brightness_is_the_same_for_every_resolution() -> None:
    image = read_picture(DEMO[0])
    half: Image = np.ascontiguousarray(image[::2, ::2])
    assert brightness(image) == pytest.approx(float(image.mean()), abs=3)
    assert brightness(half) == pytest.approx(brightness(image), abs=3)


BY_DAY, BY_NIGHT = VoteRules(), VoteRules(min_reads=4)


def rules_of(daylight: Daylight, shades: list[int]) -> list[VoteRules]:
    """The rules that apply each second."""
    return [daylight.rules(frame(at, shade=shade)) for at, shade in enumerate(shades)]


def test_night_falls_when_it_was_dark_for_half_a_minute() -> None:
    found = rules_of(Daylight(50, BY_DAY, BY_NIGHT), [90] * 10 + [30] * 60)
    assert found.index(BY_NIGHT) == 10 + LASTS_S
    assert found[-1] == BY_NIGHT


def test_headlights_make_no_day_and_a_shadow_no_night() -> None:
    night = Daylight(50, BY_DAY, BY_NIGHT, is_night=True)
    assert set(rules_of(night, ([30] * 40 + [120] * 20) * 3)) == {BY_NIGHT}
    day = Daylight(50, BY_DAY, BY_NIGHT)
    assert set(rules_of(day, ([90] * 40 + [20] * 20) * 3)) == {BY_DAY}


def test_dusk_does_not_flicker() -> None:
    shades = [30] * 60 + [55] * 200 + [80] * 60
    found = rules_of(Daylight(50, BY_DAY, BY_NIGHT), shades)
    changes = sum(before is not other for before, other in pairwise(found))
    assert changes == 2
    assert found[-1] == BY_DAY


def test_without_a_threshold_it_is_always_day() -> None:
    found = rules_of(Daylight(0.0, BY_DAY, BY_NIGHT), [0] * 100)
    assert set(found) == {BY_DAY}
    assert picture(0).mean() == 0
