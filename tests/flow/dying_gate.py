"""The gate program, killed at a chosen moment: ``… --die kept:7`` ends it after the 7th body."""

import os
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from gate.__main__ import main
from gate.intake.spool import Spool

MOMENTS = {"kept": ("keep", True), "told": ("finish", False), "noted": ("finish", True)}
"""After a body is on the disk and before the answer; after the hub's message is, and before the
body counts as read; after both."""


def dying(method: Callable[..., Any], at: int, *, is_after: bool) -> Callable[..., Any]:
    """``method``, which ends the process when it is called for the ``at``-th time."""
    calls = 0

    def called(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and not is_after:
            os._exit(9)
        found = method(*given)
        if calls == at:
            os._exit(9)
        return found

    return called


if __name__ == "__main__":
    moment, _, number = sys.argv.pop().partition(":")
    sys.argv.pop()
    name, is_after = MOMENTS[moment]
    method = dying(getattr(Spool, name), int(number), is_after=is_after)
    with patch.object(Spool, name, method):
        sys.exit(main(sys.argv[1:]))
