import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from gate.camera.frame import Image
from gate.reader.easyocr_engine import EasyOcrEngine, OwnNetwork, StockNetwork
from gate.reader.reading import PlateBox
from shared.errors import OperatorError

PHOTO = np.zeros((200, 400, 3), np.uint8)
CORNERS = np.array([[50, 10], [150, 10], [150, 40], [50, 40]], np.float32)


class Finder:
    """Finds one plate."""

    def find_plates(self, image: Image) -> list[PlateBox]:
        """The prepared box."""
        return [PlateBox(CORNERS, 0.9, 1)]


class FakeEasyOcr:
    """Answers as easyocr's Reader does: box, text, certainty."""

    def __init__(self, *answers: tuple[str, float]) -> None:
        self.answers = answers

    def recognize(self, image: NDArray[np.uint8], **options: object) -> list[tuple[object, ...]]:
        """The prepared answers, for a grey picture only."""
        assert image.ndim == 2
        return [([], text, certain) for text, certain in self.answers]


def stock(*answers: tuple[str, float]) -> EasyOcrEngine:
    return EasyOcrEngine(Finder(), StockNetwork(FakeEasyOcr(*answers)))


def test_stock_easyocr_reads_all_but_the_province_and_says_so() -> None:
    (found,) = stock(("AO12", 0.9), ("345", 0.6)).read(PHOTO)
    assert found.plate == "A012345"
    assert (found.is_incomplete, found.kind, found.province_confidence) == (True, None, 0.0)
    assert found.confidence == 0.6
    assert len(found.characters) == len(found.plate)
    assert found.corners_px[0] == (50.0, 10.0)


def test_stock_easyocr_sees_nothing_on_an_empty_crop() -> None:
    assert stock().read_crop(PHOTO) is None


def test_what_easyocr_itself_doubts_is_no_plate() -> None:
    assert stock(("A12345", 0.05)).read(PHOTO) == []


@pytest.mark.parametrize("network", [OwnNetwork, StockNetwork])
def test_without_the_extra_easyocr_says_how_to_install_it(
    network: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "easyocr", None)
    with pytest.raises(OperatorError, match=r"pip install 'yingbin\[easyocr\]'"):
        network()


def test_without_its_weights_easyocr_says_where_to_put_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Offline:
        @staticmethod
        def Reader(*names: object, **options: object) -> None:  # noqa: N802
            raise OSError("no network")

    monkeypatch.setitem(sys.modules, "easyocr", Offline)
    with pytest.raises(OperatorError, match=r"english_g2\.pth"):
        StockNetwork()
