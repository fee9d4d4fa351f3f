"""Whole pictures without a Chinese plate, drawn: text, signs, house fronts, foreign plates, clocks.

They are not what `gate.training` draws to learn from; the same seed gives the same pictures.
"""

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from gate.camera.frame import Image
from gate.training.gatehouse import draw_gate_picture
from gate.training.glyphs import text_shape
from gate.training.plates import DrawnPlate
from shared.plate import DIGITS, LETTERS

Colour = tuple[float, float, float]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in px."""

SIZE_PX = (540, 960)
_WHITE: Colour = (250, 250, 250)
_BLACK: Colour = (25, 25, 25)
_BLUE: Colour = (160, 80, 20)
_RED: Colour = (40, 30, 200)
_GREEN: Colour = (70, 120, 10)
_YELLOW: Colour = (40, 200, 245)

_SENTENCES = (
    "尊敬的业主您好", "本周六上午九点至十一点", "小区停水通知", "请将车辆停放在指定位置",
    "The quick brown fox jumps over", "样板间开放时间 09:00-18:00", "合同编号 HT20260815",
    "建筑面积约 128 平方米", "Invoice No. 4471820", "首付三成 月供 6800 元", "营业执照 91330100",
    "联系电话 0571-8000 0000", "服务热线 400-000-1234", "Total 1,284.50", "京东快递 浙江杭州",
)  # fmt: skip
_SHOPS = (
    "湘味轩 土菜馆", "川香火锅", "沪上阿姨", "中国建设银行", "鲁菜馆 始于1988", "粤式早茶",
    "福建沙县小吃", "京客隆超市", "晋城刀削面", "BEAUTY SALON 88", "湘A超市 全场8折",
    "云南米线 12元起", "24H便利店", "HOTEL 168", "贵州茅台专卖", "苏宁易购",
    "辽宁舰模型展", "学而思 2026 春季班", "青岛啤酒",
)  # fmt: skip
_ROADS = ("人民路 128", "解放东路", "中山北路 G25", "机场高速 S2", "滨江大道 88号", "3栋2单元 1201")
_FORMS = ("LL DDDDD", "L LDDDD", "LLDD LLL", "DDDD LLL", "LL DDD LL", "LLL DDDD", "DLLLDDD")


def draw(number: int, seed: int) -> tuple[str, Image]:
    """What picture ``number`` shows, and itself, H×W×3 uint8 BGR."""
    name, drawing = _DRAWINGS[number % len(_DRAWINGS)]
    rng = np.random.default_rng((seed, number))
    picture = drawing(rng)
    turned = _seen_askew(picture, rng) if rng.random() < 0.6 else picture
    return name, _as_taken(turned, rng)


def _page(rng: Generator) -> Image:
    """Lines of print."""
    canvas = _ground(_tint(_WHITE, rng))
    high = int(rng.integers(18, 46))
    for top in range(30, SIZE_PX[0] - high, round(high * 1.7)):
        _write(canvas, _one(_SENTENCES, rng), (40, top, 40 + high * 14, top + high), _BLACK)
        if rng.random() < 0.7:
            _write(canvas, _code("DDDDDDDD", rng), (700, top, 900, top + high), _BLACK)
    return canvas


def _shop(rng: Generator) -> Image:
    """A row of shop signs with names and telephone numbers."""
    canvas = _house(rng)
    for left in range(20, 900, 320):
        ground, ink = _pair(rng)
        top = int(rng.integers(200, 330))
        _fill(canvas, (left, top, left + 300, top + 90), ground)
        _write(canvas, _one(_SHOPS, rng), (left + 15, top + 12, left + 285, top + 60), ink)
        _write(
            canvas, _code("1DD DDDD DDDD", rng), (left + 70, top + 66, left + 230, top + 84), ink
        )
    return canvas


def _house(rng: Generator) -> Image:
    """A front of windows, balconies, air conditioners."""
    canvas = _ground(_tint((170, 190, 205), rng))
    wide, high = int(rng.integers(50, 130)), int(rng.integers(30, 90))
    for top in range(15, SIZE_PX[0] - high, round(high * 1.5)):
        for left in range(15, SIZE_PX[1] - wide, round(wide * 1.3)):
            glass = _tint((120, 90, 60), rng)
            _fill(canvas, (left, top, left + wide, top + high), glass)
            middle = left + wide // 2
            cv2.rectangle(canvas, (left, top), (left + wide, top + high), _WHITE, 2)
            cv2.line(canvas, (middle, top), (middle, top + high), _WHITE, 2)
    return canvas


def _fence(rng: Generator) -> Image:
    """Bars, a roller shutter, a radiator grille."""
    canvas = _ground(_tint((150, 150, 150), rng))
    left, top = int(rng.integers(0, 400)), int(rng.integers(0, 250))
    right, bottom = left + int(rng.integers(200, 560)), top + int(rng.integers(60, 280))
    _fill(canvas, (left, top, right, bottom), _tint((60, 60, 60), rng))
    step, is_upright = int(rng.integers(6, 40)), rng.random() < 0.6
    for at in range(left if is_upright else top, right if is_upright else bottom, step):
        ends = ((at, top), (at, bottom)) if is_upright else ((left, at), (right, at))
        cv2.line(canvas, *ends, _tint(_WHITE, rng), max(1, step // 3), cv2.LINE_AA)
    return canvas


def _foreign_car(rng: Generator) -> Image:
    """A car at a drawn gate with a European or American plate."""
    is_european = rng.random() < 0.6
    size = (110, 520) if is_european else (150, 300)
    plate = np.full((*size, 3), _WHITE if rng.random() < 0.7 else _YELLOW, np.uint8)
    text = _code(_one(_FORMS, rng), rng)
    if is_european:
        plate[:, :42] = (150, 50, 0)
        _write(plate, text, (60, 16, 505, 94), _BLACK)
    else:
        _write(plate, _one(("OHIO", "TEXAS", "ONTARIO"), rng), (90, 8, 210, 34), _BLUE)
        _write(plate, text, (16, 44, 284, 134), _one_colour((_BLUE, _RED, _BLACK), rng))
    drawn = DrawnPlate(text, "other", "white", 1, plate, ())
    return draw_gate_picture(drawn, rng, SIZE_PX)


def _poster(rng: Generator) -> Image:
    """Large numbers: prices, phone numbers, a discount."""
    ground, ink = _pair(rng)
    canvas = _ground(ground)
    _write(canvas, _one(_SHOPS, rng), (60, 40, 900, 180), ink)
    _write(canvas, _code("DDDDD", rng) + "元/㎡", (120, 220, 840, 360), ink)
    _write(canvas, _code("400-DDD-DDDD", rng), (200, 400, 760, 490), ink)
    return canvas


def _clock(rng: Generator) -> Image:
    """A dial, a board of digits, and the camera's own line of text."""
    canvas = _ground(_tint((90, 90, 100), rng))
    middle, radius = (260, 270), int(rng.integers(120, 220))
    cv2.circle(canvas, middle, radius, _WHITE, -1, cv2.LINE_AA)
    for hour in range(1, 13):
        angle = math.radians(30 * hour - 90)
        x = int(middle[0] + 0.8 * radius * math.cos(angle))
        y = int(middle[1] + 0.8 * radius * math.sin(angle))
        _write(canvas, str(hour), (x - 12, y - 14, x + 12, y + 14), _BLACK)
    _fill(canvas, (540, 180, 920, 300), (15, 15, 15))
    _write(canvas, _code("DD:DD:DD", rng), (560, 200, 900, 280), _RED)
    stamp = _code("202D-DD-DD DD:DD:DD", rng)
    _write(canvas, stamp, (20, 500, 420, 528), _WHITE)
    _write(canvas, _code("CAM DD", rng), (800, 500, 930, 528), _WHITE)
    return canvas


