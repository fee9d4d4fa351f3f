"""How a test waits: until something is true, never for a fixed time.

A busy machine is slow by fits and starts, so the limit only tells «late» from «never».
"""

import os
import time
from collections.abc import Callable

CAME_AT_ALL_S = 90.0
"""Longer than anything takes that works, on two cores with twenty programs."""
LOOK_EVERY_S = 0.02


def eventually(is_true: Callable[[], bool], *, within_s: float = CAME_AT_ALL_S) -> bool:
    """Whether it became true in time."""
    give_up_at = time.monotonic() + within_s
    while not is_true():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def while_busy(promised_s: float) -> float:
    """How long may take what is promised in ``promised_s`` by a machine that has a core to spare.

    Where several programs share each core, each of them takes so many times as long.
    """
    programs_each = os.getloadavg()[0] / (os.cpu_count() or 1)
    return promised_s * max(1.0, programs_each)
