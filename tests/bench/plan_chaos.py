"""Duties and VIP visits under kills, outages and clocks that jump; moved, early, late, never.

Nothing is done twice or lost, nobody else has a VIP's time, what is late goes by its policy.

python -m tests.bench plan_chaos [--rounds 300] [--seed 1]
"""

import argparse
import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.plan_days import PlanDays

MOVES = 40


def main() -> int:
    """Run the rounds and print what became of how many duties."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable()  # the hub warns of each clock
    ended: Counter[str] = Counter()
    wrong = 0
    for seed in range(asked.seed, asked.seed + asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            days = PlanDays(Path(folder), seed)
            days.live(MOVES)
            found = list(days.problems())
            days.site.assert_sound()
            ended.update(days.ended())
            days.site.stop()
        wrong += bool(found)
        for problem in found:
            print(f"seed {seed}: {problem}")
    print(f"{asked.rounds} rounds, {sum(ended.values())} duties: {dict(ended)}; {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
