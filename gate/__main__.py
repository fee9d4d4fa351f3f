"""The gate program: connects its work with the courier, and stops them cleanly."""

import sys
import threading

from gate.loop import CourierLoop
from gate.own_file import open_own_file
from gate.running import work_of
from gate.settings import LOG_BYTES_A_DAY, GateSettings
from shared import VERSION
from shared.clock import now
from shared.command_line import settings_file
from shared.config import read_config
from shared.courier import Courier
from shared.errors import OperatorError
from shared.log import start_logging
from shared.messages import CorrectionTaken, Message, NodeKind, NodeStatus, PictureAsked, Receipt
from shared.mqtt import MqttLink
from shared.node import Node
from shared.own_file import own_folder
from shared.stop import told_to_stop
from shared.systemd import notify


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
    node = Node(settings.site, settings.gate_id, NodeKind.GATE, VERSION)
    work, own = work_of(settings), open_own_file(settings, now)
    heard: list[type[Message]] = [Receipt, NodeStatus, PictureAsked, CorrectionTaken]
    link = MqttLink(settings.mqtt, node, heard)
    courier = Courier(node, link, own.outbox, lambda told: carrying.hear(told), own.problem)
    carrying = CourierLoop(courier)
    link.start()
    carrying.start()
    try:
        work(settings, own, carrying, stop)
    finally:
        notify("STOPPING=1")
        carrying.stop()
        link.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
