"""The gate program: connects camera, reader, vote and courier, and stops them cleanly."""

import sys
import threading
from functools import partial

from gate.camera.images import ImageFolder
from gate.camera.live_camera import open_camera
from gate.loop import CourierLoop, Gate
from gate.own_file import open_own_file
from gate.page import page_served
from gate.passing.area_engine import AreaEngine
from gate.passing.areas_file import AreasFile
from gate.passing.daylight import Daylight
from gate.passing.trace import Trace
from gate.passing.vote import PlateVote
from gate.pipeline import Pipeline, Stamps
from gate.reader.readers import open_engine
from gate.settings import LOG_BYTES_A_DAY, GateSettings
from shared import VERSION
from shared.clock import Steady, now
from shared.command_line import settings_file
from shared.config import read_config
from shared.courier import Courier
from shared.errors import OperatorError
from shared.ids import new_id
from shared.log import start_logging
from shared.messages import NodeKind, NodeStatus, Receipt
from shared.mqtt import MqttLink
from shared.node import Node
from shared.own_file import own_folder
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.words import Voice, read_words


def main(argv: list[str]) -> int:
    """Run one gate until a signal; 2 when a setting or a file must be put right first."""
    terminal, config = settings_file(argv, "yingbin gate", "help.gate")
    start_logging(bytes_a_day=LOG_BYTES_A_DAY)
    stop = told_to_stop()
    try:
        settings = read_config(GateSettings, config)
        with own_folder(settings.database_path.parent, "gate", config):
            _run(settings, stop)
    except OperatorError as error:
        terminal.warn(error.sentence)
        return 2
    return 0


def _run(settings: GateSettings, stop: threading.Event) -> None:
    steady, node = Steady(), Node(settings.site, settings.gate_id, NodeKind.GATE, VERSION)
    areas, own = AreasFile(settings.areas_path), open_own_file(settings, now)
    trace = Trace(settings.trace_path, settings.images_days, settings.trace_count)
    keep, read = trace.keeping(steady.told), partial(open_engine, settings.engine)
    rules, voice = settings.vote.rules(), Voice(read_words("gate"), settings.language)
    stamps, vote = Stamps(new_id, own.next_number, steady, steady.told), PlateVote(rules, keep)
    own.told.recall(vote, steady())
    camera, engine = open_camera(settings.camera, steady), AreaEngine(read, areas, keep, steady)
    pipeline = Pipeline(settings.gate_id, engine, vote, stamps, voice)
    link = MqttLink(settings.mqtt, node, [Receipt, NodeStatus])
    carrying = CourierLoop(Courier(node, link, own.outbox, lambda _message: None, own.problem))
    images = ImageFolder(settings.images_path, settings.images_days)
    daylight = Daylight(settings.night.darker_than, rules, settings.night.rules(rules))
    gate = Gate(camera, pipeline, images, carrying, notify, trace, daylight, own.told.keep)
    link.start()
    carrying.start()
    try:
        with page_served(settings.page, gate, areas):
            gate.run(stop)
    finally:
        notify("STOPPING=1")
        carrying.stop()
        link.stop()
        camera.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
