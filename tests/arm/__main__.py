"""Shows that Yingbin works on 64-bit ARM: ``python -m tests.arm [CHECK …]``, all of them or these.

The exit status: 0 all hold, 1 one does not, 2 there is no such check.
"""

import sys
from collections.abc import Sequence

from tests.arm.checks import CHECKS, Check, Shown

NEEDED = "install"
EMULATED = (
    "Emulated (QEMU, Cortex-A72): times and memory are the emulator's, and say nothing of a "
    "Raspberry Pi but an upper bound of its memory."
)


def main(names: Sequence[str], checks: Sequence[Check] = CHECKS) -> int:
    """Show the checks of these names, or all."""
    known = [check.name for check in checks]
    if unknown := [name for name in names if name not in known]:
        print(f"There is no check {unknown[0]}; these are: {', '.join(known)}.", file=sys.stderr)
        return 2
    chosen = [check for check in checks if not names or check.name in (NEEDED, *names)]
    shown: list[tuple[Check, Shown]] = []
    for check in chosen:
        print(f"{check.claim} …", flush=True)
        shown.append((check, check.show()))
        if check.name == NEEDED and not shown[-1][1].holds:
            break
    print("", *(line(check, found) for check, found in shown), EMULATED, sep="\n")
    return 0 if all(found.holds for _, found in shown) else 1


def line(check: Check, shown: Shown) -> str:
    """One row of the table."""
    mark = "✓" if shown.holds else "✗"
    ran = shown.ran
    cost = f"{ran.took_s:7.1f} s {ran.peak_mb:5.0f} MB" if ran else " " * 18
    return f"{mark} {cost}  {check.claim}: {shown.figure}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
