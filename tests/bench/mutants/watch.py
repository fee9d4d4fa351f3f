"""Waits for the trials of many mutants and tells of each as it ends."""

from collections import Counter
from concurrent.futures import Future, as_completed

from cosmic_ray.work_item import MutationSpec

from tests.bench.mutants.trial import Trial


def watched(running: dict[Future[Trial], MutationSpec]) -> tuple[Counter[str], list[str]]:
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
