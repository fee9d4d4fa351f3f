"""Connects the parts of the kiosk: ``python -m kiosk --config kiosk.toml``."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from kiosk.app import create_app
from kiosk.board import Board
from kiosk.desk import Desk
from kiosk.parts import Parts
from kiosk.pin import PinLock
from kiosk.settings import KioskSettings
from kiosk.store import Store
from kiosk.visits import Visits
from kiosk.web_server import WebServer
from kiosk.words import Words, read_table
from shared import VERSION
from shared.clock import now
from shared.config import read_config
from shared.courier import Courier, Node
from shared.errors import OperatorError
from shared.log import start_logging
from shared.messages import Assignment, NodeKind, NodeState, Receipt, Roster
from shared.mqtt import MqttLink
from shared.outbox import Outbox, open_database
from shared.systemd import notify

LOOP_S = 1.0
HEALTH_EVERY_S = 5.0
WANTED = (Assignment, Roster, Receipt)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the kiosk until SIGTERM; the exit status."""
    parser = argparse.ArgumentParser(prog="kiosk", description="The check-in tablet's pages.")
    parser.add_argument("--config", type=Path, required=True, metavar="FILE")
    options = parser.parse_args(argv)
    start_logging()
    try:
        run(read_config(KioskSettings, options.config))
    except OperatorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(settings: KioskSettings) -> None:
    """Serve the tablet and carry its check-ins to the hub."""
    data_dir = Path(settings.data_dir)
    outbox = Outbox(open_database(data_dir / "outbox.db"))
    store = Store(open_database(data_dir / "kiosk.db"))
    visits = Visits(idle_s=settings.idle_reset_s, clock=now)
    board = Board(store, visits)
    node = Node(settings.site, settings.kiosk_id, NodeKind.KIOSK, VERSION)
    link = MqttLink(settings.mqtt, settings.site, f"kiosk-{settings.kiosk_id}", WANTED)
    courier = Courier(node, link, outbox, board.hear)
    parts = Parts(
        settings=settings,
        visits=visits,
        board=board,
        desk=Desk(settings.kiosk_id, store, courier.post, now),
        pin_lock=PinLock(now),
        words=Words(read_table()),
        clock=now,
        waiting_count=outbox.depth,
        is_connected=lambda: link.connected_count > 0,
    )
    server = WebServer(create_app(parts), settings.listen_host, settings.listen_port)
    ...
