import os
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import gate
from gate.camera.picture import MAX_BYTES, files_below, read_picture
from gate.reader.readers import open_engine
from shared.errors import OperatorError
from tests.gate.files import png_header, write_bytes, write_picture

DEMO = Path(gate.__file__).parent / "demo"


def packed(suffix: str, image: NDArray[Any]) -> bytes:
    return cv2.imencode(suffix, image)[1].tobytes()


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """``jpeg`` with an EXIF block that says how the camera was held (EXIF 2.3, tag 0x0112)."""
    tag = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\0\0"
    block = b"Exif\0\0MM\x00\x2a\x00\x00\x00\x08\x00\x01" + tag + b"\0\0\0\0"
    return jpeg[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]


def webp_header(form: bytes, rest: bytes) -> bytes:
    """The start of a WebP file (RFC 9649)."""
    return b"RIFF\0\0\0\0WEBP" + form + bytes(4) + rest + bytes(20)


def tiff_header(width_px: int, height_px: int) -> bytes:
    """A TIFF with nothing but its size."""
    entries = [
        struct.pack("<HHII", 256, 4, 1, width_px),
        struct.pack("<HHII", 257, 4, 1, height_px),
    ]
    return b"II*\0\x08\0\0\0\x02\0" + b"".join(entries) + bytes(4)


def plates_in(path: Path) -> list[str]:
    """The plates that the real reader finds in this file."""
    return [found.plate for found in open_engine().read(read_picture(path))]


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
        ("bomb.gif", b"GIF89a\xff\xff\xff\xff" + bytes(20), "more than 100 million"),
        ("bomb.webp", webp_header(b"VP8X", bytes(4) + b"\xff\xff\x01" * 2), "more than 100"),
        ("bomb.webp", webp_header(b"VP8L", b"\x2f\xff\xff\xff\x0f"), "more than 100"),
        ("bomb.webp", webp_header(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + b"\xff\x3f" * 2), "more than"),
        ("bomb.tif", tiff_header(60_000, 60_000), "more than 100 million"),
        ("cut.tif", tiff_header(64, 48), "no picture that can be read"),
        ("bomb.jpg", b"P6 60000 60000 255\n" + bytes(20), "no picture that can be read"),
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


def test_of_a_photo_that_was_cut_off_while_copied_the_upper_part_is_seen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    data = packed(".jpg", noise)
    whole = read_picture(write_bytes(tmp_path / "whole.jpg", data))
    half = read_picture(write_bytes(tmp_path / "half.jpg", data[: len(data) // 2]))
    assert half.shape == (200, 200, 3)
    assert np.array_equal(half[:64], whole[:64])
    assert "half.jpg: the file is cut off" in caplog.text


def test_a_plate_in_the_part_that_is_there_is_read(tmp_path: Path) -> None:
    photo = DEMO / "01.jpg"
    data = photo.read_bytes()
    cut = write_bytes(tmp_path / "cut.jpg", data[: int(len(data) * 0.97)])
    assert plates_in(cut) == plates_in(photo) != []


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


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")  # reading it would wait for ever
    for name in ("folder.jpg", "pipe.jpg"):
        with pytest.raises(OperatorError, match="this is no file"):
            read_picture(tmp_path / name)


def test_a_link_that_leads_to_itself_says_so(tmp_path: Path) -> None:
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    with pytest.raises(OperatorError, match="symbolic links"):
        read_picture(tmp_path / "loop.jpg")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.jpg"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    tracemalloc.start()
    with pytest.raises(OperatorError, match="more than 400"):
        read_picture(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
