from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gate.picture import files_below, read_picture
from shared.errors import OperatorError
from tests.gate.files import png_header, write_bytes, write_picture


def packed(suffix: str, image: NDArray[Any]) -> bytes:
    return cv2.imencode(suffix, image)[1].tobytes()


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """``jpeg`` with an EXIF block that says how the camera was held (EXIF 2.3, tag 0x0112)."""
    tag = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\0\0"
    block = b"Exif\0\0MM\x00\x2a\x00\x00\x00\x08\x00\x01" + tag + b"\0\0\0\0"
    return jpeg[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".webp", ".tif"])
def test_a_photo_with_a_chinese_name_is_read(tmp_path: Path, suffix: str) -> None:
    image = read_picture(write_picture(tmp_path / f"门口 浙A·8{suffix}"))
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8


@pytest.mark.parametrize(
    "image",
    [
        np.full((4, 6), 128, np.uint8),
        np.full((4, 6, 4), 128, np.uint8),
        np.full((4, 6, 3), 128 * 256, np.uint16),
        np.full((4, 6), 128 * 256, np.uint16),
    ],
    ids=["grey", "with alpha", "16 bit", "grey 16 bit"],
)
def test_unusual_pictures_become_plain_colour(tmp_path: Path, image: NDArray[Any]) -> None:
    found = read_picture(write_bytes(tmp_path / "a.png", packed(".png", image)))
    assert found.shape == (4, 6, 3)
    assert found.dtype == np.uint8
    assert abs(float(found.mean()) - 128) < 1


def test_a_photo_from_a_turned_phone_is_upright(tmp_path: Path) -> None:
    jpeg = packed(".jpg", np.zeros((40, 80, 3), np.uint8))
    image = read_picture(write_bytes(tmp_path / "turned.jpg", with_orientation(jpeg, 6)))
    assert image.shape == (80, 40, 3)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("empty.jpg", b"", "the file is empty"),
        ("text.jpg", b"this is no picture", "no picture that can be read"),
        ("cut.png", png_header(64, 48), "no picture that can be read"),
        ("cut.jpg", b"\xff\xd8\xff", "no picture that can be read"),
        ("bomb.png", png_header(50_000, 50_000), "more than 100 million"),
        ("bomb.bmp", b"BM" + bytes(16) + b"\x50\xc3\0\0" * 2 + bytes(40), "more than 100 million"),
        ("bomb.jpg", b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff" + bytes(20), "more than 100"),
    ],
)
def test_a_broken_file_says_what_is_wrong(
    tmp_path: Path, name: str, data: bytes, problem: str
) -> None:
    with pytest.raises(OperatorError, match=problem) as caught:
        read_picture(write_bytes(tmp_path / name, data))
    assert str(caught.value).startswith(str(tmp_path / name))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="No such file"):
        read_picture(tmp_path / "nowhere.jpg")


def test_a_photo_that_was_cut_off_while_copied_does_not_stop_anything(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    half = packed(".jpg", noise)[:9000]
    with suppress(OperatorError):  # whether the upper half is shown depends on the library
        assert read_picture(write_bytes(tmp_path / "half.jpg", half)).shape == (200, 200, 3)


def test_folders_are_searched_below_in_name_order_without_hidden_files(tmp_path: Path) -> None:
    for name in (
        "b/2.JPG",
        "b/1.png",
        "a.jpeg",
        "b/._1.png",
        ".thumbs/x.jpg",
        "notes.txt",
        "c.MP4",
    ):
        write_bytes(tmp_path / name, b"x")
    names = [str(path.relative_to(tmp_path)) for path in files_below(tmp_path)]
    assert names == ["a.jpeg", "b/1.png", "b/2.JPG", "c.MP4"]
