"""Chaos: phones frozen, killed, doubled, offline, clocks wrong, hub and MQTT server killed.

python -m tests.bench.chaos [--rounds 200] [--seed 1]

Each round runs the hub's own code on its SQLite file, with simulated phones over a network that
delays, doubles and drops. The same seed gives the same round.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.bench.chaos.round import Round

RAM = Path("/dev/shm")
"""A round's file may lie in memory: what a power cut loses is another bench's matter."""


def main() -> int:
    """Print what did not hold, with the seed that shows it again; 1 when something did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    counts: Counter[str] = Counter()
    failed, began = 0, time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.rounds):
        wrong, seen = run_round(seed)
        counts.update(seen)
        failed += bool(wrong)
        for line in wrong:
            print(f"seed {seed}: {line}")
    took = time.monotonic() - began
    print(f"{asked.rounds} rounds in {took:.0f} s, {failed} with something wrong:")
    print("  " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    return 1 if failed else 0


def run_round(seed: int) -> tuple[list[str], dict[str, int]]:
    """What went wrong in the round of this seed, and what happened in it."""
    folder = Path(tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None))
    try:
        one = Round(seed, folder)
        return one.run(), one.counts
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
