"""Tells systemd that a program is ready and that its loop turns (sd_notify)."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STARTS_WITHIN_S = 3600.0
"""A damaged file of many years is mended within it, even from a Raspberry Pi's card."""
TELL_EVERY_S = 10.0


def notify(state: str) -> None:
    """Send ``state`` (``READY=1``, ``WATCHDOG=1``, ``STATUS=…``); does nothing without systemd.

    Source: sd_notify(3): one datagram to the socket named by ``NOTIFY_SOCKET``.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), address.replace("@", "\0", 1))


@contextmanager
def starting_takes_time(
    at_most_s: float = STARTS_WITHIN_S, every_s: float = TELL_EVERY_S
) -> Iterator[None]:
    """Within it, systemd waits longer for ``READY=1`` than the unit says, but not for ever."""
    is_done = threading.Event()

    def tell() -> None:
        for _ in range(int(at_most_s / every_s)):
            notify(f"EXTEND_TIMEOUT_USEC={int(3 * every_s * 1e6)}")
            if is_done.wait(every_s):
                return

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        is_done.set()
        teller.join()
