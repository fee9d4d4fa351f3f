"""Twenty ask for the house alone while the hub dies: one winner, free times for the rest.

python -m tests.bench plan_slots [--rounds 100] [--seed 1]
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.slot_rush import SlotRush


def main() -> int:
    """Run the rounds and print how often what did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable()
    wrong = kills = 0
    for seed in range(asked.seed, asked.seed + asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            rush = SlotRush(Path(folder), seed)
            rush.run()
            found = list(rush.problems())
            rush.site.assert_sound()
            rush.site.stop()
        kills += rush.kills
        wrong += bool(found)
        for problem in found:
            print(f"seed {seed}: {problem}")
    print(f"{asked.rounds} rounds, the hub died {kills} times among the requests; {wrong} wrong")
    return 1 if wrong or not kills else 0


if __name__ == "__main__":
    sys.exit(main())
