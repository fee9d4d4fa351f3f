import numpy as np
import pytest
from numpy.typing import NDArray

from gate.camera.frame import Image
from gate.reader.engine import TwoStepEngine
from gate.reader.lattice import Probabilities
from gate.reader.readers import open_engine
from gate.reader.reading import PlateBox
from shared.errors import OperatorError
from tests.gate.spelling import ground, strip

PHOTO = np.zeros((200, 400, 3), np.uint8)


def box(left: float, width: float, rows: int = 1) -> PlateBox:
    corners = [[left, 10], [left + width, 10], [left + width, 40], [left, 40]]
    return PlateBox(np.array(corners, np.float32), 0.9, rows)


class Finder:
    """Finds what it is told to find."""

    def __init__(self, *boxes: PlateBox) -> None:
        self.boxes = list(boxes)

    def find_plates(self, image: Image) -> list[PlateBox]:
        """The prepared boxes."""
        return self.boxes


class Looker:
    """Sees one prepared text after the other, all on the same ground."""

    def __init__(self, *texts: str, colour: str = "blue", sure: float = 0.98) -> None:
        self.texts = list(texts)
        self.colour = colour
        self.sure = sure

    def look(self, strips: NDArray[np.uint8]) -> tuple[Probabilities, Probabilities]:
        """The next text for each strip, the last one again and again."""
        texts = [self.texts.pop(0) if len(self.texts) > 1 else self.texts[0] for _ in strips]
        seen = np.stack([strip(text, self.sure) for text in texts])
        return seen, np.stack([ground(self.colour) for _ in texts])


def test_a_photo_gives_its_plate_with_where_it_is() -> None:
    (found,) = TwoStepEngine(Finder(box(50, 100)), Looker("浙A12345")).read(PHOTO)
    assert (found.plate, found.kind, found.colour, found.rows) == ("浙A12345", "small", "blue", 1)
    assert found.corners_px == ((50, 10), (150, 10), (150, 40), (50, 40))
    assert found.confidence == min(found.characters)


def test_the_larger_of_two_plates_comes_first() -> None:
    engine = TwoStepEngine(Finder(box(10, 60), box(200, 120)), Looker("浙A12345", "沪B54321"))
    assert [found.plate for found in engine.read(PHOTO)] == ["沪B54321", "浙A12345"]


def test_a_plate_cut_off_by_the_edge_comes_after_one_that_is_all_there() -> None:
    engine = TwoStepEngine(Finder(box(-20, 150), box(200, 60)), Looker("浙A12345", "沪B54321"))
    assert [found.plate for found in engine.read(PHOTO)] == ["沪B54321", "浙A12345"]


def test_guesswork_is_no_plate() -> None:
    class Guesser(Looker):
        def look(self, strips: NDArray[np.uint8]) -> tuple[Probabilities, Probabilities]:
            seen, colours = super().look(strips)
            seen[:, 2 + 3 * 4] = 1 / seen.shape[2]  # one place says nothing at all
            return seen, colours

    assert TwoStepEngine(Finder(box(10, 60)), Guesser("浙A12345")).read(PHOTO) == []


def test_a_plate_that_no_look_reads_is_looked_at_once_more_with_its_characters_upright() -> None:
    class Counter(Looker):
        looks = 0

        def look(self, strips: NDArray[np.uint8]) -> tuple[Probabilities, Probabilities]:
            self.looks += len(strips)
            return super().look(strips)

    hard = Counter(*["A7"] * 4, "川A000W2")
    (found,) = TwoStepEngine(Finder(box(10, 60)), hard).read(PHOTO)
    assert (found.plate, hard.looks) == ("川A000W2", 5)
    easy = Counter("川A000W2", sure=0.6)
    TwoStepEngine(Finder(box(10, 60)), easy).read(PHOTO)
    assert easy.looks == 4, "it is paid for only where nothing could be read"


def test_a_piece_at_the_edge_of_the_picture_is_left_out() -> None:
    assert TwoStepEngine(Finder(box(-20, 60)), Looker("A11R55")).read(PHOTO) == []


def test_a_possible_plate_comes_before_a_larger_piece_of_text() -> None:
    finder = Finder(box(10, 150), box(200, 60))
    engine = TwoStepEngine(finder, Looker(*["2026"] * 5, "沪B54321"))
    assert engine.read(PHOTO)[0].plate == "沪B54321"


def test_an_illegible_smear_is_no_plate() -> None:
    for looker in (Looker(""), Looker("3"), Looker("HH14", sure=0.52)):
        assert TwoStepEngine(Finder(box(10, 60)), looker).read(PHOTO) == []


def test_a_clear_piece_of_a_plate_is_kept_and_called_incomplete() -> None:
    (found,) = TwoStepEngine(Finder(box(10, 60)), Looker("A11R55")).read(PHOTO)
    assert (found.plate, found.kind, found.is_incomplete) == ("A11R55", None, True)


def test_a_plate_that_makes_no_sense_in_one_row_is_tried_in_two() -> None:
    looker = Looker("A1", "A1", "A1", "浙A12345", colour="yellow")
    engine = TwoStepEngine(Finder(box(10, 60)), looker)
    (found,) = engine.read(PHOTO)
    assert (found.plate, found.kind, found.rows) == ("浙A12345", "large_rear", 2)


def test_a_plate_whose_province_was_cut_off_is_looked_at_more_loosely() -> None:
    engine = TwoStepEngine(Finder(box(50, 100)), Looker("A12345", "浙A12345"))
    (found,) = engine.read(PHOTO)
    assert (found.plate, found.is_incomplete) == ("浙A12345", False)
    assert found.corners_px[0] == (50, 10)


def test_a_cut_out_plate_is_read_without_looking_for_it() -> None:
    found = TwoStepEngine(Finder(), Looker("浙A12345")).read_crop(np.zeros((24, 94, 3), np.uint8))
    assert found is not None
    assert found.plate == "浙A12345"
    assert found.corners_px[2] == (94.0, 24.0)


def test_a_cut_out_plate_that_is_unclear_is_looked_for_inside_the_picture() -> None:
    engine = TwoStepEngine(Finder(box(20, 60)), Looker("1A1234", "浙A12345"))
    found = engine.read_crop(np.zeros((30, 110, 3), np.uint8))
    assert found is not None
    assert found.plate == "浙A12345"


def test_an_empty_crop_gives_nothing() -> None:
    assert TwoStepEngine(Finder(), Looker("")).read_crop(np.zeros((24, 94, 3), np.uint8)) is None


def test_an_unknown_engine_is_refused_with_the_names_of_the_known_ones() -> None:
    with pytest.raises(OperatorError, match="yingbin, easyocr, easyocr-stock"):
        open_engine("tesseract")
