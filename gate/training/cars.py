"""Drawn car fronts: saloon, off-roader, van and coach, each with a place for its plate."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from gate.training.canvas import Canvas, Colour, Points, shade

PLATE_SHARE = 0.25
"""A plate's width as a share of the car's: 440 mm of about 1.8 m."""


@dataclass(frozen=True, slots=True)
class CarShape:
    """Heights above the road and half widths, as shares of the car's width."""

    roof: float
    glass_foot: float
    hood_foot: float
    roof_half: float
    shoulder_half: float
    plate_at: float


SHAPES: dict[str, CarShape] = {
    "saloon": CarShape(0.80, 0.545, 0.43, 0.31, 0.47, 0.235),
    "offroad": CarShape(0.93, 0.66, 0.53, 0.36, 0.485, 0.27),
    "van": CarShape(1.02, 0.56, 0.47, 0.39, 0.485, 0.24),
    "coach": CarShape(1.16, 0.55, 0.50, 0.47, 0.5, 0.20),
}

PAINTS: tuple[Colour, ...] = (
    (238, 238, 236), (60, 56, 54), (170, 168, 165), (48, 42, 150), (140, 84, 38), (96, 62, 44),
    (70, 92, 60), (120, 190, 220), (60, 110, 190), (110, 100, 92), (205, 180, 150), (60, 40, 90),
)  # fmt: skip

GLASS: Colour = (92, 78, 66)
CHROME: Colour = (205, 205, 200)
DARK: Colour = (34, 32, 30)


