"""Pictures to train the detector on: plates on drawn cars and, where given, on real photos."""

import argparse
import csv
import logging
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gate.detect import CLOSE_SIZE
from gate.training import compose
from gate.training.compose import Image, Quad, Size
from gate.training.gatehouse import Backdrop, draw_backdrop, draw_gate_picture
from gate.training.glyphs import Glyphs
from gate.training.layout import DOT, lay_out
from gate.training.photos import Photo
from gate.training.plates import DrawnPlate, PlateArtist

__all__ = ["Scene", "SceneArtist", "draw_gate_picture", "run"]

log = logging.getLogger(__name__)

BACKDROPS = 40
"""Drawn surroundings kept at hand; one is replaced every ``RENEW_EVERY`` pictures."""
RENEW_EVERY = 120
PLATES = 400
FRESH_SHARE = 0.35
"""Plates kept at hand, and how often a fresh one is drawn instead; it then stays."""
BACKDROP_SIZE: Size = (360, 640)

REAL_SHARE = 0.7
"""Pictures made from a real photo, when there are any."""
ELSEWHERE_SHARE = 0.12
"""Looks at a place without a plate."""
COVERED_SHARE = 0.6
"""Real plates that a drawn one is laid over, so that no photo is learned by heart."""


_Colour = tuple[float, float, float]
_METAL: dict[str, tuple[tuple[_Colour, _Colour], _Colour]] = {
    "blue": (((170, 70, 12), (158, 60, 8)), (248, 248, 248)),
    "yellow": (((30, 186, 248), (22, 172, 238)), (25, 25, 25)),
    "green": (((228, 242, 226), (108, 200, 80)), (25, 25, 25)),
}
"""A plate's colour at its top and foot, and its characters' (blue, green, red)."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A training picture (H×W×3 uint8 BGR), its plates' corners and rows.

    ``unsure`` are plates that are cut off or too small: neither right nor wrong to find.
    """

    image: Image
    plates: tuple[Quad, ...]
    rows: tuple[int, ...]
    unsure: tuple[Quad, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """A picture to look at, before the look."""

    image: Image
    plates: tuple[Quad, ...]
    rows: tuple[int, ...]
    unsure: tuple[Quad, ...]
    covered: float


class SceneArtist:
    """Draws an endless row of scenes, each as its random generator has it."""

    def __init__(self, plates: PlateArtist, photos: list[Photo], rng: Generator) -> None:
        self._plates = plates
        self._drawn_plates: list[DrawnPlate] = []
        self._photos = photos
        self._backdrops = [draw_backdrop(rng, BACKDROP_SIZE) for _ in range(BACKDROPS)]
        self._drawn = 0

    def draw(self, size: Size, rng: Generator) -> Scene:
        """One scene; of ``CLOSE_SIZE`` it is a close look at a plate or at nothing."""
        self._renew(rng)
        source = self._source(rng)
        close = size == CLOSE_SIZE
        aim, rows = _aim(source, rng)
        if close:
            matrix = compose.close_view(aim, rows, rng)
        else:
            matrix = compose.view(aim, size, _size(source.image), rng)
        image = compose.seen(source.image, matrix, size, rng)
        plates = [compose.moved(q, matrix) for q in source.plates]
        unsure = [compose.moved(q, matrix) for q in source.unsure]
        if rng.random() < (0.15 if close else 0.5):
            compose.litter(image, [*plates, *unsure], rng)
        found = [
            self._dress(image, q, r, source.covered, rng)
            for q, r in zip(plates, source.rows, strict=True)
        ]
        if not close:
            found += self._strewn(image, [*plates, *unsure], rng)
        return _finished(compose.weather(image, rng), found, unsure)

    def _renew(self, rng: Generator) -> None:
        """Replace the oldest drawn surroundings now and then."""
        self._drawn += 1
        if self._drawn % RENEW_EVERY == 0:
            at = (self._drawn // RENEW_EVERY) % BACKDROPS
            self._backdrops[at] = draw_backdrop(rng, BACKDROP_SIZE)

    def _plate(self, rng: Generator) -> DrawnPlate:
        """A fresh plate, or one drawn not long ago."""
        kept = self._drawn_plates
        if len(kept) == PLATES and rng.random() >= FRESH_SHARE:
            return kept[int(rng.integers(0, PLATES))]
        plate = self._plates.draw(rng)
        if len(kept) < PLATES:
            kept.append(plate)
        else:
            kept[int(rng.integers(0, PLATES))] = plate
        return plate

    def _source(self, rng: Generator) -> _Source:
        """A real photo or drawn surroundings."""
        if self._photos and rng.random() < REAL_SHARE:
            photo = self._photos[int(rng.integers(0, len(self._photos)))]
            return _Source(photo.image, photo.plates, photo.rows, photo.unsure, COVERED_SHARE)
        backdrop: Backdrop = self._backdrops[int(rng.integers(0, BACKDROPS))]
        return _Source(backdrop.image, (backdrop.place,), (1,), (), 1.0)

    def _dress(
        self, image: Image, quad: Quad, rows: int, covered: float, rng: Generator
    ) -> tuple[Quad, int]:
        """Lay a drawn plate over ``quad``, or leave the real one; what is there then."""
        if rng.random() >= covered:
            return quad, rows
        plate = self._plate(rng)
        if plate.rows > rows:
            up = (quad[:2] - quad[3:1:-1]) * np.float32(0.7)
            quad = quad + np.vstack([up, np.zeros_like(up)])
        elif plate.rows < rows:
            return quad, rows
        grown = _grown(quad, 1.0 + float(rng.uniform(0.01, 0.06)))
        self._fasten(image, plate, grown, rng)
        return grown, plate.rows

    def _strewn(self, image: Image, taken: list[Quad], rng: Generator) -> list[tuple[Quad, int]]:
        """Plates laid anywhere that is free."""
        found = []
        for _ in range(int(rng.choice((0, 1, 2), p=(0.6, 0.3, 0.1)))):
            plate = self._plate(rng)
            height, width = plate.image.shape[:2]
            flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
            wide = compose.view(flat, _size(image), (1, 1), rng)
            quad = compose.moved(flat, wide)
            if any(_boxes_touch(quad, other) for other in taken):
                continue
            self._fasten(image, plate, quad, rng)
            taken.append(quad)
            found.append((quad, plate.rows))
        return found

    def _fasten(self, image: Image, plate: DrawnPlate, quad: Quad, rng: Generator) -> None:
        """Lay the plate on, now and then in a holder of its own."""
        if rng.random() < 0.3:
            shade = int(rng.integers(0, 90) if rng.random() < 0.7 else rng.integers(120, 230))
            holder = _grown(quad, float(rng.uniform(1.03, 1.12)))
            outline = np.round(holder * 16).astype(np.int32)
            cv2.fillPoly(image, [outline], (shade,) * 3, cv2.LINE_AA, 4)
        blend = float(rng.uniform(0.2, 0.9)) if rng.random() < 0.5 else 0.0
        compose.lay_on(image, plate.image, quad, float(rng.uniform(0.5, 1.1)), blend)


def _aim(source: _Source, rng: Generator) -> tuple[Quad, int]:
    """What to look at: mostly one of the plates, sometimes any place; and its rows."""
    if not source.plates or rng.random() < ELSEWHERE_SHARE:
        return _anywhere(source.image, rng), 1
    chosen = int(rng.integers(0, len(source.plates)))
    return source.plates[chosen], source.rows[chosen]


def _size(image: Image) -> Size:
    """Height and width."""
    return (image.shape[0], image.shape[1])


def _anywhere(image: Image, rng: Generator) -> Quad:
    """A plate-shaped place at random."""
    height, width = image.shape[:2]
    wide = width * rng.uniform(0.08, 0.35)
    left, top = rng.uniform(0, width - wide), rng.uniform(0, height)
    box = np.array([[0, 0], [wide, 0], [wide, wide / 3.1], [0, wide / 3.1]], np.float32)
    return np.asarray(box + np.array([left, top]), np.float32)


def _grown(quad: Quad, by: float) -> Quad:
    """The corners moved away from the centre."""
    centre = quad.mean(0)
    return np.asarray((quad - centre) * by + centre, np.float32)


def _boxes_touch(one: Quad, other: Quad) -> bool:
    """Whether the upright boxes of both, a little grown, have a point in common."""
    gap = np.maximum(one.min(0) - other.max(0), other.min(0) - one.max(0))
    return bool(gap.max() < 6)


def _finished(image: Image, found: list[tuple[Quad, int]], unsure: list[Quad]) -> Scene:
    """The scene, with plates that are cut off or tiny set aside as unsure."""
    plates, rows, aside = [], [], list(unsure)
    for quad, count in found:
        if _share_inside(quad, image) > 0.8 and np.linalg.norm(quad[1] - quad[0]) > 10:
            plates.append(quad)
            rows.append(count)
        else:
            aside.append(quad)
    return Scene(image, tuple(plates), tuple(rows), tuple(aside))


def _share_inside(quad: NDArray[np.float32], image: Image) -> float:
    """How much of the quadrilateral's area lies inside the picture, 0 to 1."""
    height, width = image.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    area = abs(float(cv2.contourArea(quad)))
    shared = float(cv2.intersectConvexConvex(quad, frame)[0])
    return shared / area if area > 1 else 0.0


@dataclass(frozen=True, slots=True)
class _Demo:
    """One picture of the demo: its plate, the plate's kind and colour, and the hour."""

    text: str
    kind: str
    colour: str
    mood: str


DEMO = (
    _Demo("浙A88888", "small", "blue", "day"),
    _Demo("浙A12345", "small", "blue", "morning"),
    _Demo("浙AD12345", "nev_small", "green", "day"),
    _Demo("浙B52018", "large", "yellow", "morning"),
    _Demo("沪C7K216", "small", "blue", "dusk"),
    _Demo("苏E3M905", "small", "blue", "rain"),
    _Demo("京Q86P20", "small", "blue", "day"),
    _Demo("粤B61H8T", "small", "blue", "night"),
    _Demo("皖K20973", "small", "blue", "morning"),
    _Demo("沪AF06627", "nev_small", "green", "dusk"),
    _Demo("川G4L058", "small", "blue", "day"),
    _Demo("鲁H739C6", "small", "blue", "rain"),
    _Demo("闽D15R92", "small", "blue", "morning"),
    _Demo("苏AD90316", "nev_small", "green", "night"),
    _Demo("湘F8N347", "small", "blue", "day"),
    _Demo("浙C60T71", "small", "blue", "dusk"),
)
"""The demo's pictures; ``plates.csv`` beside them holds the truth."""

DEMO_QUALITY = 85


def run(args: argparse.Namespace) -> None:
    """Draw the demo's pictures into ``args.out``, and the truth about them."""
    args.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    truth = []
    for number, demo in enumerate(DEMO, start=1):
        plate = clean_plate(demo.text, demo.kind, demo.colour, Glyphs(args.glyphs))
        image = draw_gate_picture(plate, rng, mood=demo.mood)
        name = f"{number:02}.jpg"
        packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, DEMO_QUALITY])[1]
        (args.out / name).write_bytes(packed.tobytes())
        truth.append((name, demo.text))
    with (args.out / "plates.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([("file", "plate"), *truth])
    log.info("%d pictures are in %s", len(truth), args.out)


def clean_plate(text: str, kind: str, colour: str, glyphs: Glyphs) -> DrawnPlate:
    """A one-row plate with this text, fresh from the works."""
    size = (480 if len(text) == 8 else 440, 140)
    (top, foot), ink = _METAL[colour]
    share = np.linspace(0.0, 1.0, size[1])[:, None, None]
    column = np.array(top) * (1 - share) + np.array(foot) * share
    metal = np.repeat(column.astype(np.float32), size[0], axis=1)
    cv2.rectangle(metal, (5, 5), (size[0] - 6, size[1] - 6), ink, 2, cv2.LINE_AA)
    for cell in lay_out(text, kind, 1, size):
        box = (round(cell.width), round(cell.height))
        if cell.char == DOT:
            middle = (round(cell.x + cell.width / 2), round(cell.y + cell.height / 2))
            cv2.circle(metal, middle, 5, ink, -1, cv2.LINE_AA)
            continue
        mask = glyphs.cell(cell.char, cell.style, box)[:, :, None]
        place = metal[round(cell.y) :, round(cell.x) :][: box[1], : box[0]]
        place += mask * (np.array(ink, np.float32) - place)
    return DrawnPlate(text, kind, colour, 1, np.clip(metal, 0, 255).astype(np.uint8))
