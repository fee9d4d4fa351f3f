"""Slows down guessing: each wrong PIN makes the next wait longer, and many lock for a while.

Wrong PINs count per person and per address; those of a browser in which this person has logged in
before count by themselves. So nobody locks another out of their own phone, and a log-in by QR code
works meanwhile.
"""

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from shared.clock import Stopwatch, running_s

FREE_TRIES_PER_PERSON = 3
TRIES_PER_PERSON = 8
"""From this try on each wrong PIN locks: 96 guesses a day, of 10 000 PINs with four digits."""
FREE_TRIES_PER_ADDRESS = 12
TRIES_PER_ADDRESS = 40
"""Higher, because several people may share a tablet's or a proxy's address."""
FIRST_WAIT_S = 5
LOCK_OUT_S = 15 * 60
FORGET_AFTER_S = 24 * 3600
MAX_KEPT = 5_000
"""A limit, because an attacker can come from any number of addresses."""


class Verdict(Enum):
    """The result of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    """Too many wrong tries before: the PIN was not compared."""


@dataclass(frozen=True, slots=True)
class _Record:
    """The wrong tries of one person or one address."""

    wrong: int
    last_s: float
    open_s: float


class Attempts:
    """Counts wrong PINs, in memory: a restart forgets them.

    ``device`` is the mark of a browser that knows this person; None: one that does not.
    """

    def __init__(self, stopwatch: Stopwatch = running_s) -> None:
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._records: dict[str, _Record] = {}

    def wait_s(self, staff_id: str, address: str, device: str | None = None) -> int:
        """Seconds until the next try is allowed, rounded up; 0: now."""
        with self._lock:
            return self._wait_s(_limits(staff_id, address, device))

    def judge(
        self, staff_id: str, address: str, device: str | None = None, *, is_right: bool
    ) -> Verdict:
        """Count this try. While locked, a right PIN is refused like a wrong one."""
        limits = _limits(staff_id, address, device)
        with self._lock:
            if self._wait_s(limits):
                return Verdict.LOCKED
            if is_right:
                # The address keeps its count: a right PIN must not allow guesses at other people's.
                self._records.pop(next(iter(limits)), None)
                return Verdict.RIGHT
            for key, (free, most) in limits.items():
                self._count(key, free, most)
            return Verdict.WRONG

    def _wait_s(self, keys: Iterable[str]) -> int:
        now_s = self._stopwatch()
        records = [self._records[key] for key in keys if key in self._records]
        waits = [math.ceil(record.open_s - now_s) for record in records]
        return max([0, *waits])

    def _count(self, key: str, free: int, most: int) -> None:
        now_s = self._stopwatch()
        record = self._records.pop(key, None)
        is_stale = record is None or now_s - record.last_s > FORGET_AFTER_S
        wrong = 1 if is_stale or record is None else record.wrong + 1
        self._records[key] = _Record(wrong, now_s, now_s + _pause_s(wrong, free, most))
        if len(self._records) > MAX_KEPT:
            self._records.pop(next(iter(self._records)))  # the oldest


def _limits(staff_id: str, address: str, device: str | None) -> dict[str, tuple[int, int]]:
    """What counts this try, the person's own count first: the free tries, and those that lock."""
    per_person = (FREE_TRIES_PER_PERSON, TRIES_PER_PERSON)
    if device is not None:
        return {f"device {device} {staff_id}": per_person}
    return {
        f"person {staff_id}": per_person,
        f"address {address}": (FREE_TRIES_PER_ADDRESS, TRIES_PER_ADDRESS),
    }


def _pause_s(wrong: int, free: int, most: int) -> int:
    """The wait after the ``wrong``-th wrong try: at first none, then doubling, then locked."""
    if wrong >= most:
        return LOCK_OUT_S
    if wrong < free:
        return 0
    return min(FIRST_WAIT_S << min(wrong - free, 10), LOCK_OUT_S)
