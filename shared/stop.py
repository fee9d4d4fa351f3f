"""How a program learns that it must stop."""

import signal
import threading


def told_to_stop() -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets; call it from the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop
