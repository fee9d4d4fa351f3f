"""Drawn surroundings: a sales office behind its gate, a car before the barrier, day or night."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from gate.training import compose
from gate.training.canvas import Canvas, Colour, Image, Points, shade
from gate.training.cars import PAINTS, SHAPES, CarPainter
from gate.training.glyphs import Glyphs
from gate.training.plates import DrawnPlate


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A drawn picture (H×W×3 uint8 BGR) and the corners, px, of the place for a plate."""

    image: Image
    place: Points


@dataclass(frozen=True, slots=True)
class Mood:
    """The light of an hour: sky at top and horizon, ground, how bright windows and lamps are."""

    sky: Colour
    horizon: Colour
    ground: Colour
    light: float
    lamps_on: bool
    rain: bool


MOODS: dict[str, Mood] = {
    "day": Mood((226, 176, 108), (245, 232, 214), (128, 126, 124), 1.0, False, False),
    "morning": Mood((220, 190, 150), (205, 226, 250), (132, 130, 130), 0.95, False, False),
    "dusk": Mood((130, 84, 78), (120, 170, 246), (96, 88, 88), 0.72, True, False),
    "night": Mood((58, 36, 24), (96, 66, 48), (62, 56, 52), 0.42, True, False),
    "rain": Mood((170, 160, 152), (205, 200, 196), (104, 102, 100), 0.78, True, True),
}

CAR_ODDS = (0.45, 0.3, 0.17, 0.08)
CARS_WITHOUT_COACH = ("saloon", "saloon", "offroad", "van")

HORIZON = 330.0
SIGN = "售楼中心"
"""On the roof: sales centre."""


def draw_backdrop(
    rng: Generator,
    size: compose.Size,
    fine: int = 1,
    mood: str | None = None,
    car: str | None = None,
) -> Backdrop:
    """A gate with a car whose plate is still missing."""
    canvas = Canvas(size[0], size[1], fine)
    hour = MOODS[mood or str(rng.choice(list(MOODS)))]
    _sky(canvas, hour, rng)
    _skyline(canvas, hour, rng)
    _lawn(canvas, hour)
    _sales_office(canvas, hour, rng)
    _trees(canvas, hour, rng)
    _ground(canvas, hour, rng)
    _booth_and_barrier(canvas, hour, rng)
    place = _car(canvas, hour, rng, car)
    if hour.rain:
        _rain(canvas, rng)
    return Backdrop(canvas.finished(), canvas.place(place))


def draw_gate_picture(
    plate: DrawnPlate, rng: Generator, size: compose.Size = (720, 1280), mood: str | None = None
) -> Image:
    """A pleasant picture of a car with this plate at a sales office's gate, H×W×3 uint8 BGR."""
    car = "coach" if plate.colour == "yellow" else str(rng.choice(CARS_WITHOUT_COACH))
    backdrop = draw_backdrop(rng, size, 2, mood, car)
    image, place = backdrop.image.copy(), backdrop.place
    if plate.rows == 2:
        place = compose.as_high_as_two_rows(place)
    compose.lay_on(image, plate.image, place, 0.95, 0.0)
    return image


def _tone(colour: Colour, mood: Mood) -> Colour:
    """A thing's colour in this light."""
    return shade(colour, mood.light)


def _sky(canvas: Canvas, mood: Mood, rng: Generator) -> None:
    """Sky with a few clouds, or stars."""
    canvas.box((0, 0, 1280, HORIZON + 10), mood.sky, mood.horizon)
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.uniform(0, 1280), rng.uniform(30, 170)
        for _ in range(5):
            centre = (x + rng.uniform(-90, 90), y + rng.uniform(-12, 12))
            radius = (rng.uniform(40, 90), rng.uniform(10, 22))
            canvas.disc(centre, radius, shade(mood.horizon, 1.3), alpha=0.25)


