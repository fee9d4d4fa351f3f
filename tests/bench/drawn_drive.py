"""Draws videos of cars that drive in at a gate: by day, night and rain, with what else is in view.

Cars, plates and light are drawn by `gate.training`; here they drive, in perspective, and the camera
adds what it does to a moving picture: exposure blur, grain and compression.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from gate.camera.frame import Image
from gate.training.canvas import Canvas, shade
from gate.training.cars import PAINTS, SHAPES, CarPainter
from gate.training.compose import lay_on
from gate.training.demo import clean_plate
from gate.training.gatehouse import MOODS, Mood
from gate.training.glyphs import Glyphs
from gate.training.others import draw_other
from gate.training.plates import DrawnPlate
from gate.training.texts import text_of

WIDTH_PX, HEIGHT_PX = 1280, 720
CAR_M = 1.8
KINDS = (("small", "blue", 0.6), ("nev_small", "green", 0.3), ("large", "yellow", 0.1))
"""Kinds of plate, their colour, and how often they come."""


@dataclass(frozen=True, slots=True)
class Weather:
    """What an hour does to the picture."""

    mood: str
    exposure_s: float
    grain: float
    plate_light: tuple[float, float]
    """How bright a plate is beside one by day, at least and at most."""
    drops: int = 0


WEATHERS = {
    "day": Weather("day", 1 / 250, 2.0, (0.85, 1.05)),
    "night": Weather("night", 1 / 100, 7.0, (0.4, 0.8)),
    "rain": Weather("rain", 1 / 150, 4.0, (0.6, 0.9), drops=260),
}


@dataclass(frozen=True, slots=True)
class View:
    """A camera that looks along the drive from above."""

    focal_px: float
    height_m: float
    horizon_px: float
    middle_px: float

    def foot(self, metre: float, lane_m: float) -> tuple[float, float]:
        """Where the road is, in px, so far away and so far to the right."""
        return (
            self.middle_px + self.focal_px * lane_m / metre,
            self.horizon_px + self.focal_px * self.height_m / metre,
        )

    def nearest_m(self) -> float:
        """Where a plate leaves the picture at its foot."""
        return self.focal_px * (self.height_m - 0.35) / (HEIGHT_PX - self.horizon_px)


@dataclass(frozen=True, slots=True)
class Car:
    """A car and its way: at ``start_s`` it is ``metre`` away and drives (or stands) from there."""

    plate: DrawnPlate
    shape: str
    look: int
    """What is drawn anew in each frame and must look the same."""
    metre: float
    lane_m: float
    start_s: float = 0.0
    kmh: float = 0.0
    turn: float = 0.0
    light: float = 1.0

    def metre_at(self, second: float) -> float:
        """How far away it is."""
        return self.metre - max(0.0, second - self.start_s) * self.kmh / 3.6


@dataclass(frozen=True, slots=True)
class Clip:
    """One video; ``cars`` drive, ``others`` stand, ``boards`` hang on the wall."""

    weather: str
    fps: float
    view: View
    cars: tuple[Car, ...]
    others: tuple[Car, ...] = ()
    boards: tuple[tuple[DrawnPlate, NDArray[np.float32]], ...] = ()
    has_clock: bool = False
    seed: int = 0

    @property
    def seconds(self) -> float:
        """Until the last car is out of view, and half a second more."""
        nearest = self.view.nearest_m() - 0.5
        return max(c.start_s + (c.metre - nearest) / (c.kmh / 3.6) for c in self.cars) + 0.5

    def frames(self) -> Iterator[tuple[float, Image]]:
        """Each frame and its second, H×W×3 uint8 BGR."""
        rng, weather = default_rng(self.seed), WEATHERS[self.weather]
        scenery = _scenery(self, MOODS[weather.mood], rng)
        for number in range(int(self.seconds * self.fps)):
            second = number / self.fps
            canvas = Canvas(HEIGHT_PX, WIDTH_PX)
            canvas.image[:] = scenery
            for car in sorted(self.cars, key=lambda car: -car.metre_at(second)):
                if car.start_s <= second and car.metre_at(second) > 0.6 * self.view.nearest_m():
                    _drive(canvas, self, car, second)
            yield second, _photographed(canvas.image, self, second, rng)


def random_clip(weather: str, fps: float, seed: int) -> Clip:
    """A clip with one car, now and then a second one behind it, and things that stand around."""
    rng = default_rng(seed)
    view = View(
        focal_px=rng.uniform(1500, 2100),
        height_m=rng.uniform(1.9, 2.6),
        horizon_px=rng.uniform(40, 130),
        middle_px=rng.uniform(540, 740),
    )
    light = WEATHERS[weather].plate_light
    cars = [_random_car(rng, light, start_s=0.2)]
    if rng.random() < 0.3:
        behind = rng.uniform(8.0, 14.0) / (cars[0].kmh / 3.6)
        follower = _random_car(rng, light, start_s=0.2 + behind, kmh=cars[0].kmh)
        cars.append(follower)
    others, boards = [], []
    if rng.random() < 0.35:
        others.append(_parked_car(rng, light))
    if rng.random() < 0.35:
        boards.append(_board(rng))
    has_clock = bool(rng.random() < 0.5)
    return Clip(weather, fps, view, tuple(cars), tuple(others), tuple(boards), has_clock, seed)


def _random_car(
    rng: Generator, light: tuple[float, float], start_s: float, kmh: float | None = None
) -> Car:
    return Car(
        plate=_plate(rng),
        shape=str(rng.choice(("saloon", "offroad", "van"))),
        look=int(rng.integers(2**31)),
        metre=rng.uniform(11.0, 15.0),
        lane_m=rng.uniform(-0.8, 0.8),
        start_s=start_s,
        kmh=kmh or rng.uniform(5, 25),
        turn=rng.normal(0, 6e-5),
        light=rng.uniform(*light),
    )


def _parked_car(rng: Generator, light: tuple[float, float]) -> Car:
    side = rng.choice((-1, 1))
    return Car(
        plate=_plate(rng),
        shape="saloon",
        look=int(rng.integers(2**31)),
        metre=rng.uniform(8, 12),
        lane_m=side * rng.uniform(2.6, 3.2),
        light=rng.uniform(*light),
    )


def _plate(rng: Generator) -> DrawnPlate:
    kind = int(rng.choice(len(KINDS), p=[odds for _, _, odds in KINDS]))
    name, colour, _ = KINDS[kind]
    return clean_plate(text_of(name, rng), name, colour, _glyphs())


@lru_cache(maxsize=1)
def _glyphs() -> Glyphs:
    return Glyphs(None)


def _board(rng: Generator) -> tuple[DrawnPlate, NDArray[np.float32]]:
    """An advertisement on the wall: words and numbers, or a car's plate."""
    board = _plate(rng) if rng.random() < 0.5 else draw_other(rng)
    left, top, width = rng.uniform(20, 1000), rng.uniform(10, 60), rng.uniform(90, 200)
    high = width * board.image.shape[0] / board.image.shape[1]
    corners = [(0, 0), (width, 0), (width, high), (0, high)]
    return board, np.array([(left + x, top + y) for x, y in corners], np.float32)


