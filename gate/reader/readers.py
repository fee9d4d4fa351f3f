"""Opens a plate reader by its name; each is imported only when it is asked for."""

from collections.abc import Callable, Iterable
from pathlib import Path

from gate.camera.frame import Image
from gate.reader.reading import Engine, Found, PlateBox
from shared.errors import OperatorError


def _nobody(boxes: Iterable[PlateBox]) -> None:
    """Ignore what is found."""


class _ToldDetector:
    """Our detector, which passes on what it finds before it is read."""

    def __init__(self, threads: int, found: Found) -> None:
        from gate.reader.detect import Detector

        self._detector, self._found = Detector(threads=threads), found

    def find_plates(self, image: Image) -> list[PlateBox]:
        """See `gate.reader.engine.Finder`."""
        boxes = self._detector.find_plates(image)
        self._found(boxes)
        return boxes


def _open_yingbin(threads: int, found: Found, weights: Path | None) -> Engine:
    from gate.reader.engine import TwoStepEngine
    from gate.reader.recognise import Recogniser

    return TwoStepEngine(_ToldDetector(threads, found), Recogniser(weights, threads))


def _open_easyocr(threads: int, found: Found, _weights: Path | None) -> Engine:
    from gate.reader.easyocr_engine import EasyOcrEngine, OwnNetwork

    return EasyOcrEngine(_ToldDetector(threads, found), OwnNetwork())


def _open_easyocr_stock(threads: int, found: Found, _weights: Path | None) -> Engine:
    from gate.reader.easyocr_engine import EasyOcrEngine, StockNetwork

    return EasyOcrEngine(_ToldDetector(threads, found), StockNetwork())


_ENGINES: dict[str, Callable[[int, Found, Path | None], Engine]] = {
    "yingbin": _open_yingbin,
    "easyocr": _open_easyocr,
    "easyocr-stock": _open_easyocr_stock,
}


def open_engine(
    name: str = "yingbin", found: Found = _nobody, threads: int = 1, weights: Path | None = None
) -> Engine:
    """The engine of that name, ready to read.

    ``threads`` limits how many threads our networks use; ``found`` receives what each picture may
    hold. ``weights``: those of a site, with which "yingbin" reads instead of its own.

    Raises: OperatorError for an unknown name, and for weights that are none.
    """
    if name not in _ENGINES:
        known = ", ".join(_ENGINES)
        raise OperatorError("error.engine", name=name, known=known)
    return _ENGINES[name](threads, found, weights)
