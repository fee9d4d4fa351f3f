"""Picture files: which there are, and how one becomes an image."""

import os
import struct
from pathlib import Path

import cv2
import numpy as np

from gate.frame import Image
from shared.errors import OperatorError

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".webp", ".tif", ".tiff")
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".ts", ".mpg", ".mpeg", ".flv")
MAX_PIXELS = 100_000_000
"""Decoded this is 300 MB; a real camera has a tenth of it, more is a mistake or an attack."""
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers SOF0 to SOF15, which hold the size (ITU-T T.81, table B.1)."""


def is_video(path: Path) -> bool:
    """Whether ``path`` is named like a video."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def is_picture(path: Path) -> bool:
    """Whether ``path`` is named like a picture."""
    return path.suffix.lower() in PICTURE_SUFFIXES


def files_below(folder: Path) -> list[Path]:
    """The pictures and videos in ``folder`` and the folders in it, by name.

    Hidden ones are left out: a Mac leaves a ``._name.jpg`` beside every picture it copies.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = (Path(place, name) for name in names if not name.startswith("."))
        found += [path for path in here if is_picture(path) or is_video(path)]
    return sorted(found)


def read_picture(path: Path) -> Image:
    """The picture in ``path``, upright as its EXIF says; grey, alpha and 16 bit become BGR uint8.

    Raises:
        OperatorError: it cannot be opened, is empty, damaged, no picture, or too large.
    """
    try:
        data = np.fromfile(path, dtype=np.uint8)  # cv2.imread fails on Chinese names on Windows
    except OSError as error:
        problem = error.strerror or str(error)
        raise OperatorError(f"{path}: {problem}. Check the name and the permissions.") from error
    if data.size == 0:
        raise OperatorError(f"{path}: the file is empty. Copy it again.")
    _refuse_large(path, _size_px(data.tobytes()))
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise OperatorError(f"{path}: damaged ({error.err}). Copy it again.") from error
    if image is None:
        raise OperatorError(
            f"{path}: no picture that can be read, or damaged. Use JPEG, PNG, BMP, WebP or TIFF."
        )
    _refuse_large(path, (image.shape[1], image.shape[0]))
    return np.asarray(image, dtype=np.uint8)


def _refuse_large(path: Path, size_px: tuple[int, int] | None) -> None:
    if size_px and size_px[0] * size_px[1] > MAX_PIXELS:
        raise OperatorError(
            f"{path}: {size_px[0]} × {size_px[1]} pixels, more than {MAX_PIXELS // 1_000_000} "
            "million. Make it smaller."
        )


def _size_px(data: bytes) -> tuple[int, int] | None:
    """Width and height from the header, before anything is unpacked; None where it is not clear."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", data, 18)
            return width, abs(height)
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size_px(data)
    except struct.error:
        return None
    return None


def _jpeg_size_px(data: bytes) -> tuple[int, int] | None:
    place = 2
    while data[place : place + 1] == b"\xff":
        if data[place + 1 : place + 2] == b"\xff":  # fill byte
            place += 1
            continue
        marker, length = struct.unpack_from(">BH", data, place + 1)
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        place += 2 + length
    return None
