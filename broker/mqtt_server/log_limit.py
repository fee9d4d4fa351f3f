"""Keeps one kind of line from filling a log: a few per minute, and how many were left out."""

import time
from collections.abc import Callable


class Sparing:
    """Lets ``most`` lines through every ``every_s`` seconds. Belongs to one thread."""

    def __init__(
        self, most: int = 30, every_s: float = 60.0, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._every_s, self._clock_s = most, every_s, clock_s
        self._since_s = clock_s()
        self._count = 0

    def lines(self, line: str) -> list[str]:
        """What to write for ``line``: itself, nothing, or first how many were left out."""
        written = []
        if self._clock_s() - self._since_s >= self._every_s:
            if self._count > self._most:
                written = [f"… and {self._count - self._most} more refusals like these"]
            self._since_s, self._count = self._clock_s(), 0
        self._count += 1
        return [*written, line] if self._count <= self._most else written
