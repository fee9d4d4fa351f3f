"""The one place that reads the clock; everyone else is handed a Clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
Stopwatch = Callable[[], float]
"""Seconds that only go forward: for "how long", because a clock may be set at any moment."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def running_s() -> float:
    """The seconds of this machine's stopwatch, which nobody sets; the zero means nothing.

    On Linux it goes on while the machine sleeps, and through every restart but the machine's own.
    """
    is_linux = hasattr(time, "CLOCK_BOOTTIME")
    return time.clock_gettime(time.CLOCK_BOOTTIME) if is_linux else time.monotonic()


def boot_mark() -> str | None:
    """Tells this machine's run from every other: a stopwatch goes on as long as it is the same.

    None: the machine does not say.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip() or None
    except OSError:
        return None


class Steady:
    """A clock that begins as another and goes on by the stopwatch: for windows and durations."""

    def __init__(self, clock: Clock = now, stopwatch: Stopwatch = running_s) -> None:
        self._clock, self._stopwatch = clock, stopwatch
        self._began_at, self._began_s = clock(), stopwatch()

    def __call__(self) -> datetime:
        """The time, as if nobody had set the other clock since the start."""
        return self._began_at + timedelta(seconds=self._stopwatch() - self._began_s)

    def told(self, moment: datetime) -> datetime:
        """``moment`` of this clock, as the other one tells it now."""
        return moment + (self._clock() - self())
