"""Sends messages on a thread of its own, by Apprise: whoever is slow or away delays nobody.

The only module that imports apprise.
"""

import logging
import threading
import time
from collections.abc import Iterable
from queue import Empty, Full, Queue
from typing import Any

from broker.phones.rings import Ring
from shared.errors import OperatorError

log = logging.getLogger(__name__)

TOO_LATE_S = 60.0
"""What waited longer would call somebody to a visitor who is gone."""
WAITING_AT_MOST = 200
TURN_S = 0.5


def sent_now(ring: Ring) -> bool:
    """Send one message and wait for it; whether it was taken there.

    Raises:
        OperatorError: the extra with Apprise is not installed.
    """
    way = _apprise().Apprise()
    return bool(way.add(ring.url) and way.notify(body=ring.body, title=ring.title))


def _apprise() -> Any:
    try:
        import apprise
    except ImportError as error:
        raise OperatorError("error.phones_extra") from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses with their keys
    return apprise


class LateRinger:
    """Begins to ring when there is something to ring for; most sites never need it."""

    def __init__(self) -> None:
        self._ringer: Ringer | None = None
        self._is_missing = False

    def ring(self, rings: Iterable[Ring]) -> None:
        """See Ringer; without the extra it is logged once, and the hub goes on."""
        wanted = list(rings)
        if not wanted or self._is_missing:
            return
        if self._ringer is None:
            try:
                self._ringer = Ringer()
            except OperatorError as error:
                log.warning("%s", error)
                self._is_missing = True
                return
            self._ringer.start()
        self._ringer.ring(wanted)


class Ringer:
    """The thread; ``ring`` may be called from any other and never waits."""

    def __init__(self) -> None:
        """Raises: OperatorError: the extra with Apprise is not installed."""
        _apprise()
        self._waiting: Queue[tuple[float, Ring]] = Queue(WAITING_AT_MOST)
        self._failing: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="phones", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; what is on its way may still arrive."""
        self._stop.set()

    def ring(self, rings: Iterable[Ring]) -> None:
        """Send these as soon as may be; with too many waiting they are dropped."""
        dropped = 0
        for ring in rings:
            try:
                self._waiting.put_nowait((time.monotonic(), ring))
            except Full:
                dropped += 1
        if dropped:
            log.warning("too many messages wait for phones; %d are dropped", dropped)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                since_s, ring = self._waiting.get(timeout=TURN_S)
            except Empty:
                continue
            if time.monotonic() - since_s <= TOO_LATE_S:
                self._send(ring)

    def _send(self, ring: Ring) -> None:
        if sent_now(ring):
            self._failing.discard(ring.staff_id)
        elif ring.staff_id not in self._failing:  # said once, until it works again
            self._failing.add(ring.staff_id)
            log.warning("the second channel of %s does not answer", ring.staff_id)
