"""The real EasyOCR with our network in it."""

from pathlib import Path

import numpy as np
import pytest

import gate
from gate.camera.picture import read_picture
from gate.reader.readers import open_engine
from gate.reader.reading import Engine
from gate.reader.rectify import straighten

pytestmark = [
    pytest.mark.easyocr,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # EasyOCR's own, of torch and Pillow
]
DEMO = Path(gate.__file__).parent / "demo"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Loaded once: it takes 20 seconds."""
    return open_engine("easyocr")


def test_easyocr_with_our_network_reads_chinese_plates_like_our_own_reader(engine: Engine) -> None:
    ours = open_engine()
    for name in ("01.jpg", "03.jpg", "04.jpg"):
        image = read_picture(DEMO / name)
        wanted = ours.read(image)[0]
        found = engine.read(image)[0]
        assert (found.plate, found.kind, found.rows) == (wanted.plate, wanted.kind, wanted.rows)
        assert found.confidence > 0.5


def test_easyocr_sees_the_very_strip_that_our_reader_sees(engine: Engine) -> None:
    import torch

    from gate.reader.easyocr_network import Model, in_one_channel
    from gate.reader.recognise import Recogniser
    from shared.plate import ALPHABET

    image = read_picture(DEMO / "01.jpg")
    (found,) = open_engine().read(image)
    strip = straighten(image, np.array(found.corners_px, np.float32), found.rows)
    picture = torch.from_numpy(in_one_channel(strip)[None, None].astype(np.float32) / 127.5 - 1)
    seen = torch.softmax(Model(1 + len(ALPHABET))(picture, None), 2).numpy()
    assert np.allclose(seen, Recogniser().look(strip[None])[0], atol=1e-5)


def test_easyocr_reads_a_plate_that_was_cut_out(engine: Engine) -> None:
    image = read_picture(DEMO / "01.jpg")
    (found,) = open_engine().read(image)
    left, top = (round(min(place)) for place in zip(*found.corners_px, strict=True))
    right, bottom = (round(max(place)) for place in zip(*found.corners_px, strict=True))
    read = engine.read_crop(image[top:bottom, left:right])
    assert read is not None
    assert read.plate == found.plate
