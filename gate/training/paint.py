"""The colours of plates: their ground, their ink, and a real plate in another kind's colours."""

import cv2
import numpy as np
from numpy.typing import NDArray

from gate.training.weather import Picture

Canvas = NDArray[np.float32]
Colour = tuple[float, float, float]  # blue, green, red

WHITE: Colour = (245, 245, 245)
BLACK: Colour = (25, 25, 25)
RED: Colour = (40, 30, 210)
GROUNDS: dict[str, tuple[Colour, Colour]] = {  # the ground at its top and at its bottom
    "blue": ((165, 65, 10), (165, 65, 10)),
    "yellow": ((25, 175, 240), (25, 175, 240)),
    "green": ((225, 240, 222), (105, 195, 75)),
    "yellow_green": ((110, 195, 70), (110, 195, 70)),
    "white": ((240, 240, 240), (240, 240, 240)),
    "black": ((30, 27, 27), (30, 27, 27)),
}
_LIGHT_ON_DARK = frozenset({"blue", "black"})
_GROUND_AT, _INK_AT = 15, 97
"""How many hundredths of a plate's pixels are darker than its ground, and than its ink, where the
ink is the light one."""


def is_light_on_dark(colour: str) -> bool:
    """Whether a plate of this ``colour`` has light ink."""
    return colour in _LIGHT_ON_DARK


def ground(
    colours: tuple[Colour, Colour], shape: tuple[int, int], rng: np.random.Generator
) -> Canvas:
    """The painted metal, from its top colour to its bottom one, a little off the standard."""
    cast = rng.normal(0.0, 9.0, 3) + rng.normal(0.0, 8.0)
    top, bottom = np.array(colours[0]) + cast, np.array(colours[1]) + cast
    share = np.linspace(0.0, 1.0, shape[0])[:, None, None]
    column = top * (1.0 - share) + bottom * share
    return np.repeat(column.astype(np.float32), shape[1], axis=1)


def mixed(colour: Colour, rng: np.random.Generator) -> Colour:
    """``colour`` as one maker mixes it."""
    blue, green, red = (float(value) for value in np.array(colour) + rng.normal(0.0, 12.0, 3))
    return blue, green, red


def repainted(image: Picture, light_ink: bool, colour: str, rng: np.random.Generator) -> Picture:
    """A real plate as it would look in another ``colour``: its own strokes, dirt and light."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    grey = grey if light_ink else 255.0 - grey
    low, high = np.percentile(grey, (_GROUND_AT, _INK_AT))
    share = np.clip((grey - low) / max(float(high - low), 1.0), -0.25, 1.1)[:, :, None]
    metal = ground(GROUNDS[colour], (image.shape[0], image.shape[1]), rng)
    letters = np.array(mixed(WHITE if is_light_on_dark(colour) else BLACK, rng), np.float32)
    return np.clip(metal + share * (letters - metal), 0, 255).astype(np.uint8)
