"""Stock EasyOCR as a plate reader, after our detector: the one module that imports easyocr.

Its English network knows no province characters, so the province is cut off and every reading
is incomplete. It is slow and large; it is here for comparison and as a second opinion.
"""

from typing import Any

import cv2
import numpy as np

from gate.engine import Finder
from gate.frame import Image
from gate.reading import PlateReading
from gate.rectify import STRIP_WIDTH_PX, Corners, straighten, whole_picture
from shared.errors import OperatorError
from shared.plate import DIGITS, LETTERS, PROVINCES, normalize

_PROVINCE_SHARE = 0.15
"""The province's part of a plate's width, which the English network cannot read."""

_HUES = ((22, 38, "yellow"), (38, 90, "green"), (90, 135, "blue"))
_PALE_BELOW = 70
_DARK_BELOW = 80


class EasyOcrEngine:
    """EasyOCR as a `gate.reading.Engine`; loading it takes about 25 s and 1 GB of memory.

    Raises: OperatorError where the extra is not installed or its weights cannot be had.
    """

    def __init__(self, finder: Finder, reader: Any = None) -> None:
        self._finder = finder
        self._reader = reader or _load_reader()

    def read(self, image: Image) -> list[PlateReading]:
        """Every plate found in ``image``, the best found first, each without its province."""
        boxes = self._finder.find_plates(image)
        readings = [self._read_box(image, box.corners_px, box.rows) for box in boxes]
        return [reading for reading in readings if reading is not None]

    def read_crop(self, image: Image) -> PlateReading | None:
        """The plate that fills ``image`` without its province, or None: nothing legible."""
        return self._read_box(image, whole_picture(image), 1)

    def _read_box(self, image: Image, corners: Corners, rows: int) -> PlateReading | None:
        strip = straighten(image, corners, rows)
        grey = cv2.cvtColor(strip[:, round(STRIP_WIDTH_PX * _PROVINCE_SHARE) :], cv2.COLOR_BGR2GRAY)
        height, width = grey.shape
        answers = self._reader.recognize(
            grey,
            horizontal_list=[[0, width, 0, height]],
            free_list=[],
            allowlist=DIGITS + LETTERS,
        )
        raw = "".join(str(text) for _, text, _ in answers)
        if not raw:
            return None
        plate = normalize(PROVINCES[0] + raw)[1:]  # places are counted from the province
        confidence = min(float(certain) for _, _, certain in answers)
        return PlateReading(
            plate=plate,
            raw_plate=raw,
            kind=None,
            colour=_ground_colour(strip),
            confidence=confidence,
            characters=(confidence,) * len(plate),
            province_confidence=0.0,
            candidates=(),
            corners_px=tuple((float(x), float(y)) for x, y in corners),
            is_incomplete=True,
            rows=rows,
        )


def _ground_colour(strip: Image) -> str:
    """The plate's colour by the hue of its middle tones."""
    hue, pale, bright = np.median(cv2.cvtColor(strip, cv2.COLOR_BGR2HSV).reshape(-1, 3), axis=0)
    if pale < _PALE_BELOW:
        return "black" if bright < _DARK_BELOW else "white"
    return next((name for low, high, name in _HUES if low <= hue < high), "blue")


def _load_reader() -> Any:
    try:
        import easyocr
    except ImportError as error:
        raise OperatorError(
            "engine 'easyocr' is not installed. Install the extra: pip install 'yingbin[easyocr]', "
            "or use the engine 'yingbin'."
        ) from error
    try:
        return easyocr.Reader(["en"], gpu=False, detector=False, verbose=False)
    except OSError as error:  # no network, or no room: URLError and FileNotFoundError among them
        raise OperatorError(
            f"easyocr: its English weights cannot be had ({error}). Connect to the internet once, "
            "or copy english_g2.pth from another machine into ~/.EasyOCR/model."
        ) from error
