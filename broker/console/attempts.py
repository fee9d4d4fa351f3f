"""Wrong PINs: each one makes the next wait longer, many lock for a while. Nothing else is held up:
a QR log-in works meanwhile.
"""

import math
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from shared.clock import Clock

FREE_TRIES_PER_PERSON = 3
TRIES_PER_PERSON = 8
"""From this one on each wrong PIN locks: 96 guesses a day against 10 000 PINs of four digits."""
FREE_TRIES_PER_ADDRESS = 12
TRIES_PER_ADDRESS = 40
"""Higher: several people log in from one tablet, and a proxy has one address for all."""
FIRST_WAIT_S = 5
LOCK_OUT_S = 15 * 60
FORGET_AFTER_S = 24 * 3600
MAX_KEPT = 5_000
"""Addresses are free to invent; memory is not."""


class Verdict(Enum):
    """What a try came to."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    """Too many before; the PIN was not looked at."""


@dataclass(frozen=True, slots=True)
class _Record:
    """The wrong tries of one person or one address."""

    wrong: int
    last_at: datetime
    open_at: datetime


class Attempts:
    """Counts wrong PINs per person and per address, in memory: a restart forgives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._records: dict[str, _Record] = {}

    def wait_s(self, staff_id: str, address: str) -> int:
        """Seconds until a try counts again, rounded up; 0: now."""
        with self._lock:
            return self._wait_s(_keys(staff_id, address))

    def judge(self, staff_id: str, address: str, *, is_right: bool) -> Verdict:
        """What this try comes to; while it is locked a right PIN is refused like a wrong one."""
        person, place = keys = _keys(staff_id, address)
        with self._lock:
            if self._wait_s(keys):
                return Verdict.LOCKED
            if is_right:
                # The address keeps its count: one's own PIN must not buy guesses at another's.
                self._records.pop(person, None)
                return Verdict.RIGHT
            self._count(person, FREE_TRIES_PER_PERSON, TRIES_PER_PERSON)
            self._count(place, FREE_TRIES_PER_ADDRESS, TRIES_PER_ADDRESS)
            return Verdict.WRONG

    def _wait_s(self, keys: tuple[str, str]) -> int:
        now = self._clock()
        records = [self._records[key] for key in keys if key in self._records]
        waits = [math.ceil((record.open_at - now).total_seconds()) for record in records]
        return max([0, *waits])

    def _count(self, key: str, free: int, most: int) -> None:
        now = self._clock()
        record = self._records.pop(key, None)
        is_stale = record is None or (now - record.last_at).total_seconds() > FORGET_AFTER_S
        wrong = 1 if is_stale or record is None else record.wrong + 1
        wait = timedelta(seconds=_pause_s(wrong, free, most))
        self._records[key] = _Record(wrong, now, now + wait)
        if len(self._records) > MAX_KEPT:
            self._records.pop(next(iter(self._records)))  # the one that was wrong longest ago


def _keys(staff_id: str, address: str) -> tuple[str, str]:
    return f"person {staff_id}", f"address {address}"


def _pause_s(wrong: int, free: int, most: int) -> int:
    """The wait after the ``wrong``-th wrong try: none, then doubling, then the lock-out."""
    if wrong >= most:
        return LOCK_OUT_S
    if wrong < free:
        return 0
    return min(FIRST_WAIT_S << min(wrong - free, 10), LOCK_OUT_S)
