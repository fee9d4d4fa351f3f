"""The plate detector, on the demo's own pictures and on what a gate camera may send besides."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import gate
from gate.camera.frame import Image
from gate.reader.detect import Detector
from gate.reader.reading import PlateBox
from shared.errors import OperatorError

DEMO = Path(gate.__file__).parent / "demo"
SHAPE_SIZES_PX = [(1, 1), (3, 2), (1, 5000), (5000, 1), (20, 300), (31, 33), (97, 61)]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


@pytest.fixture(scope="module")
def picture() -> Image:
    return _read("01.jpg")


@pytest.fixture(scope="module")
def plate(detector: Detector, picture: Image) -> PlateBox:
    return detector.find_plates(picture)[0]


def _read(name: str) -> Image:
    data = np.frombuffer((DEMO / name).read_bytes(), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _demo_names() -> list[str]:
    with (DEMO / "plates.csv").open(encoding="utf-8", newline="") as lines:
        return [row["file"] for row in csv.DictReader(lines)]


def _width_px(corners: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(corners[1] - corners[0]))


def _error(found: NDArray[np.float32], true: NDArray[np.float32]) -> float:
    """Mean distance of the corners as a share of the plate's width."""
    return float(np.linalg.norm(found - true, axis=1).mean()) / _width_px(true)


def _moved(
    image: Image, plate: PlateBox, matrix: NDArray[np.float64]
) -> tuple[Image, NDArray[np.float32]]:
    """The picture through a 2×3 matrix, and where its plate then is."""
    size = (image.shape[1], image.shape[0])
    turned = cv2.warpAffine(image, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    corners = cv2.transform(plate.corners_px[None].astype(np.float64), matrix)[0]
    return np.asarray(turned, np.uint8), np.asarray(corners, np.float32)


@pytest.mark.parametrize("name", _demo_names())
def test_every_demo_picture_shows_exactly_one_plate(detector: Detector, name: str) -> None:
    found = detector.find_plates(_read(name))
    assert len(found) == 1
    assert found[0].rows == 1
    assert found[0].corners_px.shape == (4, 2)
    assert found[0].corners_px.dtype == np.float32
    assert 80 < _width_px(found[0].corners_px) < 160
    assert 0.4 <= found[0].score <= 1.0


def test_the_corners_run_from_the_top_left_clockwise(plate: PlateBox) -> None:
    top_left, top_right, bottom_right, bottom_left = plate.corners_px
    assert top_left[0] < top_right[0]
    assert bottom_left[0] < bottom_right[0]
    assert top_left[1] < bottom_left[1]
    assert top_right[1] < bottom_right[1]


def test_the_corners_enclose_the_blue_of_the_plate(plate: PlateBox, picture: Image) -> None:
    flat = np.array([[0, 0], [220, 0], [220, 70], [0, 70]], np.float32)
    matrix = cv2.getPerspectiveTransform(plate.corners_px, flat)
    cut = cv2.warpPerspective(picture, matrix, (220, 70)).astype(int)
    is_blue = (cut[:, :, 0] > cut[:, :, 2] + 60) & (cut[:, :, 0] > 110)
    edge = np.concatenate([is_blue[6:9].ravel(), is_blue[-9:-6].ravel()])
    assert edge.mean() > 0.6


@pytest.mark.parametrize("degrees", [-45, -30, -15, 15, 30, 45])
def test_a_tilted_plate_is_found(
    detector: Detector, picture: Image, plate: PlateBox, degrees: float
) -> None:
    middle = (float(plate.corners_px[:, 0].mean()), float(plate.corners_px[:, 1].mean()))
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, degrees, 1.0), np.float64)
    turned, true = _moved(picture, plate, matrix)
    assert _error(detector.find_plates(turned)[0].corners_px, true) < 0.08


@pytest.mark.parametrize("width_px", [40, 60, 120, 300])
def test_a_far_and_a_near_plate_are_found(
    detector: Detector, picture: Image, plate: PlateBox, width_px: int
) -> None:
    scale = width_px / _width_px(plate.corners_px)
    middle = plate.corners_px.mean(0)
    matrix = np.array([[scale, 0, 640 - scale * middle[0]], [0, scale, 400 - scale * middle[1]]])
    moved, true = _moved(picture, plate, matrix)
    found = detector.find_plates(moved)
    assert found
    assert _error(found[0].corners_px, true) < 0.1


