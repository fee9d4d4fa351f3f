"""Writes the pictures and videos that the gate's tests read."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.gate.cars import picture

VIDEO_FPS = 10


def write_picture(path: Path, shade: int = 90, *, width_px: int = 64, height_px: int = 48) -> Path:
    """A picture of one grey, in the format that the name says."""
    image = picture(shade, width_px=width_px, height_px=height_px)
    write_bytes(path, cv2.imencode(path.suffix, image)[1].tobytes())
    return path


def write_bytes(path: Path, data: bytes) -> Path:
    """A file of ``data``, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_video(path: Path, shades: Sequence[int]) -> Path:
    """A video of one grey a frame, 10 frames a second."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), VIDEO_FPS, (64, 48))
    for shade in shades:
        writer.write(picture(shade))
    writer.release()
    return path


def png_header(width_px: int, height_px: int) -> bytes:
    """The start of a PNG that claims this size."""
    size = np.array([width_px, height_px], ">u4").tobytes()
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + size + b"\x08\x02\0\0\0"
