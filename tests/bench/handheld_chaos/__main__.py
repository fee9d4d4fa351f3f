"""Chaos: phones frozen, killed, doubled, offline, clocks wrong, hub and MQTT server killed.

python -m tests.bench.handheld_chaos [--rounds 200] [--real 5] [--seed 1]

Each round runs the hub's own code on its SQLite file, with simulated phones over a network that
delays, doubles and drops; the same seed gives the same round. The real ones run the hub and
mosquitto as processes and kill them with −9.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.bench.handheld_chaos.real import RealRound
from tests.bench.handheld_chaos.round import Round

RAM = Path("/dev/shm")
"""A round's file may lie in memory: no round tests a power cut."""


def main() -> int:
    """Print what did not hold, with the seed that shows it again; 1 when something did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--real", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    counts: Counter[str] = Counter()
    failed, began = 0, time.monotonic()
    rounds = [(run_round, seed) for seed in range(asked.seed, asked.seed + asked.rounds)]
    rounds += [(run_real_round, seed) for seed in range(asked.seed, asked.seed + asked.real)]
    for run, seed in rounds:
        wrong, seen = run(seed)
        counts.update(seen)
        failed += bool(wrong)
        for line in wrong:
            print(f"{run.__name__}, seed {seed}: {line}", flush=True)
    took = time.monotonic() - began
    print(f"{len(rounds)} rounds, {asked.real} of them with real processes, in {took:.0f} s")
    print(f"something wrong in {failed}:")
    print("  " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    return 1 if failed else 0


def run_round(seed: int) -> tuple[list[str], dict[str, int]]:
    """What went wrong in the round of this seed, and the counts of what happened."""
    folder = Path(tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None))
    try:
        played = Round(seed, folder)
        return played.run(), played.counts
    finally:
        shutil.rmtree(folder)


def run_real_round(seed: int) -> tuple[list[str], dict[str, int]]:
    """The same with processes, whose file lies on the disk."""
    with tempfile.TemporaryDirectory() as name:
        played = RealRound(seed, Path(name))
        return played.run(), played.counts


if __name__ == "__main__":
    sys.exit(main())
