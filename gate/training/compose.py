"""How a training picture is put together: views, plates laid on, litter, light and weather."""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gate.reader.detect import CLOSE_QUADS, affine_between

Image = NDArray[np.uint8]
Quad = NDArray[np.float32]
Matrix = NDArray[np.float64]
Size = tuple[int, int]
"""Height and width in px."""

WHOLE_SHARE = 0.15
"""Views of the whole source from afar, in which its plate may be too small to be seen."""

FULL_SHARE = 0.8
"""Views that are moved until the source fills them."""

_GRAIN_PX = 1300

SMALLEST_PX = 11.0
LARGEST_PX = 210.0
"""Plate widths the network is to see in one look."""


def view(quad: Quad, size: Size, source: Size | None, rng: Generator) -> Matrix:
    """A matrix that brings the plate at ``quad`` of a ``source`` picture into one of ``size``.

    The plate may come to lie anywhere, tilted and turned; the source mostly fills the picture.
    Without a source there is only the plate.
    """
    width = size[1]
    width_px = math.exp(rng.uniform(math.log(SMALLEST_PX), math.log(min(LARGEST_PX, 0.95 * width))))
    scale = width_px / max(4.0, float(np.linalg.norm(quad[1] - quad[0])))
    spot = rng.uniform(0, 1, 2) * np.array(size[::-1])
    if source is not None:
        if rng.random() < WHOLE_SHARE:
            scale = float(rng.uniform(0.5, 1.0)) * max(size) / max(source)
        else:
            scale = max(scale, float(rng.uniform(0.6, 1.1)) * max(size) / min(source))
        if rng.random() < FULL_SHARE:
            spot = _full(spot, quad.mean(0) * scale, np.array(source[::-1]) * scale, size)
    far = np.eye(3)
    far[2, :2] = rng.normal(0, 0.12, 2) / width
    grow = np.diag([scale, scale, 1.0])
    return _move(spot) @ far @ _turned(rng) @ grow @ _move(-quad.mean(0))


def _turned(rng: Generator) -> Matrix:
    """A tilt up to 45 degrees, and the leaning and narrowing of a look from the side."""
    angle = math.radians(rng.uniform(-45, 45) if rng.random() < 0.25 else rng.normal(0, 7))
    narrow = rng.uniform(0.6, 1.0) if rng.random() < 0.3 else rng.uniform(0.9, 1.1)
    turn = np.array(
        [[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]]
    )
    lean = np.array([[narrow, rng.normal(0, 0.1), 0], [rng.normal(0, 0.05), 1, 0], [0, 0, 1]])
    return np.asarray(turn @ lean, np.float64)


def _full(
    spot: NDArray[np.floating], at: NDArray[np.floating], source: NDArray[np.floating], size: Size
) -> NDArray[np.floating]:
    """``spot`` moved so that the scaled source, with the plate ``at``, leaves little empty."""
    room = np.array(size[::-1], np.float64)
    ends = np.stack([at, at + room - source])
    return np.clip(spot, np.maximum(ends.min(0), 0), np.minimum(ends.max(0), room))


def close_view(quad: Quad, rows: int, rng: Generator) -> Matrix:
    """A matrix that brings the plate into the close look, as far off as a first look may be."""
    target = CLOSE_QUADS[rows if rng.random() < 0.9 else 3 - rows]
    wobble = rng.uniform(0, 0.09) * (target[1, 0] - target[0, 0])
    aim = (target - target.mean(0)) * rng.uniform(0.8, 1.25) + target.mean(0)
    aim = aim + rng.normal(0, wobble, 2) + rng.normal(0, wobble * 0.5, (4, 2))
    return np.asarray(
        np.vstack([affine_between(quad, aim.astype(np.float32)), [0, 0, 1]]), np.float64
    )


def _move(by: NDArray[np.floating]) -> Matrix:
    """A shift."""
    return np.array([[1, 0, float(by[0])], [0, 1, float(by[1])], [0, 0, 1]])


def moved(quad: Quad, matrix: Matrix) -> Quad:
    """The corners after the matrix."""
    points = cv2.perspectiveTransform(quad[None].astype(np.float64), matrix)
    return np.asarray(points[0], np.float32)


