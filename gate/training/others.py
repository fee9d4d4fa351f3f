"""Draws what looks like a plate but is not: foreign plates, signs, clocks, pieces of photos.

The recogniser learns to read nothing from them.
"""

import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gate.reader.rectify import Corners, straighten, whole_picture
from gate.training.glyphs import text_shape
from gate.training.paint import Canvas
from gate.training.photos import Photo, read_image, read_photos
from gate.training.plates import DrawnPlate, dirtied
from gate.training.samples import NO_COLOUR, Sample, jittered, photographed
from gate.training.weather import Picture, degrade
from shared.plate import DIGITS, LETTERS

PIECES_SHARE = 0.4
"""Of the strips, pieces of real photos away from any plate, where there are photos."""

KNOWN_SHARE = 0.4
"""Of the strips, pieces that a person found to hold no plate, where there are such."""

_HELD_OUT_EVERY = 5
_HEIGHT_PX = 140
_WORDS = (
    "停车场", "出口", "入口", "请减速", "禁止停车", "售楼处", "欢迎光临", "限速", "消防通道",
    "收费", "招商银行", "中国移动", "建设银行", "加油站", "便利店", "样板房", "出租", "电话",
    "地下车库", "前方学校", "注意安全", "小心台阶", "物流", "快递", "洗车", "轮胎", "广告位招租",
    "实习", "新手上路", "大客车", "公交", "出租车", "豪华", "别墅", "花园", "广场", "大厦",
    "酒店", "超市", "药房", "火锅", "理发", "手机", "维修",
)  # fmt: skip
_LATIN = (
    "TAXI", "POLICE", "BUS", "STOP", "EXIT", "PARKING", "HONDA", "TOYOTA", "VOLKSWAGEN", "BYD",
    "4WD", "TURBO", "HYBRID", "SALE", "OPEN", "HOTEL", "BANK", "CAFE", "WELCOME", "SCHOOL",
    "SPEED", "LIMIT", "NO", "ENTRY", "VISITOR", "OFFICE", "GEELY", "CHERY",
)  # fmt: skip
_STATES = (
    "CALIFORNIA", "TEXAS", "NEW-YORK", "FLORIDA", "OHIO", "NEVADA", "OREGON", "UTAH",
)  # fmt: skip


class OtherSamples:
    """An endless source of strips without a plate; their text is empty."""

    def __init__(self, real: Path | None) -> None:
        """``real`` is a folder of photos with labels, or None: everything is drawn."""
        photos = read_photos(real, held_out=False) if real else []
        self._photos = [photo for photo in photos if min(photo.image.shape[:2]) > 120]
        self._pieces = read_pieces(real, held_out=False) if real else []

    def take(self, count: int, rng: Generator, strength: float) -> list[Sample]:
        """``count`` samples, as spoilt as ``strength`` (0 to 1) says."""
        return [self._one(rng, strength) for _ in range(count)]

    def _one(self, rng: Generator, strength: float) -> Sample:
        if self._pieces and rng.random() < KNOWN_SHARE:
            known = self._pieces[int(rng.integers(len(self._pieces)))]
            return cut_piece(known, rng, strength)
        if self._photos and rng.random() < PIECES_SHARE:
            piece = _piece(self._photos[int(rng.integers(len(self._photos)))], rng)
            if piece is not None:
                return Sample(degrade(piece, rng, 0.3 * strength), "", NO_COLOUR)
        return photographed(draw_other(rng), rng, 0.6 * strength)


