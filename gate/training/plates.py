"""Draws number plates of every kind, frontal and never twice the same, for training."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gate.training.glyphs import Glyphs, Mask
from gate.training.layout import DOT, Cell, lay_out, usual_look
from gate.training.looks import look_of
from gate.training.paint import (
    BLACK,
    GROUNDS,
    RED,
    WHITE,
    Canvas,
    Colour,
    ground,
    is_light_on_dark,
    mixed,
)
from gate.training.texts import any_kind, text_of
from gate.training.weather import Picture, degrade
from shared.plate import PROVINCES

__all__ = ["DrawnPlate", "PlateArtist", "degrade"]

_AIRPORT_GREEN: Colour = (75, 130, 30)
_YELLOW_END = 0.24
"""The share of a large new-energy plate that is yellow: province and letter."""

_KIND_COLOURS = {
    "large": "yellow", "large_rear": "yellow", "nev_small": "green", "nev_large": "yellow_green",
    "trailer": "yellow", "learner": "yellow", "police": "white", "police_organ": "white",
    "hk_macau": "black", "black": "black", "embassy": "black", "embassy_old": "black",
    "consulate": "black", "consulate_old": "black", "armed_police": "white",
    "armed_police_old": "white", "military": "white", "emergency": "white", "aviation": "green",
}  # fmt: skip
_TWO_ROW_ODDS = {
    "large_rear": 1.0, "motorcycle": 1.0, "trailer": 0.9, "armed_police": 0.3, "military": 0.25,
    "police": 0.12, "learner": 0.1, "embassy": 0.1,
}  # fmt: skip

_HARD_SHARE = 0.4
"""Of the plates, how many have a text of signs that are taken for each other."""

_FONTS = 4
"""How many fonts are chosen from, where so many are installed."""

_OWN_LETTERS = frozenset({"military", "armed_police", "armed_police_old", "emergency"})
_OWN_FONT_SHARE, _PROVINCE_FONT_SHARE = 0.3, 0.12
"""How many plates whose letters the folder of glyphs has not are drawn with a font, and how many
provinces of the others."""


@dataclass(frozen=True, slots=True)
class DrawnPlate:
    """A plate and its truth. ``image`` is H×W×3 uint8 BGR: one row 440×140 px (480×140 for new
    energy), two rows 440×220 (440×280 for motorcycles); the plate fills it to the edges.
    ``centres_px`` are the (x, y) of its characters.
    """

    text: str
    kind: str
    colour: str
    rows: int
    image: Picture
    centres_px: tuple[tuple[float, float], ...]


class PlateArtist:
    """Draws plates with the character pictures in ``glyphs``, or with an installed font.

    Where there are pictures, ``font_share`` of the plates are drawn with the font all the same.
    Unless ``is_varied``, each plate is new: as the standard has it, by one font, with any text.
    """

    def __init__(
        self,
        glyphs: Path | None = None,
        seed: int = 0,
        font_share: float = 0.05,
        *,
        is_varied: bool = True,
    ) -> None:
        self._glyphs = Glyphs(glyphs)
        self._is_varied = is_varied
        self._font_share = font_share if glyphs else 1.0
        self._province_font_share = _PROVINCE_FONT_SHARE if glyphs and font_share else 0.0
        self._own_font_share = _OWN_FONT_SHARE if glyphs and font_share else self._font_share
        self._rng = np.random.default_rng(seed)

    def draw(
        self,
        rng: np.random.Generator | None = None,
        kind: str | None = None,
        province: str | None = None,
    ) -> DrawnPlate:
        """A fresh plate of any kind, or of ``kind``, whose text begins with ``province``; without
        ``rng`` from the artist's seed.
        """
        rng = rng or self._rng
        kind = kind or any_kind(rng)
        text = text_of(kind, rng, is_hard=self._is_varied and rng.random() < _HARD_SHARE)
        text = province + text[1:] if province else text
        colour = _KIND_COLOURS.get(kind, "blue")
        if kind in ("motorcycle", "special_size") and rng.random() < 0.5:
            colour = "yellow"
        rows = 2 if rng.random() < _TWO_ROW_ODDS.get(kind, 0.0) else 1
        width = 480 if kind.startswith("nev") else 440
        height = 140 if rows == 1 else 280 if kind == "motorcycle" else 220
        canvas = ground(_ground_colours(kind, colour), (height, width), rng)
        if colour == "yellow_green":
            end = round(width * rng.normal(_YELLOW_END, 0.01))
            canvas[:, :end] = ground(GROUNDS["yellow"], (height, end), rng)
        ink = mixed(WHITE if _has_light_ink(kind, colour) else BLACK, rng)
        _border(canvas, ink, rng)
        look = look_of(text, kind, rng) if self._is_varied else usual_look(text, kind)
        cells = lay_out(text, kind, rows, (width, height), look)
        font_share = self._own_font_share if kind in _OWN_LETTERS else self._font_share
        self._write(canvas, cells, ink, (rng, bool(rng.random() < font_share)))
        centres = tuple(cell.centre for cell in cells if cell.char != DOT)
        image = dirtied(canvas, rng) if self._is_varied else _as_picture(canvas)
        return DrawnPlate(text, kind, colour, rows, image, centres)

    def _write(
        self, canvas: Canvas, cells: list[Cell], ink: Colour, how: tuple[np.random.Generator, bool]
    ) -> None:
        """Paint the characters, with a font or not, strokes thinner or fatter."""
        rng, by_font = how
        weights, fonts = ([0, 1, 2] if by_font else [-1, 0, 0, 0, 1, 2]), _FONTS
        if not self._is_varied:
            weights, fonts = [0], 1
        weight = int(rng.choice(weights))
        shift = rng.normal(0.0, 1.2, 2)
        red = mixed(RED, rng) if rng.random() < 0.95 else ink
        font = int(rng.integers(fonts))
        for cell in cells:
            box = (round(cell.width), round(cell.height))
            is_province = cell.char in PROVINCES
            with_font = by_font or (is_province and rng.random() < self._province_font_share)
            if cell.char == DOT:
                mask = _dot(box)
            else:
                shape = self._glyphs.cell(cell.char, cell.style, box, font if with_font else None)
                if is_province and self._is_varied:
                    shape = _bent(shape, rng)
                mask = _weigh(shape, weight)
            x, y = np.array([cell.x, cell.y]) + shift + rng.normal(0.0, 0.6, 2)
            _paint(canvas, mask, (round(x), round(y)), red if cell.is_red else ink)


def _has_light_ink(kind: str, colour: str) -> bool:
    return is_light_on_dark(colour) or kind == "aviation"


def _ground_colours(kind: str, colour: str) -> tuple[Colour, Colour]:
    return (_AIRPORT_GREEN, _AIRPORT_GREEN) if kind == "aviation" else GROUNDS[colour]


def _border(canvas: Canvas, ink: Colour, rng: np.random.Generator) -> None:
    """The thin line near the edge, which some plates have lost."""
    if rng.random() < 0.15:
        return
    inset, thick = int(rng.integers(3, 7)), int(rng.integers(1, 4))
    height, width = canvas.shape[:2]
    corner = (width - 1 - inset, height - 1 - inset)
    cv2.rectangle(canvas, (inset, inset), corner, ink, thick, cv2.LINE_AA)


def _dot(size: tuple[int, int]) -> Mask:
    mask = np.zeros((size[1], size[0]), np.float32)
    cv2.circle(mask, (size[0] // 2, size[1] // 2), min(size) // 2, (1.0,), -1, cv2.LINE_AA)
    return mask


def _weigh(mask: Mask, weight: int) -> Mask:
    """Strokes made thinner (-1) or fatter (1, 2)."""
    if weight == 0:
        return mask
    change = cv2.erode if weight < 0 else cv2.dilate
    brush = np.ones((3, 3), np.uint8) if abs(weight) == 1 else np.ones((4, 4), np.uint8)
    return np.asarray(change(mask, brush), np.float32)


def _bent(mask: Mask, rng: np.random.Generator) -> Mask:
    """Half of the shapes with their strokes moved a little, as another maker's die has them."""
    if rng.random() < 0.5:
        return mask
    height, width = mask.shape
    moves = rng.normal(0.0, 1.3, (4, 3, 2)).astype(np.float32)
    moved = cv2.resize(moves, (width, height), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    bent = cv2.remap(mask, columns + moved[:, :, 0], rows + moved[:, :, 1], cv2.INTER_LINEAR)
    return np.asarray(bent, np.float32)


def _paint(canvas: Canvas, mask: Mask, place: tuple[int, int], ink: Colour) -> None:
    """Lay ``ink`` on ``canvas`` (the artist's own, so changed) where ``mask`` says."""
    x, y = max(0, place[0]), max(0, place[1])
    region = canvas[y : y + mask.shape[0], x : x + mask.shape[1]]
    alpha = mask[: region.shape[0], : region.shape[1], None]
    region += alpha * (np.array(ink, np.float32) - region)


def dirtied(canvas: Canvas, rng: np.random.Generator) -> Picture:
    """What the road did to the plate itself: screws, a frame, dirt, worn paint, shadow."""
    for chance, effect in _EFFECTS:
        if rng.random() < chance:
            effect(canvas, rng)
    return _as_picture(canvas)


def _as_picture(canvas: Canvas) -> Picture:
    return np.clip(canvas, 0, 255).astype(np.uint8)


def _screws(canvas: Canvas, rng: np.random.Generator) -> None:
    height, width = canvas.shape[:2]
    tone = float(rng.uniform(40, 250))
    tint = mixed((tone, tone, tone), rng)
    radius = int(rng.integers(4, 10))
    side = width * rng.normal(0.25, 0.015)
    inset = 12.0
    if rng.random() < 0.25:  # large ones, across the strokes
        radius, side, inset = 14, width * rng.uniform(0.1, 0.4), float(rng.uniform(12, 34))
    spots = [
        (side, inset), (width - side, inset), (side, height - inset), (width - side, height - inset)
    ]  # fmt: skip
    for x, y in spots[: 2 if rng.random() < 0.5 else 4]:
        spot = (round(x), round(y + rng.normal(0, 2)))
        cv2.circle(canvas, spot, radius, tint, -1, cv2.LINE_AA)
        cv2.circle(canvas, spot, radius, (20, 20, 20), 1, cv2.LINE_AA)


def _frame(canvas: Canvas, rng: np.random.Generator) -> None:
    """A dealer's frame over the plate's edge, now and then over its characters' feet."""
    height, width = canvas.shape[:2]
    tone = float(rng.choice([30.0, 60.0, 190.0, 230.0]))
    tint = mixed((tone, tone, tone), rng)
    thick = int(rng.integers(4, 13))
    if rng.random() < 0.25:
        canvas[height - round(height * rng.uniform(0.15, 0.26)) :] = tint
    elif rng.random() < 0.4:
        canvas[height - thick :] = tint
    else:
        cv2.rectangle(canvas, (0, 0), (width - 1, height - 1), tint, thick)


def _dirt(canvas: Canvas, rng: np.random.Generator) -> None:
    height, width = canvas.shape[:2]
    grid = (int(rng.integers(3, 14)), int(rng.integers(6, 40)))
    cloud = rng.random(grid, np.float32)
    cover = cv2.resize(cloud, (width, height), interpolation=cv2.INTER_CUBIC)
    reach = rng.uniform(0.3, 0.9)
    alpha = np.clip((cover - reach) * rng.uniform(0.5, 2.5), 0.0, 0.6)[:, :, None]
    mud = np.array([90, 105, 120]) + rng.normal(0, 35) + rng.normal(0, 8, 3)
    canvas += alpha * (mud.astype(np.float32) - canvas)


def _worn(canvas: Canvas, rng: np.random.Generator) -> None:
    """Scratches and chipped paint."""
    height, width = canvas.shape[:2]
    for _ in range(int(rng.integers(1, 9))):
        start = (int(rng.integers(width)), int(rng.integers(height)))
        end = (start[0] + int(rng.normal(0, 40)), start[1] + int(rng.normal(0, 20)))
        tone = float(rng.uniform(30, 220))
        cv2.line(canvas, start, end, mixed((tone, tone, tone), rng), int(rng.integers(1, 4)))


def _shadow(canvas: Canvas, rng: np.random.Generator) -> None:
    """A bumper's or a tree's shadow with one straight edge, soft or hard."""
    height, width = canvas.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    columns = (np.arange(width, dtype=np.float32) / width - rng.uniform(0, 1)) * np.cos(angle) * 3
    lines = (np.arange(height, dtype=np.float32) / height - rng.uniform(0, 1)) * np.sin(angle)
    edge = np.clip((columns[None, :] + lines[:, None]) * rng.uniform(1, 20) + 0.5, 0.0, 1.0)
    canvas *= (1.0 - edge * rng.uniform(0.2, 0.75))[:, :, None].astype(np.float32)


_EFFECTS = ((0.6, _screws), (0.2, _frame), (0.35, _dirt), (0.12, _worn), (0.25, _shadow))