def seen(image: Image, matrix: Matrix, size: Size, rng: Generator) -> Image:
    """The picture through the matrix, without aliasing when it shrinks."""
    scale = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    matrix = matrix.copy()
    while scale < 0.6 and min(image.shape[:2]) > 16:
        image = np.asarray(
            cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
        matrix = matrix @ np.diag([2.0, 2.0, 1.0])
        scale *= 2
    border = tuple(int(v) for v in rng.integers(0, 200) + rng.integers(0, 50, 3))
    out = cv2.warpPerspective(
        image, matrix, (size[1], size[0]), flags=cv2.INTER_LINEAR, borderValue=border
    )
    return np.asarray(out, np.uint8)


def lay_on(image: Image, plate: Image, quad: Quad, gain: float, blend: float) -> None:
    """Put the plate into ``image`` at ``quad``, made brighter by ``gain`` (1: as it is).

    ``blend`` from 0 to 1 says how much it takes on the light of the place it covers instead.
    """
    low = np.maximum(np.floor(quad.min(0)) - 3, 0).astype(int)
    high = np.minimum(np.ceil(quad.max(0)) + 4, image.shape[1::-1]).astype(int)
    if (high - low).min() < 2:
        return
    place = image[low[1] : high[1], low[0] : high[0]]
    width_px = float(np.linalg.norm(quad[1] - quad[0]))
    shrink = 1.5 * width_px / plate.shape[1]
    if shrink < 1:
        size = (max(4, round(plate.shape[1] * shrink)), max(3, round(plate.shape[0] * shrink)))
        plate = np.asarray(cv2.resize(plate, size, interpolation=cv2.INTER_AREA), np.uint8)
    height, width = plate.shape[:2]
    edges = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    edges = edges - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(edges, (quad - low - 0.5).astype(np.float32))
    over = (place.shape[1], place.shape[0])
    colour = cv2.warpPerspective(plate, matrix, over, borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros(place.shape[:2], np.uint8)
    outline = np.round((quad - low - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, 4)
    light = (place.mean() + 20) / (colour.mean() + 20)
    gain = blend * light + (1 - blend) * gain
    alpha = (mask / 255.0)[:, :, None]
    mixed = place * (1 - alpha) + np.minimum(colour * gain, 255) * alpha
    image[low[1] : high[1], low[0] : high[0]] = mixed.astype(np.uint8)


def as_high_as_two_rows(quad: Quad) -> Quad:
    """A one-row plate's corners, the upper ones moved up to where a two-row plate has them."""
    up = (quad[:2] - quad[3:1:-1]) * np.float32(0.7)
    return np.asarray(quad + np.vstack([up, np.zeros_like(up)]), np.float32)


def litter(image: Image, spare: list[Quad], rng: Generator) -> None:
    """Add what is often mistaken for a plate: a camera's clock, signs, plain boards, grilles.

    The places in ``spare`` stay as they are.
    """
    before = image.copy()
    for _ in range(rng.integers(0, 4)):
        what = rng.integers(0, 4)
        if what == 0:
            _clock(image, rng)
        elif what == 1:
            _sign(image, rng)
        elif what == 2:
            _board(image, rng)
        else:
            _grille(image, rng)
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(quad).astype(np.int32) for quad in spare], 1)
    np.copyto(image, before, where=mask[:, :, None] > 0)


def _spot(image: Image, rng: Generator, wide: float) -> tuple[int, int, int]:
    """A random left and top edge and width, up to ``wide`` of the picture."""
    width = int(rng.uniform(12, max(13, wide * image.shape[1])))
    left = int(rng.integers(-width // 4, image.shape[1] - width // 2))
    return left, int(rng.integers(0, image.shape[0])), width


def _text(rng: Generator) -> str:
    """A line of digits and letters like a clock's, a counter's or a phone number."""
    digits = "".join(str(d) for d in rng.integers(0, 10, 14))
    forms = (
        f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]} {digits[6:8]}:{digits[8:10]}:{digits[10:12]}",
        f"{digits[:2]}:{digits[2:4]}:{digits[4:6]}",
        f"20{digits[:2]}/{digits[2:4]}/{digits[4:6]}",
        f"0000/0{digits[:4]}",
        digits[: rng.integers(3, 12)],
        "CAM " + digits[:2],
        "".join(chr(65 + d) for d in rng.integers(0, 26, rng.integers(3, 10))),
    )
    return forms[int(rng.integers(0, len(forms)))]


def _clock(image: Image, rng: Generator) -> None:
    """Text laid over the picture by the camera."""
    left, top, width = _spot(image, rng, 0.9)
    text, font = _text(rng), int(rng.integers(0, 4))
    natural = cv2.getTextSize(text, font, 1.0, 2)[0][0]
    scale = width / natural
    thick = max(1, round(scale * 2))
    shade = int(rng.integers(190, 256))
    if rng.random() < 0.6:
        cv2.putText(image, text, (left, top), font, scale, (0, 0, 0), thick + 2, cv2.LINE_AA)
    cv2.putText(image, text, (left, top), font, scale, (shade,) * 3, thick, cv2.LINE_AA)


def _sign(image: Image, rng: Generator) -> None:
    """A coloured board with one line of text that is no plate: too long, or too short."""
    left, top, width = _spot(image, rng, 0.6)
    height = int(width * rng.choice((rng.uniform(0.08, 0.16), rng.uniform(0.5, 1.2))))
    ground = tuple(int(v) for v in rng.integers(0, 256, 3))
    ink = (255, 255, 255) if sum(ground) < 380 else (0, 0, 0)
    cv2.rectangle(image, (left, top), (left + width, top + height), ground, -1)
    count = 3 if height > width * 0.4 else int(rng.integers(11, 16))
    text = "".join(chr(int(c)) for c in rng.integers(48, 91, count))
    font = cv2.FONT_HERSHEY_SIMPLEX
    scale = 0.85 * width / max(1, cv2.getTextSize(text, font, 1.0, 2)[0][0])
    foot = (left + int(width * 0.07), top + int(height * 0.6 + 8 * scale))
    cv2.putText(image, text, foot, font, scale, ink, max(1, round(scale * 2)), cv2.LINE_AA)


def _board(image: Image, rng: Generator) -> None:
    """A plain board in a plate's colour and shape, large enough to show that it has no text."""
    left, top, width = _spot(image, rng, 0.5)
    width = max(width, 40)
    colours = ((170, 70, 10), (20, 190, 240), (90, 200, 120), (235, 235, 235), (20, 20, 20))
    ground = np.array(colours[int(rng.integers(0, 5))]) * rng.uniform(0.4, 1.0)
    height = int(width * rng.uniform(0.2, 0.6))
    shade = tuple(int(v) for v in ground)
    cv2.rectangle(image, (left, top), (left + width, top + height), shade, -1)


def _grille(image: Image, rng: Generator) -> None:
    """Bars side by side, as in a radiator or a fence."""
    left, top, width = _spot(image, rng, 0.6)
    height = int(width * rng.uniform(0.2, 0.6))
    dark, bright = int(rng.integers(0, 90)), int(rng.integers(90, 256))
    cv2.rectangle(image, (left, top), (left + width, top + height), (dark,) * 3, -1)
    upright = rng.random() < 0.5
    span = width if upright else height
    step = max(2, int(span / rng.integers(4, 16)))
    for at in range(0, span, step):
        start = (left + at, top) if upright else (left, top + at)
        end = (left + at, top + height) if upright else (left + width, top + at)
        cv2.line(image, start, end, (bright,) * 3, max(1, step // 3))


def weather(image: Image, rng: Generator) -> Image:
    """The picture after light, colour cast, blur, noise and compression."""
    out = _lit(image, rng) if rng.random() < 0.7 else image
    if rng.random() < 0.15:
        grey = cv2.cvtColor(out, cv2.COLOR_BGR2GRAY)
        out = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)
    if rng.random() < 0.35:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.3)), np.uint8)
    if rng.random() < 0.15:
        length = int(rng.integers(2, 6))
        streak = np.zeros((length, length), np.float32)
        streak[length // 2 if rng.random() < 0.6 else slice(None), :] = 1
        out = np.asarray(cv2.filter2D(out, -1, streak / streak.sum()), np.uint8)
    if rng.random() < 0.5:
        out = _noisy(out, rng)
    if rng.random() < 0.5:
        packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))])
        out = np.asarray(cv2.imdecode(packed[1], cv2.IMREAD_COLOR), np.uint8)
    return out


def _lit(image: Image, rng: Generator) -> Image:
    """Another gamma, brightness and colour cast."""
    level = (np.arange(256) / 255.0) ** math.exp(rng.normal(0, 0.35)) * 255.0
    gain = rng.normal(1, 0.08, 3) * rng.uniform(0.5, 1.15)
    table = np.clip(level[:, None] * gain + rng.uniform(-10, 25), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table[None]), np.uint8)


def _noisy(image: Image, rng: Generator) -> Image:
    """Grain of a poor sensor, cut from one sheet of it."""
    height, width = image.shape[:2]
    grain = _grain()
    top, left = (int(rng.integers(0, _GRAIN_PX - side + 1)) for side in (height, width))
    part = grain[top : top + height, left : left + width, None] * np.float32(rng.uniform(1, 12))
    return np.clip(image + part, 0, 255).astype(np.uint8)


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((_GRAIN_PX, _GRAIN_PX), np.float32)
