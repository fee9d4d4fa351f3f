"""How the programs log: one line for each event, to stderr, where journald picks it up."""

import logging
import sys

from shared.clock import Stopwatch, running_s
from shared.systemd import is_journaled

BYTES_A_DAY = 2_000_000
"""What journald may get of a program: all four stay below 20 MB a day (the hub has a share of its
own), and a card bears years of that. journald's own limit grows with the free disk."""
ENTRY_BYTES = 950
"""What journald notes with each line."""
_DAY_S = 86_400
_PART_AT_ONCE, _PART_FOR_WARNINGS = 0.6, 0.1


class Ration:
    """How much more may be written: it grows evenly, and the last of it is for warnings.

    What a night leaves over makes up for the day, so that twelve hours may have a whole share.
    """

    def __init__(self, stopwatch: Stopwatch, bytes_a_day: float = BYTES_A_DAY) -> None:
        self._stopwatch, self._a_day = stopwatch, bytes_a_day
        self._most = bytes_a_day * _PART_AT_ONCE
        self._left, self._as_of_s = self._most, stopwatch()

    def takes(self, size: int, *, is_warning: bool) -> bool:
        """Whether a line of ``size`` bytes may be written; it counts then."""
        now_s = self._stopwatch()
        grown = (now_s - self._as_of_s) * self._a_day / _DAY_S
        self._left, self._as_of_s = min(self._most, self._left + grown), now_s
        size += ENTRY_BYTES
        if self._left - size < (0 if is_warning else self._most * _PART_FOR_WARNINGS):
            return False
        self._left -= size
        return True


class RationedHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes what the ration takes, and then how many lines were left out before."""

    def __init__(self, ration: Ration) -> None:
        super().__init__(sys.stderr)
        self._ration = ration
        self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, or count it."""
        size = len(self.format(record).encode(errors="replace"))
        if not self._ration.takes(size, is_warning=record.levelno >= logging.WARNING):
            self._left_out += 1
            return
        super().emit(record)
        if self._left_out:
            self.stream.write(f"{self._left_out} lines before this were left out: too many\n")
            self._left_out = 0


def start_logging(*, is_verbose: bool = False, bytes_a_day: int = BYTES_A_DAY) -> None:
    """Send our log lines to stderr; call once, from ``__main__``.

    ``bytes_a_day``: this program's share of the machine's log, if that is where they go.
    """
    journal = RationedHandler(Ration(running_s, bytes_a_day)) if is_journaled() else None
    logging.basicConfig(
        level=logging.DEBUG if is_verbose else logging.INFO,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        handlers=[journal or logging.StreamHandler()],
    )
    for chatty in ("werkzeug", "waitress.queue"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