def _skyline(canvas: Canvas, mood: Mood, rng: Generator) -> None:
    """Far residential towers."""
    x = -20.0
    while x < 1280:
        width, height = rng.uniform(50, 110), rng.uniform(70, 230)
        far = rng.uniform(0.25, 0.5)
        tower = tuple(
            h * (1 - far) + g * far for h, g in zip(mood.horizon, (120, 100, 90), strict=True)
        )
        tone: Colour = (tower[0], tower[1], tower[2])
        canvas.box((x, HORIZON - height, x + width, HORIZON), shade(tone, 1.05), tone)
        for row in range(int(height // 16)):
            for column in range(int(width // 16)):
                lit = mood.lamps_on and rng.random() < 0.35
                pane: Colour = (140, 205, 250) if lit else shade(tone, 0.9)
                left, top = x + 6 + column * 16, HORIZON - height + 7 + row * 16
                canvas.box((left, top, left + 8, top + 9), pane)
        x += width + rng.uniform(4, 50)


def _lawn(canvas: Canvas, mood: Mood) -> None:
    """Grass up to the horizon."""
    lawn = _tone((96, 168, 122), mood)
    canvas.box((-1, HORIZON, 1281, HORIZON + 90), shade(lawn, 0.85), lawn)


def _sales_office(canvas: Canvas, mood: Mood, rng: Generator) -> None:
    """The low building with its wide roof, glass front and warm light."""
    left, right = rng.uniform(40, 140), rng.uniform(800, 900)
    top, foot = 150.0, HORIZON + 75
    wall = _tone((214, 222, 228), mood)
    canvas.box((left + 20, top + 20, right - 20, foot), wall, shade(wall, 0.85))
    inside: Colour = (150, 205, 245) if mood.lamps_on else _tone((206, 190, 160), mood)
    canvas.box((left + 40, top + 62, right - 40, foot - 8), shade(inside, 0.95), inside)
    panes = int(rng.integers(9, 14))
    step = (right - left - 80) / panes
    for pane in range(panes):
        x = left + 40 + pane * step
        if not mood.lamps_on:
            canvas.fill(
                [
                    (x, foot - 60),
                    (x + step * 0.7, top + 62),
                    (x + step, top + 62),
                    (x + step * 0.3, foot - 8),
                    (x, foot - 8),
                ],
                (250, 245, 240),
                alpha=0.25,
            )
        canvas.box((x - 3, top + 62, x + 3, foot - 8), _tone((92, 84, 78), mood))
    canvas.box((left, top, right, top + 34), _tone((86, 78, 72), mood), _tone((66, 58, 54), mood))
    canvas.box((left, top + 34, right, top + 40), _tone((120, 170, 205), mood))
    _sign(canvas, mood, (left + right) / 2, top)
    for column in (left + 24, (left + right) / 2, right - 36):
        canvas.box(
            (column, top + 40, column + 14, foot),
            _tone((196, 204, 210), mood),
            _tone((160, 168, 174), mood),
        )


def _sign(canvas: Canvas, mood: Mood, middle: float, foot: float) -> None:
    """The sales office's name in letters that stand on its roof."""
    glyphs, size, step = Glyphs(None), 44.0, 60.0
    ink: Colour = (170, 225, 255) if mood.lamps_on else (60, 60, 190)
    left = middle - (step * len(SIGN) - (step - size)) / 2
    canvas.box((left - 8, foot - 10, left + step * len(SIGN), foot - 6), _tone((90, 84, 80), mood))
    for place, char in enumerate(SIGN):
        mask = glyphs.cell(char, "ordinary", (96, 96), font=0)
        x = left + place * step
        canvas.stamp(mask, (x, foot - size - 10, x + size, foot - 10), ink)
        if mood.lamps_on:
            canvas.glow((x + size / 2, foot - size / 2 - 10), 60, ink, 0.25)


def _trees(canvas: Canvas, mood: Mood, rng: Generator) -> None:
    """Round trees and a hedge along the drive."""
    for _ in range(int(rng.integers(3, 6))):
        x = float(rng.choice((rng.uniform(-10, 230), rng.uniform(830, 1280))))
        height, green = rng.uniform(110, 190), rng.uniform(0.8, 1.1)
        canvas.box(
            (x - 5, HORIZON + 70 - height * 0.6, x + 5, HORIZON + 80), _tone((52, 74, 96), mood)
        )
        for _ in range(9):
            centre = (
                x + rng.normal(0, height * 0.2),
                HORIZON + 40 - height * rng.uniform(0.55, 1.05),
            )
            leaf = _tone((86 * green, 150 * green, 98 * green), mood)
            size = rng.uniform(0.16, 0.27) * height
            canvas.disc(
                centre, (size, size * 0.85), shade(leaf, 1.15), shade(leaf, 0.75), alpha=0.9
            )
    for x in range(-20, 1300, 26):
        bush = _tone((74, 132, 82), mood)
        canvas.disc(
            (x, HORIZON + 78), (24, 20 + rng.uniform(0, 6)), shade(bush, 1.1), shade(bush, 0.7)
        )


def _ground(canvas: Canvas, mood: Mood, rng: Generator) -> None:
    """Paving, the drive in perspective, its kerbs and stripes."""
    paving = _tone((178, 186, 190), mood)
    canvas.box((0, HORIZON + 80, 1280, 720), shade(paving, 0.92), paving)
    for row in range(1, 9):
        y = HORIZON + 80 + 310 * (row / 9) ** 1.7
        canvas.line([(0, y), (1280, y)], shade(paving, 0.85), 1.5)
    drive = [(430, HORIZON + 80), (860, HORIZON + 80), (1240, 720), (60, 720)]
    canvas.fill(drive, shade(mood.ground, 0.9), mood.ground)
    for near, far in ((60, 430), (1240, 860)):
        lean = 1 if near < 640 else -1
        kerb = [
            (far, HORIZON + 80),
            (far + 8 * lean, HORIZON + 80),
            (near + 34 * lean, 720),
            (near, 720),
        ]
        canvas.fill(kerb, _tone((215, 218, 220), mood), _tone((190, 194, 196), mood))
    for _ in range(70):
        y = rng.uniform(HORIZON + 90, 720)
        half = 170 + 380 * (y - HORIZON - 80) / 310
        x = 645 + rng.uniform(-half, half)
        tone = shade(mood.ground, float(rng.uniform(0.88, 1.08)))
        canvas.line([(x, y), (x + 4, y)], tone, 1.5)


def _booth_and_barrier(canvas: Canvas, mood: Mood, rng: Generator) -> None:
    """The guard's booth, the barrier's post and its striped boom."""
    x = rng.uniform(1000, 1060)
    canvas.box((x, 230, x + 170, 520), _tone((225, 225, 222), mood), _tone((190, 190, 188), mood))
    window: Colour = (150, 215, 250) if mood.lamps_on else _tone((196, 176, 140), mood)
    canvas.box((x + 18, 270, x + 152, 390), shade(window, 1.1), window)
    canvas.box((x + 82, 270, x + 88, 390), _tone((110, 104, 100), mood))
    canvas.box((x - 16, 214, x + 186, 236), _tone((120, 72, 36), mood), _tone((96, 56, 28), mood))
    canvas.box((x + 18, 400, x + 152, 408), _tone((150, 148, 146), mood))
    post = x - 60
    canvas.box(
        (post, 400, post + 40, 540), _tone((40, 150, 240), mood), _tone((26, 110, 200), mood)
    )
    pivot = (post + 20.0, 425.0)
    lift = float(rng.uniform(0.9, 1.25)) if rng.random() < 0.7 else 0.02
    reach = np.array([-np.cos(lift), -np.sin(lift)]) * 560
    side = np.array([-reach[1], reach[0]]) / 560 * 8
    for stripe in range(10):
        start = np.array(pivot) + reach * stripe / 10
        end = np.array(pivot) + reach * (stripe + 1) / 10
        colour: Colour = (60, 50, 215) if stripe % 2 else (240, 240, 240)
        bar = [tuple(p) for p in (start - side, end - side, end + side, start + side)]
        canvas.fill(bar, _tone(colour, mood))


def _car(canvas: Canvas, mood: Mood, rng: Generator, car: str | None) -> Points:
    """The car before the barrier, seen a little from the side; the corners of its plate."""
    name = car or str(rng.choice(list(SHAPES), p=CAR_ODDS))
    foot = (float(rng.uniform(560, 700)), float(rng.uniform(640, 690)))
    width = float(rng.uniform(430, 540))
    tilt = np.eye(3)
    tilt[0, 0], tilt[1, 0] = rng.uniform(0.9, 1.0), rng.normal(0, 0.025)
    tilt[2, 0] = rng.normal(0, 6e-5)
    shift, back = np.eye(3), np.eye(3)
    shift[:2, 2], back[:2, 2] = foot, (-foot[0], -foot[1])
    canvas.matrix = shift @ tilt @ back
    paint = _tone(PAINTS[int(rng.integers(0, len(PAINTS)))], mood)
    return CarPainter(canvas, foot, width, SHAPES[name]).paint(rng, paint, mood.lamps_on)


def _rain(canvas: Canvas, rng: Generator) -> None:
    """Fine streaks."""
    for _ in range(220):
        x, y, long = rng.uniform(0, 1280), rng.uniform(0, 720), rng.uniform(14, 34)
        canvas.line([(x, y), (x - long * 0.2, y + long)], (215, 210, 206), 0.8)
