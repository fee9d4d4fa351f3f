"""Picture files: finds them in folders and decodes them."""

import logging
import os
import stat
from pathlib import Path

import cv2
import numpy as np

from gate.camera.frame import Image
from shared.errors import OperatorError
from shared.picture_header import JPEG, Size, size_px

log = logging.getLogger(__name__)

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif")
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".ts", ".mpg", ".mpeg", ".flv")
MAX_PIXELS = 100_000_000
"""Decoded, this takes 300 MB. A real camera has a tenth of it; more is a mistake or an attack."""
MAX_BYTES = 4 * MAX_PIXELS
"""The size of the largest uncompressed file: a BMP with four bytes a pixel."""
_END_OF_JPEG = b"\xff\xd9"


def is_video(path: Path) -> bool:
    """Whether the name of ``path`` ends like a video's."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def is_picture(path: Path) -> bool:
    """Whether the name of ``path`` ends like a picture's."""
    return path.suffix.lower() in PICTURE_SUFFIXES


def files_below(folder: Path) -> list[Path]:
    """The pictures and videos in ``folder`` and its subfolders, by name.

    Hidden files are left out: a Mac leaves a ``._name.jpg`` beside every picture it copies.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = (Path(place, name) for name in names if not name.startswith("."))
        found += [path for path in here if is_picture(path) or is_video(path)]
    return sorted(found)


def read_picture(path: Path) -> Image:
    """The picture in ``path``, upright as its EXIF says; grey, alpha and 16 bit become BGR uint8.

    A truncated JPEG gives the part that is there, an animation its first picture.

    Raises:
        OperatorError: it cannot be opened, is empty, damaged, not a picture, or too large.
    """
    data = _bytes_of(path)
    _refuse_large(path, size_px(data))
    image = _unpacked(path, data)
    if image is None and data.startswith(JPEG):
        image = _unpacked(path, data + _END_OF_JPEG)
        if image is not None:
            log.warning("%s: the file is cut off, only a part is seen. Copy it again.", path)
    if image is None:
        raise OperatorError("error.picture_unread", path=path)
    _refuse_large(path, (image.shape[1], image.shape[0]))
    return image


def _bytes_of(path: Path) -> bytes:
    """The file's bytes. Pipes and devices are refused, because they may never end."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise OperatorError("error.picture_no_file", path=path)
        if state.st_size > MAX_BYTES:
            raise OperatorError(
                "error.picture_size",
                path=path,
                size_mb=state.st_size // 1_000_000,
                most=MAX_BYTES // 1_000_000,
            )
        data = path.read_bytes()
    except OSError as error:
        problem = error.strerror or str(error)
        raise OperatorError("error.file_unread", path=path, problem=problem) from error
    if not data:
        raise OperatorError("error.picture_empty", path=path)
    return data


def _unpacked(path: Path, data: bytes) -> Image | None:
    """The picture in ``data``, decoded; None: it is of no kind that we read."""
    if size_px(data) is None:
        return None
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise OperatorError("error.picture_damaged", path=path, problem=error.err) from error
    return None if image is None else np.asarray(image, dtype=np.uint8)


def _refuse_large(path: Path, size: Size | None) -> None:
    if size and size[0] * size[1] > MAX_PIXELS:
        raise OperatorError(
            "error.picture_pixels",
            path=path,
            width_px=size[0],
            height_px=size[1],
            most=MAX_PIXELS // 1_000_000,
        )
