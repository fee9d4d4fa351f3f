"""A gate with our own reader: connects camera, reader, vote, page and courier."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from gate.camera.images import ImageFolder
from gate.camera.live_camera import open_camera
from gate.camera.settings import CameraSettings
from gate.loop import CourierLoop, Gate
from gate.own_file import OwnFile
from gate.page import page_served
from gate.passing.area_engine import AreaEngine
from gate.passing.areas_file import AreasFile
from gate.passing.daylight import Daylight
from gate.passing.trace import Trace
from gate.passing.vote import PlateVote
from gate.pipeline import Pipeline, Stamps
from gate.reader.readers import open_engine
from gate.running.learning import keep_corrections
from gate.running.taking_in import Outlets
from gate.settings import GateSettings
from shared.clock import Steady
from shared.ids import new_id
from shared.words import Voice, read_words


def watch(
    settings: GateSettings, own: OwnFile, carrying: CourierLoop, stop: threading.Event
) -> None:
    """Watch until ``stop``.

    Raises:
        OperatorError: the camera's files are not there, or the page's address is not available.
    """
    areas, outlets = AreasFile(settings.areas_path), Outlets(own.next_number, carrying)
    with gate_open(settings, settings.camera, outlets, areas) as gate:
        remember(gate, own)
        keep_corrections(settings, gate, carrying)
        with page_served(settings.page, gate, areas):
            gate.run(stop)


def remember(gate: Gate, own: OwnFile) -> None:
    """Let a restart tell nobody a second time."""
    own.told.recall(gate.pipeline.vote, gate.pipeline.stamps.clock())
    gate.note_told = lambda passage: own.told.keep(passage.message)


@contextmanager
def gate_open(
    settings: GateSettings, source: CameraSettings, outlets: Outlets, areas: AreasFile
) -> Iterator[Gate]:
    """Our own reader before the camera ``source``, which is released after the ``with`` block.

    Raises:
        OperatorError: the camera's files are not there.
    """
    steady = Steady()
    trace = Trace(settings.trace_path, settings.images_days, settings.trace_count)
    keep, read = (
        trace.keeping(steady.told),
        partial(open_engine, settings.engine, weights=settings.weights_path),
    )
    rules, voice = settings.vote.rules(), Voice(read_words("gate"), settings.language)
    stamps, vote = Stamps(new_id, outlets.next_number, steady, steady.told), PlateVote(rules, keep)
    camera, engine = open_camera(source, steady), AreaEngine(read, areas, keep, steady)
    pipeline = Pipeline(settings.gate_id, engine, vote, stamps, voice)
    images = ImageFolder(settings.images_path, settings.images_days)
    daylight = Daylight(settings.night.darker_than, rules, settings.night.rules(rules))
    try:
        yield Gate(camera, pipeline, images, outlets.carrying, outlets.notify, trace, daylight)
    finally:
        camera.close()
