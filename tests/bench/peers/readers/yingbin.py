"""Our reader."""

from typing import Any

from gate.reader.readers import open_engine
from tests.bench.peers.readers.speak import Plates, Read, serve


def open_reader(threads: int) -> Read:
    """Both networks, as the gate runs them."""
    engine = open_engine(threads=threads)

    def read(image: Any, is_crop: bool) -> Plates:
        if is_crop:
            reading = engine.read_crop(image)
            return [(reading.plate, reading.confidence)] if reading else []
        return [(reading.plate, reading.confidence) for reading in engine.read(image)]

    return read


if __name__ == "__main__":
    serve(open_reader)
