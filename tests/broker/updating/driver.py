"""``yingbin update`` that is killed at a point of its way, as by a power cut.

A point is each line that it tells, and each moment at which something has reached the disk. The
first word says which: the first whose name has that part, or ``part+3``, the third after it; empty:
none. The second one says for how many seconds a release may prove itself.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from broker.updating import (
    changing,
    installation,
    placing,
    trial_watch,
    unit_files,
    update_command,
)
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.replacing import flush

part, _, more = sys.argv[1].partition("+")
is_met: list[str] = []
after = count()


def pass_point(where: str) -> None:
    if part in where and part and not is_met:
        is_met.append(where)
    if is_met and next(after) == int(more or 0):
        Terminal("en").tell(f"killed: {where}")
        os.kill(os.getpid(), signal.SIGKILL)


def flush_and_pass(path: Path) -> None:
    pass_point(f"before {path.name} is on the disk")
    flush(path)
    pass_point(f"{path.name} is on the disk")


class Watched(Terminal):
    def tell(self, line: str) -> None:
        Terminal.tell(self, line)
        pass_point(line)


for module in (installation, placing, unit_files):
    module.flush = flush_and_pass  # type: ignore[attr-defined]
trial_watch.LIMIT_S = float(sys.argv[2])
changing.TELLS_WITHIN_S = 20.0
try:
    sys.exit(update_command.update(Watched("en"), sys.argv[3:]))
except OperatorError as error:
    Terminal("en").warn(error.sentence)
    sys.exit(1)
