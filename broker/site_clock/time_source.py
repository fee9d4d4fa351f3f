"""Whether the machine's clock follows a time server, as the machine says (网络对时)."""

import subprocess
from collections.abc import Sequence

from shared.clock import Stopwatch

ASK = ("timedatectl", "show", "--property", "NTPSynchronized", "--value")
ASK_EVERY_S = 30.0


class TimeSource:
    """Asks now and then, and never waits for the answer; belongs to the hub's thread.

    The kernel's own call for it is closed to a service that may not set the clock.
    """

    def __init__(self, stopwatch: Stopwatch, command: Sequence[str] = ASK) -> None:
        self._stopwatch, self._command = stopwatch, command
        self._asked: subprocess.Popen[str] | None = None
        self._ask_at_s = 0.0
        self._is_followed = False

    def is_followed(self) -> bool:
        """Whether the machine said so the last time that it was asked."""
        self._take_answer()
        now_s = self._stopwatch()
        if self._asked is None and now_s >= self._ask_at_s:
            self._ask_at_s = now_s + ASK_EVERY_S
            self._ask()
        return self._is_followed

    def is_asking(self) -> bool:
        """Whether the machine has not answered yet."""
        return self._asked is not None and self._asked.poll() is None

    def _ask(self) -> None:
        quiet = subprocess.DEVNULL
        try:
            self._asked = subprocess.Popen(
                self._command, stdout=subprocess.PIPE, stderr=quiet, stdin=quiet, text=True
            )
        except OSError:  # a machine without it has no time server that we could know of
            self._is_followed = False

    def _take_answer(self) -> None:
        if self._asked is None:
            return
        if self.is_asking():
            if self._stopwatch() >= self._ask_at_s:
                self._asked.kill()
            return
        said, _ = self._asked.communicate()
        self._is_followed, self._asked = said.strip() == "yes", None
