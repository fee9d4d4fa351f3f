"""The one place that reads the clock; everyone else is handed a Clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
Stopwatch = Callable[[], float]
"""Seconds that only go forward: for "how long", because a clock may be set at any moment."""


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def running_s() -> float:
    """The seconds of this machine's stopwatch, which nobody sets; the zero means nothing."""
    return time.monotonic()
