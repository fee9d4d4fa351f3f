import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gate.camera.frame import Image
from gate.reader.engine import TwoStepEngine
from gate.reader.grammar import decode
from gate.reader.reading import PlateBox
from gate.reader.recognise import MODEL, Recogniser
from gate.reader.rectify import STRIP_HEIGHT_PX, STRIP_WIDTH_PX
from shared.errors import OperatorError
from shared.plate import ALPHABET, COLOURS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


class NoFinder:
    """For cut-out plates nothing needs to be found."""

    def find_plates(self, image: Image) -> list[PlateBox]:
        """Nothing."""
        return []


def test_every_strip_gets_probabilities_for_characters_and_colours(recogniser: Recogniser) -> None:
    strips = np.random.default_rng(0).integers(0, 255, (3, STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3))
    characters, colours = recogniser.look(strips.astype(np.uint8))
    assert characters.shape[0] == 3
    assert characters.shape[2] == 1 + len(ALPHABET)
    assert colours.shape == (3, len(COLOURS))
    assert np.allclose(characters.sum(axis=2), 1.0, atol=1e-3)
    assert np.allclose(colours.sum(axis=1), 1.0, atol=1e-3)


def test_a_grey_wall_is_no_plate(recogniser: Recogniser) -> None:
    wall = np.full((1, STRIP_HEIGHT_PX, STRIP_WIDTH_PX, 3), 128, np.uint8)
    characters, colours = recogniser.look(wall)
    found = decode(characters[0], colours[0], 1)
    assert found is None or found.kind is None or min(found.characters) < 0.5


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"python -m gate\.training recogniser"):
        Recogniser(tmp_path / "nothing.onnx")


def test_the_weights_stay_small() -> None:
    assert MODEL.stat().st_size < 3_000_000


def test_reading_needs_neither_torch_nor_easyocr() -> None:
    code = "import sys, gate.reader.recognise, gate.reader.engine; print('torch' in sys.modules)"
    root = Path(__file__).parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    "kind",
    ["small", "large", "large_rear", "nev_small", "nev_large", "police", "learner", "hk_macau"],
)
def test_clean_drawn_plates_are_read(recogniser: Recogniser, kind: str) -> None:
    pytest.importorskip("PIL", reason="drawing with a font needs the extra [train]")
    from gate.training.plates import PlateArtist

    engine = TwoStepEngine(NoFinder(), recogniser)
    artist = PlateArtist(is_varied=False)
    rng = np.random.default_rng(11)
    plates = [artist.draw(rng, kind) for _ in range(20)]
    readings = [engine.read_crop(plate.image) for plate in plates]
    right = [r is not None and r.plate == p.text for r, p in zip(readings, plates, strict=True)]
    assert sum(right) >= 17