def read_pieces(real: Path, held_out: bool) -> list[Picture]:
    """What ``no_plate.csv`` lists in ``real`` or a folder in it; every fifth is held out."""
    pieces = []
    for table in sorted(real.rglob("no_plate.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            names = [row["file"] for row in csv.DictReader(lines)]
        for index, name in enumerate(names):
            wanted = (index % _HELD_OUT_EVERY == 0) == held_out
            image = read_image(table.parent / name) if wanted else None
            if image is not None:
                pieces.append(image)
    return pieces


def cut_piece(piece: Picture, rng: Generator, strength: float) -> Sample:
    """A piece without a plate as a strip of one row or, now and then, of two."""
    corners = jittered(whole_picture(piece), rng, 1.0)
    rows = 2 if rng.random() < 0.15 else 1
    return Sample(straighten(degrade(piece, rng, 0.3 * strength), corners, rows), "", NO_COLOUR)


def _piece(photo: Photo, rng: Generator) -> Picture | None:
    """A strip of the photo that touches no plate, or None where none was found quickly."""
    height, width = photo.image.shape[:2]
    wide = float(np.exp(rng.uniform(np.log(40), np.log(0.6 * width))))
    high = wide / rng.uniform(2.2, 4.6)
    left, top = rng.uniform(0, width - wide), rng.uniform(0, max(1.0, height - high))
    box = np.array([[0, 0], [wide, 0], [wide, high], [0, high]]) + np.array([left, top])
    taken = (*photo.plates, *photo.unsure)
    if any(_touch(box, quad) for quad in taken):
        return None
    tilted = box + rng.normal(0, 0.06 * high, (4, 2))
    rows = 2 if rng.random() < 0.15 else 1
    return straighten(photo.image, tilted.astype(np.float32), rows)


def _touch(box: NDArray[np.floating], quad: Corners) -> bool:
    gap = np.maximum(box.min(0) - quad.max(0), quad.min(0) - box.max(0))
    return bool(gap.max() < 0)


def draw_other(rng: Generator) -> DrawnPlate:
    """A board in a plate's shape that says something else."""
    rows = 2 if rng.random() < 0.15 else 1
    width = int(_HEIGHT_PX * rng.uniform(2.4, 4.6) / rows)
    draw = (_european, _american, _sign, _sign, _clock, _stripes)[int(rng.integers(6))]
    board = draw((_HEIGHT_PX, width), rng)
    return DrawnPlate("", "other", "", rows, dirtied(board, rng), ())


def _board(size: tuple[int, int], ground: NDArray[np.floating]) -> Canvas:
    return np.ones((*size, 1), np.float32) * ground.astype(np.float32)


def _letter_mix(form: str, rng: Generator) -> str:
    """L becomes a letter, D a digit, X either."""
    signs = {"L": LETTERS + "IO", "D": DIGITS, "X": LETTERS + DIGITS}
    return "".join(
        signs[char][int(rng.integers(len(signs[char])))] if char in signs else char for char in form
    )


def _european(size: tuple[int, int], rng: Generator) -> Canvas:
    """White or yellow, black text, a blue band on the left: the form of most of Europe."""
    white, yellow = np.array([240, 240, 240]), np.array([30, 190, 240])
    canvas = _board(size, white if rng.random() < 0.75 else yellow)
    band = round(size[1] * 0.08)
    if rng.random() < 0.8:
        canvas[:, :band] = (170, 60, 10)
    forms = ("LL DDDDD", "L LDDDD", "LLDD LLL", "DDDD LLL", "LL DDD LL", "LLL DDD", "X-DDD-LL")
    text = _letter_mix(forms[int(rng.integers(len(forms)))], rng)
    _write(canvas, text, (band + 8, 20, size[1] - 10, 122), np.array([20, 20, 20]))
    return canvas


def _american(size: tuple[int, int], rng: Generator) -> Canvas:
    """Any ground, the state above, letters and digits below."""
    canvas = _board(size, rng.uniform(120, 250, 3))
    ink = rng.uniform(0, 110, 3)
    state = _STATES[int(rng.integers(len(_STATES)))]
    _write(canvas, state, (size[1] // 4, 6, size[1] * 3 // 4, 34), ink)
    forms = ("DLLLDDD", "LLL-DDDD", "LLL DDD", "DDD LLL", "DDDLLL", "LLDDDDD")
    text = _letter_mix(forms[int(rng.integers(len(forms)))], rng)
    _write(canvas, text, (12, 40, size[1] - 12, 132), ink)
    return canvas


def _sign(size: tuple[int, int], rng: Generator) -> Canvas:
    """Words, Chinese or Latin, maybe with a number."""
    canvas = _board(size, rng.uniform(0, 255, 3))
    ink = 255 - canvas[0, 0] if rng.random() < 0.5 else rng.uniform(0, 255, 3)
    words = _WORDS if rng.random() < 0.7 else _LATIN
    text = words[int(rng.integers(len(words)))]
    if rng.random() < 0.35:
        text += _letter_mix("DDD" if rng.random() < 0.5 else "DDDDDDDD", rng)
    top, side = rng.uniform(4, 40), rng.uniform(4, 60)
    _write(canvas, text, (int(side), int(top), size[1] - int(side), size[0] - int(top)), ink)
    return canvas


def _clock(size: tuple[int, int], rng: Generator) -> Canvas:
    """The camera's own text: date, time, a counter."""
    canvas = _board(size, rng.uniform(0, 200, 3))
    forms = ("20DD-DD-DD", "DD:DD:DD", "20DD/DD/DD", "DDDDDDDDDDD", "CAM DD", "0000/0DDDD", "DD:DD")
    text = _letter_mix(forms[int(rng.integers(len(forms)))], rng)
    _write(canvas, text, (6, 25, size[1] - 6, 115), rng.uniform(180, 255, 3))
    return canvas


def _stripes(size: tuple[int, int], rng: Generator) -> Canvas:
    """A grille, a fence, a barrier."""
    canvas = _board(size, rng.uniform(0, 255, 3))
    count = int(rng.integers(3, 16))
    upright = rng.random() < 0.6
    span = size[1] if upright else size[0]
    step = max(4, span // count)
    tone = rng.uniform(0, 255, 3)
    for at in range(int(rng.integers(0, step)), span, step):
        thick = max(2, int(step * rng.uniform(0.2, 0.6)))
        if upright:
            canvas[:, at : at + thick] = tone
        else:
            canvas[at : at + thick] = tone
    return canvas


def _write(
    canvas: Canvas, text: str, box: tuple[int, int, int, int], ink: NDArray[np.floating]
) -> None:
    """Paint ``text`` so that it fills the box (left, top, right, bottom)."""
    left, top, right, bottom = box
    if right - left < 8 or bottom - top < 8:
        return
    mask = cv2.resize(text_shape(text), (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    place = canvas[top:bottom, left:right]
    place += mask[: place.shape[0], : place.shape[1], None] * (ink.astype(np.float32) - place)
