"""Installs the project on the machine, and says what it lives through: ``make boot``.

    python -m tests.boot FOLDER [CHECK …]

``FOLDER`` is what ``.ci/boot`` made; without names, all checks are made.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.boot import checks, logs, sandbox
from tests.boot.machine import Machine, MachineError

Check = Callable[[Machine], str]
INSTALL = (
    "env PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels make -C /opt/yingbin install"
    " SETUP='--camera /opt/yingbin/gate/demo'"
)
CHECKS: tuple[Check, ...] = (
    checks.first_start,
    sandbox.exposure,
    sandbox.own_account,
    sandbox.closed_folders,
    sandbox.closed_network,
    checks.content,
    logs.volume,
    checks.frozen,
    checks.frozen_server,
    checks.killed_often,
    checks.damaged_file,
    checks.long_mending,
    checks.wiped_server,
    checks.power_cut,
    checks.shut_down,
)


def main(words: Sequence[str]) -> int:
    """Make the checks, and print a line for each; 1 if one fails."""
    folder, *names = words
    chosen = [check for check in CHECKS if not names or check.__name__ in names]
    machine = Machine(Path(folder))
    try:
        print(f"booted in {machine.switch_on():.1f} s; installing …", flush=True)
        machine.run(INSTALL, within_s=600)
        return max([_made(check, machine) for check in chosen])
    finally:
        machine.switch_off()


def _made(check: Check, machine: Machine) -> int:
    began = time.monotonic()
    try:
        mark, remark = "✓", check(machine)
    except MachineError as error:
        mark, remark = "✗", str(error)
    what = (check.__doc__ or "").partition("\n")[0]
    print(f"{mark} {time.monotonic() - began:4.0f} s  {what}\n          {remark}", flush=True)
    return int(mark == "✗")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