class CarPainter:
    """Paints one car front around ``foot`` (the road at its middle), ``width`` units wide."""

    def __init__(
        self, canvas: Canvas, foot: tuple[float, float], width: float, shape: CarShape
    ) -> None:
        self._canvas = canvas
        self._foot = foot
        self._width = width
        self._shape = shape

    def paint(self, rng: Generator, colour: Colour, lights_on: bool) -> Points:
        """Paint it; the corners (units) where its plate belongs."""
        self._shadow_and_tyres()
        self._cabin(colour)
        self._front(colour)
        self._grille(rng)
        self._lights(rng, lights_on)
        return self._bumper(colour)

    def _at(self, points: list[tuple[float, float]]) -> Points:
        """Car shares (right of the middle, above the road) in units."""
        known = np.array(points, np.float32)
        known[:, 1] *= -1
        return np.asarray(known * self._width + np.array(self._foot), np.float32)

    def _both(self, points: list[tuple[float, float]]) -> tuple[Points, Points]:
        """The points and their mirror image."""
        return self._at(points), self._at([(-x, y) for x, y in points])

    def _mirrored(self, half: list[tuple[float, float]]) -> Points:
        """A closed outline from its right half, top to foot."""
        return self._at([*half, *[(-x, y) for x, y in reversed(half)]])

    def _shadow_and_tyres(self) -> None:
        """What touches the road."""
        for grow, alpha in ((0.60, 0.18), (0.56, 0.25), (0.52, 0.35)):
            centre = self._at([(0, 0.015)])[0]
            radius = (grow * self._width, 0.055 * self._width * grow * 2)
            self._canvas.disc((centre[0], centre[1]), radius, (20, 18, 18), alpha=alpha)
        for tyre in self._both([(0.30, 0.2), (0.455, 0.2), (0.455, 0.0), (0.30, 0.0)]):
            self._canvas.fill(tyre, (40, 38, 38), (18, 18, 18), smooth=2)

    def _cabin(self, colour: Colour) -> None:
        """Roof, windscreen, mirrors."""
        s = self._shape
        for mirror in self._both(
            [
                (s.shoulder_half - 0.075, s.glass_foot + 0.02),
                (s.shoulder_half + 0.09, s.glass_foot + 0.05),
                (s.shoulder_half + 0.09, s.glass_foot + 0.115),
                (s.shoulder_half - 0.04, s.glass_foot + 0.085),
            ]
        ):
            self._canvas.fill(mirror, shade(colour, 0.95), shade(colour, 0.6), smooth=2)
        outer = [
            (0.0, s.roof),
            (s.roof_half * 0.72, s.roof - 0.004),
            (s.roof_half, s.roof - 0.05),
            (s.shoulder_half - 0.02, s.glass_foot + 0.01),
            (s.shoulder_half, s.hood_foot),
        ]
        self._canvas.fill(self._mirrored(outer), shade(colour, 1.15), shade(colour, 0.8), smooth=2)
        glass = [
            (0.0, s.roof - 0.035),
            (s.roof_half * 0.78, s.roof - 0.04),
            (s.roof_half - 0.035, s.roof - 0.085),
            (s.shoulder_half - 0.075, s.glass_foot),
            (0.0, s.glass_foot - 0.02),
        ]
        self._canvas.fill(self._mirrored(glass), shade(GLASS, 0.75), shade(GLASS, 1.25), smooth=2)
        self._behind_glass()

    def _behind_glass(self) -> None:
        """Two seats, the reflection of the sky, the wipers."""
        s = self._shape
        high = s.roof - s.glass_foot
        for seat in self._both(
            [
                (0.12, s.glass_foot + high * 0.62),
                (0.24, s.glass_foot + high * 0.62),
                (0.27, s.glass_foot + 0.01),
                (0.09, s.glass_foot + 0.01),
            ]
        ):
            self._canvas.fill(seat, shade(GLASS, 0.5), shade(GLASS, 0.6), smooth=2, alpha=0.8)
        streak = self._at(
            [
                (-0.16, s.roof - 0.05),
                (-0.05, s.roof - 0.05),
                (-0.17, s.glass_foot),
                (-0.30, s.glass_foot),
            ]
        )
        self._canvas.fill(streak, (235, 225, 215), (200, 190, 180), alpha=0.22)
        for start, end in (((-0.3, 0.006), (-0.02, 0.035)), ((0.03, 0.004), (0.30, 0.03))):
            ends = self._at([(start[0], s.glass_foot + start[1]), (end[0], s.glass_foot + end[1])])
            self._canvas.line([tuple(p) for p in ends.tolist()], DARK, self._width * 0.006)

    def _front(self, colour: Colour) -> None:
        """Hood and front, with a bright edge where the sky falls on it."""
        s = self._shape
        hood = [
            (0.0, s.glass_foot - 0.005),
            (s.shoulder_half - 0.06, s.glass_foot + 0.005),
            (s.shoulder_half, s.hood_foot + 0.03),
            (s.shoulder_half, s.hood_foot - 0.05),
            (0.0, s.hood_foot - 0.06),
        ]
        self._canvas.fill(self._mirrored(hood), shade(colour, 1.3), shade(colour, 0.95), smooth=2)
        for crease in self._both([(0.25, s.glass_foot - 0.015), (0.19, s.hood_foot + 0.02)]):
            ends = [tuple(p) for p in crease.tolist()]
            self._canvas.line(ends, shade(colour, 0.75), self._width * 0.006)
        front = [
            (0.0, s.hood_foot + 0.02),
            (s.shoulder_half - 0.05, s.hood_foot + 0.035),
            (s.shoulder_half + 0.005, s.hood_foot - 0.03),
            (0.5, 0.26),
            (0.495, 0.13),
            (0.44, 0.085),
            (0.0, 0.08),
        ]
        self._canvas.fill(self._mirrored(front), shade(colour, 1.08), shade(colour, 0.62), smooth=2)

    def _grille(self, rng: Generator) -> None:
        """The radiator grille, with bars one way or the other, and a round badge."""
        s = self._shape
        top, foot = s.hood_foot - 0.015, s.hood_foot - 0.135
        half_top, half_foot = rng.uniform(0.17, 0.24), rng.uniform(0.13, 0.19)
        rim = [(half_top + 0.012, top + 0.012), (half_foot + 0.012, foot - 0.012)]
        self._canvas.fill(self._mirrored(rim), CHROME, shade(CHROME, 0.6), smooth=1)
        self._canvas.fill(self._mirrored([(half_top, top), (half_foot, foot)]), DARK, smooth=1)
        bars, upright = int(rng.integers(3, 9)), rng.random() < 0.4
        tone = shade(CHROME, float(rng.uniform(0.4, 1.0)))
        for bar in range(1, bars):
            share = bar / bars
            half = half_top + (half_foot - half_top) * (share if not upright else 0.5)
            level = top + (foot - top) * share
            ends = [(-half + 0.02, level), (half - 0.02, level)]
            if upright:
                across = (share * 2 - 1) * half
                ends = [(across, top - 0.008), (across, foot + 0.008)]
            self._canvas.line(
                [tuple(p) for p in self._at(ends).tolist()], tone, self._width * 0.005
            )
        centre = self._at([(0.0, (top + foot) / 2 + 0.01)])[0]
        for size, colour in ((0.036, CHROME), (0.027, DARK), (0.012, CHROME)):
            self._canvas.disc(
                (centre[0], centre[1]), (size * self._width,) * 2, colour, shade(colour, 0.7)
            )

    def _lights(self, rng: Generator, lights_on: bool) -> None:
        """Headlights and fog lights."""
        s = self._shape
        level, thick = s.hood_foot - 0.03, float(rng.uniform(0.055, 0.09))
        lamp = [
            (0.25, level - 0.02),
            (0.45, level + 0.035),
            (0.475, level - 0.01),
            (0.44, level - thick),
            (0.28, level - thick),
        ]
        for housing in self._both(lamp):
            self._canvas.fill(housing, (225, 222, 218), (150, 146, 142), smooth=2)
        for side in (-1, 1):
            for at, size in ((0.33, 0.026), (0.40, 0.03)):
                centre = self._at([(side * at, level - thick / 2 + 0.002)])[0]
                spot = (float(centre[0]), float(centre[1]))
                self._canvas.disc(spot, (size * self._width,) * 2, (120, 112, 106), (70, 66, 62))
                inner = (255, 255, 255) if lights_on else (190, 186, 180)
                self._canvas.disc(spot, (size * self._width * 0.6,) * 2, inner)
                if lights_on:
                    self._canvas.glow(spot, self._width * 0.28, (190, 225, 255), 0.75)
        for fog in self._both([(0.33, 0.2), (0.42, 0.21), (0.43, 0.15), (0.34, 0.145)]):
            self._canvas.fill(fog, DARK, (60, 58, 56), smooth=2)

    def _bumper(self, colour: Colour) -> Points:
        """Air intake, lip and the plate's mount; the plate's corners in units."""
        s = self._shape
        self._canvas.fill(
            self._mirrored([(0.27, 0.175), (0.23, 0.11)]), DARK, (20, 20, 20), smooth=1
        )
        lip = [(0.40, 0.1), (0.36, 0.075)]
        self._canvas.fill(self._mirrored(lip), (62, 60, 58), (40, 38, 38), smooth=1)
        half, high = PLATE_SHARE / 2, PLATE_SHARE * 140 / 440 / 2
        mount = [
            (half + 0.012, s.plate_at + high + 0.012),
            (half + 0.012, s.plate_at - high - 0.012),
        ]
        self._canvas.fill(self._mirrored(mount), shade(colour, 0.45), shade(colour, 0.6))
        return self._at(
            [
                (-half, s.plate_at + high),
                (half, s.plate_at + high),
                (half, s.plate_at - high),
                (-half, s.plate_at - high),
            ]
        )
