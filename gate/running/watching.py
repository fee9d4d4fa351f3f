"""A gate with our own reader: connects camera, reader, vote, page and courier."""

import threading
from functools import partial

from gate.camera.images import ImageFolder
from gate.camera.live_camera import open_camera
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
from gate.settings import GateSettings
from shared.clock import Steady
from shared.ids import new_id
from shared.systemd import notify
from shared.words import Voice, read_words


def watch(
    settings: GateSettings, own: OwnFile, carrying: CourierLoop, stop: threading.Event
) -> None:
    """Watch until ``stop``.

    Raises:
        OperatorError: the camera's files are not there, or the page's address is not available.
    """
    steady, areas = Steady(), AreasFile(settings.areas_path)
    trace = Trace(settings.trace_path, settings.images_days, settings.trace_count)
    keep, read = trace.keeping(steady.told), partial(open_engine, settings.engine)
    rules, voice = settings.vote.rules(), Voice(read_words("gate"), settings.language)
    stamps, vote = Stamps(new_id, own.next_number, steady, steady.told), PlateVote(rules, keep)
    own.told.recall(vote, steady())
    camera, engine = open_camera(settings.camera, steady), AreaEngine(read, areas, keep, steady)
    pipeline = Pipeline(settings.gate_id, engine, vote, stamps, voice)
    images = ImageFolder(settings.images_path, settings.images_days)
    daylight = Daylight(settings.night.darker_than, rules, settings.night.rules(rules))
    gate = Gate(camera, pipeline, images, carrying, notify, trace, daylight, own.told.keep)
    try:
        with page_served(settings.page, gate, areas):
            gate.run(stop)
    finally:
        camera.close()
