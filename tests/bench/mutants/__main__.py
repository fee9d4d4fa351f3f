"""A mutation run: small mistakes in the hub's rules and files; do the fast tests see them?

python -m tests.bench mutants [--count 300] [--seed 1] [--module broker/rules/line.py …] [--jobs 2]

The mistakes are drawn by chance, the same for a seed. Needs the extra ``mutation`` (Cosmic Ray),
which ``python -m tests.bench mutants`` brings. Shows which mutants survived, and fails below
``LEAST_KILLED``.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.bench.mutants.draw import drawn
from tests.bench.mutants.trial import Copies, tried, work_in_a_copy
from tests.bench.mutants.watch import watched

ROOMS = ("broker/rules", "broker/alerts", "broker/decider.py", "broker/journal", "broker/store")
LEAST_KILLED = 0.92


def main() -> int:
    """Try the mutants and tell how many were killed; 1 when too many survived."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", type=Path, nargs="+", default=[Path(it) for it in ROOMS])
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    mutants = drawn(_modules(asked.module), asked.count, asked.seed)
    began, copies = time.monotonic(), Copies()
    try:
        usual_s = copies.prepare()
        print(f"{len(mutants)} mutants; all tests take {usual_s:.0f} s", flush=True)
        with ProcessPoolExecutor(
            asked.jobs, initializer=work_in_a_copy, initargs=(copies.whole,)
        ) as workers:
            outcomes, survivors = watched(
                {workers.submit(tried, it, usual_s): it for it in mutants}
            )
    finally:
        copies.remove()
    return _told(outcomes, survivors, time.monotonic() - began)


def _modules(asked: list[Path]) -> list[Path]:
    """Every module in the folders and files that were ``asked`` for."""
    found = (sorted(it.rglob("*.py")) if it.is_dir() else [it] for it in asked)
    return [path for paths in found for path in paths]


def _told(outcomes: Counter[str], survivors: list[str], took_s: float) -> int:
    """Show the survivors and the sum; 1 when too many survived."""
    for difference in survivors:
        print(f"\nsurvived:\n{difference}")
    counts = ", ".join(f"{count} {end}" for end, count in sorted(outcomes.items()))
    killed = 1 - outcomes["survived"] / max(outcomes.total(), 1)
    print(f"\n{counts}: {killed:.1%} noticed, in {took_s / 60:.0f} min", flush=True)
    return 0 if killed >= LEAST_KILLED else 1


if __name__ == "__main__":
    sys.exit(main())
