"""The main loop: carries messages, forgets visits and cars, tells systemd that all is alive."""

import threading
import time

from kiosk.board import Board
from kiosk.store import Store
from kiosk.visits import Visits
from shared.courier import Courier
from shared.systemd import notify
from shared.web_server import WebServer

TURN_S = 1.0
"""The longest wait for a message; a check-in wakes the loop at once."""
HEALTH_EVERY_S = 5.0


def keep_turning(
    courier: Courier,
    board: Board,
    visits: Visits,
    store: Store,
    server: WebServer,
    stop: threading.Event,
) -> None:
    """Serve the pages and turn until ``stop``; the watchdog is fed only while both go on."""
    server.start()
    health_due_at, state = 0.0, "READY=1"
    while not stop.is_set():
        courier.step(TURN_S)
        visits.forget_idle()
        board.forget_cars()
        store.save()
        if time.monotonic() >= health_due_at:
            health_due_at = time.monotonic() + HEALTH_EVERY_S
            if server.is_answering():
                notify(state)
                state = "WATCHDOG=1"
    notify("STOPPING=1")
    server.stop()
