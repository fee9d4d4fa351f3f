"""EasyOCR with our recogniser in it, after our detector."""

from typing import Any

import torch

from gate.reader.readers import open_engine
from tests.bench.peers.readers.speak import Plates, Read, serve


def open_reader(threads: int) -> Read:
    """As ``yingbin read --engine easyocr`` runs it."""
    torch.set_num_threads(threads)
    engine = open_engine("easyocr", threads=threads)

    def read(image: Any, is_crop: bool) -> Plates:
        if is_crop:
            reading = engine.read_crop(image)
            return [(reading.plate, reading.confidence)] if reading else []
        return [(reading.plate, reading.confidence) for reading in engine.read(image)]

    return read


if __name__ == "__main__":
    serve(open_reader)
