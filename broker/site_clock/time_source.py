"""Whether the machine's clock follows a time server, as the machine says (网络对时)."""

import ctypes
import subprocess
from collections.abc import Callable, Sequence

from shared.clock import Stopwatch

ASK = ("timedatectl", "show", "--property", "NTPSynchronized", "--value")
ASK_EVERY_S = 30.0
_TIMEX_BYTES = 512
"""More than ``struct timex`` has on any machine; all zero, it changes nothing."""
_TIME_ERROR = 5


def kernel_says() -> bool | None:
    """Whether the kernel's clock is synchronized; None: it does not tell us.

    It tells no service that may not set the clock: systemd closes the call (``ProtectClock``).
    """
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return None
    state = adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else state != _TIME_ERROR


class TimeSource:
    """Asks now and then, and never waits for the answer; belongs to the hub's thread."""

    def __init__(
        self,
        stopwatch: Stopwatch,
        kernel: Callable[[], bool | None] = kernel_says,
        command: Sequence[str] = ASK,
    ) -> None:
        self._stopwatch, self._kernel, self._command = stopwatch, kernel, command
        self._asked: subprocess.Popen[str] | None = None
        self._ask_at_s = 0.0
        self._is_followed = False

    def is_followed(self) -> bool:
        """Whether the kernel says so, or else the machine the last time that it was asked."""
        if (said := self._kernel()) is not None:
            return said
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