def test_a_plate_that_fills_the_picture_is_found(
    detector: Detector, picture: Image, plate: PlateBox
) -> None:
    low, high = plate.corners_px.min(0).astype(int), plate.corners_px.max(0).astype(int) + 1
    cut = picture[low[1] : high[1], low[0] : high[0]]
    for width_px in (94, 300, 1280):
        size = (width_px, round(width_px * cut.shape[0] / cut.shape[1]))
        large = np.asarray(cv2.resize(cut, size), np.uint8)
        found = detector.find_plates(large)
        assert len(found) == 1
        assert 0.85 < _width_px(found[0].corners_px) / width_px < 1.15


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_plate_at_the_border_is_found(
    detector: Detector, picture: Image, plate: PlateBox, side: str
) -> None:
    low, high = plate.corners_px.min(0).astype(int), plate.corners_px.max(0).astype(int) + 1
    cut = {
        "left": picture[:, low[0] :],
        "right": picture[:, : high[0]],
        "top": picture[low[1] :],
        "bottom": picture[: high[1]],
    }[side]
    found = detector.find_plates(np.ascontiguousarray(cut))
    assert len(found) == 1
    shift = {"left": (low[0], 0), "top": (0, low[1])}.get(side, (0, 0))
    true = plate.corners_px - np.array(shift, np.float32)
    assert _error(found[0].corners_px, true) < 0.1


def test_a_huge_picture_gives_the_plate_in_its_own_pixels(
    detector: Detector, picture: Image, plate: PlateBox
) -> None:
    huge = np.asarray(cv2.resize(picture, (7200, 4050)), np.uint8)
    found = detector.find_plates(huge)
    assert len(found) == 1
    assert _error(found[0].corners_px, plate.corners_px * 5.625) < 0.06


def test_a_grey_picture_is_enough(detector: Detector, picture: Image, plate: PlateBox) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    found = detector.find_plates(np.asarray(grey, np.uint8))
    assert _error(found[0].corners_px, plate.corners_px) < 0.08


def test_two_cars_give_two_plates_the_better_one_first(detector: Detector, picture: Image) -> None:
    found = detector.find_plates(np.hstack([picture, _read("03.jpg")]))
    assert len(found) == 2
    assert found[0].score >= found[1].score


@pytest.mark.parametrize(("height", "width"), SHAPE_SIZES_PX)
def test_a_picture_of_any_shape_is_looked_at(detector: Detector, height: int, width: int) -> None:
    assert detector.find_plates(np.full((height, width, 3), 90, np.uint8)) == []


def test_an_empty_road_noise_and_the_cameras_clock_give_no_plate(detector: Detector) -> None:
    road = np.full((720, 1280, 3), (110, 112, 114), np.uint8)
    cv2.fillPoly(road, [np.array([[500, 0], [700, 0], [1100, 720], [100, 720]])], (80, 80, 80))
    clock = road.copy()
    for place, text in (((30, 60), "2026-05-01 12:34:56"), ((900, 690), "0000/00001")):
        cv2.putText(clock, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 3)
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    for image in (road, clock, noise):
        assert detector.find_plates(image) == []


def test_a_car_without_its_plate_gives_none(
    detector: Detector, picture: Image, plate: PlateBox
) -> None:
    bare = picture.copy()
    low, high = plate.corners_px.min(0).astype(int) - 10, plate.corners_px.max(0).astype(int) + 10
    cv2.rectangle(bare, low.tolist(), high.tolist(), (96, 62, 44), -1)
    assert detector.find_plates(bare) == []


def test_looking_changes_nothing_and_looks_the_same_twice(
    detector: Detector, picture: Image
) -> None:
    before = picture.copy()
    picture.flags.writeable = False
    first, second = detector.find_plates(picture), detector.find_plates(picture)
    picture.flags.writeable = True
    assert np.array_equal(picture, before)
    assert np.array_equal(first[0].corners_px, second[0].corners_px)


def test_a_part_of_a_larger_picture_need_not_be_copied(detector: Detector, picture: Image) -> None:
    whole = np.vstack([picture, picture])
    assert len(detector.find_plates(whole[:720, ::1])) == 1


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"weights are missing.*gate\.training detector"):
        Detector(tmp_path / "none.onnx")
