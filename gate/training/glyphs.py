"""The shapes of plate characters, from a folder of pictures or from a font that is installed.

A shape is an H×W float32 mask: 1 is paint, 0 is ground.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.errors import OperatorError
from shared.plate import DIGITS, LETTERS

Mask = NDArray[np.float32]

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_FONT_NAMES = ("NotoSansCJK-Bold*", "NotoSansSC-Bold*", "NotoSansCJK*", "wqy-*", "*[Cc][Jj][Kk]*")
_FONT_SIZE_PX = 128
_MOST_CELLS = 2000
"""How many cells are kept; looks of many sizes would fill the memory."""

_NARROW = "1IJL"
_LATIN_SQUEEZE = 0.62
"""Plate letters are about six tenths as wide as a bold font's of the same height."""

_DARK_ON_LIGHT = 0.28
"""Mean brightness above which a glyph picture shows dark paint on light ground (警 reaches 0.3)."""

_PREFERRED = {
    "wide_up": ("220_up_", "220_", "140_"),
    "tall_down": ("220_down_", "220_", "140_"),
    "green": ("green_", "140_"),
    "ordinary": ("140_",),
}


class Glyphs:
    """Draws one character in the style of one place on a plate.

    Styles: ``ordinary``, ``green`` (new energy), ``wide_up`` and ``tall_down`` (the two rows of
    a two-row plate). Without a folder, and for characters it lacks, the font is used.

    Raises: OperatorError where neither gives the character.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._cells: dict[tuple[str, str, tuple[int, int], int | None], Mask] = {}
        self._pictures: dict[tuple[str, str], Mask | None] = {}

    def cell(
        self, char: str, style: str, size_px: tuple[int, int], font: int | None = None
    ) -> Mask:
        """The character filling ``size_px`` (width, height), with the font of that number or from
        the folder; kept, so do not change it.
        """
        key = (char, style, size_px, font)
        if key not in self._cells:
            if len(self._cells) > _MOST_CELLS:
                self._cells.clear()
            picture = self._picture(char, style) if font is None else None
            mask = _font_shape(char, size_px, font or 0) if picture is None else picture
            shape = cv2.resize(mask, size_px, interpolation=cv2.INTER_AREA)
            self._cells[key] = np.asarray(shape, np.float32)
        return self._cells[key]

    def _picture(self, char: str, style: str) -> Mask | None:
        if (char, style) not in self._pictures:
            self._pictures[char, style] = self._found(char, style)
        return self._pictures[char, style]

    def _found(self, char: str, style: str) -> Mask | None:
        if self._folder is None:
            return None
        name = "0" if char == "O" else char  # an agency's O is cut like the digit
        for prefix in _PREFERRED[style]:
            path = self._folder / f"{prefix}{name}.jpg"
            if path.is_file():
                return _read_shape(path)
        return None


def _read_shape(path: Path) -> Mask:
    """A glyph picture as a mask, whichever of paint and ground is the dark one."""
    data = np.frombuffer(path.read_bytes(), np.uint8)
    grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise OperatorError("error.training_glyph", path=path)
    mask = grey.astype(np.float32) / 255.0
    if mask.mean() > _DARK_ON_LIGHT:
        mask = 1.0 - mask
    return np.clip((mask - 0.15) / 0.7, 0.0, 1.0)


def _font_shape(char: str, size_px: tuple[int, int], font: int) -> Mask:
    """The character drawn by a font, trimmed and centred in a cell of that shape."""
    ink = text_shape(char, font)
    width_px, height_px = size_px
    ink_width_px = width_px
    if char in DIGITS + LETTERS:
        natural_px = ink.shape[1] * height_px / ink.shape[0] * _LATIN_SQUEEZE * (width_px / 45)
        limit_px = width_px * (0.55 if char in _NARROW[:2] else 1.0)
        ink_width_px = round(min(natural_px * (90 / height_px), limit_px)) or 1
    cell = np.zeros((height_px, width_px), np.float32)
    left_px = (width_px - ink_width_px) // 2
    cell[:, left_px : left_px + ink_width_px] = cv2.resize(
        ink, (ink_width_px, height_px), interpolation=cv2.INTER_AREA
    )
    return cell


def text_shape(text: str, number: int = 0) -> Mask:
    """``text`` in one line as the font of that ``number`` draws it, trimmed.

    Raises: OperatorError where no font with Chinese characters is installed.
    """
    fonts = _load_fonts(_FONT_FOLDERS)
    font = fonts[number % len(fonts)]
    from PIL import Image, ImageDraw

    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left), int(bottom - top)), 0)
    ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=font)
    return np.asarray(image, np.float32) / 255.0


@lru_cache(maxsize=1)
def _load_fonts(folders: Sequence[str]) -> tuple[Any, ...]:
    """Every font with Chinese characters that is installed, bold ones first."""
    try:
        from PIL import ImageFont
    except ImportError as error:
        raise OperatorError("error.training_pillow") from error
    paths = dict.fromkeys(
        path
        for name in _FONT_NAMES
        for folder in folders
        for path in sorted(Path(folder).expanduser().rglob(name))
        if path.suffix.lower() in (".ttc", ".otf", ".ttf")
    )
    if not paths:
        raise OperatorError("error.training_font")
    return tuple(ImageFont.truetype(str(path), _FONT_SIZE_PX) for path in paths)
