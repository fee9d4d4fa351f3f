"""Tells systemd that a program is ready and that its loop turns (sd_notify)."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

SIGN_EVERY_S, WAITS_ANOTHER_S = 10.0, 60
START_AT_MOST_S = 3600.0
"""A start that takes longer hangs."""


def notify(state: str) -> None:
    """Send ``state`` (``READY=1``, ``WATCHDOG=1``, ``STATUS=…``); does nothing without systemd.

    Source: sd_notify(3): one datagram to the socket named by ``NOTIFY_SOCKET``.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), address.replace("@", "\0", 1))


def is_journaled() -> bool:
    """Whether what we write to stderr reaches the machine's log. Source: systemd.exec(5)."""
    return "JOURNAL_STREAM" in os.environ


@contextmanager
def starting_longer(what: str) -> Iterator[None]:
    """Within it, whoever started us waits on, and reads that we are still at ``what``."""
    is_over, begun_s = threading.Event(), time.monotonic()

    def tell() -> None:
        while (took_s := time.monotonic() - begun_s) < START_AT_MOST_S:
            said = f"{what}, for {took_s:.0f} s"
            notify(f"EXTEND_TIMEOUT_USEC={WAITS_ANOTHER_S * 1_000_000}\nSTATUS={said}")
            if took_s >= SIGN_EVERY_S:
                log.info("%s", said)
            if is_over.wait(SIGN_EVERY_S):
                return

    telling = threading.Thread(target=tell, name="starting", daemon=True)
    telling.start()
    try:
        yield
    finally:
        is_over.set()
        telling.join()
