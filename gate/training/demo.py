"""The demo: a row of pictures of cars at the gate, with clean plates whose text is known."""

import csv
import logging
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from gate.training.gatehouse import draw_gate_picture
from gate.training.glyphs import Glyphs
from gate.training.layout import DOT, lay_out
from gate.training.plates import DrawnPlate

log = logging.getLogger(__name__)

_Colour = tuple[float, float, float]
_METAL: dict[str, tuple[tuple[_Colour, _Colour], _Colour]] = {
    "blue": (((170, 70, 12), (158, 60, 8)), (248, 248, 248)),
    "yellow": (((30, 186, 248), (22, 172, 238)), (25, 25, 25)),
    "green": (((228, 242, 226), (108, 200, 80)), (25, 25, 25)),
}
"""A plate's colour at its top and foot, and its characters' (blue, green, red)."""


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


def draw_demo(out: Path, glyphs: Path | None, seed: int) -> None:
    """Draw the demo's pictures into ``out``, and ``plates.csv`` with the truth about them."""
    out.mkdir(parents=True, exist_ok=True)
    rng, shapes = np.random.default_rng(seed), Glyphs(glyphs)
    truth = []
    for number, demo in enumerate(DEMO, start=1):
        plate = clean_plate(demo.text, demo.kind, demo.colour, shapes)
        image = draw_gate_picture(plate, rng, mood=demo.mood)
        name = f"{number:02}.jpg"
        packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, DEMO_QUALITY])[1]
        (out / name).write_bytes(packed.tobytes())
        truth.append((name, demo.text))
    with (out / "plates.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([("file", "plate"), *truth])
    log.info("%d pictures are in %s", len(truth), out)


def clean_plate(text: str, kind: str, colour: str, glyphs: Glyphs) -> DrawnPlate:
    """A one-row plate with this text, clean and new."""
    size = (480 if len(text) == 8 else 440, 140)
    (top, foot), ink = _METAL[colour]
    share = np.linspace(0.0, 1.0, size[1])[:, None, None]
    column = np.array(top) * (1 - share) + np.array(foot) * share
    metal = np.repeat(column.astype(np.float32), size[0], axis=1)
    cv2.rectangle(metal, (5, 5), (size[0] - 6, size[1] - 6), ink, 2, cv2.LINE_AA)
    cells = lay_out(text, kind, 1, size)
    for cell in cells:
        box = (round(cell.width), round(cell.height))
        if cell.char == DOT:
            middle = (round(cell.x + cell.width / 2), round(cell.y + cell.height / 2))
            cv2.circle(metal, middle, 5, ink, -1, cv2.LINE_AA)
            continue
        mask = glyphs.cell(cell.char, cell.style, box)[:, :, None]
        place = metal[round(cell.y) :, round(cell.x) :][: box[1], : box[0]]
        place += mask * (np.array(ink, np.float32) - place)
    centres = tuple(cell.centre for cell in cells if cell.char != DOT)
    return DrawnPlate(text, kind, colour, 1, np.clip(metal, 0, 255).astype(np.uint8), centres)
