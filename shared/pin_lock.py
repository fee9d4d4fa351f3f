"""The staff's PIN: each wrong try makes the next wait longer, the fifth locks for a while."""

import hmac
import math
import threading
from collections.abc import Callable

from shared.clock import Stopwatch

TRIES = 5
LOCK_OUT_S = 300
"""Each wrong try from the fifth on costs this: trying half of all 6-digit PINs takes four years."""


class PinLock:
    """Counts wrong tries for the whole program, so that changing one's address does not help."""

    def __init__(self, stopwatch: Stopwatch, lock_out_s: int = LOCK_OUT_S) -> None:
        self._stopwatch, self._lock_out_s = stopwatch, lock_out_s
        self._lock = threading.Lock()
        self._wrong = 0
        self._open_at_s: float | None = None

    def wait_s(self) -> int:
        """Seconds until the next try counts, rounded up; 0: it counts now."""
        if self._open_at_s is None:
            return 0
        return max(0, math.ceil(self._open_at_s - self._stopwatch()))

    def opens(self, given: str, secret: str) -> bool:
        """Whether ``given`` is the secret; while waiting always False, without a comparison."""
        return self.attempt(lambda: hmac.compare_digest(given.encode(), secret.encode()))

    def attempt(self, is_right: Callable[[], bool]) -> bool:
        """What ``is_right`` answers, counted as a try; while waiting False, without asking."""
        with self._lock:
            if self.wait_s():
                return False
            if is_right():
                self._wrong = 0
                return True
            self._wrong += 1
            pause_s = self._lock_out_s if self._wrong >= TRIES else 2 ** (self._wrong - 1)
            self._open_at_s = self._stopwatch() + pause_s
            return False