def _scenery(clip: Clip, mood: Mood, rng: Generator) -> Image:
    """All that stands: wall, lawn, drive, booth, parked cars and boards."""
    canvas, horizon = Canvas(HEIGHT_PX, WIDTH_PX), clip.view.horizon_px
    canvas.box((0, 0, WIDTH_PX, horizon), mood.sky, mood.horizon)
    for left in range(-20, WIDTH_PX, 130):
        tone = shade((170, 178, 186), mood.light * rng.uniform(0.7, 1.0))
        canvas.box((left, horizon * rng.uniform(0.2, 0.6), left + 110, horizon + 30), tone)
    lawn = shade((96, 158, 118), mood.light)
    canvas.box((0, horizon + 20, WIDTH_PX, HEIGHT_PX), lawn, shade(lawn, 0.8))
    edges = [clip.view.foot(far, side) for far, side in ((40, -2), (40, 2), (3, 2), (3, -2))]
    canvas.fill(edges, shade(mood.ground, 0.9), mood.ground)
    for board, corners in clip.boards:
        lay_on(canvas.image, board.image, corners, mood.light, 0.0)
    for car in clip.others:
        _drive(canvas, clip, car, 0.0)
    return canvas.image


def _drive(canvas: Canvas, clip: Clip, car: Car, second: float) -> None:
    """Draw ``car`` where it is at ``second``, smeared as far as it moves during the exposure."""
    weather, metre = WEATHERS[clip.weather], car.metre_at(second)
    mood, rng = MOODS[weather.mood], default_rng(car.look)
    foot, width = clip.view.foot(metre, car.lane_m), CAR_M * clip.view.focal_px / metre
    tilt = np.eye(3)
    tilt[2, 0] = car.turn
    shift, back = np.eye(3), np.eye(3)
    shift[:2, 2], back[:2, 2] = foot, (-foot[0], -foot[1])
    canvas.matrix = shift @ tilt @ back
    paint = shade(PAINTS[int(rng.integers(len(PAINTS)))], mood.light)
    painter = CarPainter(canvas, foot, width, SHAPES[car.shape])
    corners = canvas.place(painter.paint(rng, paint, mood.lamps_on and car.kmh > 0))
    lay_on(canvas.image, car.plate.image, corners, car.light, 0.0)
    canvas.matrix = np.eye(3)
    further = clip.view.foot(car.metre_at(second + weather.exposure_s), car.lane_m)
    _smear(canvas.image, foot, width, further[1] - foot[1])


