"""Our reader over labelled pictures, with progress."""

import sys
import time
from collections.abc import Sequence

from gate.camera.picture import read_picture
from gate.reader.reading import Engine, PlateReading
from shared.errors import OperatorError
from tests.bench.labels import Labelled
from tests.bench.scores import Answer, Outcome


def read_all(engine: Engine, pictures: Sequence[Labelled], *, is_crop: bool) -> list[Outcome]:
    """What ``engine`` says of each; a picture that cannot be opened counts as not read."""
    outcomes = []
    for number, picture in enumerate(pictures, start=1):
        show_progress(number, len(pictures))
        outcomes.append(_read(engine, picture, is_crop=is_crop))
    return outcomes


def show_progress(number: int, count: int, what: str = "") -> None:
    """How far it is, on stderr: in place on a terminal, else a line for every tenth part."""
    if sys.stderr.isatty():
        end = "\n" if number == count else ""
        print(f"\r\x1b[K{number}/{count} {what}", end=end, file=sys.stderr, flush=True)
    elif number % max(1, count // 10) == 0:
        print(f"{number}/{count} {what}", file=sys.stderr, flush=True)


def _read(engine: Engine, picture: Labelled, *, is_crop: bool) -> Outcome:
    try:
        image = read_picture(picture.path)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return Outcome(picture, (), None)
    started = time.perf_counter()
    if is_crop:
        reading = engine.read_crop(image)
        found = [reading] if reading else []
    else:
        found = engine.read(image)
    took_ms = (time.perf_counter() - started) * 1000
    return Outcome(picture, tuple(_answer(reading) for reading in found), took_ms)


def _answer(reading: PlateReading) -> Answer:
    return Answer(reading.plate, reading.confidence, reading.corners_px)
