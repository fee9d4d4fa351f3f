"""How many batches of backlogs are stored at once, so that all others always find room."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

BACKLOGS_AT_ONCE = 2
BACKLOGS_IN_LINE = 6
"""Of 16 threads that answer, so many wait for their turn at most: no place is ever idle."""


class NoRoomError(Exception):
    """Enough backlogs are being stored: this one must come again."""


class BacklogPlaces:
    """One instance's."""

    def __init__(self, at_once: int = BACKLOGS_AT_ONCE, in_line: int = BACKLOGS_IN_LINE) -> None:
        self._let_in = threading.BoundedSemaphore(at_once + in_line)
        self._at_work = threading.BoundedSemaphore(at_once)

    @contextmanager
    def place(self, *, is_backlog: bool) -> Iterator[None]:
        """As long as a batch is stored; one that has nothing behind it needs no place.

        Raises:
            NoRoomError: the line is full.
        """
        if not is_backlog:
            yield
            return
        if not self._let_in.acquire(blocking=False):
            raise NoRoomError
        try:
            with self._at_work:
                yield
        finally:
            self._let_in.release()
