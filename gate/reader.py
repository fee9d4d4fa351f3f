"""Opens a plate reader by its name; each is imported only when it is asked for."""

from collections.abc import Callable

from gate.reading import Engine
from shared.errors import OperatorError


def _open_yingbin(threads: int) -> Engine:
    from gate.detect import Detector
    from gate.engine import TwoStepEngine
    from gate.recognise import Recogniser

    return TwoStepEngine(Detector(threads=threads), Recogniser(threads=threads))


def _open_easyocr(threads: int) -> Engine:
    from gate.detect import Detector
    from gate.easyocr_engine import EasyOcrEngine, OwnNetwork

    return EasyOcrEngine(Detector(threads=threads), OwnNetwork())


def _open_easyocr_stock(threads: int) -> Engine:
    from gate.detect import Detector
    from gate.easyocr_engine import EasyOcrEngine, StockNetwork

    return EasyOcrEngine(Detector(threads=threads), StockNetwork())


_ENGINES: dict[str, Callable[[int], Engine]] = {
    "yingbin": _open_yingbin,
    "easyocr": _open_easyocr,
    "easyocr-stock": _open_easyocr_stock,
}


def open_engine(name: str = "yingbin", threads: int = 1) -> Engine:
    """The engine of that name, ready to read; ``threads`` bounds what our networks take.

    Raises: OperatorError for a name nobody knows.
    """
    if name not in _ENGINES:
        known = ", ".join(_ENGINES)
        raise OperatorError(f"engine {name!r} does not exist. Choose one of: {known}.")
    return _ENGINES[name](threads)
