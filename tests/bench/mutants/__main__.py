"""A mutation run: small mistakes in the hub's rules and files; do the fast tests see them?

python -m tests.bench mutants [--count 300] [--seed 1] [--module broker/rules/line.py …] [--jobs 2]

The mistakes are drawn by chance, the same for a seed. Needs the extra ``mutation`` (Cosmic Ray).
Shows which mutants survived, and fails below ``LEAST_KILLED``.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from cosmic_ray.work_item import MutationSpec

from tests.bench.mutants.draw import drawn
from tests.bench.mutants.trial import Copies, Trial, tried, work_in_a_copy

ROOMS = ("broker/rules", "broker/alerts", "broker/decider.py", "broker/journal", "broker/store")
LEAST_KILLED = 0.92


def main() -> int:
    """Try the mutants and tell how many were killed; 1 when too many survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench mutants")
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
            running = {workers.submit(tried, it, usual_s): it for it in mutants}
            outcomes, survivors = _watched(running)
    finally:
        copies.remove()
    return _told(outcomes, survivors, time.monotonic() - began)


def _modules(asked: list[Path]) -> list[Path]:
    """Every module in the folders and files that were ``asked`` for."""
    return [path for it in asked for path in (sorted(it.rglob("*.py")) or [it])]


def _watched(running: dict[Future[Trial], MutationSpec]) -> tuple[Counter[str], list[str]]:
    """How many came to which end, and the survivors' differences; a line each as they end."""
    outcomes: Counter[str] = Counter()
    survivors: list[str] = []
    for future in as_completed(running):
        mutant, trial = running[future], future.result()
        outcomes[trial.end] += 1
        if trial.end == "survived":
            survivors.append(trial.difference)
        place = f"{mutant.module_path}:{mutant.start_pos[0]}:{mutant.start_pos[1]}"
        operator = mutant.operator_name.removeprefix("core/")
        done = f"{outcomes.total():3}/{len(running)}"
        print(f"{done} {trial.end:8} {trial.took_s:4.0f} s {place} {operator}", flush=True)
    return outcomes, survivors


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
