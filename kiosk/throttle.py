"""How often strangers may ask: so often a minute from one address, and so often in all."""

import ipaddress
import math
import threading
from collections import deque

from shared.clock import Stopwatch

WITHIN_S = 60.0
HOUSEHOLD_BITS = 64
"""Of an IPv6 address: a phone makes up the rest as it likes."""


class Throttle:
    """Remembers what was let through within the last minute; may be used from any thread.

    What is refused is not counted: whoever asks too often is let through again a minute later.
    """

    def __init__(self, stopwatch: Stopwatch, *, each: int, in_all: int) -> None:
        self._stopwatch, self._each, self._in_all = stopwatch, each, in_all
        self._lock = threading.Lock()
        self._passed: deque[tuple[float, str]] = deque()

    def lets(self, address: str) -> bool:
        """Whether this one may pass; it is counted then."""
        with self._lock:
            if self._wait_s(household := _household(address)):
                return False
            self._passed.append((self._stopwatch(), household))
            return True

    def wait_s(self, address: str) -> int:
        """Seconds until the next one from there may pass, rounded up; 0: it may now."""
        with self._lock:
            return self._wait_s(_household(address))

    def _wait_s(self, household: str) -> int:
        now_s = self._stopwatch()
        while self._passed and now_s - self._passed[0][0] >= WITHIN_S:
            self._passed.popleft()
        all_of = [at_s for at_s, _ in self._passed]
        own = [at_s for at_s, whose in self._passed if whose == household]
        free_s = max(_free_s(own, self._each), _free_s(all_of, self._in_all), now_s)
        return math.ceil(free_s - now_s)


def _free_s(passed: list[float], most: int) -> float:
    """When fewer than ``most`` of these moments are left in the window."""
    return passed[-most] + WITHIN_S if len(passed) >= most else 0.0


def _household(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, HOUSEHOLD_BITS), strict=False))