def _smear(image: Image, foot: tuple[float, float], width: float, length_px: float) -> None:
    """Blur the car around ``foot`` downwards over ``length_px``."""
    if length_px < 0.3:
        return
    left, right = (int(np.clip(foot[0] + s * 0.6 * width, 0, WIDTH_PX)) for s in (-1, 1))
    top, low = (int(np.clip(foot[1] + s * width, 0, HEIGHT_PX)) for s in (-1.1, 0.1))
    part = image[top:low, left:right]
    if part.size:
        kernel = np.clip(length_px - np.arange(math.ceil(length_px) + 1), 0, 1)[:, None]
        kernel[0] = 1.0
        part[:] = cv2.filter2D(part, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def _photographed(image: Image, clip: Clip, second: float, rng: Generator) -> Image:
    """The drawing as the camera sends it."""
    weather = WEATHERS[clip.weather]
    if weather.drops:
        image = _rain(image, weather.drops, rng)
    top, left = int(rng.integers(400)), int(rng.integers(400))
    grain = _grain()[top : top + HEIGHT_PX, left : left + WIDTH_PX, None]
    image = np.clip(image + grain * np.float32(weather.grain), 0, 255).astype(np.uint8)
    if clip.has_clock:
        text = f"2026-11-25 13:20:{int(second):02}  CAM 01  {int(second * clip.fps):06}"
        for colour, thick in ((0, 4), (255, 2)):
            place, font = (24, 704), cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(image, text, place, font, 0.9, (colour,) * 3, thick, cv2.LINE_AA)
    packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _rain(image: Image, drops: int, rng: Generator) -> Image:
    """Streaks in other places in each frame, and the grey veil of heavy rain."""
    out = image.copy()
    places = rng.uniform((-50, -60, 14), (WIDTH_PX + 50, HEIGHT_PX, 46), (drops, 3))
    for x, y, long in places:
        end = (int(x - 0.15 * long), int(y + long))
        cv2.line(out, (int(x), int(y)), end, (215, 210, 206), 1, cv2.LINE_AA)
    return np.asarray(cv2.addWeighted(out, 0.55, image, 0.4, 8), np.uint8)


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.float32]:
    return default_rng(0).standard_normal((HEIGHT_PX + 400, WIDTH_PX + 400), np.float32)
