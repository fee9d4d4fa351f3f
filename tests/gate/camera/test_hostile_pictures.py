"""Pictures that break readers: each gives a result, or an error that says what to do."""

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

import gate
from gate.camera.frame import Image
from gate.camera.picture import read_picture
from gate.reader.readers import open_engine
from gate.reader.reading import Engine
from tests.gate.files import write_bytes

DEMO = Path(gate.__file__).parent / "demo"
PHOTO = DEMO / "01.jpg"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The real reader."""
    return open_engine()


def plates(engine: Engine, image: Image) -> list[str]:
    return [found.plate for found in engine.read(image)]


def saved(folder: Path, name: str, picture: Pillow.Image, **options: object) -> Path:
    data = io.BytesIO()
    picture.save(data, **options)
    return write_bytes(folder / name, data.getvalue())


def as_16_bit(folder: Path) -> Path:
    image = read_picture(PHOTO).astype(np.uint16) * 257
    return write_bytes(folder / "a.png", cv2.imencode(".png", image)[1].tobytes())


def with_alpha(folder: Path) -> Path:
    image = cv2.cvtColor(read_picture(PHOTO), cv2.COLOR_BGR2BGRA)
    return write_bytes(folder / "a.png", cv2.imencode(".png", image)[1].tobytes())


def in_cmyk(folder: Path) -> Path:
    return saved(folder, "a.jpg", Pillow.open(PHOTO).convert("CMYK"), format="JPEG", quality=95)


def lying_down(folder: Path) -> Path:
    """As a phone that is held upright saves it: on its side, and EXIF says how to turn it."""
    turned = Pillow.open(PHOTO).transpose(Pillow.Transpose.ROTATE_90)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    return saved(folder, "a.jpg", turned, format="JPEG", quality=95, exif=exif)


def progressive(folder: Path) -> Path:
    return saved(folder, "a.jpg", Pillow.open(PHOTO), format="JPEG", quality=95, progressive=True)


def moving(form: str, folder: Path) -> Path:
    first = Pillow.open(PHOTO)
    second = Pillow.new("RGB", first.size)
    options = {"save_all": True, "append_images": [second], "duration": 100}
    return saved(folder, f"a.{form}", first, format=form, **options)


def moving_webp(folder: Path) -> Path:
    return moving("webp", folder)


def moving_gif(folder: Path) -> Path:
    return moving("gif", folder)


@pytest.mark.parametrize(
    "made",
    [as_16_bit, with_alpha, in_cmyk, lying_down, progressive, moving_webp, moving_gif],
    ids=lambda made: made.__name__,
)
def test_a_photo_saved_in_an_unusual_way_is_read_like_the_usual_one(
    tmp_path: Path, engine: Engine, made: Callable[[Path], Path]
) -> None:
    wanted = plates(engine, read_picture(PHOTO))
    assert wanted
    assert plates(engine, read_picture(made(tmp_path))) == wanted


def test_a_grey_photo_is_read(tmp_path: Path, engine: Engine) -> None:
    grey = cv2.cvtColor(read_picture(PHOTO), cv2.COLOR_BGR2GRAY)
    path = write_bytes(tmp_path / "a.png", cv2.imencode(".png", grey)[1].tobytes())
    assert plates(engine, read_picture(path)) == plates(engine, read_picture(PHOTO))


def left_top(corners: tuple[tuple[float, float], ...]) -> tuple[int, int]:
    return int(min(x for x, _ in corners)), int(min(y for _, y in corners))


def test_a_plate_that_touches_the_border_is_read(engine: Engine) -> None:
    image = read_picture(PHOTO)
    (found,) = engine.read(image)
    left, top = left_top(found.corners_px)
    cut = image[top:, left:]
    for turned in (cut, image[: top + 60, : left + 110]):
        assert plates(engine, turned)[:1] == [found.plate]


def test_half_a_plate_at_the_border_stops_nothing(engine: Engine) -> None:
    image = read_picture(PHOTO)
    left, top = left_top(engine.read(image)[0].corners_px)
    for part in (
        image[top + 18 :],
        image[:, left + 50 :],
        image[: top + 18],
        image[:, : left + 50],
    ):
        assert len(engine.read(part)) <= 1


@pytest.mark.parametrize("turn", [cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE])
def test_a_photo_the_wrong_way_up_gives_no_other_plate_for_sure(engine: Engine, turn: int) -> None:
    image = read_picture(PHOTO)
    (found,) = plates(engine, image)
    turned = engine.read(np.asarray(cv2.rotate(image, turn), np.uint8))
    assert all(reading.plate == found or reading.confidence < 0.9 for reading in turned)


def test_twenty_plates_in_one_picture_are_all_read(engine: Engine) -> None:
    image = read_picture(PHOTO)
    (found,) = engine.read(image)
    left, top = left_top(found.corners_px)
    car = image[top - 60 : top + 100, left - 60 : left + 180]
    assert plates(engine, np.vstack([np.hstack([car] * 5)] * 4)) == [found.plate] * 20


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 60_000), (60_000, 1), (3, 2), (2, 500), (31, 33)], ids=str
)
def test_a_picture_too_small_for_a_plate_holds_none(engine: Engine, size: tuple[int, int]) -> None:
    image = np.full((*size, 3), 128, np.uint8)
    assert engine.read(image) == []
    engine.read_crop(image)  # an answer or none, but no failure


def test_the_picture_is_left_as_it_was(engine: Engine) -> None:
    image = read_picture(PHOTO)
    before = image.copy()
    engine.read(image)
    engine.read_crop(image)
    assert np.array_equal(image, before)