def _traffic(rng: Generator) -> Image:
    """Speed limits and direction boards."""
    canvas = _ground(_tint((210, 180, 150), rng))
    for left in (70, 300):
        middle = (left + 90, int(rng.integers(130, 400)))
        cv2.circle(canvas, middle, 90, _RED, -1, cv2.LINE_AA)
        cv2.circle(canvas, middle, 70, _WHITE, -1, cv2.LINE_AA)
        box = (middle[0] - 45, middle[1] - 35, middle[0] + 45, middle[1] + 35)
        _write(canvas, str(10 * int(rng.integers(2, 13))), box, _BLACK)
    ground = _one_colour((_BLUE, _GREEN, _BLUE), rng)
    top = int(rng.integers(40, 260))
    _fill(canvas, (540, top, 930, top + 200), ground)
    _write(canvas, _one(_ROADS, rng), (570, top + 24, 900, top + 84), _WHITE)
    _write(canvas, _one(_ROADS, rng), (570, top + 116, 900, top + 176), _WHITE)
    return canvas


def _house_number(rng: Generator) -> Image:
    """Door plates and road names: in a plate's shape and colours, but other words."""
    canvas = _house(rng)
    for _ in range(3):
        left, top = int(rng.integers(20, 640)), int(rng.integers(20, 420))
        wide = int(rng.integers(110, 300))
        high = wide * 10 // int(rng.integers(24, 44))
        ground, ink = ((_BLUE, _WHITE), (_GREEN, _WHITE), (_YELLOW, _BLACK), (_RED, _WHITE))[
            int(rng.integers(4))
        ]
        _fill(canvas, (left, top, left + wide, top + high), ground)
        edge = max(3, high // 7)
        box = (left + 2 * edge, top + edge, left + wide - 2 * edge, top + high - edge)
        _write(canvas, _one(_ROADS, rng), box, ink)
    return canvas


def _container(rng: Generator) -> Image:
    """A lorry's side or a box with codes on it."""
    canvas = _ground(_tint(_one_colour((_BLUE, _RED, _GREEN, _WHITE), rng), rng))
    for left in range(0, SIZE_PX[1], 24):
        cv2.line(canvas, (left, 0), (left, SIZE_PX[0]), tuple(0.8 * canvas[0, 0].astype(float)), 6)
    for form in ("LLLU DDDDDD D", "22G1", "MAX 30480 KG", "LL-DDDD-LL"):
        top = int(rng.integers(20, 460))
        left, wide = int(rng.integers(20, 500)), int(rng.integers(160, 420))
        _write(canvas, _code(form, rng), (left, top, left + wide, top + wide // 7), _WHITE)
    return canvas


_DRAWINGS: tuple[tuple[str, Callable[[Generator], Image]], ...] = (
    ("page of text", _page),
    ("shop signs", _shop),
    ("house front", _house),
    ("fence", _fence),
    ("foreign plate", _foreign_car),
    ("poster", _poster),
    ("clock", _clock),
    ("traffic signs", _traffic),
    ("house number", _house_number),
    ("container", _container),
)


def _ground(colour: Colour) -> Image:
    return np.full((*SIZE_PX, 3), colour, np.uint8)


def _fill(canvas: Image, box: Box, colour: Colour) -> None:
    cv2.rectangle(canvas, box[:2], box[2:], colour, -1)


def _write(canvas: Image, text: str, box: Box, ink: Colour) -> None:
    """``text`` as large as fits into the box, in the font's own proportions."""
    shape = text_shape(text)
    scale = min((box[2] - box[0]) / shape.shape[1], (box[3] - box[1]) / shape.shape[0])
    size = (max(1, int(shape.shape[1] * scale)), max(1, int(shape.shape[0] * scale)))
    mask = cv2.resize(shape, size, interpolation=cv2.INTER_AREA)
    place = canvas[box[1] :, box[0] :][: size[1], : size[0]]
    mask = mask[: place.shape[0], : place.shape[1], None]
    place[:] = (place + mask * (np.array(ink) - place)).astype(np.uint8)


def _one(texts: tuple[str, ...], rng: Generator) -> str:
    return texts[int(rng.integers(len(texts)))]


def _one_colour(colours: tuple[Colour, ...], rng: Generator) -> Colour:
    return colours[int(rng.integers(len(colours)))]


def _code(form: str, rng: Generator) -> str:
    """``form`` with each D a digit and each L a letter."""
    signs = {"D": DIGITS, "L": LETTERS}
    return "".join(_one(tuple(signs.get(sign, sign)), rng) for sign in form)


def _tint(colour: Colour, rng: Generator) -> Colour:
    first, second, third = np.clip(np.array(colour) * rng.uniform(0.6, 1.05, 3), 0, 255)
    return float(first), float(second), float(third)


def _pair(rng: Generator) -> tuple[Colour, Colour]:
    """A ground and an ink that is read well on it."""
    pairs = ((_BLUE, _WHITE), (_RED, _YELLOW), (_GREEN, _WHITE), (_YELLOW, _BLACK), (_WHITE, _RED))
    return pairs[int(rng.integers(len(pairs)))]


def _seen_askew(image: Image, rng: Generator) -> Image:
    height, width = image.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = source + rng.normal(0, 0.04 * height, (4, 2)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    turned = cv2.warpPerspective(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def _as_taken(image: Image, rng: Generator) -> Image:
    """A little blur, noise and the camera's JPEG."""
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 1.2)))
    grain = rng.normal(0, rng.uniform(1, 7), image.shape)
    noisy = np.clip(soft * rng.uniform(0.55, 1.1) + grain, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 95))]
    return np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", noisy, quality)[1], cv2.IMREAD_COLOR), np.uint8
    )
