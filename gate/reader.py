"""Opens a plate reader by its name; each is imported only when it is asked for."""

from collections.abc import Callable

from gate.reading import Engine
from shared.errors import OperatorError


def _open_yingbin() -> Engine:
    from gate.detect import Detector
    from gate.engine import TwoStepEngine
    from gate.recognise import Recogniser

    return TwoStepEngine(Detector(), Recogniser())


def _open_easyocr() -> Engine:
    from gate.detect import Detector
    from gate.easyocr_engine import EasyOcrEngine, OwnNetwork

    return EasyOcrEngine(Detector(), OwnNetwork())


def _open_easyocr_stock() -> Engine:
    from gate.detect import Detector
    from gate.easyocr_engine import EasyOcrEngine, StockNetwork

    return EasyOcrEngine(Detector(), StockNetwork())


_ENGINES: dict[str, Callable[[], Engine]] = {
    "yingbin": _open_yingbin,
    "easyocr": _open_easyocr,
    "easyocr-stock": _open_easyocr_stock,
}


def open_engine(name: str = "yingbin") -> Engine:
    """The engine of that name, ready to read. Raises: OperatorError for a name nobody knows."""
    if name not in _ENGINES:
        known = ", ".join(_ENGINES)
        raise OperatorError(f"engine {name!r} does not exist. Choose one of: {known}.")
    return _ENGINES[name]()
