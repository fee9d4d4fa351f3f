"""A command that the hub runs beside its work, as a process of its own: the loop never waits."""

import subprocess
import sys
from pathlib import Path

from broker.child_process import start_child, stop_child
from shared.words import LOG_LANGUAGE

STOPS_WITHIN_S = 5.0
_FRONT_DOOR = Path(__file__).parents[2] / "yingbin.py"


class Errand:
    """Runs one of our own commands at a time, gently; belongs to the hub's thread."""

    def __init__(self, at_most_s: float) -> None:
        self._at_most_s = at_most_s
        self._child: subprocess.Popen[str] | None = None
        self.started_at_s = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs just now."""
        return self._child is None

    def start(self, words: tuple[str, ...], at_s: float) -> None:
        """Start ``yingbin`` with these words; ``at_s`` is a monotonic clock's."""
        yingbin = ("nice", "-n", "19", sys.executable, str(_FRONT_DOOR), "--lang", LOG_LANGUAGE)
        self._child, self.started_at_s = start_child((*yingbin, *words)), at_s

    def ended(self, at_s: float) -> int | None:
        """Its exit status, once, when it has ended; one that hangs is killed."""
        if self._child is None:
            return None
        status = self._child.poll()
        if status is not None:
            self._child = None
        elif at_s - self.started_at_s > self._at_most_s:
            self._child.kill()
        return status

    def stop(self) -> None:
        """End what runs."""
        if self._child is not None:
            stop_child(self._child, within_s=STOPS_WITHIN_S)
