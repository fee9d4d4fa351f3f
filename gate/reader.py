"""Opens a plate reader by its name; each is imported only when it is asked for."""

from collections.abc import Callable, Iterable

from gate.frame import Image
from gate.reading import Engine, Found, PlateBox
from shared.errors import OperatorError


def _nobody(boxes: Iterable[PlateBox]) -> None:
    """Listens to what is found."""


class _ToldDetector:
    """Our detector; what it finds is told before it is read."""

    def __init__(self, found: Found) -> None:
        from gate.detect import Detector

        self._detector, self._found = Detector(), found

    def find_plates(self, image: Image) -> list[PlateBox]:
        """See `gate.engine.Finder`."""
        boxes = self._detector.find_plates(image)
        self._found(boxes)
        return boxes


def _open_yingbin(found: Found) -> Engine:
    from gate.engine import TwoStepEngine
    from gate.recognise import Recogniser

    return TwoStepEngine(_ToldDetector(found), Recogniser())


def _open_easyocr(found: Found) -> Engine:
    from gate.easyocr_engine import EasyOcrEngine

    return EasyOcrEngine(_ToldDetector(found))


_ENGINES: dict[str, Callable[[Found], Engine]] = {
    "yingbin": _open_yingbin,
    "easyocr": _open_easyocr,
}


def open_engine(name: str = "yingbin", found: Found = _nobody) -> Engine:
    """The engine of that name, ready to read; ``found`` is told what each picture may hold.

    Raises:
        OperatorError: nobody knows that name.
    """
    if name not in _ENGINES:
        known = ", ".join(_ENGINES)
        raise OperatorError(f"engine {name!r} does not exist. Choose one of: {known}.")
    return _ENGINES[name](found)
