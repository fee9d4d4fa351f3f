"""Connects the parts of the kiosk: ``python -m kiosk --config kiosk.toml``."""

import sys
from pathlib import Path

from kiosk.app import served
from kiosk.board import Board
from kiosk.desk import Desk
from kiosk.door import Door
from kiosk.loop import keep_turning
from kiosk.own_files import open_own_files
from kiosk.parts import Parts
from kiosk.porter import Porter
from kiosk.settings import KioskSettings
from kiosk.tablets import Tablets
from kiosk.visits import Visits
from shared import VERSION
from shared.clock import Steady, now, running_s
from shared.command_line import settings_file
from shared.config import read_config
from shared.courier import Courier
from shared.errors import OperatorError
from shared.log import start_logging
from shared.messages import Assignment, NodeKind, NodeStatus, Receipt, RecentArrivals, Roster
from shared.mqtt import MqttLink
from shared.node import Node
from shared.own_file import own_folder
from shared.pin_lock import PinLock
from shared.stop import told_to_stop
from shared.words import read_words


def main(argv: list[str]) -> int:
    """Run the kiosk until SIGTERM; the exit status."""
    terminal, config = settings_file(argv, "yingbin kiosk", "help.kiosk")
    start_logging()
    try:
        settings = read_config(KioskSettings, config)
        with own_folder(Path(settings.data_dir), "kiosk", config):
            run(settings)
    except OperatorError as error:
        terminal.warn(error.sentence)
        return 1
    return 0


def run(settings: KioskSettings) -> None:
    """Serve the tablet and carry its check-ins to the hub."""
    own = open_own_files(Path(settings.data_dir), now)
    visits = Visits(idle_s=settings.idle_reset_s, clock=now, stopwatch=running_s)
    board = Board(own.store, visits, Steady())
    node = Node(settings.site, settings.kiosk_id, NodeKind.KIOSK, VERSION)
    link = MqttLink(settings.mqtt, node, (Assignment, Roster, RecentArrivals, Receipt, NodeStatus))
    courier = Courier(node, link, own.outbox, board.hear, own.problem)
    parts = Parts(
        settings=settings,
        visits=visits,
        board=board,
        desk=Desk(settings, own.store, courier.post, now, running_s),
        porter=Porter(settings.kiosk_id, own.store, courier.post, now, running_s),
        store=own.store,
        pin_lock=PinLock(running_s),
        words=read_words("kiosk"),
        clock=now,
        outbox=own.outbox,
        is_connected=lambda: link.connected_count > 0,
        was_heard=courier.was_heard,
        door=Door.at(settings, running_s),
        tablets=Tablets(settings.kiosk_id, lambda: board.tablets, running_s),
    )
    courier.measured = parts.measured
    server = served(parts, settings)
    stop = told_to_stop()
    link.start()
    keep_turning(courier, board, visits, own.store, server, stop)
    link.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
