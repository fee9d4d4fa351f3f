"""Broken picture files and odd pictures, each made from two numbers alone."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

import gate
from gate.camera.frame import Image
from gate.camera.picture import read_picture

_PHOTO = Path(gate.__file__).parent / "demo" / "01.jpg"
_FORMATS = (".jpg", ".png", ".webp", ".bmp", ".tif", ".gif")
_HEADER_BYTES = 80
_LONGEST_SIDE_PX, _MOST_PX = 20_000, 1_500_000


def broken_file(seed: int, number: int) -> tuple[str, bytes]:
    """The ending and the bytes of a picture file after one to four accidents."""
    rng = np.random.default_rng((seed, number))
    suffix = _FORMATS[int(rng.integers(len(_FORMATS)))]
    data = bytearray(_whole_files()[suffix])
    for _ in range(int(rng.integers(1, 5))):
        _ACCIDENTS[int(rng.integers(len(_ACCIDENTS)))](data, rng)
    return suffix, bytes(data)


def odd_picture(seed: int, number: int) -> Image:
    """A picture of odd sides: narrow, tiny, noise, one grey, or a plate drawn out of shape."""
    rng = np.random.default_rng((seed, number))
    height = int(np.exp(rng.uniform(0, np.log(_LONGEST_SIDE_PX))))
    width = int(np.exp(rng.uniform(0, np.log(min(_LONGEST_SIDE_PX, _MOST_PX / height)))))
    what = int(rng.integers(4))
    if what == 0:
        return rng.integers(0, 256, (height, width, 3), np.uint8)
    if what == 1:
        return np.full((height, width, 3), rng.integers(0, 256), np.uint8)
    out = cv2.resize(_scene(), (width, height), interpolation=cv2.INTER_AREA)
    if what == 2:
        out = cv2.rotate(out, int(rng.integers(3)))
    return np.asarray(out[:, ::-1] if what == 3 and rng.random() < 0.3 else out, np.uint8)


@lru_cache(maxsize=1)
def _scene() -> Image:
    """The part of a photo around its plate: small, so that thousands are soon read."""
    return np.ascontiguousarray(read_picture(_PHOTO)[470:650, 540:800])


@lru_cache(maxsize=1)
def _whole_files() -> dict[str, bytes]:
    return {suffix: cv2.imencode(suffix, _scene())[1].tobytes() for suffix in _FORMATS}


def _flip_bits(data: bytearray, rng: Generator) -> None:
    for place in rng.integers(0, len(data) or 1, int(rng.integers(1, 30))):
        if place < len(data):
            data[place] ^= 1 << int(rng.integers(8))


def _edit_header(data: bytearray, rng: Generator) -> None:
    for place in rng.integers(0, min(_HEADER_BYTES, len(data) or 1), int(rng.integers(1, 6))):
        if place < len(data):
            data[place] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF, int(rng.integers(256))]))


def _cut(data: bytearray, rng: Generator) -> None:
    del data[int(rng.integers(0, len(data) + 1)) :]


def _drop(data: bytearray, rng: Generator) -> None:
    start = int(rng.integers(0, len(data) + 1))
    del data[start : start + int(rng.integers(1, 400))]


def _blank(data: bytearray, rng: Generator) -> None:
    start, length = int(rng.integers(0, len(data) + 1)), int(rng.integers(1, 400))
    length = min(length, len(data) - start)
    data[start : start + length] = bytes([int(rng.choice([0, 0xFF]))]) * length


def _repeat(data: bytearray, rng: Generator) -> None:
    start = int(rng.integers(0, len(data) + 1))
    part = data[start : start + int(rng.integers(1, 2000))]
    data[start:start] = part * int(rng.integers(1, 5))


def _splice(data: bytearray, rng: Generator) -> None:
    """Go on with the middle of another file, maybe of another format."""
    other = _whole_files()[_FORMATS[int(rng.integers(len(_FORMATS)))]]
    data[int(rng.integers(0, len(data) + 1)) :] = other[int(rng.integers(0, len(other))) :]


_ACCIDENTS: tuple[Callable[[bytearray, Generator], None], ...] = (
    _flip_bits,
    _flip_bits,
    _edit_header,
    _edit_header,
    _cut,
    _drop,
    _blank,
    _repeat,
    _splice,
)
